"""What a person is told of: the number on the rail, the list, and marking it seen (R-E6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from otklik import rows
from otklik.accounts.models import User
from otklik.desk import queries as desk
from otklik.desk.models import Ticket
from otklik.russian import names
from otklik.sla.models import Alert, Clock
from otklik.staff import queries as staff
from otklik.web import dates
from otklik.web.language import is_english

MANY = 100  # the rail says «99+» from here
SHOWN = 200
Kind = Clock.Kind
_TO_CLIENT = {
    Kind.RESPONSE: gettext_noop("Ответить %(whom)s"), Kind.NEXT_REPLY: gettext_noop("Ответить %(whom)s"),
    Kind.NEWS: gettext_noop("Сообщить новость %(whom)s"),
}  # fmt: skip
_DEEDS = {
    Kind.RESOLUTION: gettext_noop("Решить запрос клиента"),
    Kind.LEVEL: gettext_noop("Решить запрос или передать дальше"),
    Kind.VENDOR: gettext_noop("Получить ответ поставщика"),
}

# by request, as the page shows them; whoever left a team counts its requests no more. Uses alert_unseen.
_UNSEEN = """
    SELECT count(*) FROM (
        SELECT DISTINCT a.ticket_id FROM sla_alert a JOIN desk_ticket t ON t.id = a.ticket_id
         WHERE a.user_id = %(me)s AND a.seen_at IS NULL AND a.over_at IS NULL AND a.show_at <= %(at)s
           AND (%(all)s OR t.team_id = ANY(%(teams)s)) LIMIT 100) counted
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """What one request wants of its reader first. words: «Ответить Марине Соколовой до 14:30: осталось 25 мин»."""

    ticket: Ticket
    words: str
    is_late: bool
    is_seen: bool


def waiting(request: HttpRequest) -> int:
    """The number on the rail, up to MANY. One query."""
    return count(request.user, at=timezone.now()) if isinstance(request.user, User) else 0


def count(user: User, *, at: datetime) -> int:
    """Requests with something unseen."""
    teams = staff.seen_teams(user)
    if teams is not None and not teams:
        return 0
    values = {"me": user.pk, "at": at, "all": teams is None, "teams": teams or []}
    ((found,),) = rows.ask(_UNSEEN, values)
    return int(found)


def shown(user: User, *, at: datetime) -> list[Notice]:
    """What stands, a row for each request: its earliest due time. Unseen ones and what is late come first."""
    found = _standing(user, at).select_related(
        "ticket__client", "ticket__owner", "ticket__team", "clock", "promise"
    )
    by_ticket: dict[int, list[Alert]] = {}
    for one in found.order_by("due_at", "-share", "pk")[:SHOWN]:
        by_ticket.setdefault(one.ticket_id, []).append(one)
    zone = timezone.get_default_timezone()
    notices = [_notice(some, at, zone) for some in by_ticket.values()]
    return sorted(notices, key=lambda one: one.is_seen)


def see(user: User, *, at: datetime, number: int | None = None) -> int:
    """«Понятно»: of one request, or of all that are shown. Returns how many were unseen."""
    unseen = _standing(user, at).filter(seen_at=None)
    if number is not None:
        unseen = unseen.filter(ticket__number=number)
    return Alert.objects.filter(pk__in=list(unseen.values_list("pk", flat=True))).update(seen_at=at)


def _standing(user: User, at: datetime) -> QuerySet[Alert]:
    seen = desk.visible_to(user).values("pk")
    return Alert.objects.filter(user=user, over_at=None, show_at__lte=at, ticket__in=seen)


def _notice(alerts: list[Alert], at: datetime, zone: tzinfo) -> Notice:
    first = alerts[0]
    seen = all(one.seen_at for one in alerts)
    return Notice(first.ticket, words(first, now=at, tz=zone), first.due_at < at, seen)


def words(alert: Alert, *, now: datetime, tz: tzinfo) -> str:
    """One line: what is to be done, by when, how much time is left or has passed."""
    told = {
        "what": _what(alert),
        "by": _by(alert.due_at, now, tz),
        "span": dates.span(abs(alert.due_at - now)),
    }
    if alert.due_at < now:
        return _("%(what)s: срок был %(by)s, прошло %(span)s") % told
    if alert.share == Alert.ITSELF:
        told["whom"] = _whom(alert.ticket.client.name)
        said = (
            _("%(whom)s ушло автоматическое письмо: нового пока нет, следующую новость обещали %(by)s") % told
        )
        return said[:1].upper() + said[1:]
    return _("%(what)s %(by)s: осталось %(span)s") % told


def _by(due_at: datetime, now: datetime, tz: tzinfo) -> str:
    if due_at.astimezone(tz).date() == now.astimezone(tz).date():
        return _("до %(time)s") % {"time": dates.time(due_at, tz)}
    return dates.by(due_at, now, tz)


def _what(alert: Alert) -> str:
    if alert.promise is not None:
        return _("Выполнить обещание «%(action)s»") % {"action": alert.promise.action.rstrip(".")}
    kind = Kind(alert.clock.kind) if alert.clock is not None else Kind.NEWS
    if kind in _DEEDS:
        return _(_DEEDS[kind])
    return _(_TO_CLIENT[kind]) % {"whom": _whom(alert.ticket.client.name)}


def _whom(name: str) -> str:
    """«Марине Соколовой»; «клиенту Kim Lee» where the dative isn't known for sure."""
    if is_english():
        return name
    bent = set(_datives(name))
    return bent.pop() if len(bent) == 1 else f"{_('клиенту')} {name}".strip()


def _datives(name: str) -> Iterable[str]:
    return filter(None, (names.in_case(name, "dative", "f"), names.in_case(name, "dative", "m")))
