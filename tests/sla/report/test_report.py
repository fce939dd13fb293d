"""A client's report: what was promised, what came of it, on the page and on paper."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client as Browser
from django.utils import translation

from otklik import coach
from otklik.accounts.models import Look
from otklik.clients.models import Organisation, Tariff
from otklik.sla import agreements
from otklik.sla.models import Clock
from otklik.sla.penalty import Ratio
from otklik.sla.report import counting, making, money, printing, saying, whose
from otklik.sla.uptime import closing
from tests import make
from tests.coach.test_own_texts import FOR_REPLIES
from tests.sla import tiers
from tests.sla.report import scene
from tests.sla.report.scene import LATER, NOVEMBER, QUARTER
from tests.sla.uptime import scene as uptime

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    browser = Browser()
    browser.force_login(make.agent("Вера Чижова", role="lead"))
    return browser


def plain(text):
    return text.replace("\xa0", " ").replace("\u202f", " ")


def many(under, firm, count, late):
    """One real request, and copies of its clocks: what is counted are rows."""
    one = scene.asked(under, firm, "12 12:00")
    clocks = list(Clock.objects.filter(ticket=one, state="done"))
    for clock in clocks:
        for n in range(count):
            clock.pk, clock.cycle, clock.late, clock.elapsed_s = None, n + 2, n < late, 600 * (n + 1)
            clock.save(force_insert=True)


def test_kept_and_missed_stand_by_kind_with_what_was_promised_and_what_came():
    under = scene.tier()
    firm = scene.firm(under)
    scene.asked(under, firm, "10 12:00")
    late = scene.asked(under, firm, "11 12:00", answer_h=2)
    scene.asked(under, scene.firm(under, "Василёк"), "11 12:00", answer_h=3)

    report = making.make(scene.whose(firm), NOVEMBER, LATER)

    first = next(row for row in report.tiers[0].rows if row.what == "Первый ответ")
    assert (first.count, first.kept, first.share, plain(first.promised)) == (2, 1, "мало данных", "30 мин")
    (miss,) = report.misses
    assert (miss.number, plain(miss.promised), plain(miss.came)) == (late.number, "30 мин", "2 ч")
    assert (plain(miss.over), plain(miss.when)) == (
        "1 ч 30 мин",
        "срок 11 ноября, 12:30, вышло 11 ноября, 14:00",
    )
    assert miss.why == "пауз не было"
    assert report.tiers[0].versions == "Судим по версии 1 соглашения."


def test_shares_and_percentiles_are_told_of_enough_and_held_against_the_agreed_share():
    under = scene.tier(sample=5)
    firm = scene.firm(under)
    many(under, firm, 19, late=2)

    report = making.make(scene.whose(firm), NOVEMBER, LATER)

    row = report.tiers[0].rows[0]
    assert (row.count, row.kept, plain(row.share), row.look) == (20, 18, "90 %", "ok")
    assert (plain(row.half), plain(row.most)) == ("1 ч 30 мин", "2 ч 50 мин")
    assert plain(report.tiers[0].verdict).endswith("Это 90 % при обещанных 90 %: слово сдержали.")
    with_words = report.picture.words.replace("\xa0", " ")
    assert "ноябрь 2026: вовремя 36 из 40" in with_words


def test_a_share_a_hair_below_the_agreed_one_is_never_rounded_up_to_it():
    terms = uptime.agreement().versions.get()
    told = saying.share(Ratio(8999, 10_000), agreements.terms(terms.pk))

    assert plain(told) == "89,99 %"


def test_what_ended_in_another_period_or_under_nobody_is_left_out():
    under = scene.tier()
    firm = scene.firm(under)
    scene.asked(under, firm, "10 12:00")

    december = NOVEMBER.moved(1)

    assert counting.read(scene.whose(firm), december, LATER).total.whole == 0
    assert counting.read(scene.whose(firm), QUARTER, LATER).total.whole == 2
    assert "на сегодня, " in making.make(scene.whose(firm), december, LATER).as_of
    assert making.make(scene.whose(firm), NOVEMBER, LATER).as_of == ""


def test_availability_that_nobody_noted_is_not_measured_and_an_outage_gives_its_credit():
    under = scene.tier()
    firm = scene.firm(under)
    assert not making.make(scene.whose(firm), NOVEMBER, LATER).is_measured

    uptime.outage("10 12:00", "10 13:00", told="Сгорел блок питания, поставили новый.")
    report = making.make(scene.whose(firm), NOVEMBER, LATER)

    (span,) = report.spans
    assert (plain(span.told.percent), span.credit, span.total) == (
        "99,861 %",
        Decimal("1200.00"),
        Decimal("10800.00"),
    )
    (one,) = report.happened
    assert plain(one.when).startswith("10 ноября, 12:00–13:00")
    assert (plain(report.credit), plain(report.total)) == ("1200 ₽", "10 800 ₽")


def test_a_closed_period_is_told_by_its_account_whatever_is_noted_later():
    under = scene.tier()
    firm = scene.firm(under)
    uptime.outage("10 12:00", "10 13:00")
    closing.close(uptime.asked(under, firm), by=make.admin(), at=LATER)
    uptime.outage("20 12:00", "20 18:00")

    (october, november, _december) = making.make(scene.whose(firm), QUARTER, LATER).spans

    assert (october.account, november.account is not None) == (None, True)
    assert plain(november.told.percent) == "99,861 %"


def test_only_the_days_on_which_they_had_the_agreement_are_billed():
    under = scene.tier()
    firm = Organisation.objects.create(name="Ромашка")
    tiers.cover(under, firm, at=uptime.on("20 10:00"))

    (november, december) = making.make(scene.whose(firm), QUARTER, LATER).spans

    assert (november.total, november.told.bill[0].days) == (Decimal("4400.00"), "20.11–30.11.2026")
    assert december.total == Decimal("12000.00")


def test_nothing_is_billed_after_the_last_day_of_the_terms():
    firm = scene.firm(scene.tier(until=date(2026, 11, 10)))

    (october, november) = making.make(scene.whose(firm), QUARTER, LATER).spans

    assert (october.total, november.total) == (Decimal("12000.00"), Decimal("4000.00"))
    assert making.make(scene.whose(firm), NOVEMBER.moved(1), LATER).total == "0\xa0₽"


def test_two_accounts_of_one_month_stand_both_and_are_summed():
    before, under = tiers.tier("Прежнее", payment={"fee": 3000, "per": "month"}), scene.tier()
    firm = Organisation.objects.create(name="Ромашка")
    tiers.cover(under, firm, at=uptime.on("20 10:00"))
    for one, days in ((before, {"until_on": date(2026, 11, 20)}), (under, {"since_on": date(2026, 11, 20)})):
        closing.close(uptime.asked(one, firm, **days), by=make.admin(), at=LATER)

    report = making.make(scene.whose(firm), NOVEMBER, LATER)

    assert [one.total for one in report.spans] == [Decimal("1900.00"), Decimal("4400.00")]
    assert report.spans[0].name == "ноябрь 2026, соглашение «Прежнее»"
    assert plain(report.total) == "6300 ₽"


def test_work_that_goes_on_is_not_told_as_over_by_its_window():
    under = scene.tier()
    uptime.work("10 02:00", "10 03:00", began_at=uptime.on("10 02:30"))
    uptime.work("12 02:00", "12 03:00")

    going, planned = money.happened(scene.whose(scene.firm(under)), under, NOVEMBER, LATER)

    assert "ещё идёт" in going.when
    assert plain(planned.when) == "12 ноября, 2:00–3:00"


def test_where_nobody_wrote_down_since_when_only_closed_periods_are_billed():
    under, tariff = scene.tier(), Tariff.objects.create(name="Личный")
    firm = Organisation.objects.create(name="Ромашка", tariff=tariff)
    tiers.cover(under, tariff)
    closing.close(uptime.asked(under, firm), by=make.admin(), at=LATER)

    report = making.make(scene.whose(firm), QUARTER, LATER)

    assert [one.is_priced for one in report.spans] == [False, True, False]
    assert (plain(report.total), report.unbilled != "") == ("12 000 ₽", True)
    assert printing.pdf(report)


def test_the_agreement_of_a_report_is_the_one_that_binds_new_requests():
    mine = scene.tier(name="Наш")
    firm = scene.firm(mine)
    person = make.identity("pavel@primer.example", "Павел").client
    person.organisation, person.tariff = firm, Tariff.objects.create(name="Личный")
    person.save()
    tiers.cover(tiers.tier("Личный", rank=3), person.tariff)
    brief = tiers.tier("Срочный", until=date(2026, 10, 31))
    urgent = scene.firm(brief, "Василёк")

    assert whose.agreement_of(whose.of_client(person), LATER) == mine
    assert whose.agreement_of(scene.whose(urgent), uptime.on("01 00:00") - make.HOUR) == brief
    assert whose.agreement_of(scene.whose(urgent), uptime.on("01 00:00")).is_default


def test_who_is_covered_for_urgent_requests_alone_is_told_of_that_agreement():
    under, firm = scene.tier(), Organisation.objects.create(name="Ромашка")
    tiers.cover(under, firm, (3,))

    assert whose.agreement_of(scene.whose(firm), LATER) == under


def test_the_pdf_is_the_same_for_the_same_data_and_shows_the_picture_of_the_page():
    under = scene.tier()
    firm = scene.firm(under, "#panic(1) <b>Ромашка</b>")
    scene.asked(under, firm, "11 12:00", answer_h=2)
    uptime.outage("10 12:00", "10 13:00")
    report = printing.make(scene.whose(firm), NOVEMBER, LATER)

    made = printing.pdf(report)

    assert made.startswith(b"%PDF-")
    assert made == printing.pdf(report)
    assert all(page.startswith(b"\x89PNG") for page in printing.pages(report, ppi=30))


def test_a_lead_opens_report_and_pdf_links_lead_only_to_what_they_may_see(lead):
    under = scene.tier()
    firm = scene.firm(under)
    mine = scene.asked(under, firm, "11 12:00", answer_h=2)
    theirs = scene.asked(under, firm, "12 12:00", answer_h=2, team=make.team("Хостинг"))

    page = lead.get(f"/settings/reports/organisation/{firm.pk}/?period=2026-11").text
    paper = lead.get(f"/settings/reports/organisation/{firm.pk}/pdf/?period=2026-11")

    assert f"/desk/{mine.number}/" in page
    assert f"/desk/{theirs.number}/" not in page
    assert str(theirs.number) in page
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    assert Look.objects.get(kind="export").words == "SLA 2026-11"
    assert "Ромашка" in lead.get("/settings/reports/?q=ромаш").text


def test_a_person_is_reported_on_to_those_who_see_a_request_of_theirs(lead):
    ticket = scene.asked(scene.tier(), uptime.firm(), "11 12:00", answer_h=2)
    stranger = Browser()
    stranger.force_login(
        make.agent("Глеб", role="lead", team=make.team("Хостинг"), email="gleb@primer.example")
    )
    address = f"/settings/reports/client/{ticket.client_id}/?period=wrong"

    assert lead.get(address).status_code == 200
    assert Look.objects.filter(kind="card", client_id=ticket.client_id).exists()
    assert stranger.get(address).status_code == 404
    assert ticket.client.name not in stranger.get("/settings/reports/?q=" + ticket.client.name[:4]).text


def test_in_english_the_page_is_english_and_the_paper_russian():
    under = scene.tier()
    with translation.override("en"):
        paper = printing.make(scene.whose(scene.firm(under)), NOVEMBER, LATER)
        page = making.make(scene.whose(scene.firm(under, "Other")), NOVEMBER, LATER)

    assert "не закончился" in paper.tiers[0].verdict
    assert "No target ended" in page.tiers[0].verdict


def test_what_is_printed_is_said_by_people():
    template = (Path(printing.__file__).parents[1] / "print" / "report.typ").read_text(encoding="utf-8")
    texts = re.findall(r"[А-ЯЁ][^\n\[\]#\"]{15,}", template.split("// ---- title")[1])
    house = coach.House(off=FOR_REPLIES)

    found = [
        (one.rule, text)
        for text in texts
        for one in coach.check(coach.Reply(text, first=False), house)
        if one.severity != "hint"
    ]

    assert len(texts) >= 4
    assert found == []
