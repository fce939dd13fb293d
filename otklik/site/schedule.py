"""Everything that runs beside the pages, in one list: what, how often at the latest, in which role.

A loop is called at once when a deed tells its wake word (jobs/wakeups.py), else after its pause.
"""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from otklik.accounts import sessions
from otklik.assist import sweeping as assist
from otklik.channels.email import door, watching
from otklik.channels.intake import sweeping, trimming
from otklik.channels.outbox import newsletters
from otklik.channels.outbox import schedule as outbox
from otklik.desk import handing_over, releasing, standing_in
from otklik.desk.search import vocabulary
from otklik.jobs import queue
from otklik.jobs.loops import Loop, Service
from otklik.journeys import waits
from otklik.privacy import exporting, keeping, working
from otklik.promises import returning
from otklik.site import beating
from otklik.sla import covering, following, mending, renewing, ruling, ticking, warning
from otklik.sla.replay import jobs as _replays  # noqa: F401 - the queue finds its tasks where they are imported


def _practice() -> tuple[Service, ...]:
    """The clients' mail server of the example, where this is a demo."""
    if not settings.PRACTICE_PORT:
        return ()
    from otklik.site.practice import server

    return (Service("practice", server.run, role="worker"),)


def _old_sessions() -> int:
    return sessions.forget_old(at=timezone.now())


PARTS: tuple[Loop | Service, ...] = (
    # the queue of single jobs
    Service("jobs", queue.run, role="worker"),
    Loop("stalled jobs", queue.put_back_stalled, pause_s=30),
    # letters in
    Service("door", door.run),
    Service("boxes", watching.run),
    Loop("intake", sweeping.tick, pause_s=5, role="intake", wake="intake"),
    Loop("old letters", trimming.tick, pause_s=3600),
    # letters out
    *outbox.PARTS,
    *_practice(),
    # requests of people who left go back to the queue
    Loop("old sessions", _old_sessions, pause_s=3600),
    Loop("departures", releasing.release, pause_s=30, wake="journal"),
    # all requests of a colleague passed on at once; what comes back to somebody who is away goes to who stands in
    Loop("hand-overs", handing_over.sweep, pause_s=15, wake=handing_over.WAKE),
    Loop("standing in", standing_in.follow, pause_s=10),
    # the search learns the words of what was said
    Loop("words", vocabulary.follow, pause_s=15),
    # another tariff, label or priority brings other terms
    Loop("agreements", covering.follow, pause_s=5, wake="journal"),
    # promises, kept by the journal
    Loop("next news", following.follow, pause_s=5, wake="journal"),
    Loop("promises by rule", ruling.follow, pause_s=5, wake="journal"),
    Loop("missing news", mending.mend, pause_s=300),
    Loop("automatic news", newsletters.leave, pause_s=20),
    Loop("new years of calendars", renewing.tick, pause_s=24 * 3600),
    Loop("solved but owed", returning.tick, pause_s=60),
    # how long clients wait for the first answer
    Loop("waits", waits.follow, pause_s=10, wake="journal"),
    # clocks of the agreements, by the journal
    Loop("clocks", ticking.follow, pause_s=5, wake="journal"),
    Loop("clocks of earlier requests", ticking.catch_up, pause_s=5),
    # what falls due or is late is told to its people
    Loop("warnings", warning.sweep, pause_s=5),
    # what sent replies promise, and how they are written
    Loop("sent replies", assist.follow, pause_s=5, wake="journal"),
    Loop("earlier replies", assist.read_earlier, pause_s=4),
    Loop("old verdicts", assist.tidy, pause_s=3600),
    # personal data: exports, erasures, what was kept long enough
    Loop("exports", exporting.tick, pause_s=60, wake="privacy"),
    Loop("erasures", working.tick, pause_s=60, wake="privacy"),
    Loop("keeping", keeping.tick, pause_s=600),
    # signs of life
    Loop("beat of the worker", beating.worker, pause_s=beating.EVERY_S),
    Loop("beat of the intake", beating.intake, pause_s=beating.EVERY_S, role="intake"),
)
