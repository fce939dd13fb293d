"""Counting tries of strangers: in the database, so that all processes count together.

TooOften   a limit is reached; next_step says when to come back
"""

import hashlib
import hmac
import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from otklik.accounts.models import Tally
from otklik.errors import Refusal

KEPT = timedelta(days=1)
LONGEST_PAUSE = timedelta(minutes=15)
FIRST_PAUSE = timedelta(seconds=30)


class TooOften(Refusal):
    code = "too_often"
    status = HTTPStatus.TOO_MANY_REQUESTS


@dataclass(frozen=True, slots=True)
class Limit:
    """`times` tries are free within `within`; the word keeps tallies of different things apart."""

    word: str
    times: int
    within: timedelta


_UPSERT = """
    INSERT INTO accounts_tally AS t (key, count, began_at, last_at) VALUES (%(key)s, 1, %(at)s, %(at)s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN t.began_at <= %(old)s THEN 1 ELSE t.count + 1 END,
        began_at = CASE WHEN t.began_at <= %(old)s THEN excluded.began_at ELSE t.began_at END,
        last_at = excluded.last_at
    RETURNING count
"""


_ONCE = """
    INSERT INTO accounts_tally (key, count, began_at, last_at) VALUES (%(key)s, 1, %(at)s, %(at)s)
    ON CONFLICT (key) DO NOTHING
"""


def count(limit: Limit, value: str, *, at: datetime) -> int:
    """Count one more try of this value and return how many there were within the limit's time."""
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, {"key": _key(limit, value), "at": at, "old": at - limit.within})
        times = int(cursor.fetchone()[0])
    if times == 1:
        _forget_old(at)
    return times


def allow(limit: Limit, value: str, *, at: datetime) -> None:
    """Count one more and raise TooOften past the limit."""
    if count(limit, value, at=at) > limit.times:
        raise TooOften(
            _("Слишком много попыток подряд."), _("Подождите %s и повторите.") % words(limit.within)
        )


def pause_left(limit: Limit, value: str, *, at: datetime) -> timedelta:
    """How long this value has to wait after too many wrong tries: 30 s, 1, 2, 4 … at most 15 minutes."""
    tally = Tally.objects.filter(pk=_key(limit, value), began_at__gt=at - limit.within).first()
    if tally is None or tally.count < limit.times:
        return timedelta()
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(tally.count - limit.times, 10), LONGEST_PAUSE)
    return max(tally.last_at + pause - at, timedelta())


def forget(limit: Limit, value: str) -> None:
    """The try was right: start anew."""
    Tally.objects.filter(pk=_key(limit, value)).delete()


def once(word: str, value: str, *, at: datetime) -> bool:
    """Whether nobody has said this before, in any process; remembered for a day."""
    with connection.cursor() as cursor:
        cursor.execute(_ONCE, {"key": _key(Limit(word, 1, KEPT), value), "at": at})
        return bool(cursor.rowcount)


def visitor(request: HttpRequest) -> str:
    """Whose browser: the IP address, of IPv6 its /64. Behind a proxy over TLS the last one that the proxy wrote."""
    told = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.SESSION_COOKIE_SECURE and forwarded:
        told = forwarded.rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return str(address)


def words(pause: timedelta) -> str:
    """«30 секунд», «2 минуты», «1 час»: rounded up."""
    seconds = max(math.ceil(pause.total_seconds()), 1)
    if seconds < 60:
        return ngettext("%d секунду", "%d секунд", seconds) % seconds
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return ngettext("%d минуту", "%d минут", minutes) % minutes
    hours = math.ceil(minutes / 60)
    return ngettext("%d час", "%d часов", hours) % hours


def mark(value: str) -> str:
    """For the log: tells whether two lines are of the same address or place, and not which."""
    return _key(Limit("log", 0, KEPT), value)[:12]


def _key(limit: Limit, value: str) -> str:
    spoken = f"otklik.tally:{limit.word}:{value.strip().lower()}"
    return hmac.new(settings.SECRET_KEY.encode(), spoken.encode(), hashlib.sha256).hexdigest()


def _forget_old(at: datetime) -> None:
    old = Tally.objects.filter(last_at__lt=at - KEPT).values("pk")[:100]
    Tally.objects.filter(pk__in=old).delete()
