"""How each letter of ours fares, in sentences: what happened, and what to do now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.channels.outbox import explaining
from otklik.desk import queries as desk
from otklik.desk.models import Delivery
from otklik.env import env
from otklik.web import dates

State = Delivery.State


@dataclass(frozen=True, slots=True)
class Fate:
    """One delivery for people. words: what happened; todo: what to do, '' when nothing; said: the server's answer."""

    delivery_id: int
    address: str
    state: str
    words: str
    todo: str = ""
    said: str = ""
    may_resend: bool = False
    may_count: bool = False


def states(message_ids: Sequence[int], *, at: datetime) -> dict[int, list[Fate]]:
    """Fates of these messages' deliveries in the order of their recipients. One query. at: now."""
    rows = Delivery.objects.filter(message__in=message_ids).order_by("pk")
    found: dict[int, list[Fate]] = {}
    for row in rows:
        found.setdefault(row.message_id, []).append(fate(row, at))
    return found


def delivery(user: User, pk: int) -> Delivery | None:
    """With its message and ticket; None when there is none or this person may not see the request."""
    rows = Delivery.objects.select_related("message__ticket", "message__box", "settled_by")
    return rows.filter(pk=pk, message__ticket__in=desk.visible_to(user)).first()


def fate(row: Delivery, at: datetime) -> Fate:
    words, todo = _told(row, at)
    return Fate(
        delivery_id=row.pk,
        address=row.address,
        state=row.state,
        words=words,
        todo=todo,
        said=row.reason if explaining.is_servers(row.reason) else "",
        may_resend=row.state in (State.UNKNOWN, State.FAILED, State.RETRY),
        may_count=row.state == State.UNKNOWN,
    )


def _told(row: Delivery, at: datetime) -> tuple[str, str]:
    zone = ZoneInfo(env().timezone)
    ended = dates.when(row.ended_at, at, zone) if row.ended_at else ""
    if row.state == State.WAITING:
        return _("Письмо ждёт отправки."), ""
    if row.state == State.SENDING:
        return _("Отправляем письмо прямо сейчас."), ""
    if row.state == State.SENT:
        return (_("Сервер принял письмо: %s.") % ended if ended else _("Сервер принял письмо.")), ""
    if row.state == State.DELIVERED:
        return _("Письмо доставлено: %s.") % ended, ""
    return _told_of_trouble(row, at, zone)


def _told_of_trouble(row: Delivery, at: datetime, zone: ZoneInfo) -> tuple[str, str]:
    if row.state == State.UNKNOWN:
        came_from_copy = (
            row.holder is None and row.reason
        )  # no sender of this database tried it (reviving.py)
        why = (
            row.reason
            if came_from_copy
            else _(
                "Связь с почтовым сервером оборвалась на последнем шаге: письмо могло дойти, а могло и нет."
            )
        )
        return (
            why,
            _("Спросите клиента или посмотрите в папке «Отправленные», затем отправьте ещё раз или "
              "считайте отправленным."),
        )  # fmt: skip
    why, todo = _why(row.reason)
    if row.state == State.RETRY:
        when = dates.when(row.next_at, at, zone) if row.next_at else ""
        return f"{why} {_('Повторим сами: %s.') % when}", ""
    if row.state == State.HELD:
        return why, _("Решите, отправлять ли его: Настройки → Почта.")
    if row.state == State.BOUNCED:
        return _("Письмо вернулось. %s") % why, todo
    return _("Письмо не ушло. %s") % why, todo


def _why(reason: str) -> tuple[str, str]:
    """A server's answer is explained; a sentence of ours says itself what to do."""
    if not reason or explaining.is_servers(reason):
        told = explaining.explain(reason)
        return told.why, told.todo
    return reason, ""
