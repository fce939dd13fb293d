"""How long a client waits for the first answer: told before it starts, and scored by what came of it (R-D5).

Two guesses are written down when a request opens: the wait of the one answered last, and the mean of the latest. The
one that has erred less so far stands in the middle of what the client reads. All waits are working seconds.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Abs
from django.utils.translation import gettext as _

from otklik.desk.models import Ticket
from otklik.journal import following
from otklik.journal.models import Entry
from otklik.journeys.models import Wait
from otklik.sla import calendars, timetables
from otklik.staff.models import Team

FOLLOWER = "waits"
LATEST = 20  # answered waits that a guess is made of
FEW = 5  # fewer tell nothing
SCORED = 50  # guesses by which the better one is chosen
MOST_AHEAD = 99
OLDEST = timedelta(days=30)
ENDS = {"ticket.solved", "ticket.closed", "ticket.spam"}
WORDS = ENDS | {"ticket.opened", "message.written", "message.undone"}
_STEPS_MIN = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 960, 1440, 2400)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a client is told: from … to … working seconds, and how many wait before them."""

    low_s: int
    high_s: int
    ahead: int

    @property
    def words(self) -> str:
        """«Обычно отвечаем за 5–15 минут рабочего времени. Перед вами 2.»"""
        low, high = _rounded(self.low_s, up=False), _rounded(self.high_s, up=True)
        hours = high >= 180
        unit = _("ч рабочего времени") if hours else _("мин рабочего времени")
        first, last = (max(1, low // 60), -(-high // 60)) if hours else (low, high)
        span = str(last) if first >= last else f"{first}–{last}"
        told = _("Обычно отвечаем за %(span)s %(unit)s.") % {"span": span, "unit": unit}
        return f"{told} {_('Перед вами: %s.') % self.ahead if self.ahead else _('Вы первые в очереди.')}"


@dataclass(frozen=True, slots=True)
class Score:
    """How far the guesses of a team were from what happened: mean seconds, over so many."""

    team: Team
    scored: int
    by_last_s: float
    by_mean_s: float
    expected: Expected | None

    @property
    def by_last(self) -> timedelta:
        return timedelta(seconds=round(self.by_last_s))

    @property
    def by_mean(self) -> timedelta:
        return timedelta(seconds=round(self.by_mean_s))

    @property
    def is_last_better(self) -> bool:
        return self.by_last_s < self.by_mean_s


def follow() -> int:
    """One step of the loop: entries read."""
    return following.follow(FOLLOWER, _take, words=WORDS)


def expected(ticket: Ticket, *, at: datetime) -> Expected | None:
    """For a request that has no answer yet, where enough others had one lately. Two queries, three for the middle."""
    wait = Wait.objects.filter(ticket=ticket, ended_at=None).first()
    return _expected(wait.team_id, wait.asked_at, at) if wait else None


def scores(teams: Sequence[Team], *, at: datetime) -> list[Score]:
    return [_score(team, at) for team in teams]


def _take(entries: Sequence[Entry]) -> None:
    for entry in entries:
        if entry.ticket_id is None:
            continue
        if entry.word == "ticket.opened":
            _begin(entry, entry.ticket_id)
        elif entry.word == "message.undone":
            _undo(entry, entry.ticket_id)
        elif entry.word in ENDS or (entry.facts.get("circle") == "client" and entry.user_id):
            _end(entry, entry.ticket_id, answered=entry.word == "message.written")


def _begin(entry: Entry, ticket_id: int) -> None:
    """A client asks: what would they be told just now. Old mail, and what we began ourselves, waits for nothing."""
    if not entry.facts.get("wakes"):
        return
    team_id = Ticket.objects.values_list("team", flat=True).get(pk=ticket_id)
    known = _latest(team_id, entry.at)
    guesses = {"by_last_s": known[0], "by_mean_s": round(statistics.fmean(known))} if known else {}
    ahead = min(_ahead(team_id, entry.at), MOST_AHEAD)
    Wait.objects.get_or_create(
        ticket_id=ticket_id, defaults={"team_id": team_id, "asked_at": entry.at, "ahead": ahead, **guesses}
    )


def _end(entry: Entry, ticket_id: int, *, answered: bool) -> None:
    """By a person's answer, or without one: that one tells nothing about waits."""
    with transaction.atomic():
        wait = Wait.objects.select_for_update().filter(ticket=ticket_id, ended_at=None).first()
        if wait is None or entry.at < wait.asked_at:
            return
        worked = timetables.between(calendars.of_default(), wait.asked_at, entry.at)
        wait.ended_at, wait.actual_s = entry.at, round(worked) if answered else None
        wait.save(update_fields=["ended_at", "actual_s"])


def _undo(entry: Entry, ticket_id: int) -> None:
    """The answer that ended it was taken back: the client still waits."""
    written = Entry.objects.filter(
        ticket=ticket_id, word="message.written", facts__message=entry.facts.get("message")
    ).first()
    if written is not None:
        Wait.objects.filter(ticket=ticket_id, ended_at=written.at).update(ended_at=None, actual_s=None)


def _latest(team_id: int, at: datetime) -> list[int]:
    """Waits that were answered, the latest first. Uses wait_answered."""
    answered = Wait.objects.filter(
        team=team_id, actual_s__isnull=False, ended_at__lte=at, ended_at__gt=at - OLDEST
    )
    found = answered.order_by("-ended_at").values_list("actual_s", flat=True)[:LATEST]
    return [one for one in found if one is not None]


def _ahead(team_id: int, asked_at: datetime) -> int:
    """Uses wait_going."""
    before = Wait.objects.filter(team=team_id, ended_at=None, asked_at__lt=asked_at)
    return before[: MOST_AHEAD + 1].count()


def _expected(team_id: int, asked_at: datetime, at: datetime) -> Expected | None:
    known = _latest(team_id, at)
    if len(known) < FEW:
        return None
    low, _middle, high = statistics.quantiles(known, n=4, method="inclusive")
    errors = _errors(team_id)
    middle = known[0] if errors and errors[1] < errors[2] else statistics.fmean(known)
    return Expected(round(min(low, middle)), round(max(high, middle)), _ahead(team_id, asked_at))


def _errors(team_id: int) -> tuple[int, float, float] | None:
    """Over how many; mean error of the guess by the last one, and by the mean."""
    scored = Wait.objects.filter(team=team_id, actual_s__isnull=False, by_last_s__isnull=False)
    rows = scored.order_by("-ended_at").values_list(
        Abs(F("actual_s") - F("by_last_s")), Abs(F("actual_s") - F("by_mean_s"))
    )[:SCORED]
    found = list(rows)
    if not found:
        return None
    return len(found), statistics.fmean(one for one, _ in found), statistics.fmean(one for _, one in found)


def _score(team: Team, at: datetime) -> Score:
    errors = _errors(team.pk) or (0, 0.0, 0.0)
    return Score(team, *errors, _expected(team.pk, at, at))


def _rounded(seconds: int, *, up: bool) -> int:
    """Minutes as people say them: at least as long, or at most so."""
    minutes = seconds / 60
    if up:
        return next((one for one in _STEPS_MIN if one >= minutes), _STEPS_MIN[-1])
    return next((one for one in reversed(_STEPS_MIN) if one <= minutes), _STEPS_MIN[0])
