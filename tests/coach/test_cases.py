"""Every rule against its own table: each marked place is found, each near-miss is left in peace."""

import pytest

from otklik import coach
from otklik.coach.checking import rules
from tests.coach import cases

LEAST = 15


def _all(kind):
    return [
        pytest.param(case, id=f"{rule}-{number}")
        for rule in cases.rules()
        for number, case in enumerate(cases.of(rule, kind), 1)
    ]


def _found(case: cases.Case) -> list[coach.Finding]:
    return [one for one in coach.check(case.reply) if one.rule == case.rule]


@pytest.mark.parametrize("case", _all("positive"))
def test_a_rule_finds_what_it_is_for(case):
    found = _found(case)

    missed = [place for place in case.places if not any(cases.meets(one, place) for one in found)]
    assert [case.reply.text[start:end] or "whole text" for start, end in missed] == []
    beside = [one for one in found if not any(cases.meets(one, place) for place in case.places)]
    assert [case.reply.text[one.start : one.end] for one in beside] == []
    if severity := case.more.get("severity"):
        assert {one.severity for one in found} == {severity}


@pytest.mark.parametrize("case", _all("near"))
def test_a_rule_is_silent_where_it_only_looks_so(case):
    assert [case.reply.text[one.start : one.end] or "whole text" for one in _found(case)] == []


@pytest.mark.parametrize("case", [case for case in _all("positive") if "to" in case.values[0].more])
def test_a_suggestion_makes_the_sentence_a_person_would_write(case):
    made = [
        cases.said_with(case.reply, one, suggestion) for one in _found(case) for suggestion in one.suggestions
    ]

    assert made == case.more["to"]


@pytest.mark.parametrize("rule", [code for code, _ in rules("ru")])
def test_every_rule_has_its_table(rule):
    assert len(cases.of(rule, "positive")) >= LEAST
    assert len(cases.of(rule, "near")) >= LEAST
