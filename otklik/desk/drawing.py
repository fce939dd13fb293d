"""The open request as HTML: head, talk and composer, by stencils. What is seldom there goes by templates as ever."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
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
from otklik.web.requests import token
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


@dataclass(frozen=True, slots=True)
class _Paper:
    """What every form of one answer bears. The token is masked once: each masking costs as much as a form."""

    here: str
    query: str
    token: str

    def holes(self) -> dict[str, str]:
        return {"here": self.here, "query": self.query, "csrf_token": self.token}


def work(request: HttpRequest, opened: Opened, *, is_swap: bool) -> SafeString:
    """Everything to the right of the list."""
    paper = _paper(request, opened.ticket, opened.query)
    holes = {"subject": opened.ticket.subject, "thread": _thread(paper, opened), "here": paper.here}
    return fill("desk/work.html", holes, {"is_swap": is_swap})


def fresh(request: HttpRequest, opened: Opened) -> SafeString:
    """Head and talk, which a page takes over as they are now."""
    return fill("desk/thread.html#fresh", _fresh(_paper(request, opened.ticket, opened.query), opened))


def column(opened: Opened) -> SafeString:
    """The talk with the way to what was said before it."""
    if not opened.earlier:
        return opened.talk
    context = {"ticket": opened.ticket, "earlier": opened.earlier, "talk": opened.talk}
    return render_to_string("desk/earlier.html", context)


def composer(
    request: HttpRequest, ticket: Ticket, shown: Composer, *, query: str, focus: bool = False
) -> SafeString:
    return _composer(_paper(request, ticket, query), ticket, shown, focus)


def _foot(paper: _Paper, ticket: Ticket, shown: Composer, focus: bool) -> SafeString:
    """Where one writes; of a client who was erased nothing but that. ticket: with its client."""
    if ticket.client.erased_at:
        return render_to_string("desk/nobody.html", {"erased_at": ticket.client.erased_at})
    return _composer(paper, ticket, shown, focus)


def _composer(paper: _Paper, ticket: Ticket, shown: Composer, focus: bool) -> SafeString:
    note = shown.note
    holes = paper.holes() | {
        "reply": _form(paper, ticket, shown, "reply"), "vendor": _form(paper, ticket, shown, "vendor"),
        "note_key": note.key, "note_saved": _saved(note), "note_faults": _faults(note), "note_text": note.text,
        "note_files": _files(note, ticket),
    }  # fmt: skip
    return fill("desk/composer.html", holes, {"current": str(shown.current), "focus": focus})


def _thread(paper: _Paper, opened: Opened) -> SafeString:
    ticket, shown = opened.ticket, opened.composer
    own = {
        "here": paper.here, "query": paper.query, "page_query": opened.page_query, "number": str(ticket.number),
        "pk": str(ticket.pk), "composer": _foot(paper, ticket, shown, opened.focus) if shown else EMPTY,
    }  # fmt: skip
    return fill("desk/thread.html", own | _fresh(paper, opened), {"is_earlier": opened.before is not None})


def _fresh(paper: _Paper, opened: Opened) -> dict[str, str]:
    undo = {"undo": opened.undo, "query": paper.query, "csrf_token": paper.token}
    return {
        "head": _head(paper, opened),
        "contents": _part("desk/contents.html", {"contents": opened.contents}, opened.contents),
        "column": column(opened),
        "undo": _part("desk/undo.html", undo, opened.undo),
    }


def _head(paper: _Paper, opened: Opened) -> SafeString:
    ticket, head = opened.ticket, opened.head
    holes = paper.holes() | {
        "subject": ticket.subject, "client": ticket.client.name, "numbered": numbered(ticket.number),
        "channel": head.channel, "state": head.state, "owner": head.owner, "urgent": head.urgent,
        "clock": _clock(paper, head.clock),
    }  # fmt: skip
    flags = {
        "is_urgent": bool(head.urgent), "unowned": head.unowned, "ended": head.ended,
        "is_spam": ticket.state == Ticket.State.SPAM,
    }  # fmt: skip
    return fill("desk/head.html", holes, flags)


def _clock(paper: _Paper, clock: Clock | None) -> SafeString:
    if clock is None:
        return EMPTY
    blank = Clock(clock.mood, "", "", hole("chip"), hole("rest"))
    return fill(
        "clock-chip.html",
        {"chip": clock.chip, "rest": clock.rest, "why": f"{paper.here}why/"},
        {"clock": blank},
    )


def _form(paper: _Paper, ticket: Ticket, shown: Composer, mode: str) -> SafeString:
    sheet = shown.sheet(mode)
    holes = paper.holes() | {
        "seen": str(shown.seen), "number": str(ticket.number), "key": sheet.key,
        "summary": sheet.summary, "saved": _saved(sheet), "to": sheet.to,
        "cc": sheet.cc,
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
    return _part("desk/faults.html", {"sheet": sheet}, sheet.faults or sheet.newer or sheet.stops)


def _files(sheet: Sheet, ticket: Ticket) -> SafeString:
    return _part("desk/files.html", {"sheet": sheet, "ticket": ticket}, sheet.files)


def _part(template: str, context: Mapping[str, object], wanted: object) -> SafeString:
    return render_to_string(template, dict(context)) if wanted else EMPTY


def _paper(request: HttpRequest, ticket: Ticket, query: str) -> _Paper:
    return _Paper(reverse("desk:ticket", args=[ticket.number]), query, token(request))
