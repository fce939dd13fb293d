"""Whose people clients are: their requests that go on, and their agreements, follow."""

import pytest
from django.urls import reverse

from otklik.clients.models import Client, Domain, Organisation
from otklik.desk import belonging
from otklik.desk.models import Ticket
from otklik.journal.models import Entry
from otklik.sla import binding, covering
from otklik.sla.models import Bond
from tests import make
from tests.make import HOUR, NOON
from tests.sla import tiers

pytestmark = pytest.mark.django_db


def test_an_organisation_named_on_the_card_reaches_open_requests_and_binds_them_anew(client):
    anya, ticket, ended = make.agent(), make.ticket(), make.ticket()
    Ticket.objects.filter(pk=ended.pk).update(state="closed")
    firm = Organisation.objects.create(name="ООО «Кварц»")
    tiers.cover(tiers.tier(), firm)
    binding.bind_many([ticket.pk, ended.pk], by=None, at=NOON)
    client.force_login(anya)

    page = client.post(reverse("desk:organisation", args=[ticket.number]), {"name": "ооо  «кварц»"})
    covering._take(list(Entry.objects.filter(word__in=covering.OF_MANY)))

    assert page.status_code == 302
    assert Client.objects.get().organisation == firm == Ticket.objects.get(pk=ticket.pk).organisation
    assert Ticket.objects.get(pk=ended.pk).organisation is None
    bound = (
        Bond.objects.filter(ended_at=None)
        .order_by("ticket")
        .values_list("version__agreement__name", flat=True)
    )
    assert list(bound) == ["Бизнес", "Обычный"]
    assert "ООО «Кварц»" in client.get(reverse("desk:card", args=[ticket.number])).content.decode()


def test_a_domain_brings_those_who_belonged_nowhere_and_everybody_who_writes_later(client):
    ticket = make.ticket()
    colleague = make.identity("gleb@kvarts.example", "Глеб").client
    elsewhere = make.identity("boris@kvarts.example", "Борис").client
    belonging.place(elsewhere, Organisation.objects.create(name="Другая"), by=None, at=NOON)
    client.force_login(make.agent())

    client.post(reverse("desk:organisation", args=[ticket.number]), {"name": "Кварц", "everybody": "on"})

    firm = Organisation.objects.get(name="Кварц")
    assert set(firm.clients.all()) == {ticket.client, colleague}
    assert make.identity("new@kvarts.example", "Новый").client.organisation == firm
    assert make.ticket(sender=make.identity("new@kvarts.example")).organisation == firm
    facts = [one.facts for one in Entry.objects.filter(word="client.organisation").order_by("pk")]
    assert {"client": colleague.pk, "from": None, "to": firm.pk} in facts


def test_an_empty_name_takes_the_organisation_away_and_twice_is_once():
    ticket, ada = make.ticket(), make.admin()
    firm = belonging.named("Кварц", by=ada, at=NOON)

    assert belonging.place(ticket.client, firm, by=ada, at=NOON)
    assert not belonging.place(ticket.client, firm, by=ada, at=NOON)
    assert belonging.place(ticket.client, None, by=ada, at=NOON + HOUR)

    assert Ticket.objects.get().organisation is None
    assert Entry.objects.filter(word="client.organisation").count() == 2


def test_a_domain_of_another_organisation_or_of_a_mail_service_is_refused_with_a_word():
    ticket, ada, firm = make.ticket(), make.admin(), Organisation.objects.create(name="Кварц")
    Domain.objects.create(organisation=firm, name="kvarts.example")
    other = belonging.named("Другая", by=ada, at=NOON)

    with pytest.raises(belonging.DomainTaken, match="«Кварц»"):
        belonging.claim(ticket.client, other, "vera@kvarts.example", by=ada, at=NOON)
    with pytest.raises(belonging.BadOrganisation, match="кто угодно"):
        belonging.claim(ticket.client, other, "vera@mail.ru", by=ada, at=NOON)
    with pytest.raises(belonging.BadOrganisation, match="200"):
        belonging.named("x" * 201, by=ada, at=NOON)
    assert belonging.claim(ticket.client, firm, "vera@kvarts.example", by=ada, at=NOON) == 0


def test_a_colleague_of_another_team_changes_no_organisation(client):
    ticket = make.ticket()
    client.force_login(make.agent("Борис", team=make.team("Другая")))

    refused = client.post(reverse("desk:organisation", args=[ticket.number]), {"name": "Кварц"})

    assert (refused.status_code, Client.objects.get().organisation) == (404, None)


def test_a_request_that_stands_for_another_organisation_than_its_client_stays_so():
    ticket, ada = make.ticket(), make.admin()
    theirs, ours = belonging.named("Кварц", by=ada, at=NOON), belonging.named("Сосна", by=ada, at=NOON)
    Ticket.objects.update(organisation=theirs)

    belonging.place(ticket.client, ours, by=ada, at=NOON)

    assert Ticket.objects.get().organisation == theirs
