"""What of the outbox runs all the time (listed by site/schedule.py)."""

from django.utils import timezone

from otklik.channels.outbox import (
    accountletters,
    alarms,
    automatic,
    evidence,
    linkletters,
    sending,
    settling,
    staffletters,
)
from otklik.jobs.loops import Loop, Service


def _page_letters() -> int:
    return linkletters.make_owed(at=timezone.now())


def _agents_letters() -> int:
    return staffletters.follow() + staffletters.send_due(at=timezone.now())


def _account_letters() -> int:
    return accountletters.send_due(at=timezone.now())


def _unclear() -> int:
    """Look for evidence first, ask a person about what is left; counts that explain nothing any more go."""
    now = timezone.now()
    automatic.forget_old(at=now)
    return evidence.look_in_sent(at=now) + settling.ask(at=now)


def _alarms() -> int:
    now = timezone.now()
    return _attention.look(at=now) + alarms.send_due(at=now)


_attention = alarms.Attention(since=timezone.now(), last=timezone.now())


PARTS: tuple[Loop | Service, ...] = (
    Service("outbox", sending.run, role="worker"),
    Loop("letters of the client's page", _page_letters, pause_s=10, wake="outbox"),
    Loop("letters to agents", _agents_letters, pause_s=10, wake="journal"),
    Loop("letters about accounts", _account_letters, pause_s=10, wake="outbox"),
    Loop("unclear letters", _unclear, pause_s=20),
    Loop("dead boxes", _alarms, pause_s=30),
)
