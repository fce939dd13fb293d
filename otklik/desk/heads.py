"""The head of a thread: whose it is, since when, what falls due."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.desk.rows import channel, clock_of
from otklik.desk.threads import Done
from otklik.russian import tidy
from otklik.web import dates
from otklik.web.clocks import Clock


@dataclass(frozen=True, slots=True)
class Head:
    channel: str
    state: str
    owner: str
    clock: Clock | None
    mine: bool
    unowned: bool
    ended: bool
    urgent: str  # «важность: срочно», '' for the usual


def head(ticket: Ticket, events: Sequence[Done], user: User) -> Head:
    return Head(
        channel=channel(ticket.channel)[1],
        state=ticket.get_state_display(),
        owner=_owner(ticket, events, user),
        clock=clock_of(ticket, timezone.now(), timezone.get_current_timezone()),
        mine=ticket.owner_id == user.pk,
        unowned=ticket.owner_id is None,
        ended=not ticket.is_open,
        urgent=_urgent(ticket),
    )


def _owner(ticket: Ticket, events: Sequence[Done], user: User) -> str:
    if ticket.owner is None:
        return _("пока ничей")
    if ticket.owner_id != user.pk:
        return _("ведёт %(name)s") % {"name": ticket.owner.name}
    given = [one.at for one in events if one.word == "ticket.assigned"]
    if not given:
        return _("у вас")
    local = timezone.localtime(given[-1])
    today = timezone.localdate()
    if local.date() == today:
        return _("у вас с %(time)s") % {"time": dates.time(given[-1], timezone.get_current_timezone())}
    return tidy(_("у вас с %(day)s") % {"day": dates.day_of_month(local.date(), today)})


def _urgent(ticket: Ticket) -> str:
    if ticket.priority <= Ticket.Priority.NORMAL:
        return ""
    return {Ticket.Priority.HIGH: _("важный"), Ticket.Priority.URGENT: _("срочно")}[
        Ticket.Priority(ticket.priority)
    ]
