"""Whole lists of sentences against their rule: `sentences/<rule>.toml`, each written before the rule met it.

They hold what the rule masters: a guard for later changes, no measure of quality.

`positive` marks with ⟦…⟧ where a finding is due, `clean` only looks so.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from otklik import coach
from tests.coach import cases

FOLDER = Path(__file__).parent / "sentences"
RULES = sorted(path.stem for path in FOLDER.glob("*.toml"))
_MARK = re.compile("[⟦⟧]")


@cache
def _lists(rule: str) -> dict[str, list[str]]:
    return tomllib.loads((FOLDER / f"{rule}.toml").read_text(encoding="utf-8"))


def _said(rule: str, text: str) -> list[coach.Finding]:
    return [one for one in coach.check(coach.Reply(text, first=False)) if one.rule == rule]


def _wrong(rule: str, marked: str) -> list[str]:
    """What the rule misses or says beside the marks."""
    marks = [found.start() - number for number, found in enumerate(_MARK.finditer(marked))]
    places = list(zip(marks[::2], marks[1::2], strict=True))
    text = _MARK.sub("", marked)
    said = _said(rule, text)
    missed = [
        text[start:end] for start, end in places if not any(cases.meets(one, (start, end)) for one in said)
    ]
    beside = [
        text[one.start : one.end] for one in said if not any(cases.meets(one, place) for place in places)
    ]
    return [f"{marked}: missed {missed}, said {beside}"] if missed or beside else []


@pytest.mark.parametrize("rule", RULES)
def test_every_marked_place_is_found_and_nothing_beside(rule):
    wrong = [line for marked in _lists(rule)["positive"] for line in _wrong(rule, marked)]

    assert wrong == []


@pytest.mark.parametrize("rule", RULES)
def test_ordinary_talk_is_left_alone(rule):
    said = [text for text in _lists(rule)["clean"] if _said(rule, text)]

    assert said == []


@pytest.mark.parametrize("rule", RULES)
def test_a_hundred_sentences_stand_for_a_rule(rule):
    assert len(_lists(rule)["positive"]) + len(_lists(rule)["clean"]) >= 100
