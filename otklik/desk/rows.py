"""Rows of the list. Put together by f-strings: fifty of them by templates took four fifths of the page's time."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.desk.lists import Row
from otklik.desk.models import Ticket
from otklik.web import clocks, dates, faces
from otklik.web.clocks import Clock
from otklik.web.phrases import Phrases
from otklik.web.templatetags.otklik import sprite

KEPT = 4096  # rows, about 1 KB each
STEP_S = 15  # the clocks of rows go by steps of so many seconds: within one a row may be taken again
CHANNELS = {
    "email": ("mail", gettext_noop("почта")),
    "page": ("page", gettext_noop("страница запроса")),
    "passed": ("people", gettext_noop("передал сотрудник")),
}


def channel(name: str, phrases: Phrases | None = None) -> tuple[str, str]:
    """Its drawing and its word."""
    icon, word = CHANNELS.get(name, ("chat", name))
    return icon, _(word) if phrases is None else phrases[word]


def clock_of(ticket: Ticket, now: datetime, tz: tzinfo) -> Clock | None:
    """None when nothing falls due and nothing is waited for."""
    if ticket.next_due_at is None:
        return clocks.stopped(ticket.state)
    since = ticket.last_message_at
    return clocks.running(ticket.next_due_kind, ticket.next_due_at, since, now=now, tz=tz)


class _Sheet(NamedTuple):
    """What all rows of one page share."""

    language: str
    now: datetime
    tz: tzinfo
    shapes: str
    query: str


class _Shown(NamedTuple):
    """All that a row shows of a request: two equal ones look the same to everybody."""

    number: int
    channel: str
    state: str
    unread: bool
    current: bool
    client: str
    owner: str  # a colleague's name; one's own requests need none
    words: str
    mine: bool  # the last words are one's own
    said_at: datetime
    due_at: datetime | None
    due_kind: str


def render(rows: Sequence[Row], *, user: User, current: int | None, query: str, at: datetime) -> SafeString:
    """<li> of each. query: «?view=all» or '', kept by the links."""
    now = at.replace(second=at.second // STEP_S * STEP_S, microsecond=0)
    tz = timezone.get_current_timezone()
    sheet = _Sheet(get_language() or "", now, tz, sprite(), escape(query))
    lines = [_html(_shown(one, user.pk, one.number == current), sheet) for one in rows]
    return mark_safe("".join(lines))  # noqa: S308 - _html() escapes people's words


def _shown(row: Row, reader_id: int, current: bool) -> _Shown:
    own = row.owner_id == reader_id
    return _Shown(
        row.number, row.channel, row.state, row.unread, current, row.client, "" if own else row.owner or "",
        row.last_words or row.subject, own and row.last_by == Ticket.Last.AGENT, row.last_message_at, row.next_due_at,
        row.next_due_kind,
    )  # fmt: skip


@lru_cache(maxsize=KEPT)
def _html(row: _Shown, sheet: _Sheet) -> str:
    """Kept for a while: each event of the desk makes every open list look again, and one row of fifty has changed."""
    icon, word = channel(row.channel)
    number = row.number
    unread = f'<span class="hidden-text">{_("не прочитано")}</span>' if row.unread else ""
    words = _("Вы: %s") % row.words if row.mine else row.words
    return (
        f'<li class="row{" row--unread" if row.unread else ""}" id="row-{number}" data-number="{number}"'
        f"{' aria-current=true' if row.current else ''}>"
        f'<a class="row__link" id="open-{number}" href="/desk/{number}/{sheet.query}"><span class="row__who">'
        f'<span class="row__name" data-cut>{escape(row.client)}</span>'
        f'<svg class="icon icon--14" role="img" aria-label="{escape(word)}"><use href="{sheet.shapes}#{icon}"/></svg>'
        f"<time>{dates.brief(row.said_at, sheet.now, sheet.tz)}</time>"
        f"{_owner(row.owner)}{unread}</span>"
        f'<span class="row__words" data-cut>{escape(words)}</span>'
        f"{_clock(_clock_of(row, sheet), sheet.shapes)}</a></li>"
    )


def _clock_of(row: _Shown, sheet: _Sheet) -> Clock | None:
    if row.due_at is None:
        return clocks.stopped(row.state)
    return clocks.running(row.due_kind, row.due_at, row.said_at, now=sheet.now, tz=sheet.tz, chip=False)


def _owner(name: str) -> str:
    """The face of a colleague who owns it."""
    if not name:
        return ""
    look = f"avatar avatar--20 avatar--{faces.tone(name)}"
    return (
        f'<span class="{look}" role="img" aria-label="{escape(name)}" title="{escape(name)}">'
        f"{faces.initials(name)}</span>"
    )


def _clock(clock: Clock | None, shapes: str) -> str:
    if clock is None:
        return ""
    dial = f'<svg class="clock__dial" aria-hidden="true"><use href="{shapes}#dial-{clock.mood}"/></svg>'
    return (
        f'<span class="clock clock--{clock.mood}"><span class="clock__what">{dial}{clock.what}</span>'
        f'<span class="clock__when">{clock.when}</span></span>'
    )
