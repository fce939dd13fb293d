"""Availability of a period out of outages and planned work; see `otklik.sla.penalty`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final, Literal, TypeAlias, get_args

from otklik.sla import _instants
from otklik.sla._errors import BadCall
from otklik.sla._instants import Instant
from otklik.sla._ratio import Ratio
from otklik.sla._stretches import Measure, Service, Stretches
from otklik.sla._table import TICKS
from otklik.sla.terms_money import Begins, Planned

How: TypeAlias = Literal["down", "planned", "not"]
Why: TypeAlias = Literal[
    "outage", "late_notice", "overrun", "over_limit", "agreed_down",  # counted as down
    "announced",  # planned
    "in_window", "counted", "excluded", "untold", "before", "workaround", "closed",  # counted neither way
]  # fmt: skip
WHYS: Final[tuple[Why, ...]] = get_args(Why)
STAGES: Final[tuple[Begins, ...]] = get_args(Begins)
_MINUTE: Final = 60 * TICKS


@dataclass(frozen=True, slots=True)
class Down:
    """An outage. began: when it is known to have begun; the other three: when somebody told of it, None: nobody did.

    ended: it works again; workaround: clients can work by another way. Both None: it goes on.
    """

    key: str
    began: Instant
    ended: Instant | None = None
    cause: str = "ours"
    monitor: Instant | None = None
    report: Instant | None = None
    accepted: Instant | None = None
    workaround: Instant | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """Planned work. window: as announced; real: when it was done, its end None while it goes on; None: as announced."""

    key: str
    announced: Instant
    window: tuple[Instant, Instant]
    real: tuple[Instant, Instant | None] | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What an agreement says about counting. planned_min: of the whole period, None: no limit was agreed."""

    planned: Planned = "out"
    begins: Begins = "monitor"
    workaround_ends: bool = True
    excluded: frozenset[str] = frozenset({"client"})
    notice_h: Decimal = Decimal(0)
    planned_min: Decimal | None = None
    service: Service = None


@dataclass(frozen=True, slots=True)
class Counted:
    """One line of the evidence: a stretch of an outage or of planned work, and how it was counted, and why.

    seconds: of agreed service time in it. An instant is counted as down in one line alone.
    """

    key: str
    since: Instant
    until: Instant
    seconds: Decimal
    how: How
    why: Why


@dataclass(frozen=True, slots=True)
class Availability:
    """Of one period. base_s: agreed service time, without planned work where that is out of the base.

    planned_s: work that counts as planned; works_down_s: work that counts as down; down_s: all that does.
    """

    ratio: Ratio
    base_s: Decimal
    planned_s: Decimal
    works_down_s: Decimal
    down_s: Decimal
    evidence: tuple[Counted, ...] = ()

    @property
    def percent(self) -> Decimal | None:
        """Not rounded; None where the period holds no service time."""
        return self.ratio.percent

    def told(self, *borders: Decimal) -> str:
        return self.ratio.told(*borders)

    @property
    def base_min(self) -> Decimal:
        return self.base_s / 60

    @property
    def planned_min(self) -> Decimal:
        return self.planned_s / 60

    @property
    def down_min(self) -> Decimal:
        return self.down_s / 60


def availability(
    period: tuple[Instant, Instant], downs: Iterable[Down], planned: Iterable[Work], rules: Rules
) -> Availability:
    """Of [period). Instants of one kind in a call: aware datetimes or POSIX seconds. Raises BadCall.

    Each line of the evidence says why. Of several causes at one moment the first counts: planned work by its window,
    then outages by their beginning.
    """
    return _Count(period, rules).of(
        sorted(planned, key=lambda one: (one.window, one.key)),
        sorted(downs, key=lambda one: (one.began, one.key)),
    )


@dataclass(slots=True)
class _Count:
    """taken: what counts as down so far; allowed: what counts as planned."""

    period: tuple[Instant, Instant]
    rules: Rules
    taken: Stretches = field(default_factory=Stretches)
    allowed: Stretches = field(default_factory=Stretches)
    lines: list[Counted] = field(default_factory=list)
    works_down: int = 0

    def of(self, planned: Sequence[Work], downs: Sequence[Down]) -> Availability:
        self._plan(planned)
        for one in planned:
            self._work(one)
        self.works_down = self.measure.length(self.taken)
        for down in downs:
            self._outage(down)
        return self._result()

    @property
    def measure(self) -> Measure:
        return Measure(self.rules.service)

    @property
    def whole(self) -> Stretches:
        return self._clipped(*self.period, whole=True)

    def _result(self) -> Availability:
        planned = self.measure.length(self.allowed)
        base = self.measure.length(self.whole) - (planned if self.rules.planned == "out" else 0)
        down = self.measure.length(self.taken)
        lines = sorted(self.lines, key=lambda one: (one.since, one.until, one.key))
        return Availability(
            Ratio(base - down, base), _seconds(base), _seconds(planned), _seconds(self.works_down),
            _seconds(down), tuple(lines),
        )  # fmt: skip

    def _plan(self, planned: Sequence[Work]) -> None:
        """What of all the work counts as planned: announced in time, inside its window, within the limit."""
        if self.rules.planned == "down":
            return
        every = Stretches()
        for one in planned:
            every = every | (self._real(one) & self._window(one))
        limit = self.rules.planned_min
        self.allowed = every if limit is None else self.measure.first(every, round(limit * _MINUTE))

    def _work(self, one: Work) -> None:
        real, window = self._real(one), self._window(one)
        inside: Why = "agreed_down" if self.rules.planned == "down" else "over_limit"
        self._add(one.key, real & self.allowed & window, "planned", "announced")
        self._down(one.key, (real & window) - self.allowed, inside)
        outside: Why = "overrun" if window else "late_notice"
        self._down(one.key, real - window, outside)

    def _outage(self, one: Down) -> None:
        """What is said of it before it counts, after a workaround, and what counts."""
        whole = self._clipped(one.began, one.ended)
        if one.cause in self.rules.excluded:
            self._add(one.key, whole, "not", "excluded")
            return
        begun = self._begun(one)
        if begun is None:
            self._add(one.key, whole, "not", "untold")
            return
        ends = [one.ended, one.workaround if self.rules.workaround_ends else None]
        end = min((self._ticks(at) for at in ends if at is not None), default=None)
        counted = whole & self._clipped(
            begun, None if end is None else self._instant(max(end, self._ticks(begun)))
        )
        before = whole & self._clipped(one.began, begun)
        self._add(one.key, before, "not", "before")
        self._down(one.key, counted, "outage")
        self._add(one.key, whole - counted - before, "not", "workaround")

    def _begun(self, one: Down) -> Instant | None:
        """The moment that the agreement waits for, or a later one where that was missed: the client is no worse off."""
        told = {"monitor": one.monitor, "report": one.report, "accepted": one.accepted}
        stages = STAGES[STAGES.index(self.rules.begins) :]
        return next((at for stage in stages if (at := told[stage]) is not None), None)

    def _down(self, key: str, some: Stretches, why: Why) -> None:
        self._add(key, some & self.allowed, "not", "in_window")
        left = some - self.allowed
        self._add(key, left & self.taken, "not", "counted")
        self._add(key, left - self.taken, "down", why)
        self.taken = self.taken | left

    def _add(self, key: str, some: Stretches, how: How, why: Why) -> None:
        for part in some.parts:
            seconds = _seconds(self.measure.length(Stretches((part,))))
            line = Counted(key, self._instant(part[0]), self._instant(part[1]), seconds, how, why)
            self.lines.append(line if seconds else replace(line, how="not", why="closed"))

    def _window(self, one: Work) -> Stretches:
        """As announced; empty where that was too late."""
        begin, end = self._ticks(one.window[0]), self._ticks(one.window[1])
        notice = round(self.rules.notice_h * 60 * _MINUTE)
        if self._ticks(one.announced) > begin - notice:
            return Stretches()
        return Stretches.of([(begin, end)])

    def _real(self, one: Work) -> Stretches:
        return self._clipped(*(one.real or one.window))

    def _clipped(self, since: Instant, until: Instant | None, *, whole: bool = False) -> Stretches:
        """Of the period alone; until None: to its end."""
        begin = self._ticks(since)
        end = max(begin, self._ticks(self.period[1])) if until is None else self._ticks(until)
        if end < begin:
            raise BadCall(f"отрезок кончается раньше, чем начался: {since} — {until}")
        mine = Stretches.of([(begin, end)])
        return mine if whole else mine & self.whole

    def _ticks(self, at: Instant) -> int:
        return _instants.to_ticks(at, like=self.period[0])

    def _instant(self, ticks: int) -> Instant:
        return _instants.from_ticks(ticks, like=self.period[0])


def _seconds(ticks: int) -> Decimal:
    return Decimal(ticks) / TICKS
