"""Whole replies that scold: where one sentence does so surely, fainter ones beside it are heard too.

`replies/scolding.txt`: «complaint» or «question», a tab, the reply with its faults in brackets, «[blame: …]»; a «~»
before the rule: it should speak there and doesn't yet. Written before the lists that hear them.
"""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from otklik import coach
from otklik.coach import tone
from tests.coach import cases

REPLIES = (Path(__file__).parent / "replies" / "scolding.txt").read_text(encoding="utf-8").splitlines()
_MARK = re.compile(r"\[(~?[a-z]+): |\]")
DEED = "Кран вы закручивали ключом."


def _read(marked):
    """The reply without its marks, and what they say: rule, place."""
    marks = list(_MARK.finditer(marked))
    cut = [0]
    for mark in marks:
        cut.append(cut[-1] + len(mark[0]))
    places = [
        (begin[1], (begin.start() - cut[at], end.start() - cut[at + 1]))
        for at, (begin, end) in enumerate(pairwise(marks))
        if begin[1]
    ]
    return _MARK.sub("", marked), places


@pytest.mark.parametrize("line", REPLIES)
def test_every_reproach_of_a_reply_that_scolds_is_heard(line):
    kind, marked = line.split("\t")
    text, places = _read(marked)
    found = coach.check(coach.Reply(text, first=False, complaint=kind == "complaint"))

    due = [(rule, place) for rule, place in places if not rule.startswith("~")]
    heard = [one for one in due if any(said.rule == one[0] and cases.meets(said, one[1]) for said in found)]
    assert [(rule, text[slice(*place)]) for rule, place in due if (rule, place) not in heard] == []


def test_most_reproaches_are_heard():
    rules = [rule for line in REPLIES for rule, _ in _read(line.split("\t")[1])[1]]

    assert sum(rule.startswith("~") for rule in rules) * 5 <= len(rules)


@pytest.mark.parametrize(
    ("beside", "blames"), [("Руками надо думать.", True), ("Новый кран привезу в 15:00.", False)]
)
def test_a_deed_blames_only_beside_a_scolding(beside, blames):
    found = coach.check(coach.Reply(f"{DEED} {beside}", first=False))

    assert ("blame" in {one.rule for one in found}) is blames


@pytest.mark.parametrize("rule", ["vague", "lecture", "blame", "rude", "dissuade", "en_blame", "en_vague"])
def test_every_condition_of_a_list_can_be_looked_for(rule):
    _, groups = tone._list(rule)
    said = [
        one
        for group in groups
        for one in (group.unless, group.needs, group.apart, *group.also, *group.beside)
    ]

    assert all(one._phrases or one._grammemes for one in [*said, tone._calm(rule)] if one)
