"""All requests of one colleague pass on at once: to one person, evenly to several, or into their teams' queues (R-A3).

A wish is a row; batches of it are done at once by the page and, if that ends early, by the loop: a request changes
hands once, whoever of them does it. What was promised to clients stays and is the new owner's. `give_back` undoes what
nobody has changed since.

AlreadyRunning  the requests of this person are being passed on by somebody right now
NothingToGive   no open request of theirs that the lead may see
UnfitPeople     whoever shall get them is away, or the person themself
NotAllSeen      «Вернуть» by somebody else, who sees only a part of it
"""

import heapq
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.accounts.rights import Right
from otklik.desk import routing
from otklik.desk.models import OPEN, HandedOver, HandOver, Note, Ticket
from otklik.errors import NotAllowed, Refusal, Stale
from otklik.jobs import wakeups
from otklik.staff import queries as staff
from otklik.staff.models import Membership
from otklik.web.language import in_company_language

BATCH = 100  # requests a transaction
WAKE = "hand-over"
Stage = HandOver.Stage


class AlreadyRunning(Stale):
    code = "handover.already_running"


class NothingToGive(Refusal):
    code = "handover.nothing"


class UnfitPeople(Refusal):
    code = "handover.unfit_people"


class NotAllSeen(NotAllowed):
    code = "handover.not_all_seen"


@dataclass(frozen=True, slots=True)
class Wish:
    """people: who gets them, evenly by what each has already; nobody: back into the queues of their teams."""

    people: Sequence[User]
    reason: str
    words: str = ""


def begin(user: User, wish: Wish, *, by: User, at: datetime) -> HandOver:
    """Write the wish down; step() does it. Raises AlreadyRunning, NothingToGive, UnfitPeople."""
    _refuse_unfit(user, wish.people, at)
    total = _theirs(user, staff.team_ids(by)).count()
    if not total:
        raise NothingToGive(
            _("У сотрудника %(name)s нет открытых запросов в ваших командах.") % {"name": user.name},
            _("Вернитесь к сводке: там свежие числа."),
        )
    try:
        with transaction.atomic():
            run = HandOver.objects.create(
                user=user, by=by, at=at, reason=wish.reason, words=wish.words[:300], total=total,
                people=[one.pk for one in wish.people], changed_at=at,
            )  # fmt: skip
            wakeups.tell(WAKE)
    except IntegrityError as fault:
        raise AlreadyRunning(
            _("Запросы сотрудника %(name)s прямо сейчас уже передают.") % {"name": user.name},
            _("Откройте сводку: там видно, кто передаёт и сколько осталось."),
        ) from fault
    return run


def give_back(run: HandOver, *, by: User, at: datetime) -> None:
    """To the former owner with all that is still where this hand-over put it.

    Raises AlreadyRunning, NotAllSeen, NotInTeam.
    """
    if not may_return(run, by):
        raise NotAllSeen(
            _("В этой передаче есть запросы других команд: вернулась бы только часть."),
            _("Попросите вернуть их того, кто передавал, или администратора."),
        )
    if not staff.may_own(run.user):
        raise routing.NotInTeam(
            _("%(name)s больше не работает с запросами.") % {"name": run.user.name},
            _("Передайте эти запросы тем, кто на месте."),
        )
    try:
        with transaction.atomic():
            done = HandOver.objects.filter(pk=run.pk, stage=Stage.DONE)
            begun = done.update(stage=Stage.RETURNING, after=0, returned_by=by, changed_at=at)
            wakeups.tell(WAKE)
    except IntegrityError:
        begun = 0
    if not begun:
        raise AlreadyRunning(
            _("Эти запросы уже возвращают или вернули."), _("Обновите страницу: там видно, сколько.")
        )


def may_return(run: HandOver, user: User) -> bool:
    """It goes back once: for whoever passed it on, else by who sees all of it."""
    parts = HandedOver.objects.filter(run=run)
    return run.by_id == user.pk or not parts.exclude(ticket__team__in=staff.team_ids(user)).exists()


def step(run_id: int | None = None) -> int:
    """One batch of one hand-over, the oldest when none is named; returns how many requests it looked at, +1.

    Safe in two processes at once: 0 means that nothing is left, or somebody else is at it.
    """
    with transaction.atomic():
        running = HandOver.objects.filter(stage__in=[Stage.GOING, Stage.RETURNING]).order_by("pk")
        running = running.filter(pk=run_id) if run_id else running
        locked = running.select_related("user", "by__own_role", "returned_by").select_for_update(
            of=("self",), skip_locked=True
        )
        run = locked.first()
        if run is None:
            return 0
        looked = _pass_on(run) if run.stage == Stage.GOING else _return(run)
        if (
            not looked
        ):  # a short batch proves nothing: one that changed hands while we waited for it falls out
            run.stage = Stage.DONE if run.stage == Stage.GOING else Stage.RETURNED
        run.after = max(looked, default=run.after)
        run.save(update_fields=["stage", "after", "left"])
    return len(looked) + 1


def sweep() -> int:
    """The loop of site/schedule.py."""
    return step()


def finish(run: HandOver, *, within: timedelta) -> HandOver:
    """Go on until it is done or the time is over; the loop does the rest."""
    until = timezone.now() + within
    while step(run.pk) and timezone.now() < until:
        pass
    run.refresh_from_db()
    return run


def _theirs(user: User, teams: Collection[int]) -> QuerySet[Ticket]:
    return Ticket.objects.filter(OPEN, owner=user, team__in=teams)


def _pass_on(run: HandOver) -> list[int]:
    """Ids of the requests that this batch looked at."""
    teams = staff.team_ids(run.by) if run.by and run.by.may(Right.LEAD) else frozenset()
    batch = _lock(_theirs(run.user, teams).filter(pk__gt=run.after))
    shares = _shares(run, batch, timezone.now())
    for owner, tickets in shares:
        _give(run, tickets, owner)
    run.left += len(batch) - sum(len(tickets) for _owner, tickets in shares)
    return [one.pk for one in batch]


def _give(run: HandOver, tickets: Sequence[Ticket], owner: User | None) -> None:
    now = timezone.now()
    given = routing.give(tickets, owner, by=run.by, at=now, run=run.pk)
    HandedOver.objects.bulk_create([HandedOver(run=run, ticket=one, to=owner) for one in given])
    words = _words(run, owner)
    Note.objects.bulk_create([Note(ticket=one, user=run.by, at=now, text=words) for one in given])


def _shares(run: HandOver, batch: Sequence[Ticket], at: datetime) -> list[tuple[User | None, list[Ticket]]]:
    """Who gets what: each to whoever of its team has the least, what is most pressing first."""
    if not run.people:
        return [(None, list(batch))]
    people = _able(run, at)
    loads = _loads(people)
    line = [(loads.get(pk, 0), pk) for pk in people]
    heapq.heapify(line)
    shares: dict[int, list[Ticket]] = {}
    for ticket in sorted(batch, key=_pressing):
        if (pk := _next(line, people, ticket.team_id)) is not None:
            shares.setdefault(pk, []).append(ticket)
    return [(people[pk][0], tickets) for pk, tickets in sorted(shares.items())]


def _next(
    line: list[tuple[int, int]], people: Mapping[int, tuple[User, frozenset[int]]], team_id: int
) -> int | None:
    """The least loaded one of this team, who gets one more; None when nobody works there."""
    passed = []
    chosen = None
    while line and chosen is None:
        load, pk = heapq.heappop(line)
        if team_id in people[pk][1]:
            chosen = pk
            passed.append((load + 1, pk))
        else:
            passed.append((load, pk))
    for one in passed:
        heapq.heappush(line, one)
    return chosen


def _pressing(ticket: Ticket) -> tuple[int, datetime, int]:
    return -ticket.priority, ticket.next_due_at or ticket.last_message_at, ticket.pk


def _able(run: HandOver, at: datetime) -> dict[int, tuple[User, frozenset[int]]]:
    """Of those chosen, who still works here and is not away, with their teams."""
    chosen = User.objects.select_related("own_role").filter(pk__in=run.people)
    users = [one for one in chosen.exclude(staff.away(timezone.localdate(at))) if staff.may_own(one)]
    teams: dict[int, set[int]] = {}
    for user_id, team_id in Membership.objects.filter(user__in=run.people).values_list("user", "team"):
        teams.setdefault(user_id, set()).add(team_id)
    return {one.pk: (one, frozenset(teams.get(one.pk, ()))) for one in users if one.pk != run.user_id}


def _loads(people: Collection[int]) -> dict[int, int]:
    """How many open requests each has, whatever the team. Uses ticket_mine_due."""
    owned = Ticket.objects.filter(OPEN, owner__in=people).values("owner").annotate(count=Count("pk"))
    return dict(owned.values_list("owner", "count"))


def _return(run: HandOver) -> list[int]:
    """Back with what is open, in a team of both, and still with whom this put it."""
    parts = HandedOver.objects.filter(run=run, ticket__gt=run.after, is_back=False).order_by("ticket")
    wanted = {one.ticket_id: one for one in parts[:BATCH]}
    teams = staff.team_ids(run.returned_by) if run.returned_by else frozenset()
    teams &= frozenset(Membership.objects.filter(user=run.user).values_list("team", flat=True))
    tickets = _lock(Ticket.objects.filter(OPEN, pk__in=wanted, team__in=teams))
    there = [one for one in tickets if one.owner_id == wanted[one.pk].to_id]
    given = routing.give(there, run.user, by=run.returned_by, at=timezone.now(), run=run.pk)
    HandedOver.objects.filter(run=run, ticket__in=given).update(is_back=True)
    return list(wanted)


def _lock(tickets: QuerySet[Ticket]) -> list[Ticket]:
    """A batch in the order of ids. One that somebody works on is waited for: it may have changed hands by then."""
    return list(tickets.order_by("pk").select_for_update(of=("self",))[:BATCH])


def _words(run: HandOver, owner: User | None) -> str:
    with in_company_language():
        to = owner.name if owner else _("в очередь команды")
        facts = {"former": run.user.name, "to": to, "why": HandOver.Reason(run.reason).label}
        said = _("Запрос передали: %(former)s → %(to)s. Причина: %(why)s.") % facts
    return f"{said} {run.words}".strip()


def _refuse_unfit(user: User, people: Sequence[User], at: datetime) -> None:
    today = timezone.localdate(at)
    for one in people:
        if one.pk == user.pk or not staff.may_own(one) or staff.absence(one, today):
            raise UnfitPeople(
                _("%(name)s сейчас не может взять запросы.") % {"name": one.name},
                _("Выберите тех, кто на месте."),
            )


def moved(run: HandOver) -> int:
    """How many have changed hands so far."""
    return HandedOver.objects.filter(run=run).count()
