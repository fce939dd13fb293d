"""Tags and priority."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.desk.models import Tag, Ticket
from otklik.errors import Refusal
from otklik.journal import journaling
from otklik.journal.journaling import Line

MOST_TAGS = 40


class BadTag(Refusal):
    code = "tag.bad"


def tag(ticket: Ticket, name: str, *, by: User | None, at: datetime) -> Tag:
    """One word or a few, whatever their case. Raises BadTag."""
    name = " ".join(name.split()).lower()
    if not name or len(name) > 60:
        raise BadTag(_("Метка — это от 1 до 60 знаков."), _("Напишите её короче."))
    with transaction.atomic():
        if ticket.tags.count() >= MOST_TAGS:
            raise BadTag(_("У запроса уже 40 меток."), _("Снимите лишнюю и добавьте эту."))
        row = Tag.objects.get_or_create(name=name)[0]
        if not ticket.tags.filter(pk=row.pk).exists():
            ticket.tags.add(row)
            _journal(ticket, "ticket.tagged", {"tag": name}, by, at)
    return row


def untag(ticket: Ticket, name: str, *, by: User | None, at: datetime) -> None:
    with transaction.atomic():
        row = ticket.tags.filter(name=name).first()
        if row:
            ticket.tags.remove(row)
            _journal(ticket, "ticket.untagged", {"tag": name}, by, at)


def set_priority(ticket: Ticket, priority: int, *, by: User | None, at: datetime) -> None:
    with transaction.atomic():
        if Ticket.objects.filter(pk=ticket.pk).exclude(priority=priority).update(priority=priority):
            _journal(ticket, "ticket.priority", {"from": ticket.priority, "to": priority}, by, at)
    ticket.priority = priority


def _journal(ticket: Ticket, word: str, facts: dict[str, object], by: User | None, at: datetime) -> None:
    journaling.write(Line(ticket.pk, word, at, teams=(ticket.team_id,), by=by, facts=facts))
