"""All figures in the text that Prometheus reads (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from __future__ import annotations

import importlib.metadata
import platform
import threading
import time
from collections.abc import Iterable, Iterator

import structlog
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from otklik.env import Env, env
from otklik.site.watch import reading, timing
from otklik.site.watch.counting import REGISTRY
from otklik.site.watch.reading import Figure
from otklik.site.watch.readying import watch

log = structlog.get_logger(__name__)
KIND = "text/plain; version=0.0.4; charset=utf-8"
STANDS_S = (
    5.0  # asked more often, the last answer is given: a dozen statements are not for everybody's pleasure
)
LIMIT_MS = 3000


class Installation(Collector):
    """What is not this process's own."""

    def collect(self) -> Iterator[Metric]:
        yield _metric(_build())
        faults = CounterMetricFamily(
            "otklik_database_faults", "Faults of the database that this process has met."
        )
        faults.add_metric([], timing.faults())
        yield faults
        yield from map(_metric, _figures(env()))

    def describe(self) -> list[Metric]:
        return []  # nothing is read when the registry is made


def _figures(installation: Env) -> Iterator[Figure]:
    yield from reading.disk(installation)
    answers = watch.look(installation).checks["database"] == "ok"
    found = list(_read()) if answers else []
    yield Figure("otklik_database_up", "1 while the database answers.", (), {(): float(bool(found))})
    yield from found
    yield from reading.replica(installation)


def _read() -> Iterator[Figure]:
    """Everything of one moment; nothing where the database goes away or is too slow."""
    now = timezone.now()
    parts = (
        reading.requests, reading.letters, reading.mailboxes, reading.queues, reading.processes, reading.rescue,
    )  # fmt: skip
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {LIMIT_MS}")
            figures = [figure for part in parts for figure in part(now)]
    except DatabaseError as fault:
        log.warning("figures not read", cause=type(fault).__name__)
        return
    yield from figures


def _build() -> Figure:
    labels = ("version", "python")
    values = (importlib.metadata.version("otklik"), platform.python_version())
    return Figure("otklik_build_info", "Which version works here.", labels, {values: 1})


def _metric(figure: Figure) -> Metric:
    metric = GaugeMetricFamily(figure.name, figure.says, labels=figure.labels)
    for labels, value in sorted(figure.values.items()):
        metric.add_metric(labels, value)
    return metric


class Text:
    """The whole text; the last one stands for a few seconds."""

    def __init__(self, registries: Iterable[CollectorRegistry]) -> None:
        self._registries = list(registries)
        self._lock = threading.Lock()
        self._last = b""
        self._until = 0.0

    def get(self) -> bytes:
        with self._lock:
            if time.monotonic() >= self._until:
                self._last = b"".join(generate_latest(one) for one in self._registries)
                self._until = time.monotonic() + STANDS_S
            return self._last


_installation = CollectorRegistry(auto_describe=False)
_installation.register(Installation())
text = Text([REGISTRY, _installation])
