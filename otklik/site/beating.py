"""Signs of life of the processes that work beside the pages: a doctor on another machine can't see them otherwise."""

from __future__ import annotations

import os
import socket
from datetime import timedelta

from django.utils import timezone

from otklik.site.models import Beat

EVERY_S = 30
FORGOTTEN = timedelta(days=1)


def beat(role: str) -> int:
    """One step of the loop; 0, so that it rests then."""
    now = timezone.now()
    process = f"{socket.gethostname()}:{os.getpid()}"[:120]
    Beat.objects.update_or_create(role=role, process=process, defaults={"at": now})
    Beat.objects.filter(at__lt=now - FORGOTTEN).delete()
    return 0


def worker() -> int:
    return beat("worker")


def intake() -> int:
    return beat("intake")
