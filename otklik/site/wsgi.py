"""The pages under WSGI (design §2: measured seven times the ASGI rate)."""

import os
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "otklik.site.settings")
_pages = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The pages. A page leaves as one list: head and body go to the line together.

    Piece by piece the head went first, and a proxy that had passed it on could no longer ask another machine for
    the page when this one died before the body. Files are still streamed.
    """
    answer = _pages(environ, start_response)
    if not isinstance(answer, HttpResponse):
        return answer
    with closing(answer):
        return [answer.content]
