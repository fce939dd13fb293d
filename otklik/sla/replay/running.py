"""A replay asked for, run by a job with its progress in its row, stopped by whoever asked (R-E8, «что если»).

The row is the whole of it: a job that runs twice, or again after its worker was killed, begins anew and comes to the
same result. What it counts is what the asker may see when they ask.

AlreadyRunning  one of theirs runs at this moment
NothingToCount  no request fits
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

import structlog
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.errors import Refusal, Stale
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.sla.replay import choosing
from otklik.sla.replay.choosing import Among, Chosen
from otklik.sla.replay.models import RUNNING, Replay
from otklik.sla.replay.wishing import Wish

if TYPE_CHECKING:
    from otklik.sla.replay.counting import Answer

log = structlog.get_logger(__name__)
MOST: Final = 50_000  # requests of a replay
LOOKED_AT: Final = 200_000  # newest requests of all among which they are sought
SLICE: Final = 1_000  # requests read at once
RECENT: Final = 10
State = Replay.State


class AlreadyRunning(Stale):
    code = "replay.already_running"


class NothingToCount(Refusal):
    code = "replay.nothing"


class Stopped(Exception):
    """Somebody stopped it."""


def ask(chosen: Chosen, wish: Wish, *, by: User, at: datetime) -> Replay:
    """Write the question down and put its job into the queue. Raises AlreadyRunning, NothingToCount."""
    from otklik.sla.replay import jobs

    teams = choosing.teams_of(by)
    if not choosing.newest(chosen, Among(teams, at, LOOKED_AT, 1)):
        raise NothingToCount(
            _("За это время таких запросов нет, пересчитывать нечего."),
            _("Возьмите больше дней или уберите часть условий."),
        )
    try:
        with transaction.atomic():
            made = Replay.objects.create(
                by=by, asked_at=at, chosen=chosen.to_dict(), wish=wish.to_dict(), teams=teams
            )
            journaling.write(Line(None, "replay.asked", at, by=by, facts={"replay": made.pk}))
            jobs.replay.defer(replay_id=made.pk)
    except IntegrityError as fault:
        raise AlreadyRunning(
            _("Прошлый ваш расчёт ещё идёт."), _("Дождитесь его или остановите, потом запустите этот.")
        ) from fault
    return made


def stop(replay: Replay, *, by: User, at: datetime) -> bool:
    """Whether it ran until now. What it has counted is dropped."""
    with transaction.atomic():
        stopped = Replay.objects.filter(RUNNING, pk=replay.pk).update(state=State.STOPPED, ended_at=at)
        if stopped:
            journaling.write(Line(None, "replay.stopped", at, by=by, facts={"replay": replay.pk}))
    return stopped > 0


def visible_to(user: User) -> QuerySet[Replay]:
    """Their own, and all for who sees every team; never over teams that they see no more."""
    every = Replay.objects.select_related("by")
    if user.sees_all:
        return every
    return every.filter(by=user, teams__contained_by=choosing.teams_of(user) or [])


def question(replay: Replay) -> tuple[Chosen, Wish]:
    return Chosen.from_dict(replay.chosen), Wish.from_dict(replay.wish)


def recent(user: User) -> list[Replay]:
    """Without their results. Uses replay_of_user for one's own."""
    return list(visible_to(user).defer("result").order_by("-pk")[:RECENT])


def run(replay_id: int) -> bool:
    """Count it; False where somebody stopped it or it has its result. Safe twice and at once."""
    now = timezone.now()
    if not Replay.objects.filter(RUNNING, pk=replay_id).update(state=State.RUNNING, begun_at=now, done=0):
        return False
    replay = Replay.objects.get(pk=replay_id)
    try:
        found = answer(replay)
    except Stopped:
        return False
    except Exception:
        Replay.objects.filter(RUNNING, pk=replay_id).update(state=State.FAILED, ended_at=timezone.now())
        raise
    ended = Replay.objects.filter(RUNNING, pk=replay_id)
    return ended.update(state=State.DONE, result=found, ended_at=timezone.now()) > 0


def answer(replay: Replay) -> "Answer":
    """What the replay finds out; tells its progress. Raises Stopped."""
    from otklik.sla.replay import replaying  # numpy comes with it: into processes that count

    chosen, wish = question(replay)
    ids = choosing.newest(chosen, Among(replay.teams, replay.asked_at, LOOKED_AT, MOST))
    progress = Progress(replay.pk, len(ids) * (2 if wish.moves_answers else 1))
    return replaying.answer(ids, wish, replay.asked_at, progress)


@dataclass(slots=True)
class Progress:
    """How far a replay has come. One small statement a slice."""

    pk: int
    total: int
    done: int = field(default=0)

    def slices(self, ids: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
        """(place of the first, ids), told as they are done. Raises Stopped."""
        for start in range(0, len(ids), SLICE):
            part = ids[start : start + SLICE]
            yield start, part
            self.done += len(part)
            going = Replay.objects.filter(RUNNING, pk=self.pk)
            if not going.update(done=self.done, total=self.total):
                raise Stopped
