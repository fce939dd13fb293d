"""Figures that this process counts itself: requests, their time, its memory. The rest is read from the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Gauge, Histogram, disable_created_metrics
from prometheus_client.process_collector import ProcessCollector

disable_created_metrics()  # type: ignore[no-untyped-call]  # a third of the text, read by nobody
REGISTRY = CollectorRegistry()
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

ProcessCollector(registry=REGISTRY)
_requests = Histogram(
    "otklik_http_request_duration_seconds", "Time from a request to its answer, by name of the address.",
    ["method", "route", "status"], buckets=BUCKETS, registry=REGISTRY,
)  # fmt: skip
_under_way = Gauge("otklik_http_requests_in_progress", "Requests being answered now.", registry=REGISTRY)


@contextmanager
def under_way() -> Iterator[None]:
    _under_way.inc()
    try:
        yield
    finally:
        _under_way.dec()


def answered(method: str, route: str, status: int, seconds: float) -> None:
    """route: a name of ours, '' where no address fits; so the number of series has an end."""
    known = method if method in METHODS else "other"
    _requests.labels(known, route or "none", str(status)).observe(seconds)
