"""What their agreement promises, on the page of whoever asked: one quiet line, the words under it."""

from datetime import timedelta
from typing import Any

import pytest

from otklik.clients import tariffs
from otklik.clients.models import Tariff
from otklik.desk import solving
from otklik.sla import agreements, binding, scheduling
from otklik.sla.models import Agreement
from tests import make
from tests.journeys.scene import GLEB, Scene, scene
from tests.sla import tiers

pytestmark = pytest.mark.django_db


def business(it: Scene, **terms: Any) -> None:
    tariff = Tariff.objects.create(name="Бизнес")
    tariffs.give(it.ticket.client, tariff, by=None, at=it.now)
    tiers.cover(tiers.tier(**terms), tariff)
    binding.bind_many([it.ticket.pk], by=None, at=it.now)


def told(html: str) -> str:
    return html.split('id="agreed"')[1].split("</details>", maxsplit=1)[0] if 'id="agreed"' in html else ""


def test_a_client_reads_what_their_tariff_promises_in_plain_words():
    it = scene()
    business(it)
    part = told(it.html())
    assert "Что обещает ваш тариф «Бизнес»" in part
    for words in (
        "На первое письмо отвечаем за 30 мин.", "На следующие письма отвечаем за 1 ч.",
        "Пока решаем, пишем вам не реже чем раз в 4 ч.", "Мы на связи: пн–пт, 9:00–18:00.",
        "В остальные часы время не идёт.", "Эти сроки действуют с ",
    ):  # fmt: skip
        assert words in part, words


def test_whoever_has_no_tariff_reads_how_soon_everybody_is_answered():
    part = told(scene().html())
    assert "Как быстро мы отвечаем и решаем" in part
    assert "На первое письмо отвечаем за 4 ч." in part
    assert agreements.USUAL not in part
    assert "действуют" not in part


def test_hours_of_another_clock_are_named_with_their_city():
    it = scene()
    always = {"tz": "Asia/Omsk", "always": True}
    calendar = scheduling.make("Омск", always, by=None, at=it.now)
    business(it)
    Agreement.objects.filter(name="Бизнес").update(calendar=calendar)
    part = told(it.html())
    assert "круглосуточно (Омск)" in part
    assert "Время идёт и ночью" in part


def test_an_agreement_is_shown_to_nobody_in_copy_and_no_more_when_all_is_over():
    it = scene()
    gleb = make.identity(GLEB, "Глеб")
    copied = make.received("Я тоже", ticket=it.ticket, sender=gleb)
    theirs = it.browser.get(make.page(copied.ticket, gleb, at=it.now)).content.decode()
    assert told(it.html())
    assert not told(theirs)
    solving.solve(it.ticket, result="Открыли базу", by=it.anna, at=it.now)
    assert not told(it.html())


def test_the_agent_sees_it_where_the_client_does(client):
    it = scene()
    client.force_login(it.anna)
    assert "Как быстро мы отвечаем" in told(client.get(f"/r/preview/{it.ticket.number}/").text)


def test_hours_of_a_day_to_come_are_not_told_yet():
    it = scene()
    business(it)
    calendar = Agreement.objects.get(name="Бизнес").calendar
    later = it.now + timedelta(days=30)
    scheduling.change(
        calendar, {"tz": "Europe/Moscow", "always": True}, effective_from=later, by=None, at=it.now
    )
    part = told(it.html())
    assert "Мы на связи: пн–пт, 9:00–18:00." in part
    assert "В остальные часы время не идёт." in part
