"""Addresses belong to clients, clients to organisations."""

import threading

import pytest
from django.db import connection

from otklik.clients import identifying
from otklik.clients.identifying import Sender
from otklik.clients.models import Client, Domain, Identity, Organisation
from otklik.journal.models import Entry
from tests import make
from tests.make import NOON

pytestmark = pytest.mark.django_db


def test_one_address_is_one_client_whatever_its_case():
    first = identifying.identify_many([Sender("Vera@Kvarts.example", "Вера")], at=NOON)
    again = identifying.identify_many([Sender(" vera@kvarts.EXAMPLE", "Вера С.")], at=NOON)

    assert first["vera@kvarts.example"] == again["vera@kvarts.example"]
    assert first["vera@kvarts.example"].shown == "Vera@Kvarts.example"


def test_who_writes_from_a_known_domain_belongs_to_its_organisation():
    firm = Organisation.objects.create(name="ООО «Кварц»")
    Domain.objects.create(organisation=firm, name="kvarts.example")

    found = identifying.identify_many([Sender("a@kvarts.example"), Sender("b@gmail.com")], at=NOON)

    assert found["a@kvarts.example"].client.organisation == firm
    assert found["b@gmail.com"].client.organisation is None


def test_a_free_mail_domain_never_makes_an_organisation():
    firm = Organisation.objects.create(name="Ошибка")
    Domain.objects.create(organisation=firm, name="mail.ru")

    assert identifying.identify_many([Sender("a@mail.ru")], at=NOON)["a@mail.ru"].client.organisation is None


def test_a_second_address_brings_its_requests_along():
    work, home = make.identity(), make.identity("vera@home.example", "Вера")
    ticket = make.ticket(sender=home)

    identifying.join(home, client=work.client, by=make.agent(), at=NOON)

    ticket.refresh_from_db()
    assert (ticket.client, Client.objects.count()) == (work.client, 1)
    assert Entry.objects.filter(word="client.joined").count() == 1
    with pytest.raises(identifying.SameClient):
        identifying.join(home, client=work.client, by=make.agent(), at=NOON)


def test_a_client_with_other_addresses_keeps_its_requests():
    vera, gleb = make.identity(), make.identity("gleb@stranger.example", "Глеб")
    shared = Identity.objects.create(
        client=gleb.client, value="office@kvarts.example", shown="office@kvarts.example"
    )
    ticket = make.ticket(sender=gleb)

    identifying.join(shared, client=vera.client, by=make.agent(), at=NOON)

    ticket.refresh_from_db()
    assert ticket.client == gleb.client


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_meet_the_same_newcomer_make_one_client():
    barrier = threading.Barrier(2)

    def meet() -> None:
        barrier.wait()
        identifying.identify_many([Sender("new@kvarts.example", "Новый")], at=NOON)
        connection.close()

    threads = [threading.Thread(target=meet) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (Identity.objects.count(), Client.objects.count()) == (1, 1)
