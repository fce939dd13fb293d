"""Random lives of requests as journals: what comes, what we say, who has it, how it ends and comes back."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

SINCE = timedelta(days=300)
DEEDS = (
    "answer",
    "answer",
    "asked",
    "asked",
    "vendor",
    "vendor said",
    "moved",
    "priority",
    "solved",
    "state",
)


@dataclass(slots=True)
class Life:
    """One request: the columns of its row that clocks read, and its journal as (at, actor, word, facts)."""

    team: int
    created_at: datetime
    state: str = "new"
    priority: int = 1
    entries: list[tuple[datetime, str, str, str]] = field(default_factory=list)


class Maker:
    """The same lives each time for a seed. teams: ids, the first is where requests come in."""

    def __init__(self, teams: list[int], now: datetime, seed: int = 5) -> None:
        self._chance = random.Random(seed)
        self._teams, self._now = teams, now.astimezone(UTC)
        self._message = 0

    def lives(self, count: int) -> Iterator[Life]:
        for _ in range(count):
            yield self._life()

    def _life(self) -> Life:
        at = self._now - SINCE * self._chance.random()
        life = Life(self._teams[0], at)
        self._tell(life, at, "client", "ticket.opened", kind="words", circle="client", wakes=True)
        self._tell(life, at, "client", "message.received", kind="words", circle="client", wakes=True)
        for _ in range(self._chance.randrange(10)):
            at += timedelta(seconds=int(self._chance.expovariate(1 / 30_000)) + 1)
            if at >= self._now:
                break
            self._deed(life, at, self._chance.choice(DEEDS))
        return life

    def _deed(self, life: Life, at: datetime, what: str) -> None:
        is_open = life.state not in ("solved", "closed")
        if what in ("asked", "vendor said"):
            circle = "client" if what == "asked" else "vendor"
            self._tell(life, at, "client", "message.received", kind="words", circle=circle, wakes=True)
            if not is_open:
                self._tell(life, at, "client", "ticket.reopened", circle=circle, wakes=True)
            life.state = "open"
        elif what in ("answer", "vendor"):
            self._written(life, at, what)
        elif what == "solved" and is_open:
            self._tell(life, at, "agent", "ticket.solved", **{"from": life.state, "to": "solved"})
            life.state = "solved"
        elif is_open:
            self._changed(life, at, what)

    def _written(self, life: Life, at: datetime, what: str) -> None:
        self._message += 1
        then = "wait" if what == "vendor" else self._chance.choice(["wait", "wait", "work", "solve"])
        circle = "vendor" if what == "vendor" else "client"
        if then == "solve":
            self._tell(life, at, "agent", "ticket.solved")
        self._tell(life, at, "agent", "message.written", message=self._message, circle=circle, then=then)
        after = {"wait": "waiting_client", "work": "open", "solve": "solved"}[then]
        life.state = "waiting_other" if circle == "vendor" else after

    def _changed(self, life: Life, at: datetime, what: str) -> None:
        if what == "moved":
            former, life.team = life.team, self._chance.choice(self._teams)
            if former != life.team:
                self._tell(life, at, "agent", "ticket.moved", **{"from": former, "to": life.team})
        elif what == "priority":
            was, life.priority = life.priority, self._chance.randrange(4)
            self._tell(life, at, "agent", "ticket.priority", **{"from": was, "to": life.priority})
        else:
            was_state, life.state = (
                life.state,
                self._chance.choice(["open", "waiting_client", "waiting_other"]),
            )
            self._tell(life, at, "agent", "ticket.state", **{"from": was_state, "to": life.state})

    def _tell(self, life: Life, at: datetime, actor: str, word: str, **facts: object) -> None:
        life.entries.append((at, actor, word, json.dumps(facts)))
