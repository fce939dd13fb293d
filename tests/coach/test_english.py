"""The English rules against their own tables: each marked place is found, each near-miss is left in peace."""

from datetime import datetime
from pathlib import Path

import pytest

from otklik import coach
from otklik.coach.checking import rules
from tests.coach import cases, hostile
from tests.coach.test_hostile import NOW, wrong_places

LEAST = 15
REPLIES = Path(__file__).parent / "replies" / "english.txt"  # faults, a tab, the reply


def _all(kind):
    return [
        pytest.param(case, id=f"{rule}-{number}")
        for rule in cases.rules("en")
        for number, case in enumerate(cases.of(rule, kind, "en"), 1)
    ]


def _found(case: cases.Case) -> list[coach.Finding]:
    return [one for one in coach.check(case.reply) if one.rule == case.rule]


@pytest.mark.parametrize("case", _all("positive"))
def test_an_english_rule_finds_what_it_is_for(case):
    found = _found(case)

    missed = [place for place in case.places if not any(cases.meets(one, place) for one in found)]
    assert [case.reply.text[start:end] or "whole text" for start, end in missed] == []
    beside = [one for one in found if not any(cases.meets(one, place) for place in case.places)]
    assert [case.reply.text[one.start : one.end] for one in beside] == []


@pytest.mark.parametrize("case", _all("near"))
def test_an_english_rule_is_silent_where_it_only_looks_so(case):
    assert [case.reply.text[one.start : one.end] or "whole text" for one in _found(case)] == []


@pytest.mark.parametrize("case", [case for case in _all("positive") if "due" in case.values[0].more])
def test_an_english_promise_is_due_when_it_says(case):
    said = case.more["due"]
    wanted = None if said == "none" else datetime.fromisoformat(said)

    assert [one.promise.due for one in _found(case) if one.promise] == [wanted]


@pytest.mark.parametrize("rule", [code for code, _ in rules("en")])
def test_every_english_rule_has_its_table(rule):
    assert len(cases.of(rule, "positive", "en")) >= LEAST
    assert len(cases.of(rule, "near", "en")) >= LEAST


@pytest.mark.parametrize("line", REPLIES.read_text(encoding="utf-8").splitlines())
def test_a_whole_english_reply_has_the_faults_it_has_and_no_others(line):
    faults, text = line.split("\t")

    assert {one.rule for one in coach.check(coach.Reply(text, first=False, now=NOW, lang="en"))} == set(
        faults.split()
    )


def test_english_rules_read_any_text():
    texts = [
        *hostile.random_texts(100, seed=4),
        "he will be sent, and we'll " * 700,
        "NOT between 2 and 6 pm, no " * 700,
    ]

    assert [bad for text in texts for bad in wrong_places(text, "en")] == []
