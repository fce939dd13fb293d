"""On the card of a request: which agreement judges it, and the client's tariff."""

import pytest
from django.test import Client as Browser

from otklik.clients import tariffs
from otklik.clients.models import Client, Organisation, Tariff
from otklik.desk.models import Ticket
from otklik.sla import binding, cards, promised
from tests import make
from tests.make import NOON
from tests.sla import tiers

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket() -> Ticket:
    made = make.ticket()
    organisation = Organisation.objects.create(name="Кварц")
    Client.objects.update(organisation=organisation)
    Ticket.objects.update(organisation=organisation)
    return Ticket.objects.get(pk=made.pk)


@pytest.fixture
def anna() -> Browser:
    browser = Browser()
    browser.force_login(make.agent())
    return browser


def test_the_card_says_which_tariff_binds_and_what_it_promises(ticket, anna):
    tariff = Tariff.objects.create(name="Бизнес")
    tariffs.give(ticket.client, tariff, by=None, at=NOON)
    tiers.cover(tiers.tier(), tariff)
    binding.bind_many([ticket.pk], by=None, at=NOON)

    html = anna.get(f"/desk/{ticket.number}/card/").text.replace("\xa0", " ")

    part = html[html.index('id="tier"') :][:1500]
    for words in (
        "Тариф «Бизнес»",
        "действует",
        "Первый ответ",
        "30 мин",
        "Когда на связи",
        "Тариф клиента: Бизнес",
    ):
        assert words in part


def test_before_it_is_bound_the_card_says_what_will_bind_it(ticket, anna):
    html = anna.get(f"/desk/{ticket.number}/card/").text.replace("\xa0", " ")

    assert "«Обычный»" in html
    assert "Выбрать тариф клиента" in html


def test_what_is_promised_is_plain_data_by_the_priority_of_the_request(ticket):
    targets = {"response": {"low": 3600, "normal": 1800, "high": 900, "urgent": 300}}
    tiers.cover(tiers.tier(targets=targets), ticket.client)

    found = promised.to_client(ticket.pk, 3)

    assert (found.name, found.by_tariff, found.ended) == ("Бизнес", False, False)
    assert [(name, time.replace("\xa0", " ")) for name, time in found.lines] == [
        ("Первый ответ", "5 мин"), ("Когда на связи", "пн–пт, 9:00–18:00"),
    ]  # fmt: skip
    assert promised.to_client(10**9, 1) is None


def test_cards_of_many_cost_as_many_queries_as_of_one(ticket, django_assert_max_num_queries):
    ids = [ticket.pk, *(make.ticket(sender=make.identity(f"x{n}@firma.example")).pk for n in range(10))]
    agent = make.agent()
    cards.tier(agent, ids[:1])

    with django_assert_max_num_queries(7):
        assert set(cards.tier(agent, ids)) == set(ids)


@pytest.mark.parametrize("whose", ["client", "organisation"])
def test_an_agent_gives_a_tariff_to_a_client_or_their_organisation(ticket, anna, whose):
    tariff = Tariff.objects.create(name="Бизнес <b>")
    address = f"/settings/tariffs/of/{ticket.number}/"
    assert "Бизнес &lt;b&gt;" in anna.get(address).text

    assert anna.post(address, {"whose": whose, "tariff": tariff.pk}).status_code == 302

    held = Client.objects.get() if whose == "client" else Organisation.objects.get()
    assert held.tariff == tariff
    assert (
        anna.post(address, {"whose": whose, "tariff": ""}, headers={"hx-request": "true"}).status_code == 204
    )
    held.refresh_from_db()
    assert held.tariff is None


@pytest.mark.parametrize("wrong", [{"whose": "все"}, {"tariff": "999"}, {"tariff": "a\0b"}])
def test_a_tariff_that_is_none_is_told(ticket, anna, wrong):
    given = {"whose": "client", "tariff": str(Tariff.objects.create(name="Бизнес").pk), **wrong}

    assert anna.post(f"/settings/tariffs/of/{ticket.number}/", given).status_code == 422
    assert Client.objects.get().tariff is None
