"""Rows of the list. Put together by f-strings: fifty of them by templates took four fifths of the page's time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.web import clocks, dates, faces
from otklik.web.clocks import Clock
from otklik.web.templatetags.otklik import sprite

CHANNELS = {
    "email": ("mail", gettext_noop("почта")),
    "page": ("page", gettext_noop("страница запроса")),
    "passed": ("people", gettext_noop("передал сотрудник")),
}


def channel(name: str) -> tuple[str, str]:
    """Its drawing and its word."""
    icon, word = CHANNELS.get(name, ("chat", name))
    return icon, _(word)


def clock_of(ticket: Ticket, now: datetime, tz: tzinfo, *, chip: bool = True) -> Clock | None:
    """None when nothing falls due and nothing is waited for."""
    if ticket.next_due_at is None:
        return clocks.stopped(ticket.state)
    since = ticket.last_message_at
    return clocks.running(ticket.next_due_kind, ticket.next_due_at, since, now=now, tz=tz, chip=chip)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What all rows of one page share."""

    user: User
    current: int | None
    query: str
    now: datetime
    tz: tzinfo
    shapes: str


def render(tickets: Sequence[Ticket], *, user: User, current: int | None, query: str) -> SafeString:
    """<li> of each ticket with client and owner loaded. query: «?view=all» or '', kept by the links."""
    sheet = _Sheet(user, current, escape(query), timezone.now(), timezone.get_current_timezone(), sprite())
    return mark_safe("".join(_row(one, sheet) for one in tickets))  # noqa: S308 - _row() escapes people's words


def _row(ticket: Ticket, sheet: _Sheet) -> str:
    icon, word = channel(ticket.channel)
    number = ticket.number
    unread = f'<span class="hidden-text">{_("не прочитано")}</span>' if ticket.unread else ""
    return (
        f'<li class="row{" row--unread" if ticket.unread else ""}" id="row-{number}" data-number="{number}"'
        f"{' aria-current=true' if number == sheet.current else ''}>"
        f'<a class="row__link" id="open-{number}" href="/desk/{number}/{sheet.query}"><span class="row__who">'
        f'<span class="row__name" data-cut>{escape(ticket.client.name)}</span>'
        f'<svg class="icon icon--14" role="img" aria-label="{escape(word)}"><use href="{sheet.shapes}#{icon}"/></svg>'
        f"<time>{dates.brief(ticket.last_message_at, sheet.now, sheet.tz)}</time>"
        f"{_owner(ticket, sheet.user)}{unread}</span>"
        f'<span class="row__words" data-cut>{escape(_said(ticket, sheet.user))}</span>'
        f"{_clock(clock_of(ticket, sheet.now, sheet.tz, chip=False), sheet.shapes)}</a></li>"
    )


def _said(ticket: Ticket, user: User) -> str:
    words = ticket.last_words or ticket.subject
    mine = ticket.last_by == Ticket.Last.AGENT and ticket.owner_id == user.pk
    return _("Вы: %s") % words if mine else words


def _owner(ticket: Ticket, user: User) -> str:
    """The face of a colleague who owns it; one's own requests need none."""
    if ticket.owner is None or ticket.owner_id == user.pk:
        return ""
    name = escape(ticket.owner.name)
    look = f"avatar avatar--20 avatar--{faces.tone(ticket.owner.name)}"
    letters = faces.initials(ticket.owner.name)
    return f'<span class="{look}" role="img" aria-label="{name}" title="{name}">{letters}</span>'


def _clock(clock: Clock | None, shapes: str) -> str:
    if clock is None:
        return ""
    dial = f'<svg class="clock__dial" aria-hidden="true"><use href="{shapes}#dial-{clock.mood}"/></svg>'
    return (
        f'<span class="clock clock--{clock.mood}"><span class="clock__what">{dial}{clock.what}</span>'
        f'<span class="clock__when">{clock.when}</span></span>'
    )
