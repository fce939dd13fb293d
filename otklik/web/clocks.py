"""What a clock says: what falls due, when, and how near it is (calm → soon → late; paused; ended)."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from otklik.web import dates

Mood = Literal["calm", "soon", "late", "paused", "ended"]


@dataclass(frozen=True, slots=True)
class Clock:
    """what and when are the two lines of a row; chip and rest stand side by side in the thread's head."""

    mood: Mood
    what: str
    when: str
    chip: str = ""
    rest: str = ""


STOPPED: dict[str, tuple[Mood, str, str]] = {
    "waiting_client": ("paused", gettext_noop("ждём"), gettext_noop("клиента")),
    "waiting_other": ("paused", gettext_noop("ждём"), gettext_noop("других")),
    "solved": ("ended", gettext_noop("решён"), ""),
    "closed": ("ended", gettext_noop("закрыт"), ""),
    "spam": ("ended", gettext_noop("спам"), ""),
}


def stopped(state: str) -> Clock | None:
    """The clock of a request where nothing falls due from us."""
    mood, what, when = STOPPED.get(state, ("calm", "", ""))
    return Clock(mood, _(what), _(when), f"{_(what)} {_(when)}".strip()) if what else None


def running(
    kind: str, due_at: datetime, since: datetime, *, now: datetime, tz: tzinfo, chip: bool = True
) -> Clock:
    """The clock of a due time. kind: «answer» or «news»; since: when it began, so that its last quarter is known.

    chip=False leaves out the words that a row of the list does not show.
    """
    if due_at <= now:
        return _late(kind, due_at, now, tz)
    verb = _verb(kind)
    mood: Mood = "soon" if due_at - now <= (due_at - since) / 4 else "calm"
    if kind != "answer" or due_at - now >= timedelta(hours=4):
        said = f"{verb} {dates.by(due_at, now, tz)}" if chip else ""
        return Clock(mood, verb, _short(due_at, now, tz), said)
    near = due_at - now < timedelta(minutes=1)
    left = _("сейчас") if near else _("за %(span)s") % {"span": dates.span(due_at - now)}
    if not chip:
        return Clock(mood, verb, left)
    until = _("до %(time)s") % {"time": dates.brief(due_at, now, tz)}
    return Clock(mood, verb, left, f"{verb} {left}", f", {until}")


def _verb(kind: str) -> str:
    if kind == "answer":
        return _("ответить")
    return _("новость") if kind == "news" else _("обещали")


def _short(due_at: datetime, now: datetime, tz: tzinfo) -> str:
    """«до 14:30», «завтра, 12:00», «23 ноября»: it must fit the narrow column."""
    day = due_at.astimezone(tz).date() - now.astimezone(tz).date()
    if day == timedelta(days=1):
        return dates.when(due_at, now, tz)
    said = dates.brief(due_at, now, tz)
    return said if day else _("до %(time)s") % {"time": said}


def _late(kind: str, due_at: datetime, now: datetime, tz: tzinfo) -> Clock:
    said = dates.brief(due_at, now, tz)
    yesterday = (now.astimezone(tz).date() - due_at.astimezone(tz).date()).days == 1
    when = said if yesterday else _("к %(time)s") % {"time": said}
    todo = _(" — ответьте сейчас") if kind == "answer" else _(" — напишите новый срок")
    return Clock("late", _("обещали"), when, f"{_('обещали')} {when}", todo)
