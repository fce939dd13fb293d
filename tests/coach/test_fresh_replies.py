"""Replies of 20 trades for the rules of sense: sets of files `replies/<set>_<rule>.txt`, one reply a line.
Each set was written before the rules were mended on it.

«+» the rule finds every marked place and nothing else, «-» it is silent, «~» it should speak and doesn't so far.
"""

import re
from pathlib import Path

import pytest

from otklik import coach

FOLDER = Path(__file__).parent / "replies"
SETS = ("fresh", "again", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
RULES = ("refusal", "unexplained", "price", "off-question")
UNHEARD = {"off-question": 1.0}  # unheard ones for each that is heard: the contract asks for half of them
_PLACE = re.compile("⟦(.*?)⟧")


def _lines(rule, kind):
    lines = [
        line
        for name in SETS
        if (FOLDER / f"{name}_{rule}.txt").exists()
        for line in (FOLDER / f"{name}_{rule}.txt").read_text(encoding="utf-8").splitlines()
    ]
    return [line[2:] for line in lines if line[:2] == f"{kind} "]


def _answers(rule, line):
    """What the rule says of the reply, and the words that it is to find there."""
    marked, _, client = line.partition(" || ")
    text = re.sub("[⟦⟧]", "", marked)
    found = coach.check(coach.Reply(text, first=False, client_text=client or None))
    said = [text[one.start : one.end] for one in found if one.rule == rule]
    return said, _PLACE.findall(marked)


def _is_right(rule, line):
    said, due = _answers(rule, line)
    if not due:  # the whole text
        return len(said) == 1
    found = all(any(a in b or b in a or _overlap(a, b) for b in said) for a in due)
    return found and all(any(a in b or b in a or _overlap(a, b) for a in due) for b in said)


def _overlap(due, said):
    """Half of the shorter one's words stand in the other."""
    ours, theirs = set(due.split()), set(said.split())
    return len(ours & theirs) * 2 >= min(len(ours), len(theirs))


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_of_sense_hears_fresh_replies(rule):
    assert [line for line in _lines(rule, "+") if not _is_right(rule, line)] == []
    assert len(_lines(rule, "~")) <= len(_lines(rule, "+")) * UNHEARD.get(rule, 0.2)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_of_sense_is_silent_on_fresh_clean_replies(rule):
    assert [line for line in _lines(rule, "-") if _answers(rule, line)[0]] == []
    assert len(_lines(rule, "-")) >= 20
