"""The first middleware: each request gets its trace, one line in the log, one count in the figures."""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from otklik import tracing
from otklik.site.watch import counting, timing

log = structlog.get_logger("otklik.request")
SLOW_PAGE_S = 1.0
QUIET = ("/static/", "/healthz", "/readyz", "/metrics")  # lines of these only where they fail or are slow
_ID = re.compile(r"[\w.:/+=-]{1,64}")
LONG = 20  # characters of a part of a path: shorter ones are words and numbers, longer ones may be keys
Answer = HttpResponseBase


class WatchMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], Answer]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Answer:
        began = time.perf_counter()
        timing.spent.take()  # what other work of this thread has left
        trace, facts = _given(request)
        with tracing.of(trace, **facts) as name, counting.under_way():
            response = self.get_response(request)
            response.headers["X-Request-Id"] = name
            self._tell(request, response, time.perf_counter() - began)
        return response

    def process_view(
        self, _request: HttpRequest, _view: object, _args: object, named: dict[str, object]
    ) -> None:
        if isinstance(named.get("number"), int):
            tracing.bind(ticket=named["number"])

    def _tell(self, request: HttpRequest, response: Answer, seconds: float) -> None:
        route = request.resolver_match.view_name if request.resolver_match else ""
        counting.answered(request.method or "", route, response.status_code, seconds)
        failed, slow = response.status_code >= 500, seconds >= SLOW_PAGE_S
        if request.path.startswith(QUIET) and not (failed or slow):
            return
        statements, database_s = timing.spent.take()
        told = log.error if failed else log.warning if slow else log.info
        told(
            "slow request" if slow else "request",
            method=request.method, path=shown(request.path), route=route, status=response.status_code,
            duration_ms=_ms(seconds), queries=statements, database_ms=_ms(database_s), **_who(request),
        )  # fmt: skip


def shown(path: str) -> str:
    """A path without keys: a client's link, one for a password, what somebody typed into it (no query at all)."""
    parts = path.split("/")
    return "/".join("…" if len(part) >= LONG or "@" in part else part for part in parts)[:300]


def _who(request: HttpRequest) -> dict[str, object]:
    """The number of the person, where the page has already asked who it is."""
    user = request.__dict__.get("_cached_user") or request.__dict__.get("user")
    known = user.__dict__.get("id") if user is not None and hasattr(user, "__dict__") else None
    return {"user_id": known} if known else {}


def _given(request: HttpRequest) -> tuple[str, dict[str, object]]:
    """What the proxy in front of us says that this request is called; others may say nothing."""
    if not _is_from_proxy(request):
        return "", {}
    told = request.META.get("HTTP_X_REQUEST_ID", "")
    trace = tracing.continued(request.META.get("HTTP_TRACEPARENT", ""))
    return trace, {"request_id": told} if _ID.fullmatch(told) else {}


def _is_from_proxy(request: HttpRequest) -> bool:
    """Over TLS there is a proxy in front (accounts.throttling.visitor goes by the same), on a network of its own."""
    if not settings.SESSION_COOKIE_SECURE:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_private
    except ValueError:
        return False


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
