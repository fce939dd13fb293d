"""Where the calendar time of one request went, to the second (R-E9). Pure.

From the first waking word to the end, or to now, each second belongs to exactly one of these, the first that fits:

    client  we had answered, or asked, and waited for the client, by day and by night
    vendor  we had asked others and waited for them
    night   nobody waited, but the calendar of the request's agreement was closed
    queue   nobody owned it
    shelf   somebody owned it, but nobody of ours had done anything with it since it came to them, or since the client,
            the vendor or a reopening woke it
    work    the rest: somebody has it in hand, by the level of the team

What lies between an end and a reopening is nobody's time and not counted; spam is no request.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from otklik.sla import _instants, course
from otklik.sla._meter import COUNTS, PAUSES, Meter
from otklik.sla._table import TICKS
from otklik.sla._times import Times
from otklik.sla.course import Fact, Policy, Rules
from otklik.sla.terms import USUAL_PAUSES, Terms

Where: TypeAlias = Literal["work", "shelf", "queue", "client", "vendor", "night"]
WHERE: Final[tuple[Where, ...]] = get_args(Where)
_WAKING: Final = frozenset({"ticket.moved", "ticket.reopened"})


class Part(NamedTuple):
    """level, team: who had the request meanwhile."""

    where: Where
    level: int
    team: int


class Deed(NamedTuple):
    """An entry of the journal. owner: of ticket.assigned, '' where it names none: then whoever did it took it."""

    at: datetime
    word: str
    user_id: int | None
    is_agent: bool
    names_owner: bool
    owner: str | None
    former: str | None
    wakes: bool


class Turn(NamedTuple):
    """From this moment on (ticks) it lies here while we work."""

    at: int
    where: Where


@dataclass(slots=True)
class _Hands:
    """Who owns it, and whether they have done anything with it."""

    is_owned: bool
    is_touched: bool = False

    @property
    def where(self) -> Where:
        return "queue" if not self.is_owned else "work" if self.is_touched else "shelf"

    def take(self, deed: Deed) -> None:
        if deed.word == "ticket.assigned":
            self.is_owned = deed.owner is not None if deed.names_owner else deed.user_id is not None
            self.is_touched = False
        elif deed.word in _WAKING or deed.wakes:
            self.is_touched = False
        elif deed.is_agent:
            self.is_touched = True


def turns(deeds: Sequence[Deed], *, is_owned: bool) -> list[Turn]:
    """When it changed hands. deeds: in the order of the journal; is_owned: whether somebody owns it now."""
    first = next((one for one in deeds if one.word == "ticket.assigned"), None)
    hands = _Hands(is_owned if first is None else first.former is not None)
    found = [Turn(0, hands.where)]
    for deed in deeds:
        hands.take(deed)
        at = max(_instants.from_datetime(deed.at), found[-1].at)
        if hands.where != found[-1].where:
            found.append(Turn(at, hands.where))
    return found


def of(facts: Iterable[Fact], held: Sequence[Turn], policy: Policy, *, now: datetime) -> Counter[Part]:
    """Seconds of each part; empty where nothing binds the request or it was spam.

    facts: as course.run takes them, none later than now. held: what `turns` gives. Raises NoWorkingTime.
    """
    plain = {
        pk: Rules(Terms(pauses=USUAL_PAUSES, reopen_days=one.terms.reopen_days), one.times)
        for pk, one in policy.versions.items()
    }
    life = course.live(facts, Policy(plain, policy.levels))
    found: Counter[Part] = Counter()
    gone = {id(one) for one in life.forgotten}
    for meter in life.meters:
        if meter.kind == "level" and id(meter) not in gone:
            for since, until, why, times in _stretches(meter, _instants.from_datetime(now)):
                found += _split(meter, (since // TICKS, until // TICKS), why, times, held)
    return found


def _stretches(meter: Meter, now: int) -> Iterator[tuple[int, int, str, Times]]:
    """While the team had it: what counts and what is paused."""
    for one in meter.stretches:
        if one.why == COUNTS or one.why in PAUSES:
            yield one.since, one.until, one.why, one.times
    if meter.ended is None and meter.since < now:
        yield meter.since, now, meter.why, meter.rules.times


def _split(
    meter: Meter, span: tuple[int, int], why: str, times: Times, held: Sequence[Turn]
) -> Counter[Part]:
    """One stretch in whole seconds: a wait is a wait, the rest is night or lies where `held` says."""
    since, until = span
    level, team = meter.level, meter.team or 0
    found: Counter[Part] = Counter()
    if why == "client":
        found[Part("client", level, team)] = until - since
    elif why == "vendor":
        found[Part("vendor", level, team)] = until - since
    else:
        for begin, end, where in _held(since, until, held):
            worked = times.between(begin * TICKS, end * TICKS) // TICKS
            found[Part(where, level, team)] += worked
            found[Part("night", level, team)] += end - begin - worked
    return found


def _held(since: int, until: int, held: Sequence[Turn]) -> Iterator[tuple[int, int, Where]]:
    place = max(bisect_right(held, since * TICKS, key=lambda one: one.at) - 1, 0)
    while since < until:
        last = place + 1 >= len(held)
        end = until if last else max(min(held[place + 1].at // TICKS, until), since)
        if since < end:
            yield since, end, held[place].where
        since, place = end, place + 1
