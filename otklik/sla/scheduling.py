"""Working hours change: a calendar gets a new version, what was told to clients stays (invariant 7).

NoHours     by these hours nothing ever falls due
PastMoment  a version begins now or later: what has been counted stays
NameTaken   there is a calendar of this name
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.errors import Refusal
from otklik.jobs import wakeups
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.sla import calendars, making, timetables
from otklik.sla.models import Calendar, CalendarVersion, Clock
from otklik.sla.timetables import Timetable
from otklik.sla.worktime import BadHours, Hours, NoWorkingTime

LOOKED_AT = 20_000  # running clocks that a preview counts
SHOWN = 12
FURTHEST = timedelta(days=366)
Made = Mapping[str, Any]


class NoHours(Refusal):
    code = "calendar.no_hours"


class PastMoment(Refusal):
    code = "calendar.past_moment"


class NameTaken(Refusal):
    code = "calendar.name_taken"


@dataclass(frozen=True, slots=True)
class Move:
    """A due time that would be another; both aware."""

    number: int
    kind: str
    was: datetime
    will: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would move. counted: running clocks looked at; more: there were more of them than LOOKED_AT.

    moves: the biggest ones, SHOWN at most. replaced: versions that were to begin later and would not.
    """

    counted: int
    earlier: int
    later: int
    moves: tuple[Move, ...]
    replaced: tuple[CalendarVersion, ...]
    more: bool


def set_default(made_of: Made, *, by: User, at: datetime) -> Calendar:
    """The company counts by these hours from now on. Raises NoHours when nothing falls due."""
    return change(calendars.default(), made_of, effective_from=at, by=by, at=at)


def change(
    calendar: Calendar,
    made_of: Made,
    *,
    effective_from: datetime,
    note: str = "",
    by: User | None,
    at: datetime,
) -> Calendar:
    """A new version, unless it says what the last one says. Raises NoHours, PastMoment."""
    spec = _spec(made_of, at)
    _refuse_wrong_moment(effective_from, at)
    with transaction.atomic():
        calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
        if calendar.spec != spec:
            calendar.spec, calendar.made_of, calendar.version = spec, dict(made_of), calendar.version + 1
            calendar.save(update_fields=["spec", "made_of", "version"])
            _write(calendar, effective_from, note, by, at)
            facts: dict[str, object] = {
                "calendar": calendar.pk, "version": calendar.version, "since": effective_from
            }  # fmt: skip
            journaling.write(Line(None, "calendar.changed", at, by=by, facts=facts))
            wakeups.tell("journal")
    return calendar


def make(name: str, made_of: Made, *, by: User | None, at: datetime, is_default: bool = False) -> Calendar:
    """Another calendar beside the company's, or the company's own where there is none. Raises NoHours, NameTaken."""
    spec = _spec(made_of, at)
    try:
        with transaction.atomic():
            calendar = Calendar.objects.create(
                name=name.strip(), spec=spec, made_of=dict(made_of), is_default=is_default
            )
            _write(calendar, calendars.BEGINNING, "", by, at)
            facts: dict[str, object] = {"calendar": calendar.pk, "version": 1}
            journaling.write(Line(None, "calendar.made", at, by=by, facts=facts))
    except IntegrityError as fault:
        raise NameTaken(_("Календарь с таким названием уже есть."), _("Выберите другое название.")) from fault
    return calendar


def preview(calendar: Calendar, made_of: Made, *, effective_from: datetime, at: datetime) -> Preview:
    """Which due times a change would move; nothing is written. Raises NoHours, PastMoment."""
    hours = Hours.from_dict(_spec(made_of, at))
    _refuse_wrong_moment(effective_from, at)
    before = calendars.timetable(calendar.pk)
    after = timetables.joined([*before, (effective_from, hours)])
    running = Clock.objects.filter(state=Clock.State.RUNNING, version__agreement__calendar=calendar)
    rows = list(running.select_related("ticket").order_by("pk")[: LOOKED_AT + 1])
    moves = list(_moves(rows[:LOOKED_AT], after))
    biggest = sorted(moves, key=lambda one: abs(one.will - one.was), reverse=True)
    return Preview(
        counted=min(len(rows), LOOKED_AT),
        earlier=sum(one.will < one.was for one in moves),
        later=sum(one.will > one.was for one in moves),
        moves=tuple(biggest[:SHOWN]),
        replaced=tuple(calendar.versions.filter(effective_from__gt=effective_from).order_by("number")),
        more=len(rows) > LOOKED_AT,
    )


def _moves(rows: list[Clock], after: Timetable) -> Iterator[Move]:
    """A running clock goes on from its last step with what is left."""
    for clock in rows:
        left = max(0, clock.target_s - clock.elapsed_s)
        try:
            will = timetables.add(after, clock.changed_at, left)
        except NoWorkingTime:
            continue
        if clock.due_at and abs(will - clock.due_at) >= timedelta(seconds=1):
            yield Move(clock.ticket.number, str(Clock.Kind(clock.kind).label), clock.due_at, will)


def _write(calendar: Calendar, since: datetime, note: str, by: User | None, at: datetime) -> None:
    CalendarVersion.objects.create(
        calendar=calendar, number=calendar.version, spec=calendar.spec, effective_from=since,
        note=note.strip()[:300], made_at=at, made_by=by,
    )  # fmt: skip


def _spec(made_of: Made, at: datetime) -> dict[str, Any]:
    """The JSON of these hours, by which something falls due."""
    try:
        spec = making.spec(made_of, range(at.year, at.year + making.AHEAD))
        Hours.from_dict(spec).add(at, 3600.0)
    except (BadHours, NoWorkingTime, KeyError) as fault:
        raise NoHours(
            _("По этим часам мы не сможем назвать клиенту ни одного срока."),
            _("Оставьте хотя бы час в неделю."),
        ) from fault
    return dict(spec)


def _refuse_wrong_moment(effective_from: datetime, at: datetime) -> None:
    if not at <= effective_from <= at + FURTHEST:
        raise PastMoment(
            _("Новые часы начинают действовать сегодня или позже, в пределах года."),
            _("За прошлые дни мы сроки уже посчитали. Выберите другой день."),
        )
