"""Templates that are drawn once and then filled: what changes from page to page stands in holes.

Of a busy page most is the same for everybody, yet Django walks each tag of it each time. Here a template is drawn once
a process for each language and each set of flags (what its tags decide by); a page only puts its values into the holes.
"""

import re
from collections.abc import Hashable, Mapping
from functools import lru_cache
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

KEPT = 500  # sets of flags; flags are few and small, never words of people
_HOLE = re.compile("\ue000(\\w+)\ue001")  # of Unicode's private signs: no template of ours has them
_NONE: Mapping[str, Hashable] = {}


def fill(template: str, holes: Mapping[str, str], flags: Mapping[str, Hashable] = _NONE) -> SafeString:
    """The template with these values, escaped unless they are safe already.

    A hole is a plain {{ name }} in it, with no filter and in no tag that decides. flags: everything else it asks for.
    """
    pieces = list(_drawn(template, tuple(holes), tuple(flags.items()), get_language() or ""))
    for place in range(1, len(pieces), 2):
        value = holes[pieces[place]]
        pieces[place] = value if isinstance(value, SafeString) else escape(str(value))
    return mark_safe("".join(pieces))  # noqa: S308 - escaped above


def hole(name: str) -> str:
    """What stands for this hole in a flag that is an object with words in it."""
    return f"\ue000{name}\ue001"


@lru_cache(maxsize=KEPT)
def _drawn(
    template: str,
    holes: tuple[str, ...],
    flags: tuple[tuple[str, Hashable], ...],
    language: str,  # noqa: ARG001 - a part of the key
) -> tuple[str, ...]:
    """Fixed text and names of holes by turns."""
    context = dict(flags) | {name: mark_safe(hole(name)) for name in holes}  # noqa: S308 - a name of ours
    return tuple(_HOLE.split(render_to_string(template, context)))
