"""Addresses belong to clients, clients to organisations."""

import threading

import pytest
from django.db import connection, transaction

from otklik.clients import identifying
from otklik.clients.identifying import Sender
from otklik.clients.models import Client, Domain, Identity, Organisation
from otklik.desk import joining
from otklik.journal.models import Entry
from otklik.privacy import consenting, erasing, exporting
from otklik.privacy.consenting import Said
from tests import make
from tests.make import NOON
from tests.promises.test_promising_at_once import someone_waits

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


@pytest.mark.parametrize("erased", ["work", "home"])
def test_address_is_neither_given_to_an_erased_client_nor_taken_from_one(erased: str):
    known = {"work": make.identity(), "home": make.identity("vera@home.example", "Вера")}
    erasing.begin(known[erased].client, ground="asked", by=make.admin(), at=NOON)
    home = Identity.objects.get(pk=known["home"].pk)

    with pytest.raises(identifying.Erased, match="стёрли"):
        identifying.join(home, client=known["work"].client, by=make.agent(), at=NOON)

    assert Identity.objects.get(pk=home.pk).client == home.client
    assert Client.objects.count() == 2


def test_page_refuses_a_second_address_of_an_erased_client_and_makes_nobody():
    ticket = make.ticket()
    erasing.begin(ticket.client, ground="asked", by=make.admin(), at=NOON)

    with pytest.raises(identifying.Erased):
        joining.join(ticket, "vera@home.example", by=make.admin(), at=NOON)

    assert not Identity.objects.filter(value="vera@home.example").exists()


@pytest.mark.django_db(transaction=True)
def test_address_that_is_joined_while_its_client_is_erased_is_erased_or_refused(wait_until):
    work, home = make.identity(), make.identity("vera@home.example", "Вера")
    ann, refused = make.agent(), []

    def join() -> None:
        try:
            identifying.join(home, client=work.client, by=ann, at=NOON)
        except identifying.Erased as fault:
            refused.append(fault)
        connection.close()

    thread = threading.Thread(target=join)
    with transaction.atomic():
        erasing.begin(work.client, ground="asked", by=make.admin(), at=NOON)
        thread.start()
        wait_until(lambda: someone_waits() or not thread.is_alive())
    thread.join()

    assert len(refused) == 1
    assert Identity.objects.get(pk=home.pk).client == home.client


def test_consents_and_exports_follow_the_last_address():
    work, home = make.identity(), make.identity("vera@home.example", "Вера")
    consent = consenting.note(home.client, Said("news", "Да", "", "paper", NOON), by=None)
    export = exporting.ask(home.client, by=make.admin(), at=NOON)

    identifying.join(home, client=work.client, by=make.agent(), at=NOON)

    for row in (consent, export):
        row.refresh_from_db()
        assert row.client_id == work.client_id


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
