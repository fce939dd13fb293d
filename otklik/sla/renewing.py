"""Calendars take the holidays of new years by themselves: a new release knows another year, or January has come."""

from collections.abc import Iterator
from datetime import datetime

import structlog
from django.utils import timezone

from otklik.sla import russia, scheduling
from otklik.sla.models import Calendar

log = structlog.get_logger(__name__)
SOON_MONTH = 10  # from October on somebody looks for next year's calendar


def tick() -> int:
    """One step of the loop: calendars that got a new version."""
    return renew(at=timezone.now())


def renew(*, at: datetime) -> int:
    renewed = 0
    for calendar in Calendar.objects.exclude(made_of={}):
        before = calendar.version
        try:
            after = scheduling.change(
                calendar, calendar.made_of, effective_from=at, note="", by=None, at=at
            ).version
        except scheduling.NoHours:  # a country that the package no longer knows
            log.exception("a calendar could not be renewed", calendar=calendar.pk)
            continue
        renewed += after != before
    return renewed


def unpublished(at: datetime) -> Iterator[int]:
    """Years that somebody will soon count by and whose Russian calendar is not known, or not final."""
    wanted = [at.year, at.year + 1] if at.month >= SOON_MONTH else [at.year]
    known = russia.years()
    for year in wanted:
        if year not in known or known[year].status != "утверждён":
            yield year
