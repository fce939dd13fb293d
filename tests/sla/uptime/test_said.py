"""What people read of a period: sums and shares as they would write them, and no word that isn't true."""

import pytest

from otklik.sla.terms_money import Credits
from otklik.sla.uptime import counting, evidence, said
from tests.sla.uptime import scene

LADDER = Credits(steps=((99.9, 10.0),), claim_days=10)


def _told(under, whose=None, now=scene.LATER, **fields):
    return said.told(evidence.of(counting.of(scene.asked(under, whose, **fields), now)))


def _plain(words):
    return words.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2.999", "3 ₽"),
        ("2.994", "2,99 ₽"),
        ("0.005", "0,01 ₽"),
        ("-1200.50", "−1200,50 ₽"),
        ("12500", "12 500 ₽"),
    ],
)
def test_sums_are_told_to_the_kopeck_half_up(value, words):
    assert _plain(said.money(value)) == words


@pytest.mark.django_db
def test_a_rate_is_told_in_three_places_and_a_price_as_it_was_agreed():
    payment = {"fee": 12_000.125, "per": "month"}
    under = scene.agreement(payment=payment, credits=Credits("per_hour", rate=5.0, rounding="exact"))
    scene.outage("10 12:00", "10 13:07")

    told = _told(under)

    assert _plain(told.credit[1]) == "5,583 % от 12 000,13 ₽: 670,01 ₽."
    assert [_plain(one.price) for one in told.bill] == ["12 000,125 ₽", "−670,01 ₽"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("until", "begins"),
    [("12:30", ["Доступность. Обещание не сдержали. Скидки"]),
     ("13:00", ["Доступность. Соглашение даёт скидку тому, кто о ней попросит.", "Попросить о скидке"])],
)  # fmt: skip
def test_until_when_to_ask_is_told_only_of_a_credit_that_waits_for_it(until, begins):
    under = scene.agreement(credits=LADDER, availability={"percent": 99.95}, penalties=())
    scene.outage("10 12:00", f"10 {until}")

    told = _told(under)

    assert len(told.credit) == len(begins)
    assert all(_plain(one).startswith(words) for one, words in zip(told.credit, begins, strict=True))
    assert told.look == "bad"


def test_a_running_period_is_not_told_to_the_millionth_of_a_second():
    assert _plain(said.length("1909028.361484")) == "31 817 мин 8 с"
    assert _plain(said.length("0.5")) == "0,5 с"
