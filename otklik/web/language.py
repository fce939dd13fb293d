"""Which language people read: a person's own choice for the pages, the company's for what is stored and mailed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers


class LanguageMiddleware:
    """The language of the cookie that «Мой профиль» sets (accounts.views.speaking), else Russian.

    Accept-Language is not asked: with a browser of another country the pages of clients would be half English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
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
