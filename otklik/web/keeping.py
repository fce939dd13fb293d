"""Parts of pages that are drawn once and kept: the rail, the head of a list, the keys.

A part is drawn with the values it is given and the language alone. It knows no request, no person and no clock, so what
it shows can't depend on who reads it or when: all of that is its key. What each page has of its own (the token of a
form) is put into a gap afterwards. Each process keeps its own; a part that was forgotten is drawn again.
"""

import secrets
from collections.abc import Mapping
from functools import lru_cache
from types import NoneType

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

KEPT = 1000  # parts, 1 to 8 KB each
_GAP = secrets.token_hex(16)  # nobody can write it: it is made with the process


def part(template: str, values: Mapping[str, object], token: object = "") -> SafeString:
    """values: plain texts, numbers, and tuples of them; token: for the forms in it."""
    html = _drawn(template, get_language() or "", tuple(values.items()))
    return mark_safe(html.replace(_GAP, str(token))) if _GAP in html else html  # noqa: S308 - Django's own token


@lru_cache(maxsize=KEPT)
def _drawn(template: str, language: str, values: tuple[tuple[str, object], ...]) -> SafeString:  # noqa: ARG001 - a key
    if not _is_plain(values):  # a marked text is equal to a plain one, and a lazy one holds its request
        raise TypeError(f"{template} may show plain values alone, not {values!r}")
    return render_to_string(template, {**dict(values), "csrf_token": _GAP})


def _is_plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(_is_plain(one) for one in value)
    return type(value) in {str, int, bool, NoneType}
