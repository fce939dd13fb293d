"""Which language people read: a person's own choice for the pages, the company's for what is stored and mailed."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

_ACCEPTED = re.compile(r"([a-z]{1,8}|\*)(?:-[a-z0-9]+)*\s*(?:;\s*q=([\d.]{1,5}))?")
LONGEST = 500  # characters of a header: browsers send a tenth of it


class LanguageMiddleware:
    """The language that a person chose: the cookie of their profile (accounts.views.speaking) or of «English».

    Who chose nothing reads Russian, unless their browser takes English and no Russian at all (docs/decisions.md).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = _language(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
        return response


def _language(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in dict(settings.LANGUAGES):
        return chosen
    takes = _accepted(request.headers.get("Accept-Language", ""))
    return "en" if "en" in takes and not takes & {"ru", "*"} else settings.LANGUAGE_CODE


def _accepted(header: str) -> set[str]:
    """The languages that a browser takes, without their countries; one of weight 0 is refused (RFC 9110, 12.5.4)."""
    parts = [_ACCEPTED.fullmatch(one.strip()) for one in header[:LONGEST].lower().split(",")]
    return {one[1] for one in parts if one and (one[2] or "1").strip("0.")}


def remember(response: HttpResponse, language: str) -> HttpResponse:
    """The pages of this browser speak this language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86_400, samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE, httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
    )  # fmt: skip
    return response


def is_english() -> bool:
    """Whether the page that is being made speaks English."""
    return (translation.get_language() or "").startswith("en")


@contextmanager
def in_company_language() -> Iterator[None]:
    """Around (or as a decorator on) what words a text for clients or colleagues to be stored or mailed.

    The person whose request does it may read an interface in English; refusals to them stay outside.
    """
    with translation.override(settings.LANGUAGE_CODE):
        yield
