"""Reads of the desk. Who may see a row is part of each query (invariant 6). The lists are lists.py."""

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from otklik.accounts.models import User
from otklik.desk import opening
from otklik.desk.models import Attachment, Message, Participant, Ticket
from otklik.staff import queries as staff


def visible_to(user: User) -> QuerySet[Ticket]:
    """Requests this person may see, of the teams that staff.queries.seen_teams() says."""
    teams = staff.seen_teams(user)
    return Ticket.objects.all() if teams is None else Ticket.objects.filter(team__in=teams)


def ticket(user: User, number: int) -> Ticket:
    """With client, organisation, owner, team and box. Raises Http404 for what they may not see."""
    found = opening.read(user, number)
    if found is None:
        raise Http404
    return found


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
    files = Attachment.objects.select_related("file", "message", "note")
    teams = staff.seen_teams(user)
    if teams is not None:  # by the team: a list of all requests would be read whole for one picture
        files = files.filter(Q(message__ticket__team__in=teams) | Q(note__ticket__team__in=teams))
    return get_object_or_404(files, pk=pk)


def message(user: User, pk: int) -> Message:
    """Raises Http404 for one in a request they may not see."""
    return get_object_or_404(Message.objects.filter(ticket__in=visible_to(user).values("pk")), pk=pk)


def of_ids(message_ids: Collection[str]) -> QuerySet[Message]:
    """Messages with these ids of letters, of all teams: for the intake. Uses index message_by_id.

    The index holds no empty ids, and PostgreSQL sees that in a list of up to a hundred only: from there on it read the
    whole table.
    """
    return Message.objects.filter(~Q(message_id=""), message_id__in=message_ids)
