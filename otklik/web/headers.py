"""Headers that every answer bears, whoever made it. The words of CSP and framing stand in settings.py."""

from collections.abc import Callable
from functools import cache
from http import HTTPStatus

import structlog
from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

log = structlog.get_logger("otklik.security")
# nothing of ours asks for any of these; keys of access (publickey-credentials) stay with our own pages
_SHUT = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "geolocation",
    "gyroscope", "hid", "local-fonts", "magnetometer", "microphone", "midi", "payment",
    "picture-in-picture", "screen-wake-lock", "serial", "sync-xhr", "usb", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS = ", ".join(f"{one}=()" for one in _SHUT)


class HeadersMiddleware:
    """Outermost: static files and faults of other middleware pass through it too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.FORBIDDEN:
            log.warning("access.refused", address=_name(request), user=_user(request), method=request.method)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        # no other site's page takes our pictures, files or answers in
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # a proxy in between may not keep what nobody called public
        response.headers.setdefault("Cache-Control", "private")
        return response


class PolicyMiddleware(CSPMiddleware):
    """The policy of settings.py, put together once: none of our pages asks for one of its own or for a nonce.

    An answer that does is left to Django's CSP, as is one whose header stands already (desk.views_files).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if "_csp_nonce" in request.__dict__ or any(name.startswith("_csp_") for name in response.__dict__):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, _policy())
        request.__dict__["csp_nonce"] = _TOO_LATE
        return response


_TOO_LATE = CheckableLazyObject(CSPMiddleware._csp_nonce_post_response)  # noqa: SLF001 - what the parent puts there


@cache
def _policy() -> str:
    return build_policy()


def _name(request: HttpRequest) -> str:
    """Of the address, without what stands in it: a client's token, a search."""
    return request.resolver_match.view_name if request.resolver_match else ""


def _user(request: HttpRequest) -> int | None:
    user = getattr(request, "user", None)
    return user.pk if user is not None else None
