"""Who talks when: hand-written talks become cases of real clients and agents, placed in the last two months."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from otklik.desk.models import Ticket
from otklik.site.demo import agreed, house, slots, wording
from otklik.site.demo.house import Agent
from otklik.site.demo.passing_on import passed_on
from otklik.site.demo.people import Guest
from otklik.site.demo.shifts import Shifts
from otklik.site.demo.talks import INSIDE, Talk, Turn
from otklik.sla.terms import Kind

State = Ticket.State
WORKING = "working"  # open, and the agent has promised news
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# how many requests end where; together 400
WANTED: dict[str, int] = {
    State.WAITING_OTHER: 10, State.NEW: 18, State.OPEN: 24, WORKING: 16, State.WAITING_CLIENT: 22,
    State.SPAM: 12, State.SOLVED: 84, State.CLOSED: 214,
}  # fmt: skip
LOST = {"вернулось", "не ушло"}  # an answer that did not reach the client leaves the request with us
ENDED = (State.SOLVED, State.CLOSED, State.SPAM)
LATE: dict[str, int] = {State.NEW: 2, State.OPEN: 3, WORKING: 2}
Within = Callable[[Guest, Kind, int], timedelta]  # the working time of a clock, by its kind and the priority
_NAMES = {
    "новый": State.NEW, "в работе": State.OPEN, "обещали": WORKING, "ждём клиента": State.WAITING_CLIENT,
    "ждём других": State.WAITING_OTHER, "решён": State.SOLVED, "закрыт": State.CLOSED, "спам": State.SPAM,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A turn that took place. due_at: what it promises the client."""

    turn: Turn
    at: datetime
    text: str
    agent: Agent | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Case:
    """One request to be made."""

    talk: Talk
    guest: Guest
    state: str  # Ticket.State
    subject: str
    box: str
    level: int  # of its team now
    owner: Agent | None
    steps: tuple[Step, ...]
    slots: dict[str, str]


@dataclass(slots=True)
class _Place:
    """A talk cut at a turn so that it stands in the wanted state."""

    talk: Talk
    length: int


class Casting:
    """Deals talks, clients and times; the same for the same seed, except that times hang on `shifts.now`.

    within: what agreements promise.
    """

    def __init__(
        self, talks: Sequence[Talk], guests: dict[str, Guest], shifts: Shifts, within: Within, seed: int
    ) -> None:
        self.within = within
        self.talks, self.guests, self.shifts = talks, guests, shifts
        self.chance = random.Random(seed)  # noqa: S311 - an example, no secret
        self._used: Counter[str] = Counter()
        # those whom talks were written for are seen often enough
        self._busy: Counter[str] = Counter(
            3 * [talk.options["кто"] for talk in talks if "кто" in talk.options]
        )
        self._met: set[tuple[str, str]] = set()

    def cases(self) -> list[Case]:
        """All of them in the order of their first letters."""
        made = [
            self._case(self._place(state), state, number, count)
            for state, count in WANTED.items()
            for number in range(count)
        ]
        return sorted(made, key=lambda case: case.steps[0].at)

    def _place(self, state: str) -> _Place:
        """The least used talk that can stand in this state; those written for it first."""
        free = [talk for talk in self.talks if self._used[talk.key] < talk.most]
        fitting = [_Place(talk, length) for talk in free if (length := cut(talk, state))]
        place = min(
            fitting,
            key=lambda one: (
                "конец" not in one.talk.options, self._used[one.talk.key], self.chance.random()
            ),
        )  # fmt: skip
        self._used[place.talk.key] += 1
        return place

    def _case(self, place: _Place, state: str, number: int, count: int) -> Case:
        talk, turns = place.talk, list(place.talk.turns[: place.length])
        guest = self._guest(talk)
        ends_at = self._ends_at(turns, state, number, count, self._agreed(talk, guest, turns))
        times = self._times(turns, ends_at, by_day=bool(guest.person.firm))
        box, turns, times = passed_on(talk, turns, times, self.shifts)
        known = slots.fixed(guest.person, ends_at=ends_at, chance=self.chance)
        steps, level, owner = self._steps(turns, times, house.BOXES[box], guest, known)
        if state == State.OPEN and owner is None:
            owner = self._agent(level, fresh=True)
        she = guest.person.she
        return Case(
            talk=talk,
            guest=guest,
            state=State.OPEN if state == WORKING else state,
            subject=wording.say(talk.subject, known, she=she, chance=self.chance),
            box=box,
            level=level,
            owner=owner,
            steps=tuple(steps),
            slots=known,
        )

    def _guest(self, talk: Talk) -> Guest:
        """The client this talk was written for, or the least busy of some that fit."""
        named = talk.options.get("кто")
        if named:
            return self.guests[named]
        fitting = [
            guest
            for key, guest in self.guests.items()
            if _fits(talk, guest) and (talk.key, key) not in self._met
        ] or [guest for guest in self.guests.values() if _fits(talk, guest)]
        guest = min(
            self.chance.sample(fitting, min(9, len(fitting))), key=lambda one: self._busy[one.person.key]
        )
        self._busy[guest.person.key] += 1
        self._met.add((talk.key, guest.person.key))
        return guest

    def _agreed(self, talk: Talk, guest: Guest, turns: Sequence[Turn]) -> timedelta:
        """Within what time the last word wants an answer."""
        kind: Kind = "next_reply" if any(turn.kind == "ответ" for turn in turns) else "response"
        return self.within(guest, kind, agreed.priority_of(talk.options))

    def _ends_at(
        self, turns: Sequence[Turn], state: str, number: int, count: int, within: timedelta
    ) -> datetime:
        """When the last turn takes place."""
        now, share = self.shifts.now, (number + 0.2 + 0.6 * self.chance.random()) / count
        if state in ENDED:
            first, last = {
                State.SOLVED: (2 * HOUR, 8 * DAY), State.CLOSED: (8 * DAY, 54 * DAY), State.SPAM: (HOUR, 30 * DAY)
            }[State(state)]  # fmt: skip
            at = now - first - share * (last - first)
        elif state in (State.WAITING_CLIENT, State.WAITING_OTHER):
            at = now - HOUR - share**2 * 8 * DAY
        else:
            whole = promised(_last_word(turns)) or within
            late = number >= count - LATE[state]
            at = self.shifts.before(now, whole * (1.1 + share) if late else whole * (0.03 + 0.9 * share))
        if turns[-1].is_ours:
            return min(self._at_work(at), now - 2 * MINUTE)
        closed_at = self.shifts.at_work(now)
        if state == State.NEW and closed_at < now and self.chance.random() < 0.5:
            return now - (now - closed_at) * self.chance.uniform(0.02, 0.98)  # people write in the night too
        return min(at, now - MINUTE)

    def _times(self, turns: Sequence[Turn], ends_at: datetime, *, by_day: bool) -> list[datetime]:
        """Of all turns, counted back from the last: agents speak in working time only."""
        times = [self._plausible(turns[-1], ends_at, by_day=by_day)]
        for earlier, later in zip(reversed(turns[:-1]), reversed(turns[1:]), strict=True):
            gap = timedelta(seconds=later.gap_s) if later.gap_s else self._usual_gap(later)
            gap *= self.chance.uniform(0.85, 1.15)
            at = self.shifts.before(times[0], gap) if later.is_ours and gap < 12 * HOUR else times[0] - gap
            times.insert(0, self._plausible(earlier, at, by_day=by_day))
        return times

    def _usual_gap(self, turn: Turn) -> timedelta:
        if turn.kind == "ответ":
            return timedelta(minutes=self.chance.triangular(6, 200, 25))
        if turn.is_ours:
            return timedelta(minutes=self.chance.triangular(4, 60, 12))
        return timedelta(minutes=self.chance.triangular(8, 1500, 60))

    def _at_work(self, at: datetime) -> datetime:
        """A working moment near this one: what falls into the night was done some time before the end of a day."""
        worked = self.shifts.at_work(at)
        return worked if worked == at else worked - self.chance.triangular(2, 200, 30) * MINUTE

    def _plausible(self, turn: Turn, at: datetime, *, by_day: bool) -> datetime:
        """Agents and vendors write at work, clients of firms by day; of the others some write in the night."""
        hour = at.astimezone(slots.ZONE).hour
        if turn.is_ours or turn.kind == "поставщик":
            return self._at_work(at)
        if self.shifts.now - at < 12 * HOUR or 8 <= hour < 21:
            return at
        if by_day or (1 <= hour < 7 and self.chance.random() < 0.85):
            return at - timedelta(hours=(hour - 20) % 24 + self.chance.uniform(0, 4))
        return at

    def _steps(
        self,
        turns: Sequence[Turn],
        times: Sequence[datetime],
        level: int,
        guest: Guest,
        known: dict[str, str],
    ) -> tuple[list[Step], int, Agent | None]:
        """The turns with their authors and words; the team and the owner at the end."""
        steps: list[Step] = []
        owner: Agent | None = None
        fresh = times[-1] > self.shifts.now - 3 * DAY
        for turn, at in zip(turns, times, strict=True):
            agent = self._author(turn, level, owner, fresh=fresh) if turn.is_ours else None
            if turn.kind == "передать":
                level = int(turn.options.get("уровень", level))
                owner = self._agent(level, fresh=fresh, named=turn.options.get("кто", ""), but=agent)
            elif turn.kind in {"ответ", "поставщику"}:
                owner = agent
            steps.append(self._step(turn, at, agent or None, guest, known | {"коллега": _first(owner)}))
        return steps, level, owner

    def _step(
        self, turn: Turn, at: datetime, agent: Agent | None, guest: Guest, known: dict[str, str]
    ) -> Step:
        due_at = self._due(turn, at)
        said = slots.spoken(at=at, due_at=due_at, calling=guest.person.calling, chance=self.chance)
        said["я"] = _first(agent)
        she = agent.she if agent else guest.person.she
        return Step(
            turn, at, wording.say(turn.text, known | said, she=she, chance=self.chance), agent, due_at
        )

    def _due(self, turn: Turn, at: datetime) -> datetime | None:
        """The promised time, on a half of an hour."""
        length = promised(turn)
        if length is None:
            return None
        due = self.shifts.after(at, length)
        over = timedelta(minutes=due.minute % 30, seconds=due.second, microseconds=due.microsecond)
        return due - over + (30 * MINUTE if over > 6 * MINUTE or due - over <= at else 0 * MINUTE)

    def _author(self, turn: Turn, level: int, owner: Agent | None, *, fresh: bool) -> Agent:
        named = "" if turn.kind == "передать" else turn.options.get("кто", "")
        if owner and not named:
            return owner
        return self._agent(level, fresh=fresh, named=named)

    def _agent(self, level: int, *, fresh: bool, named: str = "", but: Agent | None = None) -> Agent:
        """Somebody of this team; Анна, whom visitors sign in as, has more than her share of what is fresh."""
        if named:
            return next(one for one in house.AGENTS if one.key == named)
        team = [one for one in house.AGENTS if level in one.levels and one != but]
        weights = [
            (3.0 if fresh else 1.5)
            if one.key == "anna" and level == 1
            else 0.3
            if one.role == "lead"
            else 1.0
            for one in team
        ]
        return self.chance.choices(team, weights)[0]


def promised(turn: Turn) -> timedelta | None:
    """How long after this answer the client hears of us again."""
    hours = turn.options.get("работа")
    return float(hours.removesuffix("ч")) * HOUR if hours else None


def cut(talk: Talk, state: str) -> int:
    """How many turns of the talk leave it in this state; 0 when none do."""
    allowed = talk.options.get("конец")
    if allowed and state not in {_NAMES[one.strip()] for one in allowed.split(",")}:
        return 0
    if state == State.SPAM or (not allowed and "кто" in talk.options and state not in ENDED):
        return len(talk.turns) if allowed else 0
    if state in ENDED:
        return len(talk.turns) if _stands(talk.turns) in ENDED else 0
    # a talk's last word of a client is «спасибо»: nobody waits for an answer to it
    longest = len(talk.turns) - (
        state == State.OPEN and _stands(talk.turns) in ENDED and allowed != "в работе"
    )
    lengths = [
        length
        for length in range(1, longest + 1)
        if _stands(talk.turns[:length], ended=False) == state and not _goes_on(talk.turns, length)
    ]
    return lengths[-1] if lengths else 0


def _goes_on(turns: Sequence[Turn], length: int) -> bool:
    """Whether a note or a hand-over follows: it belongs to what stands before it."""
    return length < len(turns) and turns[length].kind in INSIDE


def _stands(turns: Sequence[Turn], *, ended: bool = True) -> str:
    """The state after these turns. ended: the last of them is the end of the talk."""
    last = _last_word(turns)
    if last.kind == "поставщику":
        return State.WAITING_OTHER
    if last.kind == "ответ":
        if not LOST.isdisjoint(last.options):
            return State.OPEN  # the client has heard nothing
        if "ждём" in last.options:
            return State.WAITING_CLIENT
        return WORKING if "работа" in last.options else State.SOLVED
    if not any(turn.kind == "ответ" for turn in turns):
        return State.NEW
    return State.SOLVED if ended else State.OPEN


def _fits(talk: Talk, guest: Guest) -> bool:
    person = guest.person
    if person.is_stranger:
        return False
    wanted = talk.options.get("цель")
    if wanted and (wanted == "фирма") != bool(person.firm):
        return False
    sex = talk.options.get("автор")
    if sex and (sex == "ж") != person.she:
        return False
    needs_name = any("{обращение}" in turn.text or "{имя}" in turn.text for turn in talk.turns)
    return bool(person.calling) or not needs_name


def _last_word(turns: Sequence[Turn]) -> Turn:
    """The last turn that somebody outside has written or got."""
    return next(turn for turn in reversed(turns) if turn.kind not in INSIDE)


def _first(agent: Agent | None) -> str:
    return agent.name.split(" ")[0] if agent else ""
