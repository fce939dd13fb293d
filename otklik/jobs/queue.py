"""The queue of single jobs (Procrastinate): deferred in the deed's transaction, run by the worker process.

A room's jobs stand in its `jobs.py`: `from otklik.jobs.queue import app`, then `@app.task(queue="…")`. One that is
given `trace_id=tracing.current()` says so in its lines.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from asgiref.sync import async_to_sync
from procrastinate import JobContext, PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status

from otklik import tracing
from otklik.env import env

__all__ = ["app", "put_back_stalled", "run"]
log = structlog.get_logger()
SILENT_S = 30  # workers give a sign every 10 seconds
MOST_ATTEMPTS = 5  # a job that kills its worker each time must not do so for ever


def run(stopping: threading.Event, url: str = "") -> None:
    """Run jobs until `stopping` is set, then let the running ones end (a service of the worker).

    url: a direct address of the database; without it the one that this process listens on.
    """
    asyncio.run(_run(stopping, url or env().listen_url))


async def _run(stopping: threading.Event, url: str) -> None:
    connector = PsycopgConnector(conninfo=url, min_size=1, max_size=3)
    # a second app with the same tasks: what a job itself defers goes by Django's connection, in its transaction
    worker_app = app.with_connector(connector)
    async with worker_app.open_async():
        worker = asyncio.create_task(
            worker_app.run_worker_async(
                concurrency=2,
                install_signal_handlers=False,
                delete_jobs="successful",
                shutdown_graceful_timeout=5,
                task_middleware=[told],
            )
        )
        while not stopping.is_set() and not worker.done():
            await asyncio.sleep(0.2)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        if not stopping.is_set() and not worker.cancelled():
            worker.result()


def told(
    call_next: Callable[[], Any], context: JobContext, _worker: object
) -> Any:  # Any: what a task returns
    """Around each job: its trace, a line when it begins and one when it ends. Procrastinate writes down a fault."""
    job = context.job
    facts = {"job": job.id, "task": job.task_name}
    with tracing.of(str(job.task_kwargs.get("trace_id", "")), **facts):
        log.info("job began", attempt=job.attempts + 1)
        began, end = time.perf_counter(), "failed"
        try:
            result = call_next()
            end = "done"
            return result
        finally:
            tell = log.info if end == "done" else log.warning
            tell(f"job {end}", duration_ms=round((time.perf_counter() - began) * 1000, 1))


def put_back_stalled(silent_s: float = SILENT_S) -> int:
    """Give jobs whose worker was killed to the others (a loop of the worker); returns how many.

    silent_s: how long a worker may give no sign, seconds. A job tried five times is failed instead.
    """
    stalled = list(async_to_sync(app.job_manager.get_stalled_jobs)(seconds_since_heartbeat=silent_s))
    for job in stalled:
        async_to_sync(_put_back)(job)
        log.warning("job put back", id=job.id, task=job.task_name, attempts=job.attempts)
    return len(stalled)


async def _put_back(job: Job) -> None:
    if job.attempts < MOST_ATTEMPTS or job.id is None:
        await app.job_manager.retry_job(job)
    else:
        await app.job_manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=False)
