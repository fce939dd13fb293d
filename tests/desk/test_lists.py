"""The lists against the plain rule: who sees which rows, in which order, each once."""

from datetime import datetime
from itertools import product
from typing import get_args

import pytest
from django.db.models import F

from otklik.accounts.models import OwnRole, User
from otklik.desk import lists, queries, routing
from otklik.desk.models import Ticket
from otklik.promises import promising
from otklik.staff.models import Membership
from tests import make
from tests.make import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db
OPEN = {"new", "open", "waiting_client", "waiting_other"}
STATES = {
    "mine": OPEN, "unowned": OPEN, "all": OPEN, "waiting": {"waiting_client", "waiting_other"},
    "solved": {"solved", "closed"}, "spam": {"spam"},
}  # fmt: skip


@pytest.fixture
def people():
    """Аня of two teams, Борис of a third, Вера of none, one who only looks at everything, one let go."""
    anya, boris = make.agent(), make.agent("Борис Ким", team=make.team("Разработка", 3))
    Membership.objects.create(user=anya, team=make.team("Касса"))
    overseer = make.agent("Глеб", team=make.team("Пустая"))
    overseer.own_role = OwnRole.objects.create(name="Надзор", rights=["see", "see_all"])
    overseer.save(update_fields=["own_role"])
    gone = make.agent("Ушедший")
    gone.is_active = False
    return [anya, boris, make.admin(), overseer, gone]


@pytest.fixture
def tickets(people):
    """Each state, team and owner; times and clocks that are equal, near and missing. An owner who left a team too."""
    teams = [make.team(name) for name in ("Помощь", "Разработка", "Касса")]
    found = []
    for n, (state, team) in enumerate(product(Ticket.State.values * 2, teams)):
        one = make.ticket(f"письмо {n}", at=NOON + n % 5 * HOUR)
        due = NOON + DAY + n % 4 * HOUR if n % 3 else None
        Ticket.objects.filter(pk=one.pk).update(
            team=team, state=state, owner=[None, people[0], people[1]][n % 7 % 3], unread=n % 2 == 0,
            next_due_at=due, next_due_kind="answer" if due else "",
        )  # fmt: skip
        found.append(Ticket.objects.get(pk=one.pk))
    return found


def expected(who: User, view: str, order: str, tickets: list[Ticket]) -> list[int]:
    teams = set(Membership.objects.filter(user=who).values_list("team_id", flat=True))
    seen = [one for one in tickets if who.is_active and (who.sees_all or one.team_id in teams)]
    late = datetime.max.replace(tzinfo=NOON.tzinfo)
    keys = {
        "due": lambda one: (one.next_due_at or late, one.pk),
        "last": lambda one: (-one.last_message_at.timestamp(), one.pk),
    }
    by = "last" if view in {"solved", "spam"} else order
    owned: dict[str, set[int | None]] = {"mine": {who.pk}, "unowned": {None}}
    owners = owned.get(view, {one.owner_id for one in tickets})
    held = [one for one in seen if one.state in STATES[view] and one.owner_id in owners]
    return [one.pk for one in sorted(held, key=keys[by])]


@pytest.mark.parametrize("limit", [2, 50])
def test_each_list_holds_what_its_reader_may_see_once_and_in_order(people, tickets, limit):
    for who, view, order in product(people, get_args(lists.View), get_args(lists.Order)):
        seen, after = [], None
        while True:
            page = lists.queue(who, view, order, after, limit=limit)
            seen += [row.pk for row in page.rows]
            if not (after := page.more):
                break

        assert seen == expected(who, view, order, tickets), (who, view, order)


def test_counts_are_the_lengths_of_the_lists(people, tickets):
    for who in people:
        found = lists.counts(who)
        lengths = {view: len(expected(who, view, "due", tickets)) for view in ("mine", "unowned", "all")}
        unread = {one.pk for one in tickets if one.unread}

        assert {view: found[view] for view in lengths} == lengths, who
        assert found["waits"] == len(unread & set(expected(who, "mine", "due", tickets))), who
        assert lists.waits(who) == found["waits"]


def test_lists_see_what_the_one_rule_sees(people, tickets):
    for who in people:
        everything = [
            row.pk for view in ("all", "solved", "spam") for row in lists.queue(who, view, "due").rows
        ]
        assert sorted(everything) == sorted(queries.visible_to(who).values_list("pk", flat=True)), who


def test_a_count_stops_at_a_hundred(people):
    for n in range(4):
        make.ticket(f"письмо {n}")
    first = Ticket.objects.first()
    assert first is not None
    copies = [Ticket(**{**_fields(first), "subject": f"копия {n}"}) for n in range(lists.MANY)]
    Ticket.objects.bulk_create(copies)

    assert lists.counts(people[0])["unowned"] == lists.MANY


def _fields(ticket: Ticket) -> dict[str, object]:
    left_out = {"id", "number"}
    return {
        field.attname: getattr(ticket, field.attname)
        for field in Ticket._meta.concrete_fields
        if field.attname not in left_out
    }


def test_lists_and_counts_hold_only_what_may_be_seen(people):
    anya, boris, *_ = people
    routing.take(make.ticket(), by=anya, at=NOON)
    make.ticket("ещё одно")

    assert lists.counts(anya) == {"mine": 1, "unowned": 1, "all": 2, "waits": 1}
    assert lists.counts(boris) == {"mine": 0, "unowned": 0, "all": 0, "waits": 0}
    assert lists.queue(boris, "all", "due").rows == []


def test_the_nearest_clock_stands_first_and_no_clock_last():
    anya = make.agent()
    none, late, soon = (make.ticket(name) for name in ("без срока", "позже", "скоро"))
    promising.open_many([(late.pk, NOON + DAY), (soon.pk, NOON + HOUR)], at=NOON)

    assert [row.pk for row in lists.queue(anya, "all", "due").rows] == [soon.pk, late.pk, none.pk]


def test_a_row_is_what_its_request_says(tickets, people):
    shown = {row.pk: row for row in lists.queue(people[2], "all", "last").rows}
    wanted = Ticket.objects.filter(pk__in=shown).annotate(
        client_is=F("client__name"), owner_is=F("owner__name")
    )

    assert shown
    for one in wanted:
        row = shown[one.pk]
        assert (row.client, row.owner) == (one.client_is, one.owner_is)
        same = set(row._fields) - {"client", "owner", "pk"}
        assert all(getattr(row, name) == getattr(one, name) for name in same)
