"""Which agreement judges a request."""

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.clients.models import Client, Organisation, Tariff
from otklik.desk import tagging
from otklik.desk.models import Tag, Ticket
from otklik.journal.models import Entry
from otklik.sla import agreeing, agreements, binding
from otklik.sla.models import Agreement, Bond
from tests import make
from tests.make import DAY, HOUR, NOON
from tests.sla import tiers

pytestmark = pytest.mark.django_db


def chosen(ticket: Ticket, **at) -> str:
    version = binding.choose_many([ticket.pk], **at)[ticket.pk]
    return Agreement.objects.get(versions=version).name


def test_who_has_no_agreement_is_judged_by_what_the_company_promises():
    ticket = make.ticket()

    assert chosen(ticket) == "Обычный"
    assert agreements.terms(binding.choose_many([ticket.pk])[ticket.pk]).target("response", 1) == 4 * 3600
    assert Agreement.objects.count() == 1


def test_the_narrowest_cover_wins():
    ticket = make.ticket()
    tag = tagging.tag(ticket, "хостинг", by=None, at=NOON)
    tariff = Tariff.objects.create(name="Бизнес")
    organisation = Organisation.objects.create(name="Кварц", tariff=tariff)
    Client.objects.update(organisation=organisation)
    steps: list[tuple[str, tiers.Whom]] = [
        ("по метке", tag),
        ("по тарифу", tariff),
        ("по организации", organisation),
    ]
    for name, whom in [*steps, ("по клиенту", ticket.client)]:
        tiers.cover(tiers.tier(name), whom)

        assert chosen(ticket) == name


def test_a_clients_own_tariff_goes_before_the_organisations():
    ticket = make.ticket()
    ours, theirs = Tariff.objects.create(name="Свой"), Tariff.objects.create(name="Общий")
    tiers.cover(tiers.tier("своё"), ours)
    tiers.cover(tiers.tier("общее"), theirs)
    Client.objects.update(organisation=Organisation.objects.create(name="Кварц", tariff=theirs))
    assert chosen(ticket) == "общее"

    Client.objects.update(tariff=ours)

    assert chosen(ticket) == "своё"


def test_a_cover_of_some_priorities_is_narrower_and_binds_no_others():
    ticket = make.ticket()
    tiers.cover(tiers.tier("срочное"), ticket.client, (2, 3))
    tiers.cover(tiers.tier("любое"), ticket.client)
    assert chosen(ticket) == "любое"

    Ticket.objects.update(priority=3)

    assert chosen(ticket) == "срочное"


def test_an_agreement_that_ended_or_has_not_begun_covers_no_new_request():
    ticket = make.ticket()
    ended, later = tiers.tier("старое"), tiers.tier("будущее", at=NOON + DAY)
    tiers.cover(ended, ticket.client)
    tiers.cover(later, ticket.client, (1,))
    assert chosen(ticket) == "старое"

    agreeing.end(ended, by=make.admin(), at=NOON - HOUR)

    assert chosen(ticket) == "Обычный"
    assert chosen(ticket, at=NOON + DAY) == "будущее"


def test_an_agreement_covers_its_last_day_to_its_end():
    ticket = make.ticket()
    tiers.cover(tiers.tier("до срока", until=NOON.date()), ticket.client)

    assert chosen(ticket, at=NOON + 11 * HOUR) == "до срока"
    assert chosen(ticket, at=NOON + 13 * HOUR) == "Обычный"


def test_a_request_is_bound_once_and_the_journal_says_it():
    ticket = make.ticket()

    assert binding.bind_many([ticket.pk, ticket.pk, 10**9], by=None, at=NOON) == 1
    assert binding.bind_many([ticket.pk], by=None, at=NOON + HOUR) == 0

    bond = Bond.objects.get()
    entry = Entry.objects.get(word="agreement.bound")
    assert (entry.ticket_id, entry.facts) == (ticket.pk, {"version": bond.version_id})
    assert entry.audience == [ticket.team_id]


def test_another_tariff_binds_anew_and_the_same_agreement_does_not():
    ticket = make.ticket()
    binding.bind_many([ticket.pk], by=None, at=NOON)
    first = Bond.objects.get().version_id
    assert not binding.rebind(ticket, by=None, at=NOON + HOUR)

    tiers.cover(tiers.tier(), ticket.client)

    assert binding.rebind(ticket, by=None, at=NOON + HOUR)
    assert not binding.rebind(ticket, by=None, at=NOON + 2 * HOUR)
    assert Bond.objects.get(ended_at=None).version.agreement.name == "Бизнес"
    assert Entry.objects.filter(word="agreement.bound").latest("pk").facts["from"] == first


def test_new_terms_leave_open_requests_as_they_are_until_somebody_moves_them():
    ticket = make.ticket()
    agreement, ada = tiers.tier(), make.admin()
    tiers.cover(agreement, ticket.client)
    binding.bind_many([ticket.pk], by=None, at=NOON)
    draft = agreeing.Draft(tiers.terms(margin=10), effective_from=NOON + HOUR)
    version = agreeing.change(agreement, draft, by=ada, at=NOON)
    assert not binding.rebind(ticket, by=None, at=NOON + DAY)

    assert binding.move_open(agreement.pk, by=ada, at=NOON + DAY) == 1
    assert binding.move_open(agreement.pk, by=ada, at=NOON + DAY) == 0

    assert Bond.objects.get(ended_at=None).version_id == version.pk


def test_five_hundred_requests_cost_as_many_queries_as_one():
    ticket = make.ticket()
    values = {
        field.attname: getattr(ticket, field.attname)
        for field in Ticket._meta.concrete_fields
        if field.name not in {"id", "number"}
    }
    Ticket.objects.bulk_create([Ticket(**values) for _one in range(500)])
    tiers.cover(tiers.tier(), ticket.client)
    ids = list(Ticket.objects.values_list("pk", flat=True))
    agreements.default()

    with CaptureQueriesContext(connection) as asked:
        assert binding.bind_many(ids, by=None, at=NOON) == 501
    statements = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]

    assert len(statements) <= 6
    assert Bond.objects.filter(version__agreement__name="Бизнес").count() == 501


@pytest.mark.django_db(transaction=True)
def test_two_that_bind_at_once_make_one_bond():
    ticket = make.ticket()
    agreements.default()
    gate = threading.Barrier(2)

    def one() -> None:
        gate.wait()
        binding.bind_many([ticket.pk], by=None, at=NOON)
        connection.close()

    hands = [threading.Thread(target=one) for _hand in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    assert Bond.objects.count() == 1
    assert Entry.objects.filter(word="agreement.bound").count() == 1


def test_a_label_that_nobody_covers_changes_nothing():
    ticket = make.ticket()
    tiers.cover(tiers.tier(), Tag.objects.create(name="чужая"))

    assert chosen(ticket) == "Обычный"
