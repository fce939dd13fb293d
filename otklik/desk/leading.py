"""What a lead looks at in the morning: what is nobody's, what is late, how much lies with whom.

Every figure starts from the teams that the lead sees (invariant 6), is shown up to MANY, and names the list it counts.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from otklik.accounts.models import User
from otklik.desk import queries
from otklik.desk.models import OPEN, HandedOver, HandOver, Ticket
from otklik.desk.narrowing import tomorrow
from otklik.staff import queries as staff
from otklik.staff.models import Membership

MANY = 1000  # a figure stops here, «1000+»
LATEST = 8  # late ones shown by name; the rest is behind the figure
HERE = timedelta(minutes=10)  # seen within it: sessions note it every five
RECENT = timedelta(days=30)  # an illness ends within it, and the requests may come back


@dataclass(frozen=True, slots=True)
class Sums:
    """Of all teams of the lead, each up to MANY."""

    opened: int
    ours: int
    unowned: int
    since: datetime | None  # the last word of who has waited longest without an owner, or at least so long
    late: int
    today: int
    next_at: datetime | None  # the nearest of those due today


@dataclass(frozen=True, slots=True)
class Load:
    """Of one person. calm: waits on us and is not late; urgent: marked so."""

    opened: int = 0
    ours: int = 0
    late: int = 0
    today: int = 0
    calm: int = 0
    urgent: int = 0


_OPEN = "state IN ('new', 'open', 'waiting_client', 'waiting_other')"
_OURS = "state IN ('new', 'open')"
_LATE = "next_due_at <= %(at)s"
_TODAY = "next_due_at > %(at)s AND next_due_at < %(tomorrow)s"


def _upto(which: str) -> str:
    """Counts what is open and so, and ends at a row past MANY: no figure is cut by another's end."""
    return f"""(SELECT count(*) FROM (SELECT 1 FROM desk_ticket
        WHERE team_id = ANY(%(teams)s) AND {_OPEN} AND {which} LIMIT %(most)s) part)"""  # noqa: S608 - our own words


# reads ticket_team_due (one part a team) and ticket_unowned_due
_SUMS = f"""
WITH free AS MATERIALIZED (
       SELECT last_message_at, last_by FROM desk_ticket
        WHERE team_id = ANY(%(teams)s) AND owner_id IS NULL AND {_OPEN}
        ORDER BY next_due_at LIMIT %(most)s)
SELECT {_upto("true")}, {_upto(_OURS)},
       (SELECT count(*) FROM free), (SELECT min(last_message_at) FROM free WHERE last_by = 'client'),
       {_upto(_LATE)}, {_upto(_TODAY)},
       (SELECT min(next_due_at) FROM unnest(%(teams)s::bigint[]) team (id) CROSS JOIN LATERAL (
          SELECT next_due_at FROM desk_ticket WHERE team_id = team.id AND {_OPEN} AND {_TODAY}
           ORDER BY next_due_at LIMIT 1) nearest)
"""  # noqa: S608 - the same
# reads ticket_mine_due: the open ones of each person, once
_LOADS = f"""
SELECT people.id, part.* FROM unnest(%(people)s::bigint[]) people (id) CROSS JOIN LATERAL (
  SELECT count(*), count(*) FILTER (WHERE {_OURS}), count(*) FILTER (WHERE {_LATE}), count(*) FILTER (WHERE {_TODAY}),
         count(*) FILTER (WHERE {_OURS} AND (next_due_at IS NULL OR next_due_at > %(at)s)),
         count(*) FILTER (WHERE priority = 3)
    FROM desk_ticket WHERE owner_id = people.id AND team_id = ANY(%(teams)s) AND {_OPEN}) part
"""  # noqa: S608 - the same


def sums(teams: Collection[int], at: datetime) -> Sums:
    """One query."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, _values(teams, at))
        return Sums(*cursor.fetchone())


def loads(people: Collection[int], teams: Collection[int], at: datetime) -> dict[int, Load]:
    """What each of them has in these teams. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_LOADS, _values(teams, at) | {"people": list(people)})
        return {row[0]: Load(*row[1:]) for row in cursor.fetchall()}


def _values(teams: Collection[int], at: datetime) -> dict[str, list[int] | datetime | int]:
    return {"teams": sorted(teams), "at": at, "tomorrow": tomorrow(at), "most": MANY + 1}


def late(user: User, at: datetime) -> list[Ticket]:
    """The longest promised first. Uses ticket_team_due."""
    rows = queries.visible_to(user).filter(OPEN, next_due_at__lte=at).select_related("client", "owner")
    shown = rows.only("number", "subject", "next_due_at", "client__name", "owner__name")
    return list(shown.order_by("next_due_at", "pk")[:LATEST])


def elsewhere(user: User, by: User) -> list[str]:
    """Names of this person's teams that the lead does not see: what is theirs there stays theirs."""
    theirs = Membership.objects.filter(user=user).exclude(team__in=staff.team_ids(by))
    return list(theirs.order_by("team__name").values_list("team__name", flat=True))


def takers(user: User, by: User, at: datetime) -> list[User]:
    """Who could get the requests of this person: colleagues of a team of both and the lead, who are at work."""
    shared = Membership.objects.filter(user=user, team__in=staff.team_ids(by)).values("team")
    people = staff.led_by(by).filter(Exists(Membership.objects.filter(user=OuterRef("pk"), team__in=shared)))
    here = people.exclude(pk=user.pk).exclude(staff.away(timezone.localdate(at)))
    return [one for one in here if staff.may_own(one)]


def runs(user: User) -> QuerySet[HandOver]:
    """Hand-overs of requests that this lead sees, or their own, with how many of those have moved and come back.

    By the team of each part: a list of all requests that the lead sees would be read for every part, or whole.
    """
    teams = staff.seen_teams(user)
    mine = Q() if teams is None else Q(parts__ticket__team__in=teams)
    counted = HandOver.objects.annotate(
        moved=Count("parts", filter=mine), back=Count("parts", filter=mine & Q(parts__is_back=True))
    )
    runs = counted.filter(Q(moved__gt=0) | Q(by=user))
    return runs.select_related("user__own_role", "by", "returned_by")


def recent(user: User, at: datetime) -> Sequence[HandOver]:
    """The last five of a month; those that run first."""
    return list(runs(user).filter(at__gt=at - RECENT).order_by("-changed_at")[:5])


def shares(run: HandOver, user: User) -> list[tuple[User | None, int]]:
    """Who got how many of it, of those that this lead sees; nobody is the queue."""
    teams = staff.seen_teams(user)
    parts = HandedOver.objects.filter(Q() if teams is None else Q(ticket__team__in=teams), run=run)
    counted = parts.values_list("to").annotate(count=Count("pk")).order_by("-count", "to")
    people = User.objects.in_bulk([to for to, _count in counted if to])
    return [(people.get(to), count) for to, count in counted]
