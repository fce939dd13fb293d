"""Signs of life of the processes that work beside the pages: a doctor on another machine can't see them otherwise."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from otklik.site.models import Beat
from otklik.site.watch import signs, timing

EVERY_S = 30
FORGOTTEN = timedelta(days=1)


def beat(role: str) -> int:
    """One step of the loop; 0, so that it rests then."""
    now = timezone.now()
    told = {"at": now, "memory_bytes": signs.memory_bytes(), "database_faults": timing.faults()}
    Beat.objects.update_or_create(role=role, process=signs.name(), defaults=told)
    Beat.objects.filter(at__lt=now - FORGOTTEN).delete()
    return 0


def worker() -> int:
    return beat("worker")


def intake() -> int:
    return beat("intake")
