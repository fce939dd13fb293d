"""Other terms come by what happens to a request."""

import pytest

from otklik.clients import identifying, tariffs
from otklik.clients.models import Client, Organisation, Tariff
from otklik.desk import tagging
from otklik.desk.models import Tag, Ticket
from otklik.journal.models import Entry
from otklik.sla import agreeing, binding, covering
from otklik.sla.models import Bond
from tests import make
from tests.make import HOUR, MINUTE, NOON
from tests.sla import tiers

pytestmark = pytest.mark.django_db


def caught_up() -> None:
    """Everything of the journal is read. Rows of an open transaction lie above the floor: given here."""
    entries = Entry.objects.filter(word__in=covering.OF_TICKET | covering.OF_MANY).order_by("pk")
    covering._take(list(entries))


def bound(ticket: Ticket) -> str:
    return Bond.objects.get(ended_at=None, ticket=ticket).version.agreement.name


@pytest.fixture
def ticket() -> Ticket:
    made = make.ticket()
    binding.bind_many([made.pk], by=None, at=NOON)
    return made


def test_a_raised_priority_and_a_label_bring_the_terms_that_cover_them(ticket):
    tiers.cover(tiers.tier("срочное"), ticket.client, (3,))
    tiers.cover(tiers.tier("хостинг"), Tag.objects.create(name="хостинг"))
    caught_up()
    assert bound(ticket) == "Обычный"

    tagging.tag(ticket, "хостинг", by=None, at=NOON + MINUTE)
    caught_up()
    assert bound(ticket) == "хостинг"

    tagging.set_priority(ticket, 3, by=None, at=NOON + 2 * MINUTE)
    caught_up()
    assert bound(ticket) == "срочное"


def test_the_tariff_of_a_client_or_an_organisation_counts_from_the_moment_of_its_change(ticket):
    ada, tariff = make.admin(), Tariff.objects.create(name="Бизнес")
    organisation = Organisation.objects.create(name="Кварц")
    Client.objects.update(organisation=organisation)
    tiers.cover(tiers.tier(), tariff)
    caught_up()

    assert tariffs.give(organisation, tariff, by=ada, at=NOON + HOUR)
    assert not tariffs.give(organisation, tariff, by=ada, at=NOON + HOUR)
    caught_up()

    bond = Bond.objects.get(ended_at=None)
    assert (bond.version.agreement.name, bond.at, bond.by) == ("Бизнес", NOON + HOUR, ada)


def test_a_second_address_brings_its_requests_under_the_clients_agreement(ticket):
    home = make.identity("vera@home.example", "Вера")
    other = make.ticket(sender=home)
    binding.bind_many([other.pk], by=None, at=NOON)
    tiers.cover(tiers.tier(), ticket.client, at=NOON + MINUTE)

    identifying.join(home, client=ticket.client, by=make.agent(), at=NOON + HOUR)
    caught_up()

    assert bound(other) == "Бизнес"


def test_a_cover_reaches_open_requests_and_leaves_ended_ones(ticket):
    other = make.ticket(sender=make.identity("gleb@firma.example", "Глеб"))
    binding.bind_many([other.pk], by=None, at=NOON)
    Ticket.objects.filter(pk=other.pk).update(state="closed")
    agreement = tiers.tier()
    row = tiers.cover(agreement, ticket.client, at=NOON + HOUR)
    tiers.cover(agreement, other.client, at=NOON + HOUR)
    caught_up()
    assert (bound(ticket), bound(other)) == ("Бизнес", "Обычный")

    agreeing.uncover(row, by=make.admin(), at=NOON + 2 * HOUR)
    agreeing.uncover(row, by=make.admin(), at=NOON + 2 * HOUR)
    caught_up()

    assert bound(ticket) == "Обычный"


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "\0"])
def test_a_tariff_needs_a_name(name):
    with pytest.raises(tariffs.BadTariff):
        tariffs.make(name, by=make.admin(), at=NOON)

    assert not Tariff.objects.exists()
    assert tariffs.make(" Бизнес  плюс ", by=make.admin(), at=NOON).name == "Бизнес плюс"


@pytest.mark.django_db(transaction=True)
def test_the_loop_reads_it_out_of_the_journal():
    made = make.ticket()
    binding.bind_many([made.pk], by=None, at=NOON)
    tiers.cover(tiers.tier(), made.client, at=NOON + HOUR)

    while covering.follow():
        pass

    assert bound(made) == "Бизнес"
