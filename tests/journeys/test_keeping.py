"""How their agreement was kept, on the client's page: nothing of other requests to a stranger, nothing that sells."""

from datetime import UTC, datetime, timedelta

import pytest

from otklik.accounts.models import ClientLink
from otklik.clients.models import Organisation, Tariff
from otklik.desk.models import Ticket
from otklik.journeys import keeping, pages, proving
from otklik.journeys.doors import COOKIE
from otklik.journeys.models import Proof
from otklik.sla import binding, deriving, promised
from otklik.sla.terms import PRIORITIES
from tests import make
from tests.journeys.scene import Scene, scene
from tests.sla import tiers

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)  # Friday noon of Moscow
FIRST = datetime(2026, 11, 9, 8, tzinfo=UTC)


def asked(day, hours, client=None):
    """Answered after so many working hours, one day after another."""
    at = FIRST + timedelta(days=day)
    ticket = make.ticket("Не печатает.", at=at)
    if client:
        Ticket.objects.filter(pk=ticket.pk).update(client=client)
    binding.bind_many([ticket.pk], by=None, at=at)
    make.reply(ticket, at=at + timedelta(hours=hours))
    return ticket


def shown(ticket, *, confirmed=True):
    who, agreed = pages.requester_of(ticket), promised.to_client(ticket.pk, ticket.priority)
    assert who
    assert agreed
    page = pages.read(who, at=AT)
    return keeping.read(page, agreed, confirmed=confirmed, at=AT)


def told(kept):
    return " ".join([*kept.sentences, *kept.ahead]).replace("\xa0", " ")


def quicker(name="Бизнес", **fields):
    """Answers within half an hour, by a tariff that anybody may have."""
    tier = tiers.tier(name, rank=5, **fields)
    tiers.cover(tier, Tariff.objects.create(name=name))
    return tier


def test_they_read_how_often_they_wrote_and_were_answered_in_time():
    for day in range(4):
        last = asked(day, 1)
    late = asked(4, 5)

    words = told(shown(last))

    assert "Запросов от вас с октября: 5, вовремя мы ответили на 4." in words
    assert "Опоздали 1 раз, простите." in words
    assert late.client_id == last.client_id
    assert "%" not in words


def test_a_faster_tariff_is_told_as_a_promise_by_these_very_requests():
    quicker()
    for day in range(5):
        last = asked(day, 2 if day < 3 else 0.25)

    kept = shown(last)

    assert "обещал бы ответ раньше, чем он пришёл, в 3 из 5 случаев. Обычно на 1 ч 30 мин раньше." in told(
        kept
    )
    assert "Это обещание." in told(kept)
    assert (kept.ask, kept.tariff) == (True, "Бизнес")


def test_where_it_would_change_nothing_they_read_that_there_is_no_need():
    quicker()
    for day in range(5):
        last = asked(day, 0.25)

    kept = shown(last)

    assert "переходить незачем" in told(kept)
    assert not kept.ask


def test_all_requests_of_the_quarter_are_counted_and_the_newest_compared(monkeypatch):
    monkeypatch.setattr(keeping, "MOST", 5)
    quicker()
    for day in range(7):
        last = asked(day, 0.25 if day else 5)
    deriving.derive(list(Ticket.objects.values_list("pk", flat=True)), at=AT)

    words = told(shown(last))

    assert "Запросов от вас с октября: 7, вовремя мы ответили на 6. Опоздали 1 раз" in words
    assert "Сравнили последние запросы, их 5." in words


def test_a_tariff_that_promises_the_same_is_not_sold_by_our_being_late():
    usual = dict.fromkeys(PRIORITIES, 14_400)
    quicker(targets={"response": usual})
    for day in range(5):
        last = asked(day, 5)

    kept = shown(last)

    assert "Опоздали 5 раз" in told(kept)
    assert "переходить незачем" in told(kept)
    assert not kept.ask


def test_few_requests_are_compared_with_nothing_and_private_agreements_are_told_to_nobody():
    tiers.cover(tiers.tier("Только Ромашке", rank=2), Organisation.objects.create(name="Ромашка"))
    one = asked(0, 2)
    assert shown(one).tariff == ""

    quicker()

    assert "Запросов пока мало" in told(shown(one))


def test_a_stranger_with_the_link_reads_of_this_request_alone():
    for day in range(5):
        last = asked(day, 1 if day else 5)

    kept = shown(last, confirmed=False)

    assert kept.sentences == ("На этот запрос мы ответили вовремя.",)
    assert (kept.waits, kept.ask, kept.ahead) == (True, False, ())


def test_the_organisation_is_told_to_whoever_showed_the_code():
    firm = Organisation.objects.create(name="Ромашка")
    last = asked(0, 1)
    colleague = make.identity("pavel@primer.example", "Павел").client
    asked(1, 5, client=colleague)
    Ticket.objects.update(organisation=firm)
    deriving.derive(list(Ticket.objects.values_list("pk", flat=True)), at=AT)
    last.refresh_from_db()

    assert "У всей вашей организации мы сдержали 1 из 2 сроков." in told(shown(last))
    assert "организации" not in told(shown(last, confirmed=False))


def proved(it: Scene) -> None:
    link = ClientLink.objects.get(ticket=it.ticket)
    proof = Proof.objects.create(
        link=link, salt=b"1" * 16, made_at=it.now, expires_at=it.now + timedelta(minutes=15), proved_at=it.now
    )
    it.browser.cookies[COOKIE] = proving.cookie(proof)


def test_on_the_page_it_opens_under_the_agreement_and_the_code_tells_more():
    it = scene()
    binding.bind_many([it.ticket.pk], by=None, at=it.now)
    assert 'id="kept"' not in it.html()
    it.answer("Вера, добрый день! Базу открыли.")

    assert "На этот запрос мы ответили вовремя." in it.html()
    assert "Введите код из письма" in it.html().split('id="kept"')[1].split("</details>", maxsplit=1)[0]
    proved(it)
    assert "Запросов от вас с" in it.html()
