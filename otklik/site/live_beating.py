"""Signs of life of the live stream, for those who watch the installation (site/watch). No Django here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psycopg
import structlog

from otklik.site.watch import signs

log = structlog.get_logger(__name__)
EVERY_S = 30.0
_BEAT = """
    INSERT INTO otklik_site_beat (role, process, at, memory_bytes, database_faults, streams)
    VALUES ('live', %s, now(), %s, %s, %s)
    ON CONFLICT (role, process) DO UPDATE SET at = excluded.at, memory_bytes = excluded.memory_bytes,
        database_faults = excluded.database_faults, streams = excluded.streams
"""


async def beat(url: str, streams: Callable[[], int]) -> None:
    """Until cancelled. While the database is away, and before its tables are there, it says nothing."""
    faults = 0
    while True:
        told = [signs.name(), signs.memory_bytes(), faults, streams()]
        try:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=5) as line:
                await line.execute(_BEAT, told)
        except (psycopg.Error, OSError) as fault:
            faults += 1
            log.info("no sign of life", cause=type(fault).__name__)
        await asyncio.sleep(EVERY_S)
