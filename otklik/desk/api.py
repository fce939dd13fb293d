"""What programs read of requests: the same rows as their person sees, each read noted in the access log."""

from datetime import datetime
from typing import Annotated

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema

from otklik.accounts import looking
from otklik.accounts.looking import Door, Kind, Seen
from otklik.accounts.scopes import Scope
from otklik.api.door import Key, KeyRequest
from otklik.desk import queries
from otklik.desk.models import Ticket

router = Router(auth=Key(Scope.READ_REQUESTS))
MOST = 100


class Request(Schema):
    """One request. Times are UTC."""

    number: int
    subject: str
    state: str
    client: str
    team: str
    owner: str | None
    created_at: datetime
    last_message_at: datetime


class Requests(Schema):
    """A page of them, the newest first; ask for the rest with `?before=<next>`."""

    requests: list[Request]
    next: int | None


@router.get("", response=Requests, url_name="requests")
def requests(
    request: KeyRequest,
    before: Annotated[int | None, Query(ge=1, lt=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Requests:
    """Pages by number, never by OFFSET."""
    rows = queries.visible_to(request.user).select_related("client", "team", "owner").order_by("-number")
    rows = rows.filter(number__lt=before) if before else rows
    found = list(rows[: limit + 1])
    shown = found[:limit]
    _note(request, Seen(Kind.EXPORT, words=f"requests before={before or ''}", door=Door.API))
    return Requests(
        requests=[_request(one) for one in shown], next=shown[-1].number if len(found) > limit else None
    )


@router.get("/{number}", response=Request, url_name="request")
def one(request: KeyRequest, number: int) -> Request:
    rows = queries.visible_to(request.user).select_related("client", "team", "owner")
    found = get_object_or_404(rows, number=number)
    _note(request, Seen(Kind.REQUEST, found.pk, found.client_id, door=Door.API))
    return _request(found)


def _note(request: KeyRequest, seen: Seen) -> None:
    looking.note(request, request.user, seen, at=timezone.now())


def _request(one: Ticket) -> Request:
    return Request(
        number=one.number, subject=one.subject, state=one.state, client=one.client.name, team=one.team.name,
        owner=one.owner.name if one.owner else None, created_at=one.created_at, last_message_at=one.last_message_at,
    )  # fmt: skip
