"""Found requests as a list. Put together by f-strings as rows.py is: twenty of them by templates took 4 ms.

What all rows share is looked up once; html.escape, since Django's asks of each text whether it is lazy.
"""

from collections.abc import Mapping, Sequence
from html import escape

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from otklik.desk.models import Ticket
from otklik.desk.search.excerpts import Piece
from otklik.desk.searching import Found
from otklik.web import dates
from otklik.web.templatetags.otklik import numbered


def render(found: Sequence[Found]) -> SafeString:
    """<li> of each, its matches marked."""
    now, zone, brief = timezone.now(), timezone.get_current_timezone(), dates.voice().brief
    number = numbered(0).replace("0", "{}")
    states = {state: str(label) for state, label in Ticket.State.choices}
    rows = (
        _row(one, f"{number.format(one.hit.number)} · {brief(one.hit.last_message_at, now, zone)}", states)
        for one in found
    )
    return mark_safe("".join(rows))  # noqa: S308 - _row() escapes people's words


def _row(one: Found, when: str, states: Mapping[str, str]) -> str:
    hit = one.hit
    owner = f" · {escape(hit.owner)}" if hit.owner else ""
    return (
        f'<li class="hit"><a class="hit__link" href="/desk/{hit.number}/"><span class="hit__who">'
        f"<b data-cut>{escape(hit.subject)}</b>"
        f'<span class="faint small nowrap">{when}</span></span>'
        f'<span class="muted small">{escape(hit.client)} · {states[hit.state]}{owner}</span>'
        f'<span class="hit__words">{_words(one.words)}</span></a></li>'
    )


def _words(pieces: Sequence[Piece]) -> str:
    return "".join(f"<mark>{escape(text)}</mark>" if match else escape(text) for text, match in pieces)
