"""Reads of the desk. Who may see a row is part of each query (invariant 6); lists page by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import connection
from django.db.models import F, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from otklik.accounts.models import User
from otklik.desk.models import OPEN, Attachment, Message, Note, Participant, Ticket
from otklik.journal.models import Entry
from otklik.staff import queries as staff
from otklik.staff.models import Membership

View = Literal["mine", "unowned", "all", "waiting", "solved", "spam"]
Order = Literal["due", "last"]
PAGE = 50
MANY = 100  # counts say «99+» from here
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
TOLD = (
    "ticket.opened",
    "ticket.reopened",
    "ticket.assigned",
    "ticket.moved",
    "ticket.state",
    "ticket.solved",
    "ticket.closed",
    "ticket.spam",
    "ticket.tagged",
    "ticket.untagged",
    "ticket.priority",
    "message.undone",
    "news.moved",
    "delivery.failed",
    "delivery.bounced",
    "delivery.unknown",
    "delivery.settled",
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
class Thread:
    """Everything said and done in a request, each list oldest first; earlier: there is more above."""

    messages: list[Message]
    notes: list[Note]
    events: list[Entry]
    earlier: bool


def visible_to(user: User) -> QuerySet[Ticket]:
    """Requests this person may see: those of their teams, an administrator all. The one place of this rule."""
    if not user.is_active:
        return Ticket.objects.none()
    if user.is_admin:
        return Ticket.objects.all()
    return Ticket.objects.filter(team__in=Membership.objects.filter(user=user).values("team_id"))


def ticket(user: User, number: int) -> Ticket:
    """With client, organisation, owner, team and box. Raises Http404 for what they may not see."""
    wanted = visible_to(user).select_related("client", "organisation", "owner", "team", "box")
    return get_object_or_404(wanted, number=number)


def queue(user: User, view: View, order: Order, after: Place | None = None, limit: int = PAGE) -> Page:
    """A page of a list. Uses the indexes ticket_mine_*, ticket_team_* and ticket_unowned_due."""
    rows = _in_view(visible_to(user), view, user).select_related("client", "owner").only(*ROW)
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


def counts(user: User) -> dict[str, int]:
    """How many rows each view has, up to 100; `waits` is what waits for this person and nobody read yet. One query."""
    views: tuple[View, ...] = ("mine", "unowned", "all")
    wanted: dict[str, QuerySet[Ticket, int]] = {
        view: _bounded(_in_view(visible_to(user), view, user)) for view in views
    }
    wanted["waits"] = _bounded(_waiting_for(user))
    sql, values = zip(*(rows.query.sql_with_params() for rows in wanted.values()), strict=True)
    with connection.cursor() as cursor:
        counted = ", ".join(f"(SELECT count(*) FROM ({one}) AS found)" for one in sql)  # noqa: S608 - Django's own SQL
        cursor.execute(f"SELECT {counted}", [value for some in values for value in some])
        row = cursor.fetchone()
    return dict(zip(wanted, row, strict=True))


def waits(user: User) -> int:
    return _bounded(_waiting_for(user)).count()


def _waiting_for(user: User) -> QuerySet[Ticket]:
    return visible_to(user).filter(OPEN, owner=user, unread=True)


def _bounded(rows: QuerySet[Ticket]) -> QuerySet[Ticket, int]:
    return rows.order_by().values_list("pk", flat=True)[:MANY]


def thread(ticket: Ticket, *, before: int | None = None, limit: int = 100) -> Thread:
    """The last `limit` messages (before this message id) with what happened among them; seven queries."""
    files = Prefetch("attachments", Attachment.objects.select_related("file"))
    rows = (
        Message.objects.filter(ticket=ticket)
        .select_related("user", "identity", "box")
        .prefetch_related("recipients", "deliveries", files)
        .annotate(has_html=~Q(html=""))
        .defer("search", "html")
        .order_by("-at", "-pk")
    )
    if before:
        rows = rows.filter(pk__lt=before)
    messages: list[Message] = list(rows[: limit + 1])
    earlier = len(messages) > limit
    messages = messages[:limit][::-1]
    since = messages[0].at if earlier else None
    notes = Note.objects.filter(ticket=ticket).select_related("user").prefetch_related(files).defer("search")
    events = Entry.objects.filter(ticket=ticket, word__in=TOLD).select_related("user")
    if since:
        notes, events = notes.filter(at__gte=since), events.filter(at__gte=since)
    return Thread(
        messages, list(notes.order_by("at", "pk")[:500]), list(events.order_by("pk")[:500]), earlier
    )


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
    return get_object_or_404(Attachment.objects.filter(seen).select_related("file", "message"), pk=pk)


def message(user: User, pk: int) -> Message:
    """Raises Http404 for one in a request they may not see."""
    return get_object_or_404(Message.objects.filter(ticket__in=visible_to(user).values("pk")), pk=pk)


def teams_seen(user: User) -> Sequence[int]:
    """Ids of teams for the live stream's ticket."""
    return sorted(staff.team_ids(user))
