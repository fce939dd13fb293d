"""The pages of availability: who opens them, what they say, what wrong input gets."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from otklik.sla import penalty
from otklik.sla.terms_money import Credits
from otklik.sla.uptime.models import Incident, PeriodAccount
from tests import make
from tests.sla import tiers
from tests.sla.uptime import scene

pytestmark = pytest.mark.django_db
LIST = "/settings/uptime/"
OUTAGE = {
    "name": "Не открывался сайт", "began_at": "2026-11-10T12:00:30", "ended_at": "2026-11-10T13:00", "source": "report",
    "cause": "vendor",
}  # fmt: skip
WORK = {
    "name": "Меняем диски", "announced_at": "2026-11-01T09:00", "window_began_at": "2026-11-15T02:00",
    "window_ended_at": "2026-11-15T06:00",
}  # fmt: skip


def browser(user):
    made = Browser()
    made.force_login(user)
    return made


@pytest.fixture
def lead():
    return browser(make.agent("Вера Чижова", role="lead"))


def words(answer):
    return answer.text.replace("\xa0", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_a_lead_notes_an_outage_and_planned_work_and_corrects_them(lead):
    firm = scene.firm("Ромашка")

    assert lead.post(f"{LIST}outage/", {**OUTAGE, "organisations": "ромашка\n"})["Location"] == LIST
    assert lead.post(f"{LIST}work/", WORK)["Location"] == LIST
    outage, work = Incident.objects.order_by("pk")

    assert list(outage.organisations.all()) == [firm]
    assert (outage.for_all, work.for_all, outage.cause) == (False, True, "vendor")
    page = f"{LIST}{outage.pk}/"
    assert 'value="2026-11-10T12:00:30"' in lead.get(page).text
    assert lead.post(page, {**OUTAGE, "seen": "1", "ended_at": ""})["Location"] == LIST
    assert "ещё идёт" in words(lead.get(LIST))
    assert lead.post(f"{page}withdrawal/")["Location"] == LIST
    assert "отозвали" in words(lead.get(LIST))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Обязательное"), ({"began_at": "вчера"}, "Не разобрали время"), ({"tag": "нет такой"}, "Метки"),
        ({"organisations": "Никто"}, "Организации «Никто» нет"), ({"ticket": "999999"}, "Запроса с таким номером нет"),
        ({"ended_at": "2026-11-10T11:00"}, "раньше начала"),
        ({"began_at": "2999-01-01T00:00", "ended_at": ""}, "не наступило"),
        ({"source": "сон"}, "сон"),
    ],
)  # fmt: skip
def test_wrong_words_come_back_with_what_is_wrong_and_nothing_is_lost(lead, wrong, said):
    answer = lead.post(f"{LIST}outage/", {**OUTAGE, "told": "Диск <b>умер</b>", **wrong})

    assert answer.status_code == 422
    assert said in words(answer)
    assert "Диск &lt;b&gt;умер&lt;/b&gt;" in answer.text
    assert Incident.objects.count() == 0


def test_who_saves_second_is_told_and_the_first_one_stays(lead):
    outage = scene.outage("10 12:00", "10 13:00")

    answer = lead.post(f"{LIST}{outage.pk}/", {**OUTAGE, "seen": "0"})

    assert answer.status_code == 422
    assert "кто-то поправил" in words(answer)


def last_month():
    """The window that ended last, and a moment of its tenth day: pages know no other time than now."""
    window = penalty.window("month", timezone.localdate(), "Europe/Moscow").moved(-1)
    return window, window.since + timedelta(days=9, hours=12)


def test_the_period_shows_the_percent_the_strip_the_credit_and_the_bill(lead):
    under, (window, at) = scene.agreement(), last_month()
    scene.firm(under=under)
    scene.outage("10 12:00", None, began_at=at, ended_at=at + timedelta(minutes=60))
    night = {"announced_at": window.since, "window_began_at": at + make.DAY, "began_at": at + make.DAY}
    done = {"window_ended_at": at + make.DAY + 4 * make.HOUR, "ended_at": at + make.DAY + 5 * make.HOUR}
    scene.work("10 12:00", "10 13:00", **night, **done)

    page = lead.get(
        reverse("sla:period", args=[under.pk]), {"window": window.name, "organisation": "ромашка"}
    )

    html = words(page)
    told = f"{(100 - Decimal(12_000) / (window.days * 1440 - 240)):.3f} %".replace(".", ",")
    for said in (
        told, "обещали 99,9 %", f"{window.days * 1440 - 240} мин", "12:00–13:00", "240 мин", "Организация: Ромашка",
        "работы вышли за объявленное время", "10 % от 12 000 ₽: 1200 ₽.", "−1200 ₽", "10 800 ₽",
    ):  # fmt: skip
        assert said.replace(" ", "") in html.replace(" ", ""), said
    assert html.count('class="uptime__mark uptime__mark--down"') == 3  # an outage, the overrun, the legend
    assert "style=" not in html


@pytest.mark.parametrize(
    ("sent", "said"),
    [({"window": "1999-01"}, "1999-01"), ({"organisation": "Никто"}, "нет"), ({"share": "101"}, "100"),
     ({"since_on": "2026-11-20", "last_on": "2026-11-10"}, "раньше первого"), ({"hours": "много"}, "число")],
)  # fmt: skip
def test_a_wrong_period_is_told_in_words_and_the_page_stands(lead, sent, said):
    answer = lead.get(reverse("sla:period", args=[scene.agreement().pk]), sent)

    assert answer.status_code == 422
    assert said in words(answer)


def test_a_credit_greater_than_the_bill_is_told_and_nothing_is_promised_of_the_rest(lead):
    terms = Credits(steps=((99.9, 100.0),), base="sum", sum=15_000)
    under, (window, at) = scene.agreement(credits=terms), last_month()
    scene.outage("10 12:00", None, began_at=at, ended_at=at + timedelta(minutes=60))

    html = words(lead.get(reverse("sla:period", args=[under.pk]), {"window": window.name}))

    assert "Скидка не может быть больше счёта: 3000 ₽ мы не вычли." in html
    assert "перейдут в следующий." not in html


def test_a_period_is_closed_and_corrected_by_its_pages(lead):
    under = scene.agreement()
    scene.firm(under=under)
    page = reverse("sla:period", args=[under.pk])

    closed = lead.post(page, {"window": "2020-01", "organisation": "Ромашка", "share": "50"})
    assert closed.status_code == 422  # not among those that can be chosen

    window = words(lead.get(page)).split('<option value="')[2].split('"')[0]  # the one before
    first = lead.post(page, {"window": window, "organisation": "Ромашка", "share": "50"})["Location"]
    assert "уже закрыли" in words(lead.post(page, {"window": window, "organisation": "Ромашка"}))

    assert "Обязательное" in words(lead.post(first, {"note": ""}))
    second = lead.post(first, {"note": "забыли перерыв"})["Location"]
    assert "Этот расчёт исправили" in words(lead.get(first))
    assert "забыли перерыв" in words(lead.get(second))
    assert [str(one.share) for one in PeriodAccount.objects.all()] == ["0.500000"] * 2
    assert "исправили" in words(lead.get(page))


def test_a_correction_gives_the_credit_that_the_client_asked_for_later(lead):
    under, (window, at) = scene.agreement(credits=Credits(steps=((99.9, 10.0),), claim_days=90)), last_month()
    scene.outage("10 12:00", None, began_at=at, ended_at=at + timedelta(minutes=60))

    first = lead.post(reverse("sla:period", args=[under.pk]), {"window": window.name})["Location"]
    assert "Клиент ещё не просил." in words(lead.get(first))
    asked = {"note": "попросил", "asked_on": f"{window.behind:%Y-%m-%d}"}
    second = lead.post(first, asked)["Location"]
    third = lead.post(second, {"note": "ещё раз"})["Location"]  # it stays asked for

    assert "Клиент получает скидку." in words(lead.get(third))
    assert [str(one.credit) for one in PeriodAccount.objects.order_by("pk")] == ["0.00", "1200.00", "1200.00"]


def test_the_list_takes_as_many_queries_for_thirty_notes_as_for_one(lead):
    scene.agreement()
    tiers.tier("Премиум")

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as counted:
            assert lead.get(LIST).status_code == 200
        return len(counted)

    scene.outage("10 12:00", "10 13:00")
    lead.get(LIST)
    one = queries()
    for _n in range(29):
        scene.outage("11 12:00", "11 12:01")

    assert queries() == one


def test_an_agent_does_not_see_it_and_the_agreement_leads_there():
    under = scene.agreement()

    assert browser(make.agent()).get(LIST).status_code == 403
    admin = browser(make.admin())
    assert reverse("sla:period", args=[under.pk]) in admin.get(reverse("sla:agreement", args=[under.pk])).text
    assert LIST in admin.get("/settings/agreements/").text
