"""From noted incidents to a closed period: what counts for whom, what it comes to, what is kept of it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from otklik.desk import solving
from otklik.desk.models import Tag
from otklik.journal.models import Entry
from otklik.sla import agreeing, agreements, penalty
from otklik.sla.agreeing import Draft
from otklik.sla.terms_money import Credits, Uptime
from otklik.sla.uptime import closing, counting, evidence, noting
from otklik.sla.uptime.models import PeriodAccount
from otklik.sla.uptime.noting import Told
from tests import make
from tests.sla import lives, tiers
from tests.sla.uptime import scene
from tests.sla.uptime.scene import LATER, on
from tests.sla.uptime.values import these

pytestmark = pytest.mark.django_db


def _found(under, whose=None, **fields):
    return counting.of(scene.asked(under, whose, **fields), LATER)


def test_a_month_of_rows_gives_the_percent_the_credit_and_the_bill():
    under = scene.agreement()
    whose = scene.firm(under=under)
    scene.outage("10 12:00", "10 13:00")
    scene.work("15 02:00", "15 06:00")

    found = _found(under, whose)

    assert these(found.availability.told(), found.availability.base_min) == ("99.860", 42_960)
    assert (found.credit.sum, found.bill.total) == (Decimal("1200.00"), Decimal("10800.00"))
    assert sum(one.sum for one in found.bill.lines) == found.bill.total


@pytest.mark.parametrize(("how", "told"), [("out", "99.860"), ("up", "99.861"), ("down", "99.306")])
def test_planned_work_counts_as_the_agreement_says(how, told):
    under = scene.agreement(uptime=Uptime(planned=how))
    scene.outage("10 12:00", "10 13:00")
    scene.work("15 02:00", "15 06:00")

    assert _found(under).availability.told() == told


def test_what_touched_others_or_another_service_or_was_withdrawn_does_not_count():
    sites, mail = Tag.objects.create(name="сайты"), Tag.objects.create(name="почта")
    under = scene.agreement(name="Сайты")
    tiers.cover(under, sites)
    mine, other = scene.firm("Ромашка"), scene.firm("Лютик")
    scene.outage("02 12:00", "02 12:01", organisations=(other,))
    scene.outage("03 12:00", "03 12:02", tag=mail)
    noting.withdraw(scene.outage("04 12:00", "04 12:04"), by=make.admin(), at=LATER)
    scene.outage("05 12:00", "05 12:08", organisations=(mine,), tag=sites)
    scene.outage("06 12:00", "06 12:16")

    assert _found(under, mine).availability.down_min == 24
    assert _found(under, other).availability.down_min == 17
    assert _found(under).availability.down_min == 16


def test_a_window_that_goes_on_is_counted_until_now_and_is_not_closed():
    under = scene.agreement()
    outage = scene.outage("10 12:00", None, source="report", accepted_at=on("10 12:30"))

    found = counting.of(scene.asked(under), on("10 13:00"))

    assert these(found.availability.down_min, found.until) == (60, on("10 13:00"))
    assert outage.ended_at is None
    with pytest.raises(closing.NotOver, match="ещё не кончился"):
        closing.close(scene.asked(under), by=make.admin(), at=on("30 23:59"))


def test_days_before_the_agreement_began_are_neither_counted_nor_paid():
    under = scene.agreement()
    tiered = tiers.tier("Премиум", at=on("16 00:00"), payment={"fee": 3000.0, "per": "month"})
    scene.outage("10 12:00", "10 13:00")

    found, known = _found(tiered), _found(under, since_on=date(2026, 11, 21))

    assert these(found.availability.down_min, found.bill.total) == (0, Decimal("1500.00"))
    assert known.bill.total == Decimal("4000.00")


def test_terms_that_change_within_the_month_are_paid_by_days_and_judged_by_the_first():
    under = scene.agreement(name="Рост")
    later = replace(
        agreements.terms(agreements.current(under.pk, LATER).pk), payment={"fee": 24_000.0, "per": "month"}
    )
    draft = Draft(later, on("16 00:00"))
    agreeing.change(under, draft, by=make.admin(), at=on("01 12:00"))

    found = _found(under)

    assert [str(one.sum) for one in found.bill.lines] == ["6000.00", "12000.00"]
    assert found.version.number == 1


@pytest.mark.parametrize(("begun", "days"), [("10 10:00", 21), ("01 10:00", 30)])
def test_terms_that_were_saved_on_the_first_day_count_from_that_day_on(begun, days):
    under = tiers.tier("Рост", at=on(begun))
    terms = tiers.terms(payment={"fee": 30_000.0, "per": "month"}, credits=Credits(steps=((99.9, 10.0),)))
    saved = on(begun) + timedelta(minutes=30)
    agreeing.change(under, Draft(terms, saved), by=make.admin(), at=saved)
    scene.outage("12 12:00", "12 14:00")

    found = _found(under)

    assert (found.version.number, found.bill.charged, found.credit.outcome) == (2, 1000 * days, "owed")


def test_solved_requests_are_paid_once_and_late_clocks_give_a_credit():
    under = scene.agreement(sample=2, penalties=((90.0, 50.0),), credits=Credits())
    whose = scene.firm(under=under)
    for day, solved in (("03", "12:10"), ("05", "18:00")):
        ticket = lives.bound(make.ticket(at=on(f"{day} 12:00")), agreements.current(under.pk, LATER))
        ticket.organisation = whose
        ticket.save(update_fields=["organisation"])
        solving.solve(ticket, result="починили", by=make.agent(), at=on(f"{day} {solved}"))
        lives.clocks(ticket, LATER)

    found = _found(under, whose)
    december = _found(under, whose, window=scene.NOVEMBER.moved(1))

    fee, use, credit = found.bill.lines
    assert these(fee.sum, use.quantity, use.sum) == (12_000, 2, 700)
    assert found.clocks is not None
    assert found.clocks.is_below(Decimal(90))
    assert (credit.what, credit.sum) == ("clocks", Decimal("-6350.00"))
    assert [one.what for one in december.bill.lines] == ["fee"]


def _longer(outage):
    """It lasted eight hours, people learn afterwards."""
    times: dict[str, Any] = {"began_at": on("10 12:00"), "ended_at": on("10 20:00")}
    noting.correct(
        outage, Told("outage", "Сбой", source="monitor", **times), seen=1, by=make.admin(), at=LATER
    )


def test_a_closed_period_keeps_what_it_was_counted_on_whatever_is_corrected_later():
    under = scene.agreement()
    whose = scene.firm(under=under)
    outage = scene.outage("10 12:00", "10 13:00")

    row = closing.close(scene.asked(under, whose), by=make.admin(), at=LATER)
    _longer(outage)

    kept = PeriodAccount.objects.get().evidence
    assert kept["availability"]["down_s"] == "3600"
    assert [one["why"] for one in kept["availability"]["lines"]] == ["outage"]
    assert (row.credit, row.total, kept["bill"]["total"]) == (
        Decimal("1200.00"),
        Decimal("10800.00"),
        "10800.00",
    )
    assert evidence.of(_found(under, whose))["credit"]["sum"] == "3600.00"

    second = closing.correct(row, scene.asked(under, whose), "перерыв был дольше", by=make.admin(), at=LATER)
    assert (second.replaces, second.credit) == (row, Decimal("3600.00"))
    assert PeriodAccount.objects.get(pk=row.pk).credit == Decimal("1200.00")
    words = list(
        Entry.objects.filter(word__startswith="period.").order_by("pk").values_list("word", flat=True)
    )
    assert words == ["period.closed", "period.corrected"]


def test_a_correction_counts_what_the_first_account_was_asked_for():
    under = scene.agreement()
    days = {
        "since_on": date(2026, 11, 3),
        "until_on": date(2026, 11, 18),
        "hours": Decimal("7.5"),
        "asked_at": LATER,
    }
    asked = scene.asked(under, scene.firm(under=under), share=Decimal("0.25"), **days)

    row = closing.close(asked, by=make.admin(), at=LATER)

    assert evidence.asked_of(PeriodAccount.objects.get()) == replace(asked, agreement=row.agreement)
    assert row.total == Decimal("6000.00")


def test_nobody_closes_a_period_twice_or_corrects_without_a_reason():
    under = scene.agreement()
    row = closing.close(scene.asked(under), by=make.admin(), at=LATER)

    with pytest.raises(closing.AlreadyClosed, match="уже закрыли"):
        closing.close(scene.asked(under), by=make.admin(), at=LATER)
    with pytest.raises(closing.WithoutReason, match="нужно, чтобы его поняли"):
        closing.correct(row, scene.asked(under), "  ", by=make.admin(), at=LATER)
    closing.correct(row, scene.asked(under), "причина", by=make.admin(), at=LATER)
    with pytest.raises(closing.AlreadyClosed):
        closing.correct(row, scene.asked(under), "причина", by=make.admin(), at=LATER)


def test_a_credit_that_nobody_asked_for_in_time_is_lost():
    terms = Credits(steps=((99.9, 10.0),), claim_days=10)
    under = scene.agreement(credits=terms)
    scene.outage("10 12:00", "10 13:00")
    much_later = scene.NOVEMBER.until + timedelta(days=10)

    lost = counting.of(scene.asked(under), much_later)
    asked = counting.of(scene.asked(under, asked_at=much_later - timedelta(seconds=1)), much_later)

    early = counting.of(scene.asked(under), LATER)
    assert (early.credit.outcome, early.bill.total) == ("unasked", Decimal("12000.00"))
    assert (lost.credit.outcome, lost.bill.total) == ("lapsed", Decimal("12000.00"))
    assert (asked.credit.outcome, asked.bill.total) == ("owed", Decimal("10800.00"))


def test_each_correction_of_an_incident_is_in_the_journal_with_what_was_and_who_is_late_is_told():
    outage = scene.outage("10 12:00", "10 13:00")
    told = Told("outage", "Сбой", source="report", began_at=on("10 12:05"), ended_at=on("10 13:00"))

    noting.correct(outage, told, seen=1, by=make.admin(), at=LATER)
    with pytest.raises(noting.SomebodyElseCorrected, match="Пока вы писали"):
        noting.correct(outage, told, seen=1, by=make.admin(), at=LATER)

    facts = Entry.objects.get(word="incident.corrected").facts
    assert (facts["from"]["name"], facts["to"]["name"]) == ("Не открывался сайт", "Сбой")
    assert facts["from"]["began_at"] == "2026-11-10T09:00:00Z"
    noting.withdraw(outage, by=make.admin(), at=LATER)
    with pytest.raises(noting.AlreadyWithdrawn):
        noting.withdraw(outage, by=make.admin(), at=LATER)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "от 1 до 200"), ({"source": ""}, "кто-то его заметил"),
        ({"began_at": None}, "кто-то его заметил"),
        ({"ended_at": on("10 12:00")}, "раньше начала"), ({"workaround_at": on("09 12:00")}, "раньше начала"),
        ({"ended_at": LATER + timedelta(hours=1)}, "не наступило"),
        ({"kind": "work"}, "объявленное время"),
        ({"kind": "work", "source": "", "announced_at": on("01 12:00"), "window_began_at": on("02 12:00"),
          "window_ended_at": on("02 12:00")}, "раньше, чем начались"),
    ],
)  # fmt: skip
def test_an_incident_that_contradicts_itself_is_refused_in_words(wrong, words):
    right: dict[str, Any] = {
        "kind": "outage",
        "name": "Сбой",
        "source": "monitor",
        "began_at": on("10 12:00"),
    }

    with pytest.raises(noting.BadIncident, match=words):
        noting.note(Told(**{**right, **wrong}), by=make.admin(), at=LATER)
    assert noting.note(Told(**right), by=make.admin(), at=LATER).revision == 1


def test_windows_of_an_agreement_follow_its_zone():
    assert counting.zone_of(scene.agreement()) == "Europe/Moscow"
    assert penalty.named("2026-11", "Europe/Moscow") == scene.NOVEMBER
