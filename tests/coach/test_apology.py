"""When a team apologises is its own choice (R-B13); the contract's rule is the default."""

import pytest

from otklik import coach

ADMITTED = coach.Reply("Наш курьер перепутал подъезды, пакет у соседа.", first=False)
KNOWN = coach.Reply("Пакет у соседа, курьер вернётся за ним к 20:00.", first=False, our_fault=True)


def _is_found(reply: coach.Reply, house: coach.House) -> bool:
    return any(one.rule == "apology" for one in coach.check(reply, house))


@pytest.mark.parametrize(
    ("when", "admitted", "known"), [("fault", True, True), ("known", False, True), ("never", False, False)]
)
def test_a_team_says_when_it_apologises(when, admitted, known):
    house = coach.House(apologise=when)

    assert _is_found(ADMITTED, house) is admitted
    assert _is_found(KNOWN, house) is known


def test_a_first_message_is_greeted_before_it_apologises():
    first = coach.Reply(KNOWN.text, first=True, our_fault=True)
    later = KNOWN

    assert [one.suggestions for one in coach.check(first) if one.rule == "apology"] == [()]
    assert [one.suggestions for one in coach.check(later) if one.rule == "apology"] == [
        ("Простите нас, пожалуйста. ",)
    ]
