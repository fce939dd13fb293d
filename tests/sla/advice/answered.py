"""Many requests of one morning, answered and solved one after another; written to the journal as the deeds do."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from otklik.accounts.models import User
from otklik.desk import receiving
from otklik.desk.models import Tag, Ticket
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.sla.models import AgreementVersion, Bond
from otklik.staff.models import Team
from tests import make


def requests(
    version: AgreementVersion, minutes: Sequence[float | None], *, since: datetime, by: User,
    tag: Tag | None = None, second: Team | None = None,
) -> list[Ticket]:  # fmt: skip
    """One for each of the minutes: answered so long after it came, solved an hour later; None: not yet.

    second: the team that gets every other of them with the answer.
    """
    with transaction.atomic():
        letters = [make.arrival() for _one in minutes]
        found = [one.ticket for one in receiving.receive(letters, at=since)]
        Bond.objects.filter(ticket__in=found).delete()
        Bond.objects.bulk_create(Bond(ticket=one, version=version, at=since) for one in found)
        lines = [
            line for one, took in zip(found, minutes, strict=True) for line in _deeds(one, took, since, by)
        ]
        lines += [_moved(one, second, line.at) for one, line in _written(found, lines)[::2]] if second else []
        journaling.write_many(sorted(lines, key=lambda line: line.at))
        if tag:
            tag.tickets.add(*found)
    return found


def _deeds(ticket: Ticket, took: float | None, since: datetime, by: User) -> list[Line]:
    if took is None:
        return []
    at, told = since + timedelta(minutes=took), {"message": ticket.pk, "circle": "client", "then": "work"}
    return [
        Line(ticket.pk, "message.written", at, by=by, facts=dict(told)),
        Line(ticket.pk, "ticket.solved", at + timedelta(hours=1), by=by, facts={"to": "solved"}),
    ]


def _written(found: Sequence[Ticket], lines: Sequence[Line]) -> list[tuple[Ticket, Line]]:
    by_ticket = {one.pk: one for one in found}
    return [(by_ticket[line.ticket_id or 0], line) for line in lines if line.word == "message.written"]


def _moved(ticket: Ticket, to: Team, at: datetime) -> Line:
    return Line(ticket.pk, "ticket.moved", at, facts={"from": str(ticket.team_id), "to": str(to.pk)})
