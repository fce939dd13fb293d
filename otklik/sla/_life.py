"""The life of one request, fact by fact: which clocks it starts, stops, pauses and ends (notes §8). Pure."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from otklik.sla import _instants
from otklik.sla._meter import COUNTS, PAUSES, Meter, Why
from otklik.sla._table import DAY_S, TICKS
from otklik.sla.terms import Kind, Reason

if TYPE_CHECKING:
    from otklik.sla.course import Fact, Policy, Rules

ANSWERED_BY_WORDS: tuple[Kind, ...] = ("response", "next_reply", "news")
FIRST_PRIORITY = 1


@dataclass(frozen=True, slots=True)
class _Answer:
    """What an answer did: it is taken back when the letter got lost."""

    message: int
    ended: list[Meter]
    news: Meter | None


class Life:
    """Fed by `take`; `meters` are all its clocks so far, in the order of their starts."""

    def __init__(self, policy: "Policy") -> None:
        self.meters: list[Meter] = []
        self.standing: dict[Kind, Meter] = {}
        self._policy = policy
        self._cycles: Counter[Kind] = Counter()
        self._latest: dict[Kind, Meter] = {}
        self._levels: dict[int, Meter] = {}  # by team, since the request began or was opened anew
        self._team = self._holder = 0  # holder: whose level clock stood last
        self._priority, self._version = FIRST_PRIORITY, 0
        self._reasons: set[Reason] = set()
        self._begun = self._heard = False  # somebody asked; the client has had an answer
        self._over = ""  # solved, closed, spam
        self._over_at = 0
        self._forgotten: list[Meter] = []  # as spam
        self._last: _Answer | None = None
        self._lost: _Answer | None = None
        self._deeds: dict[str, Callable[[Fact, int], None]] = {
            "asked": self._asked, "answered": self._answered, "vendor_asked": self._vendor_asked,
            "vendor_said": self._vendor_said, "state": self._state, "ended": self._ended,
            "reopened": self._reopened, "lost": self._lost_answer, "resent": self._resent,
            "priority": self._ranked, "team": self._moved, "bound": self._bound,
        }  # fmt: skip

    @property
    def forgotten(self) -> Sequence[Meter]:
        """Those that the word «spam» stopped, while it stands."""
        return self._forgotten

    def take(self, fact: "Fact", at: int) -> None:
        """at: fact.at in ticks, never earlier than the fact before."""
        self._deeds[fact.word](fact, at)
        for meter in self.standing.values():
            meter.turn(self._why(meter), at)

    def _asked(self, _fact: "Fact", at: int) -> None:
        """A word of the client that somebody must answer. One that waits already starts no second clock."""
        self._open_again(at)
        self._lost = None
        self._reasons.discard("client")
        self._begin(at)
        if "response" not in self.standing and "next_reply" not in self.standing:
            self._start("next_reply", at)

    def _begin(self, at: int) -> None:
        if self._begun:
            return
        self._begun = True
        if not self._heard:  # where we wrote first, the client's first word is a next one
            self._start("response", at)
        self._start("resolution", at)
        self._hand_over(at)

    def _answered(self, fact: "Fact", at: int) -> None:
        """to: wait for the client, work goes on, others still owe their answer, solve."""
        if fact.to != "solve":
            self._open_again(at)
        self._hear(fact.id, at, goes_on=fact.to != "solve")
        if fact.to == "wait":
            self._reasons.add("client")
        elif fact.to == "work":
            self._work_on(at)
        elif fact.to == "solve":
            self._end_all("solved", at)

    def _hear(self, message: int, at: int, *, goes_on: bool) -> None:
        """The client hears us: what they waited for is done, and the silence is counted anew."""
        ended = [self.standing.pop(kind) for kind in ANSWERED_BY_WORDS if kind in self.standing]
        for meter in ended:
            meter.end(at)
            meter.answered = True
        self._heard = True
        news = self._start("news", at) if goes_on and self._begun and not self._over else None
        self._last, self._lost = _Answer(message, ended, news), None

    def _lost_answer(self, fact: "Fact", at: int) -> None:
        """It never arrived: what it had ended goes on from now. What came between nobody could know of."""
        last, self._last = self._last, None
        self._reasons.discard("client")
        if last is not None and last.message == fact.id:
            self._take_back(last, at)
        self._open_again(at)

    def _take_back(self, last: _Answer, at: int) -> None:
        if last.news is not None and last.news.ended is None:
            self.meters.remove(last.news)
            del self.standing["news"]
            self._cycles["news"] -= 1
        for meter in last.ended:
            if meter.kind not in self.standing:
                self._continue(meter, at)
                self._heard = self._heard and meter.kind != "response"
        self._lost = last

    def _resent(self, fact: "Fact", at: int) -> None:
        """The lost one leaves again: an answer now, unless the client has said something since."""
        if self._lost is not None and self._lost.message == fact.id:
            self._hear(fact.id, at, goes_on=True)

    def _vendor_asked(self, _fact: "Fact", at: int) -> None:
        """From now on the client waits for us, and we for the vendor."""
        self._open_again(at)
        self._reasons.discard("client")
        self._reasons.add("vendor")
        if "vendor" not in self.standing and self._begun:
            self._start("vendor", at)

    def _vendor_said(self, _fact: "Fact", at: int) -> None:
        self._open_again(at)
        self._end_vendor(at)

    def _end_vendor(self, at: int) -> None:
        self._reasons.discard("vendor")
        if meter := self.standing.pop("vendor", None):
            meter.end(at)

    def _work_on(self, at: int) -> None:
        self._reasons.discard("client")
        self._end_vendor(at)

    def _state(self, fact: "Fact", at: int) -> None:
        """An open state, set by hand. A vendor who was asked owes an answer until we say that we work on."""
        self._open_again(at)
        if fact.to == "waiting_client":
            self._reasons.add("client")
        elif fact.to == "waiting_other":
            self._vendor_asked(fact, at)
        else:
            self._work_on(at)

    def _ended(self, fact: "Fact", at: int) -> None:
        """to: solved, closed, spam."""
        if fact.to == "spam" and not self._over:
            self._forgotten = list(self.standing.values())
            for meter in self._forgotten:
                meter.forget(at)
            self._stop("spam", at)
        else:
            self._end_all(fact.to, at)

    def _end_all(self, how: str, at: int) -> None:
        """A word that nobody answered before the end is judged only if its time had passed by then."""
        if self._over:
            return
        for kind, meter in self.standing.items():
            meter.end(at, void=kind not in ("resolution", "level"))
        self._stop(how, at)

    def _stop(self, how: str, at: int) -> None:
        self.standing.clear()
        self._reasons.clear()
        self._over, self._over_at = how, at

    def _reopened(self, fact: "Fact", at: int) -> None:
        self._open_again(at)
        if not self._begun:
            self._asked(fact, at)

    def _open_again(self, at: int) -> None:
        """Within `reopen_days` the same clocks go on, later they begin anew; the first answer is never owed twice."""
        how, self._over = self._over, ""
        if not how or not self._begun:
            return
        forgotten, self._forgotten = self._forgotten, []
        for meter in forgotten:
            self._continue(meter, at)
        if how == "spam":
            return
        if at - self._over_at <= self._rules.terms.reopen_days * DAY_S * TICKS:
            self._continue(self._latest["resolution"], at)
        else:
            self._start("resolution", at)
            self._levels = {}
        self._hand_over(at)
        if self._heard and "news" not in self.standing:
            self._start("news", at)

    def _hand_over(self, at: int) -> None:
        """The team's clock starts, or goes on where it stood when the request left it."""
        meter = self._levels.get(self._team)
        if meter is None:
            meter = self._start("level", at, team=self._team, level=self._level(at))
            self._levels[self._team] = meter
        else:
            meter.returns += self._holder != self._team
            self._continue(meter, at)
        self._holder = self._team

    def _level(self, at: int) -> int:
        """Of the team at this instant; before the first that is known, that one."""
        known = self._policy.levels.get(self._team) or ()
        begun = [level for since, level in known if _instants.from_datetime(since) <= at]
        return begun[-1] if begun else known[0][1] if known else 1

    def _moved(self, fact: "Fact", at: int) -> None:
        if fact.id == self._team:
            return
        former, self._team = self.standing.pop("level", None), fact.id
        if former is not None:
            former.end(at, why="away")
            self._hand_over(at)

    def _ranked(self, fact: "Fact", at: int) -> None:
        self._priority = fact.id
        self._set_all(at)

    def _bound(self, fact: "Fact", at: int) -> None:
        if fact.id in self._policy.versions:
            self._version = fact.id
            self._set_all(at)

    def _set_all(self, at: int) -> None:
        for meter in self.standing.values():
            meter.set(self._version, self._rules, self._priority, at)

    @property
    def _rules(self) -> "Rules":
        return self._policy.versions[self._version]

    def _start(self, kind: Kind, at: int, *, team: int | None = None, level: int = 0) -> Meter:
        self._cycles[kind] += 1
        meter = Meter(kind, self._cycles[kind], at, team=team, level=level)
        meter.set(self._version, self._rules, self._priority, at)
        self.meters.append(meter)
        self.standing[kind] = self._latest[kind] = meter
        return meter

    def _continue(self, meter: Meter, at: int) -> None:
        meter.reopen(self._why(meter), at)
        meter.set(self._version, self._rules, self._priority, at)
        self.standing[meter.kind] = self._latest[meter.kind] = meter

    def _why(self, meter: Meter) -> Why:
        for reason in PAUSES:
            if reason in self._reasons and meter.rules.terms.is_paused(meter.kind, reason):
                return reason
        return COUNTS
