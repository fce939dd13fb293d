"""Headers that every answer bears, whoever made it. CSP and framing stand in settings.py."""

from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.http import HttpRequest, HttpResponse

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


def _name(request: HttpRequest) -> str:
    """Of the address, without what stands in it: a client's token, a search."""
    return request.resolver_match.view_name if request.resolver_match else ""


def _user(request: HttpRequest) -> int | None:
    user = getattr(request, "user", None)
    return user.pk if user is not None else None
