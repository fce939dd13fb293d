"""What a client was told follows their agreement: only earlier, never silently later."""

from datetime import timedelta

import pytest
from django.db import connection

from otklik.desk import replying, tagging
from otklik.desk.models import Tag, Ticket
from otklik.journal.models import Entry
from otklik.promises import promising
from otklik.promises.models import NextNews
from otklik.sla import binding, covering, deriving, following, hastening, telling
from otklik.sla.binding import Newcomer
from otklik.sla.models import Agreement, AgreementVersion
from tests import make
from tests.make import DAY, HOUR, MINUTE, NOON
from tests.sla import tiers

pytestmark = pytest.mark.django_db


class Loops:
    """The loops of covers and of the next news, each entry once. Rows of an open transaction are given here."""

    def __init__(self) -> None:
        self.seen = 0

    def __call__(self) -> None:
        for take, words in ((covering._take, covering.OF_TICKET | covering.OF_MANY), (following._take, None)):
            entries = Entry.objects.filter(pk__gt=self.seen).order_by("pk")
            take(list(entries.filter(word__in=words) if words else entries))
        self.seen = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


@pytest.fixture
def ticket() -> Ticket:
    """Told by «Обычный»: Friday noon and four hours."""
    made = make.ticket()
    binding.bind_many([made.pk], by=None, at=NOON)
    return made


@pytest.fixture
def loops(ticket: Ticket) -> Loops:
    run = Loops()
    run()
    return run


def told(ticket: Ticket):
    ticket.refresh_from_db()
    standing = promising.standing(ticket.pk)
    assert ticket.next_due_at == standing.due_at
    return standing.due_at


def test_a_raised_priority_with_its_own_agreement_brings_the_news_forward_and_a_lowered_one_leaves_it(
    ticket, loops
):
    tiers.cover(tiers.tier("срочное"), ticket.client, (3,))
    loops()
    assert told(ticket) == NOON + 4 * HOUR

    tagging.set_priority(ticket, 3, by=None, at=NOON + 10 * MINUTE)
    loops()
    assert told(ticket) == NOON + 30 * MINUTE

    tagging.set_priority(ticket, 1, by=None, at=NOON + 15 * MINUTE)
    loops()

    assert told(ticket) == NOON + 30 * MINUTE
    former = NextNews.objects.get(ended_at__isnull=False)
    assert (former.outcome, promising.standing(ticket.pk).replaces) == ("moved", former)
    assert Entry.objects.get(word="news.moved").facts["was"].startswith("2026-11-20T13:00")


def test_a_label_brings_the_news_of_its_agreement_and_its_removal_moves_nothing(ticket, loops):
    tiers.cover(tiers.tier("хостинг"), Tag.objects.create(name="хостинг"))

    tagging.tag(ticket, "хостинг", by=None, at=NOON + MINUTE)
    loops()
    assert told(ticket) == NOON + 30 * MINUTE
    tagging.untag(ticket, "хостинг", by=None, at=NOON + 2 * MINUTE)
    loops()

    assert told(ticket) == NOON + 30 * MINUTE


def test_a_raised_priority_whose_clock_is_late_at_once_is_told_its_time_from_now(ticket, loops):
    rows = dict.fromkeys(("low", "normal", "high"), 4 * 3600) | {"urgent": 1800}
    tiers.cover(tiers.tier(targets={"response": rows}), ticket.client, at=NOON + MINUTE)
    loops()

    tagging.set_priority(ticket, 3, by=None, at=NOON + HOUR)  # half an hour after the new due time
    loops()

    assert told(ticket) == NOON + 90 * MINUTE


def test_what_an_agent_told_stays_until_the_agreement_owes_an_answer_before_it(ticket, loops):
    monday = NOON + 3 * DAY - 2 * HOUR
    make.reply(ticket, then="work", news_due_at=monday, at=NOON + HOUR)
    loops()
    assert told(ticket) == monday

    make.received(
        "Спасибо, жду.", ticket=ticket, at=NOON + 4 * HOUR
    )  # an answer is due an hour later on Monday
    loops()
    assert told(ticket) == monday
    tiers.cover(tiers.tier(), ticket.client, at=NOON + 4 * HOUR)
    loops()

    assert told(ticket) == NOON + 5 * HOUR


def test_the_next_reply_and_the_news_go_by_the_clients_agreement(ticket, loops):
    tiers.cover(tiers.tier(), ticket.client, at=NOON + MINUTE)
    loops()
    make.reply(ticket, then="work", at=NOON + 10 * MINUTE)
    loops()
    assert told(ticket) == NOON + 10 * MINUTE + 4 * HOUR  # news
    make.reply(ticket, then="wait", at=NOON + 20 * MINUTE)
    loops()
    assert promising.standing(ticket.pk) is None

    make.received("Ещё вопрос", ticket=ticket, at=NOON + 30 * MINUTE)
    loops()

    assert told(ticket) == NOON + 90 * MINUTE  # next reply
    assert following.usual(ticket.pk, NOON + 30 * MINUTE, promising.ANSWER) == NOON + 90 * MINUTE


def test_longer_hours_bring_forward_what_was_told_by_us_and_leave_what_a_person_told(ticket, loops):
    late = make.ticket(at=NOON + 5 * HOUR)  # Friday, 17:00: told Monday at noon
    person = make.ticket(at=NOON + 5 * HOUR)
    loops()
    promising.move(
        NextNews.objects.get(ticket=person, ended_at=None),
        due_at=NOON + 4 * DAY,
        by=make.agent(),
        at=NOON + 5 * HOUR,
    )
    version = AgreementVersion.objects.get()
    version.agreement.calendar.versions.create(
        number=2, spec={"tz": "UTC", "always": True}, effective_from=NOON + 5 * HOUR, made_at=NOON
    )
    ids = [ticket.pk, late.pk, person.pk]
    binding.bind_many(ids, by=None, at=NOON + 5 * HOUR)
    deriving.derive(ids, at=NOON + 5 * HOUR)

    assert hastening.hasten(ticket.pk, person.pk + 1, at=NOON + 5 * HOUR) == 1
    assert hastening.hasten(ticket.pk, person.pk + 1, at=NOON + 5 * HOUR) == 0

    assert told(late) == NOON + 9 * HOUR
    assert told(person) == NOON + 4 * DAY


def test_a_time_that_a_letter_told_stays_and_one_that_was_counted_is_so_again_when_it_is_taken_back(
    ticket, loops
):
    anna, monday, at = make.agent(), NOON + 3 * DAY + 2 * HOUR, NOON + HOUR
    assert promising.standing(ticket.pk).counted
    letter = make.reply(ticket, by=anna, then="work", news_due_at=monday, at=at)
    loops()
    deriving.derive([ticket.pk], at=at)  # silence may last until Friday, 17:00

    assert hastening.hasten(ticket.pk, ticket.pk + 1, at=at) == 0
    assert told(ticket) == monday

    replying.undo(letter, by=anna, at=at)
    loops()
    assert told(ticket) == NOON + 4 * HOUR
    assert promising.standing(ticket.pk).counted
    make.reply(ticket, by=anna, then="work", at=at + MINUTE)
    loops()
    assert promising.standing(ticket.pk).counted


def test_a_row_that_does_not_say_how_it_came_about_counts_as_told(ticket):
    with connection.cursor() as cursor:  # as the version before writes it
        cursor.execute(
            "INSERT INTO promises_nextnews (ticket_id, due_at, made_at, reason, outcome) VALUES (%s, %s, %s, '', '')",
            [ticket.pk, NOON + DAY, NOON],
        )
    assert not NextNews.objects.get(due_at=NOON + DAY).counted


def test_newcomers_are_chosen_for_by_client_organisation_tariff_label_and_priority_in_two_queries(
    ticket, django_assert_num_queries
):
    tag, client = Tag.objects.create(name="хостинг"), ticket.client
    gleb = make.identity("gleb@sosna.example", "Глеб").client
    tiers.cover(tiers.tier("по метке"), tag)
    tiers.cover(tiers.tier("клиенту"), client)
    tiers.cover(tiers.tier("срочное"), client, (3,))
    coming = [Newcomer(client.pk), Newcomer(client.pk, priority=3), Newcomer(gleb.pk),
              Newcomer(gleb.pk, tag_ids=(tag.pk,))]  # fmt: skip

    with django_assert_num_queries(2):
        versions = binding.choose_coming(coming, at=NOON)

    names = dict(Agreement.objects.values_list("versions", "name"))
    assert [names[one] for one in versions] == ["клиенту", "срочное", "Обычный", "по метке"]


def test_a_lost_request_and_one_without_hours_ahead_get_a_time_all_the_same(ticket):
    book = telling.Book([ticket.pk])

    assert book.clock(10**9, at=NOON) is None
    assert book.due(ticket.pk, promising.NEWS, at=NOON + 30 * DAY) > NOON + 30 * DAY  # the clock is late
    assert telling.of_default(NOON)[1] - NOON == timedelta(hours=4)
