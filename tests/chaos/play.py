"""The play: letters in, answers out, kills by seed; then what stands is counted."""

import random
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.people import Agents, Clients, World
from tests.chaos.town import VICTIMS, Town, wait_for


@dataclass(frozen=True, slots=True)
class Plan:
    """copies: the box gets a copy of each letter, so nothing may stay unknown. limit_s: for the whole play."""

    letters: int
    answers: int
    kills: int
    seed: int
    copies: bool
    slowest_s: float = 0.03
    limit_s: float = 600


@dataclass(slots=True)
class Outcome:
    """What was counted at the end."""

    seconds: float = 0
    lost: int = 0  # letters in without a message
    doubled: int = 0  # letters in with more than one
    answers: int = 0  # messages of agents
    sent_twice: int = 0  # message and recipient that the world holds more than once
    states: dict[str, int] = field(default_factory=dict)
    untrue: list[str] = field(default_factory=list)  # states that the world contradicts
    unfinished: str = ""
    fuse_blown: bool = False
    acknowledgements: int = 0
    killed: dict[str, int] = field(default_factory=dict)
    killed_in_data: int = 0
    asked: int = 0  # unknown without a copy, sent again by a person
    stages: dict[str, float] = field(default_factory=dict)  # seconds from the beginning to the end of each

    @property
    def unknown(self) -> int:
        return self.states.get("unknown", 0)


def play(plan: Plan, folder: Path) -> Outcome:
    """From an empty folder to the counted end. Everything started here is ended here."""
    world, town = World(plan.seed, plan.slowest_s), Town(folder)
    world.door_port = town.door_port
    clients, agents = Clients(town, plan.letters), Agents(town, plan.answers)
    began = time.monotonic()
    stages: dict[str, float] = {}
    world.start()
    try:
        town.start(world.port, copy_to_self=plan.copies)
        stages["started"] = time.monotonic() - began
        clients.begin(4)
        agents.begin(2)
        _kill_along_the_way(plan, town, world, clients, agents)
        stages["killed"] = time.monotonic() - began
        unfinished = _wait_for_the_end(plan, town, clients, agents, began)
        stages["at rest"] = time.monotonic() - began
        asked = _ask_a_person(town, agents) if plan.copies else 0
        outcome = _count(plan, town, world)
        outcome.unfinished, outcome.seconds = unfinished, time.monotonic() - began
        outcome.asked, outcome.stages = asked, stages
        return outcome
    finally:
        clients.stop.set()
        agents.stop.set()
        town.stop()
        world.stop()


def _kill_along_the_way(plan: Plan, town: Town, world: World, clients: Clients, agents: Agents) -> None:
    """A kill at every equal share of the work, so that each falls into work on any machine. Victims by seed."""
    choice = random.Random(plan.seed)
    victims = [VICTIMS[number % len(VICTIMS)] for number in range(plan.kills)]
    choice.shuffle(victims)
    whole = 2 * plan.letters + 2 * plan.answers
    deadline = time.monotonic() + plan.limit_s
    for number, victim in enumerate(victims, start=1):
        share = whole * number // (plan.kills + 2)
        wait_for(
            lambda share=share: clients.acknowledged + agents.accepted + world.taken.total() >= share,  # type: ignore[misc]  # the loop's share
            max(0.1, deadline - time.monotonic()),
            town.keep,
        )
        time.sleep(choice.uniform(0, 0.05))
        town.kill(victim)


def _wait_for_the_end(plan: Plan, town: Town, clients: Clients, agents: Agents, began: float) -> str:
    """'' when all is at rest, else what is not."""
    left = plan.limit_s - (time.monotonic() - began)
    if not wait_for(lambda: clients.is_done and agents.accepted >= plan.answers, left, town.keep):
        return (
            f"letters {clients.acknowledged} of {plan.letters}, answers {agents.accepted}, {agents.refusals}"
        )
    for name, sql in _BUSY.items():
        left = plan.limit_s - (time.monotonic() - began)
        if not wait_for(lambda sql=sql: not town.rows(sql), max(1, left), town.keep):  # type: ignore[misc]  # the loop's sql
            return f"{name}: {town.rows(sql)[:5]}\n{town.log('worker')}\n{town.log('intake')}"
    agents.stop.set()
    return ""


def _ask_a_person(town: Town, agents: Agents) -> int:
    """Unclear letters are settled by their copies. Of one killed between the mark and the dot no copy ever comes:

    a person sees that and sends it again; had it left after all, the world would hold it twice.
    """
    wait_for(lambda: not town.rows(_UNKNOWN), COPIES_COME_S, town.keep)
    unknown = [int(pk) for (pk,) in town.rows(_UNKNOWN)]
    for pk in unknown:
        agents.send_again(pk)
    wait_for(lambda: not town.rows(_UNKNOWN) and not town.rows(_BUSY["deliveries"]), 60, town.keep)
    return len(unknown)


COPIES_COME_S = 30
_UNKNOWN = "SELECT id FROM desk_delivery WHERE state = 'unknown'"


_BUSY = {
    "envelopes": "SELECT id, attempts FROM channels_envelope WHERE state = 'new'",
    "deliveries": "SELECT id, state, reason FROM desk_delivery WHERE state IN ('waiting', 'sending', 'retry')",
}


def _count(plan: Plan, town: Town, world: World) -> Outcome:
    stands = {str(row[0]): int(row[1]) for row in town.rows(
        "SELECT message_id, count(*) FROM desk_message WHERE direction = 'in' GROUP BY 1")}  # fmt: skip
    wanted = [f"in.{number}@kvarts.example" for number in range(plan.letters)]
    counts = [stands.get(one, 0) for one in wanted]
    kinds = dict(town.rows("SELECT kind, count(*) FROM desk_message WHERE direction = 'out' GROUP BY 1"))
    return Outcome(
        lost=counts.count(0),
        doubled=sum(1 for one in counts if one > 1) + len(stands) - sum(1 for one in wanted if one in stands),
        answers=int(kinds.get("words", 0)),
        acknowledgements=int(kinds.get("ack", 0)),
        sent_twice=sum(1 for times in world.taken.values() if times > 1),
        states=dict(town.rows("SELECT state, count(*) FROM desk_delivery GROUP BY 1")),
        untrue=_untrue(town, world),
        fuse_blown=bool(town.rows("SELECT 1 FROM channels_box WHERE fuse_blown_at IS NOT NULL")),
        killed=town.killed,
        killed_in_data=town.killed_in_data,
    )


def _untrue(town: Town, world: World) -> list[str]:
    """Letters called sent that nobody got, and letters that somebody got but are called neither sent nor unknown."""
    rows = town.rows(
        "SELECT m.message_id, d.address, d.state FROM desk_delivery d JOIN desk_message m ON m.id = d.message_id"
    )
    told = {(f"<{message_id}>", str(address)): str(state) for message_id, address, state in rows}
    lies = [
        f"{key} is sent, nobody got it"
        for key, state in told.items()
        if state == "sent" and not world.taken[key]
    ]
    return lies + [
        f"{key} was got and is {told.get(key)}"
        for key, times in world.taken.items()
        if times and told.get(key) not in ("sent", "unknown")
    ]
