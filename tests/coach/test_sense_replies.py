"""Whole replies in 20 trades: what the rules of sense say of them, and that they leave the good ones in peace."""

import tomllib
from pathlib import Path

import pytest

from otklik import coach

REPLIES = tomllib.loads((Path(__file__).parent / "replies" / "sense.toml").read_text(encoding="utf-8"))[
    "reply"
]
PLACED = ("unexplained", "refusal", "price")


def _said(row):
    reply = coach.Reply(row["text"], first=False, client_text=row.get("client"))
    return [one for one in coach.check(reply) if one.rule in (*PLACED, "off-question")]


@pytest.mark.parametrize("row", REPLIES, ids=lambda row: f"{row['trade']}-{row['text'][:30]}")
def test_a_whole_reply_gets_what_is_due_and_nothing_else(row):
    said = _said(row)

    for rule in PLACED:
        if rule in [*row.get("maybe", ()), *row.get("missed", ())]:
            continue
        found = [row["text"][one.start : one.end] for one in said if one.rule == rule]
        assert len(found) == len(row.get(rule, ()))
        assert all(a in b or b in a for a, b in zip(row.get(rule, ()), found, strict=True))
    is_due = row.get("off", False) and "off-question" not in row.get("missed", ())
    assert any(one.rule == "off-question" for one in said) == is_due


def test_there_are_enough_of_them():
    clean = [row for row in REPLIES if not {*PLACED, "off"} & set(row)]
    assert len(REPLIES) >= 80
    assert len({row["trade"] for row in REPLIES}) >= 19
    assert len(clean) >= 30
