"""One question of the page «Какие сроки обещать» and all figures of its answer. Loads numpy: import it where asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from otklik.sla import agreements, spans
from otklik.sla.advice import history, people, splitting, targets
from otklik.sla.advice.history import Wanted
from otklik.sla.advice.people import Crew
from otklik.sla.advice.proposing import Figure
from otklik.sla.advice.splitting import Split
from otklik.sla.advice.staffing import Load
from otklik.sla.advice.subjects import Subject
from otklik.sla.advice.targets import Advice
from otklik.sla.models import Agreement
from otklik.sla.visits import END, Way


@dataclass(frozen=True, slots=True)
class Asked:
    """share: percent; agreement: whose hours and pauses count; minutes: of one answer, None: by the journal."""

    subject: Subject
    share: int
    agreement: Agreement
    minutes: int | None = None

    @property
    def day_s(self) -> int:
        return spans.usual_day(self.agreement.calendar.spec)


@dataclass(frozen=True, slots=True)
class Found:
    """population, drawn: as History tells them.

    split: of a solution, a part for each level; crew: for a first answer, None where nothing is told of it.
    """

    advice: Advice
    population: int
    drawn: int
    split: Split | None
    crew: Crew | None

    def figure(self) -> Figure | None:
        """What may be taken up; None where nothing is proposed."""
        if self.advice.proposal_s is None:
            return None
        parts = self.split.parts if self.split and len(self.split.parts) > 1 else ()
        bound = int(self.advice.bound.high or 0)
        levels = {one.level: one.target_s for one in parts}
        return Figure(self.advice.share, self.advice.proposal_s, bound, self.advice.cases, levels)


def find(asked: Asked, at: datetime) -> Found:
    """A dozen queries, half a millisecond a request."""
    version = agreements.current(asked.agreement.pk, at)
    subject = asked.subject
    wanted = Wanted(subject.tag.pk if subject.tag else None, subject.priority, version.pk)
    told = history.of(wanted, at)
    today = agreements.terms(version.pk).target(subject.what, subject.priority)
    if subject.what == "response":
        advice = targets.advise(told.responses(), asked.share, asked.day_s, today)
        return Found(advice, told.population, told.drawn, None, _crew(asked, advice, at, version.pk))
    ways = told.ways()
    advice = targets.advise(_lasted(ways), asked.share, asked.day_s, today)
    return Found(advice, told.population, told.drawn, _split(ways, advice), None)


def _lasted(ways: Sequence[Way]) -> list[tuple[float, bool]]:
    return [(sum(one.whole_s for one in way), way[-1].then == END) for way in ways]


def _split(ways: Sequence[Way], advice: Advice) -> Split | None:
    if advice.proposal_s is None:
        return None
    return splitting.split(ways, advice.proposal_s, advice.share, advice.day_s)


def _crew(asked: Asked, advice: Advice, at: datetime, version: int) -> Crew | None:
    target = advice.proposal_s or advice.today_s
    pace = history.pace(version, asked.agreement.calendar.spec["tz"], at)
    handling = asked.minutes * spans.MINUTE_S if asked.minutes else pace.handling_s
    if target is None or handling is None or not pace.per_hour or not pace.answers:
        return None
    load = Load(pace.per_hour * pace.answers, handling)
    steps = people.crew(load, target, asked.share, asked.day_s)
    return Crew(load, pace.answers, pace.hour, bool(asked.minutes), steps)
