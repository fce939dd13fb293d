"""Whole replies of 24 trades: each is told about exactly the parts that it lacks (`replies/parts.toml`)."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from otklik import coach

FOLDER = Path(__file__).parent / "replies"
PARTS = {"greeting", "address", "next-step", "apology", "thanks", "long"}


def _replies() -> Iterator[dict[str, Any]]:
    yield from tomllib.loads((FOLDER / "parts.toml").read_text(encoding="utf-8"))["reply"]


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row['trade']}-{n}") for n, row in enumerate(_replies(), 1)]
)
def test_a_reply_is_told_about_the_parts_that_it_lacks(row):
    said = {key: row[key] for key in ("first", "our_fault", "client_text", "complaint") if key in row}
    found = coach.check(coach.Reply(row["text"], **said))

    assert sorted(one.rule for one in found if one.rule in PARTS) == sorted(row["finds"])


def test_two_replies_of_five_are_clean():
    rows = list(_replies())

    assert len(rows) >= 60
    assert len({row["trade"] for row in rows}) >= 20
    assert sum(not row["finds"] for row in rows) * 5 >= len(rows) * 2
