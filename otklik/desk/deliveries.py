"""How a letter of ours fares, in words (design §5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from otklik.desk.models import Delivery
from otklik.desk.threads import Said, Sent
from otklik.web import dates
from otklik.web.phrases import Phrases

State = Delivery.State
# the worst one speaks for the letter
_GRAVITY = (State.UNKNOWN, State.FAILED, State.BOUNCED, State.HELD, State.RETRY, State.SENDING, State.WAITING,
            State.SENT, State.DELIVERED)  # fmt: skip
_TROUBLE = {State.UNKNOWN, State.FAILED, State.BOUNCED, State.HELD}


@dataclass(frozen=True, slots=True)
class Sending:
    """words stand in the head of the block; lines say what went wrong with each address and what to do."""

    words: str
    trouble: bool = False
    lines: tuple[str, ...] = ()


def sending(message: Said, now: datetime, tz: tzinfo, phrases: Phrases) -> Sending | None:
    """phrases: of the page that asks for many."""
    rows = message.deliveries
    if not rows:
        return None
    worst = _worst(rows)
    if may_undo(message, now):
        return Sending(_("отправим, когда выйдет время отмены"))
    lines = tuple(_line(one) for one in rows if one.state in _TROUBLE)
    return Sending(_words(worst, tz, phrases), bool(lines), lines)


def may_undo(message: Said, now: datetime) -> bool:
    """Whether none of it has left yet and its writer has time to take it back."""
    if not message.deliveries or message.send_after is None or message.send_after <= now:
        return False
    return _worst(message.deliveries).state == State.WAITING


def _worst(rows: Sequence[Sent]) -> Sent:
    return min(rows, key=lambda one: _GRAVITY.index(State(one.state)))


_TIMED = {
    State.SENT: gettext_noop("отправлено в %(time)s"),
    State.DELIVERED: gettext_noop("доставлено в %(time)s"),
    State.RETRY: gettext_noop("пока не ушло, повторим в %(time)s"),
}
_PLAIN = {
    State.WAITING: gettext_noop("отправляем"),
    State.SENDING: gettext_noop("отправляем"),
    State.SENT: gettext_noop("отправлено"),
    State.DELIVERED: gettext_noop("доставлено"),
    State.RETRY: gettext_noop("пока не ушло, повторим"),
    State.UNKNOWN: gettext_noop("неизвестно, ушло ли"),
    State.FAILED: gettext_noop("не отправлено"),
    State.BOUNCED: gettext_noop("вернулось"),
    State.HELD: gettext_noop("задержано до решения"),
}


def _words(row: Sent, tz: tzinfo, phrases: Phrases) -> str:
    state = State(row.state)
    if row.at and state in _TIMED:
        return phrases[_TIMED[state]] % {"time": dates.time(row.at, tz)}
    return phrases[_PLAIN[state]]


def _line(row: Sent) -> str:
    reason = row.reason.strip().rstrip(".")
    told = {
        State.UNKNOWN: _(
            "%(address)s: связь с почтовым сервером прервалась на последнем шаге. Письмо могло дойти."
        ),
        State.FAILED: _("%(address)s: письмо не ушло. %(reason)s."),
        State.BOUNCED: _("%(address)s: письмо вернулось. %(reason)s."),
        State.HELD: _("%(address)s: письмо ждёт решения человека. %(reason)s."),
    }[State(row.state)]
    return (told % {"address": row.address, "reason": reason}).replace(" .", "")
