"""Whole replies of 24 trades: each is told about exactly the parts that it lacks (`replies/*.toml`)."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from otklik import coach

FOLDER = Path(__file__).parent / "replies"
PARTS = {"greeting", "address", "next-step", "apology", "thanks", "long"}


ABOUT_STEPS = {"next-step", "apology", "thanks"}


def _replies(name: str = "parts") -> Iterator[dict[str, Any]]:
    yield from tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["reply"]


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row['trade']}-{n}") for n, row in enumerate(_replies(), 1)]
)
def test_a_reply_is_told_about_the_parts_that_it_lacks(row):
    assert _found(row, PARTS) == sorted(row["finds"])


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row['trade']}-{n}") for n, row in enumerate(_replies("steps"), 1)]
)
def test_a_reply_that_leaves_the_client_with_nothing_is_told_so(row):
    assert _found(row, ABOUT_STEPS) == sorted(row["finds"])


def _found(row: dict[str, Any], rules: set[str]) -> list[str]:
    said = {key: row[key] for key in ("first", "our_fault", "client_text", "complaint") if key in row}
    return sorted(one.rule for one in coach.check(coach.Reply(row["text"], **said)) if one.rule in rules)


def test_two_replies_of_five_are_clean():
    rows = list(_replies())

    assert len(rows) >= 60
    assert len({row["trade"] for row in rows}) >= 20
    assert sum(not row["finds"] for row in rows) * 5 >= len(rows) * 2


def test_half_of_the_replies_about_steps_owe_none():
    rows = list(_replies("steps"))

    assert len(rows) >= 120
    assert len({row["trade"] for row in rows}) >= 20
    assert 0.4 <= sum("next-step" in row["finds"] for row in rows) / len(rows) <= 0.6
