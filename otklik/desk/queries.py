"""Reads of the desk. Who may see a row is part of each query (invariant 6); lists page by key."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from otklik.accounts.models import User
from otklik.accounts.rights import Right
from otklik.desk import threads
from otklik.desk.models import OPEN, Attachment, Message, Participant, Ticket
from otklik.desk.threads import Thread
from otklik.staff import queries as staff
from otklik.staff.models import Membership

View = Literal["mine", "unowned", "all", "waiting", "solved", "spam"]
Order = Literal["due", "last"]
Only = Literal["", "late", "today", "ours"]
PAGE = 50
MANY = 100  # counts say «99+» from here
ON_US = ("new", "open")  # states in which the next word is ours
ROW = (
    "number",
    "subject",
    "channel",
    "state",
    "priority",
    "last_words",
    "last_message_at",
    "last_by",
    "unread",
    "next_due_at",
    "next_due_kind",
    "team_id",
    "client__name",
    "owner__name",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a list ended: the key of its last row. due_at is None past the rows with a clock."""

    at: datetime | None
    pk: int


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Ticket]
    more: Place | None


@dataclass(frozen=True, slots=True)
class Narrow:
    """A part of a view: of one owner, what is late, due by the end of `at`'s day, or waits on us."""

    owner_id: int | None = None
    only: Only = ""
    at: datetime | None = None  # needed by late and today

    @property
    def condition(self) -> Q:
        at = self.at or timezone.now()
        parts: dict[Only, Q] = {
            "": Q(),
            "late": Q(next_due_at__lte=at),
            "today": Q(next_due_at__gt=at, next_due_at__lt=tomorrow(at)),
            "ours": Q(state__in=ON_US),
        }
        return parts[self.only] & (Q(owner=self.owner_id) if self.owner_id is not None else Q())


WHOLE = Narrow()


def tomorrow(at: datetime) -> datetime:
    """The midnight after this moment, in the zone of the page."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def visible_to(user: User) -> QuerySet[Ticket]:
    """Requests this person may see: of their teams, or all with that right. The one place of this rule."""
    if not user.may(Right.SEE):
        return Ticket.objects.none()
    if user.sees_all:
        return Ticket.objects.all()
    return Ticket.objects.filter(team__in=Membership.objects.filter(user=user).values("team_id"))


def ticket(user: User, number: int) -> Ticket:
    """With client, organisation, owner, team and box. Raises Http404 for what they may not see."""
    wanted = visible_to(user).select_related("client", "organisation", "owner", "team", "box")
    return get_object_or_404(wanted, number=number)


def queue(
    user: User,
    view: View,
    order: Order,
    after: Place | None = None,
    limit: int = PAGE,
    *,
    narrow: Narrow = WHOLE,
) -> Page:
    """A page of a list. Uses the indexes ticket_mine_*, ticket_team_*, ticket_open_*, ticket_unowned_due, …"""
    rows = _in_view(visible_to(user), view, user).select_related("client", "owner").only(*ROW)
    rows = rows.filter(narrow.condition)
    if order == "due" and view not in {"solved", "spam"}:
        rows = rows.order_by(F("next_due_at").asc(nulls_last=True), "pk")
        rows = rows.filter(_later_due(after)) if after else rows
    else:
        rows = rows.order_by("-last_message_at", "pk")
        rows = rows.filter(_earlier_word(after)) if after else rows
    found = list(rows[: limit + 1])
    shown = found[:limit]
    if len(found) <= limit:
        return Page(shown, None)
    last = shown[-1]
    by_due = order == "due" and view not in {"solved", "spam"}
    return Page(shown, Place(last.next_due_at if by_due else last.last_message_at, last.pk))


def _in_view(rows: QuerySet[Ticket], view: View, user: User) -> QuerySet[Ticket]:
    wanted: dict[View, Q] = {
        "mine": OPEN & Q(owner=user),
        "unowned": OPEN & Q(owner=None),
        "all": OPEN,
        "waiting": Q(state__in=["waiting_client", "waiting_other"]),
        "solved": Q(state__in=["solved", "closed"]),
        "spam": Q(state="spam"),
    }
    return rows.filter(wanted[view])


def _later_due(place: Place) -> Q:
    if place.at is None:
        return Q(next_due_at=None, pk__gt=place.pk)
    return Q(next_due_at__gt=place.at) | Q(next_due_at=place.at, pk__gt=place.pk) | Q(next_due_at=None)


def _earlier_word(place: Place) -> Q:
    return Q(last_message_at__lt=place.at) | Q(last_message_at=place.at, pk__gt=place.pk)


# Each count is bounded: it stops at a hundred rows whatever the table holds.
_COUNTS = """
WITH seen AS (SELECT array_agg(team_id) AS teams FROM staff_membership WHERE user_id = %(user)s)
SELECT (SELECT count(*) FROM (SELECT 1 FROM desk_ticket WHERE (%(all)s OR team_id = ANY(seen.teams))
          AND state IN ('new', 'open', 'waiting_client', 'waiting_other') AND owner_id = %(user)s LIMIT %(most)s) a),
       (SELECT count(*) FROM (SELECT 1 FROM desk_ticket WHERE (%(all)s OR team_id = ANY(seen.teams))
          AND state IN ('new', 'open', 'waiting_client', 'waiting_other') AND owner_id IS NULL LIMIT %(most)s) b),
       (SELECT count(*) FROM (SELECT 1 FROM desk_ticket WHERE (%(all)s OR team_id = ANY(seen.teams))
          AND state IN ('new', 'open', 'waiting_client', 'waiting_other') LIMIT %(most)s) c),
       (SELECT count(*) FROM (SELECT 1 FROM desk_ticket WHERE (%(all)s OR team_id = ANY(seen.teams))
          AND state IN ('new', 'open', 'waiting_client', 'waiting_other') AND owner_id = %(user)s AND unread
          LIMIT %(most)s) d)
  FROM seen
"""
_WAITS = """
SELECT count(*) FROM (SELECT 1 FROM desk_ticket WHERE owner_id = %(user)s AND unread
  AND state IN ('new', 'open', 'waiting_client', 'waiting_other')
  AND (%(all)s OR team_id IN (SELECT team_id FROM staff_membership WHERE user_id = %(user)s)) LIMIT %(most)s) a
"""


def counts(user: User) -> dict[str, int]:
    """How many rows each view has, up to 100; `waits` is what waits for this person and nobody read yet. One query.

    The rule of visible_to() in SQL: composed by Django it took two milliseconds of each page.
    """
    if not user.may(Right.SEE):
        return dict.fromkeys(("mine", "unowned", "all", "waits"), 0)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"user": user.pk, "all": user.sees_all, "most": MANY})
        return dict(zip(("mine", "unowned", "all", "waits"), cursor.fetchone(), strict=True))


def waits(user: User) -> int:
    """What waits for this person and nobody read yet, up to 100."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, {"user": user.pk, "all": user.sees_all, "most": MANY})
        return int(cursor.fetchone()[0])


def thread(ticket: Ticket, *, before: int | None = None, limit: int = 100) -> Thread:
    """The last `limit` messages (said before this one of the request) with what happened among them; one query."""
    return threads.read(ticket, before=before, limit=limit)


def people(ticket: Ticket) -> list[Participant]:
    """Who takes part, the requester first."""
    rows = Participant.objects.filter(ticket=ticket).select_related("identity__client").order_by("pk")
    return sorted(rows, key=lambda one: one.part != Participant.Part.REQUESTER)


def past(user: User, ticket: Ticket, limit: int = 5) -> list[Ticket]:
    """Other requests of the same client that this person may see, the latest first. Uses ticket_of_client."""
    rows = visible_to(user).filter(client=ticket.client_id).exclude(pk=ticket.pk)
    return list(
        rows.order_by("-last_message_at").only("number", "subject", "state", "result", "last_message_at")[
            :limit
        ]
    )


def attachment(user: User, pk: int) -> Attachment:
    """A file of a message or note in a request they may see. Raises Http404."""
    mine = visible_to(user).values("pk")
    seen = Q(message__ticket__in=mine) | Q(note__ticket__in=mine)
    return get_object_or_404(Attachment.objects.filter(seen).select_related("file", "message", "note"), pk=pk)


def message(user: User, pk: int) -> Message:
    """Raises Http404 for one in a request they may not see."""
    return get_object_or_404(Message.objects.filter(ticket__in=visible_to(user).values("pk")), pk=pk)


def teams_seen(user: User) -> Sequence[int]:
    """Ids of teams for the live stream's ticket."""
    return sorted(staff.team_ids(user))


def of_ids(message_ids: Collection[str]) -> QuerySet[Message]:
    """Messages with these ids of letters, of all teams: for the intake. Uses index message_by_id.

    The index holds no empty ids, and PostgreSQL sees that in a list of up to a hundred only: from there on it read the
    whole table.
    """
    return Message.objects.filter(~Q(message_id=""), message_id__in=message_ids)
