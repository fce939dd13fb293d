"""The open request as HTML: head, talk and composer, by stencils. What is seldom there goes by templates as ever."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from otklik.desk.composer import Composer, Sheet
from otklik.desk.composing import BoxChoice
from otklik.desk.heads import Head
from otklik.desk.models import Ticket
from otklik.desk.threads import Said, Thread
from otklik.web.clocks import Clock
from otklik.web.stencils import fill, hole
from otklik.web.templatetags.otklik import numbered

EMPTY = mark_safe("")


@dataclass(slots=True)
class Opened:
    """A request as its page shows it. query: of the list beside it; page_query: of this very page of the talk.

    before: the message above which the reader asks for; earlier: the query of the page above, '' where there is none.
    composer: none on a part of the page without it.
    """

    ticket: Ticket
    thread: Thread
    talk: SafeString
    contents: Sequence[tuple[str, str]]
    head: Head
    undo: Said | None
    query: str
    page_query: str
    before: int | None
    earlier: str
    composer: Composer | None = None
    focus: bool = False


def work(request: HttpRequest, opened: Opened, *, is_swap: bool) -> SafeString:
    """Everything to the right of the list."""
    holes = {
        "subject": opened.ticket.subject,
        "thread": _thread(request, opened),
        "here": _here(opened.ticket),
    }
    return fill("desk/work.html", holes, {"is_swap": is_swap})


def fresh(request: HttpRequest, opened: Opened) -> SafeString:
    """Head and talk, which a page takes over as they are now."""
    return fill("desk/thread.html#fresh", _fresh(request, opened))


def column(opened: Opened) -> SafeString:
    """The talk with the way to what was said before it."""
    if not opened.earlier:
        return opened.talk
    context = {"ticket": opened.ticket, "earlier": opened.earlier, "talk": opened.talk}
    return render_to_string("desk/earlier.html", context)


def composer(
    request: HttpRequest, ticket: Ticket, shown: Composer, *, query: str, focus: bool = False
) -> SafeString:
    note = shown.note
    holes = {
        "here": _here(ticket), "query": query, "csrf_token": get_token(request),
        "reply": _form(request, ticket, shown, "reply", query),
        "vendor": _form(request, ticket, shown, "vendor", query),
        "note_key": note.key, "note_saved": _saved(note), "note_faults": _faults(note), "note_text": note.text,
        "note_files": _files(note, ticket),
    }  # fmt: skip
    return fill("desk/composer.html", holes, {"current": str(shown.current), "focus": focus})


def _thread(request: HttpRequest, opened: Opened) -> SafeString:
    ticket, query = opened.ticket, opened.query
    shown = opened.composer
    own = {
        "here": _here(ticket), "query": query, "page_query": opened.page_query, "number": str(ticket.number),
        "pk": str(ticket.pk),
        "composer": composer(request, ticket, shown, query=query, focus=opened.focus) if shown else EMPTY,
    }  # fmt: skip
    return fill("desk/thread.html", own | _fresh(request, opened), {"is_earlier": opened.before is not None})


def _fresh(request: HttpRequest, opened: Opened) -> dict[str, str]:
    return {
        "head": _head(request, opened),
        "contents": _part("desk/contents.html", {"contents": opened.contents}, opened.contents),
        "column": column(opened),
        "undo": _part(
            "desk/undo.html",
            {"undo": opened.undo, "query": opened.query, "csrf_token": get_token(request)},
            opened.undo,
        ),
    }


def _head(request: HttpRequest, opened: Opened) -> SafeString:
    ticket, head = opened.ticket, opened.head
    holes = {
        "here": _here(ticket), "query": opened.query, "csrf_token": get_token(request), "subject": ticket.subject,
        "client": ticket.client.name, "numbered": numbered(ticket.number), "channel": head.channel, "state": head.state,
        "owner": head.owner, "urgent": head.urgent, "clock": _clock(head.clock),
    }  # fmt: skip
    flags = {
        "is_urgent": bool(head.urgent), "unowned": head.unowned, "ended": head.ended,
        "is_spam": ticket.state == Ticket.State.SPAM,
    }  # fmt: skip
    return fill("desk/head.html", holes, flags)


def _clock(clock: Clock | None) -> SafeString:
    if clock is None:
        return EMPTY
    blank = Clock(clock.mood, "", "", hole("chip"), hole("rest"))
    return fill("clock-chip.html", {"chip": clock.chip, "rest": clock.rest}, {"clock": blank})


def _form(request: HttpRequest, ticket: Ticket, shown: Composer, mode: str, query: str) -> SafeString:
    sheet = shown.sheet(mode)
    holes = {
        "here": _here(ticket), "query": query, "csrf_token": get_token(request), "seen": str(shown.seen),
        "key": sheet.key, "summary": sheet.summary, "saved": _saved(sheet), "to": sheet.to, "cc": sheet.cc,
        "boxes": _boxes(shown.boxes, sheet.box_id), "faults": _faults(sheet), "text": sheet.text,
        "signature": shown.signature, "files": _files(sheet, ticket), "news": sheet.news,
        "result": sheet.result or ticket.result,
    }  # fmt: skip
    flags = {
        "mode": mode, "action": mode, "is_open": bool(sheet.faults) or not sheet.to, "signed": bool(shown.signature)
    }  # fmt: skip
    return fill("desk/letter-form.html", holes, flags)


def _boxes(boxes: Sequence[BoxChoice], chosen: int | None) -> SafeString:
    options = [
        f'<option value="{box.pk}"{" selected" if box.pk == chosen else ""}>{escape(box.address)}'
        f"{f', {escape(box.name)}' if box.name else ''}</option>"
        for box in boxes
    ]
    none = f'<option value="">{_("ящики пока только читают письма")}</option>'
    return mark_safe("".join(options) or none)  # noqa: S308 - escaped above


def _saved(sheet: Sheet) -> SafeString:
    return _part("desk/saved.html", {"saved_at": sheet.saved_at}, sheet.saved_at)


def _faults(sheet: Sheet) -> SafeString:
    return _part("desk/faults.html", {"sheet": sheet}, sheet.faults or sheet.newer)


def _files(sheet: Sheet, ticket: Ticket) -> SafeString:
    return _part("desk/files.html", {"sheet": sheet, "ticket": ticket}, sheet.files)


def _part(template: str, context: Mapping[str, object], wanted: object) -> SafeString:
    return render_to_string(template, dict(context)) if wanted else EMPTY


def _here(ticket: Ticket) -> str:
    return reverse("desk:ticket", args=[ticket.number])
