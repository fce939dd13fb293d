"""R-B11: the pairs of text 002. What the text calls a fault is found in the «before»; the «after» is clean."""

import tomllib
from collections import Counter
from typing import Any

import pytest

from bench import coach_score
from otklik import coach

PAIRS = tomllib.loads((coach_score.DATA / "text002.toml").read_text(encoding="utf-8"))["pair"]
FAULTS = [
    pytest.param(pair, fault, id=f"{pair['name']}: {fault['rule']} {number}")
    for pair in PAIRS
    for number, fault in enumerate(pair["faults"], 1)
]
AFTERS = [pytest.param(pair, id=pair["name"]) for pair in PAIRS if "after" in pair]


def _check(pair: dict[str, Any], text: str) -> list[coach.Finding]:
    reply = coach.Reply(
        text=text.strip(),
        first=pair.get("first", False),
        our_fault=pair.get("our_fault"),
        client_text=pair.get("client_text"),
    )
    return coach.check(reply)


@pytest.mark.parametrize(("pair", "fault"), FAULTS)
def test_a_fault_that_the_text_names_is_found(pair, fault):
    found = [one for one in _check(pair, pair["before"]) if one.rule == fault["rule"]]
    text = pair["before"].strip()
    start = text.index(fault["words"]) if "words" in fault else 0
    end = start + len(fault["words"]) if "words" in fault else len(text)

    assert any(not one.end or (one.start < end and start < one.end) for one in found), fault["fault"]


@pytest.mark.parametrize("pair", AFTERS)
def test_what_the_text_calls_good_has_no_error_and_at_most_one_warning(pair):
    found = _check(pair, pair["after"])
    grave = Counter(one.severity for one in found)

    assert grave["error"] == 0, [one for one in found if one.severity == "error"]
    assert grave["warning"] <= 1, [one for one in found if one.severity == "warning"]
