"""Who is away, until which day, and who stands in: nobody gives them requests meanwhile (R-A3).

PastDay    the last day of an absence lies ahead, at most a year
NoStandIn  who stands in is somebody else, at work, of one of the same teams
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.errors import Refusal
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.staff import queries
from otklik.staff.models import Membership, Profile

FURTHEST = timedelta(days=366)


class PastDay(Refusal):
    code = "absence.past_day"


class NoStandIn(Refusal):
    code = "absence.no_stand_in"


def mark(user: User, *, until: date, stand_in: User | None, by: User, at: datetime) -> None:
    """Away up to and with this day; a later mark takes the place of the former. Raises PastDay, NoStandIn."""
    today = timezone.localdate(at)
    if not today <= until <= today + FURTHEST:
        raise PastDay(
            _("Последний день отсутствия должен быть впереди и не дальше года."),
            _("Выберите сегодняшний день или более поздний."),
        )
    if stand_in is not None:
        _refuse_unfit(stand_in, user, today)
    with transaction.atomic():
        queries.profile(user)
        Profile.objects.filter(user=user).update(away_until=until, stand_in=stand_in)
        _tell("person.away", user, by, at, until=until, stand_in=stand_in.pk if stand_in else None)


def end(user: User, *, by: User, at: datetime) -> bool:
    """At work again, before the day that was named; False when they were not away."""
    with transaction.atomic():
        marked = Profile.objects.filter(user=user, away_until__isnull=False)
        if not marked.update(away_until=None, stand_in=None):
            return False
        _tell("person.back", user, by, at)
    return True


def _refuse_unfit(stand_in: User, user: User, today: date) -> None:
    shared = Membership.objects.filter(
        user=stand_in, team__in=Membership.objects.filter(user=user).values("team")
    )
    is_fit = stand_in.is_active and stand_in.pk != user.pk and shared.exists()
    if not is_fit or queries.absence(stand_in, today):
        raise NoStandIn(
            _("%(name)s не может замещать: нужен коллега из той же команды, который сейчас работает.")
            % {"name": stand_in.name},
            _("Выберите другого или никого."),
        )


def _tell(word: str, user: User, by: User, at: datetime, **facts: object) -> None:
    journaling.write(Line(None, word, at, by=by, facts={"user": user.pk, **facts}))
