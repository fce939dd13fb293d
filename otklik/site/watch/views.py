"""Addresses for programs that watch us: alive, ready, figures."""

from __future__ import annotations

import ipaddress

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from otklik.env import env
from otklik.site.watch.readying import watch

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")
HERE = {"localhost", "127.0.0.1", "[::1]"}


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """200 while this process answers, whatever the database does: it need not be started again for that."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - a view's signature
    """200 when people may be sent here, else 503; what is wrong, without secrets."""
    found = watch.look(env())
    return JsonResponse(
        {"ready": found.is_ready, "checks": found.checks}, status=200 if found.is_ready else 503
    )


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For who shows the token, who asks on this machine itself, and administrators. Raises PermissionDenied."""
    if not (_has_token(request) or _is_here(request) or _is_admin(request)):
        raise PermissionDenied
    from otklik.site.watch import exposing

    return HttpResponse(exposing.text.get(), content_type=exposing.KIND)


def _has_token(request: HttpRequest) -> bool:
    kind, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    wanted = env().metrics_token
    return bool(wanted) and kind.lower() == "bearer" and constant_time_compare(token.strip(), wanted)


def _is_here(request: HttpRequest) -> bool:
    """Asked without a proxy in between: behind one everybody comes from this machine."""
    host = request.META.get("HTTP_HOST", "").rpartition(":")[0] or request.META.get("HTTP_HOST", "")
    if host not in HERE or any(request.META.get(name) for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _is_admin(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_admin
