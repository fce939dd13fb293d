"""What an agent writes: answers, notes, letters to vendors, new letters; drafts and their files."""

import contextlib
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from django.db import DatabaseError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from otklik.clients import identifying
from otklik.clients.identifying import Sender
from otklik.desk import (
    answers,
    boxes,
    composer,
    composing,
    drafting,
    drawing,
    files,
    fresh,
    noting,
    onward,
    pictures,
    placing,
    queries,
    replying,
    stopping,
    typed,
    views,
    writing,
)
from otklik.desk.boxes import From
from otklik.desk.composer import Seen
from otklik.desk.composing import Desk
from otklik.desk.drafting import AlreadySent, DraftWords
from otklik.desk.files import File
from otklik.desk.forms import LetterForm, NoteForm, ReplyForm, WordsForm
from otklik.desk.models import Draft, Message, Ticket
from otklik.desk.replying import SomethingNewer, Words
from otklik.desk.stopping import Stop, Stopped
from otklik.errors import Refusal
from otklik.staff import queries as staff
from otklik.web.requests import AgentRequest, agents_only

Mode = Draft.Mode


@require_POST
@agents_only
def reply(request: AgentRequest, number: int) -> HttpResponse:
    """One transaction. Where the deed says no, the words are kept as a draft: none is lost."""
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _back(request, number, Mode.REPLY, form)
    try:
        with _kept(request, number, Mode.REPLY, form):
            desk, message = _answer(request, number, Mode.REPLY, form)
    except SomethingNewer as overtaken:
        return _back(request, number, Mode.REPLY, form, newer=overtaken.newer)
    except Stopped as stopped:
        return _back(request, number, Mode.REPLY, form, stops=stopped.stops)
    except AlreadySent:
        return fresh.written(request, queries.ticket(request.user, number))
    away = onward.after(request, message, desk.after_send)
    return away or _sent(request, desk, message)


@require_POST
@agents_only
def note(request: AgentRequest, number: int) -> HttpResponse:
    ticket = queries.ticket(request.user, number)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _back(request, number, Mode.NOTE, form)
    text, sheet = form.cleaned_data["text"], form.cleaned_data["sheet"]
    with contextlib.suppress(AlreadySent), _kept(request, number, Mode.NOTE, form):
        attached = composing.desk(request.user, ticket).draft(Mode.NOTE).attached
        noting.write(ticket, text, by=request.user, at=timezone.now(), attached=attached, sheet=sheet)
    return fresh.written(request, ticket, Mode.NOTE)


@require_POST
@agents_only
def vendor(request: AgentRequest, number: int) -> HttpResponse:
    """A letter to a vendor; the client never sees it nor the answer."""
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _back(request, number, Mode.VENDOR, form)
    with contextlib.suppress(AlreadySent), _kept(request, number, Mode.VENDOR, form):
        _answer(request, number, Mode.VENDOR, form)
    return fresh.written(request, queries.ticket(request.user, number))


@require_POST
@agents_only
def undo(request: AgentRequest, pk: int) -> HttpResponse:
    """Take a letter back: its words, people and files return to the composer. Only its author may."""
    message = queries.message(request.user, pk)
    if message.user_id != request.user.pk:
        raise Http404
    ticket = queries.ticket(request.user, message.ticket.number)
    draft = replying.undo(message, by=request.user, at=timezone.now())
    # it is signed when it is sent; left in the draft, the signature would stand there twice
    signature = staff.profile(draft.user).signature
    Draft.objects.filter(pk=draft.pk).update(text=draft.text.replace(typed.signature(signature), "", 1))
    if request.htmx and request.POST.get("away"):
        return onward.back(ticket)
    return fresh.written(request, ticket, draft.mode)


@require_http_methods(["GET", "POST"])
@agents_only
def letter(request: AgentRequest) -> HttpResponse:
    """A new letter to a client opens a request."""
    desk = composing.desk(request.user, None)
    if request.method != "POST":
        return _letter_page(request, desk, None)
    form = LetterForm(request.POST)
    if not form.is_valid():
        return _letter_page(request, desk, form, status=422)
    at = timezone.now()
    first, subject = form.cleaned_data["to"][0], form.cleaned_data["subject"]
    try:
        with _kept(request, None, Mode.LETTER, form):
            client = identifying.identify_many([Sender(first)], at=at)[identifying.normal(first)]
            insisted = _insisted(form, None)
            words = _words(composing.desk(request.user, None), None, Mode.LETTER, form, insisted)
            message = writing.letter(client, subject, words, by=request.user, at=at)
    except Stopped as stopped:
        return _letter_page(request, desk, form, status=422, stops=stopped.stops)
    except AlreadySent as sent:
        return redirect(
            "desk:ticket", get_object_or_404(queries.visible_to(request.user), pk=sent.ticket_id).number
        )
    return redirect("desk:ticket", message.ticket.number)


@require_POST
@agents_only
def draft(request: AgentRequest, mode: str, number: int | None = None) -> HttpResponse:
    """Saved while somebody types. What can't be read yet as an address is kept as it stands."""
    ticket = _ticket(request, number)
    saved = drafting.autosave(request.user, ticket, _mode(mode, ticket), _typed(request), at=timezone.now())
    return render(request, "desk/saved.html", {"saved_at": saved.saved_at if saved else None})


@require_POST
@agents_only
def attach(request: AgentRequest, mode: str, number: int | None = None) -> HttpResponse:
    """Pasted pictures and dropped files; the answer is the row of files as it stands now.

    stand: pictures get a place in the words, those of this request are named in X-Standing.
    """
    ticket = _ticket(request, number)
    mine, at = (request.user, ticket, _mode(mode, ticket)), timezone.now()
    # the words may be sent already, the file is not: it waits in the next draft
    saved = drafting.autosave(*mine, _typed(request), at=at) or drafting.save(*mine, DraftWords(""), at=at)
    names = _take_files(request, saved, stand="stand" in request.POST)
    response = _files(request, ticket, mode)
    response["X-Standing"] = ",".join(map(quote, names))  # upload.js puts their marks into the words
    return response


@require_POST
@agents_only
def detach(request: AgentRequest, mode: str, pk: int, number: int | None = None) -> HttpResponse:
    ticket = _ticket(request, number)
    saved = get_object_or_404(Draft, user=request.user, ticket=ticket, mode=_mode(mode, ticket))
    drafting.detach(saved, pk)
    if request.htmx:
        return _files(request, ticket, mode)
    return redirect("desk:ticket", number) if number else redirect("desk:new")


def _ticket(request: AgentRequest, number: int | None) -> Ticket | None:
    return queries.ticket(request.user, number) if number is not None else None


def _mode(mode: str, ticket: Ticket | None) -> str:
    """Raises Http404 for a mode that does not fit."""
    if mode not in Mode.values or (mode == Mode.LETTER) != (ticket is None):
        raise Http404
    return mode


def _typed(request: AgentRequest) -> DraftWords:
    sent = request.POST
    box = sent.get("box", "")
    return DraftWords(
        text=typed.plain(sent.get("text", ""))[:200_000],
        subject=typed.plain(sent.get("subject", "")),
        to=typed.split(typed.plain(sent.get("to", ""))),
        cc=typed.split(typed.plain(sent.get("cc", ""))),
        box_id=next((one.pk for one in _may_send(request) if str(one.pk) == box), None),
        emptied=bool(sent.get("emptied")),
        sheet=typed.plain(sent.get("sheet", ""))[:32],
    )


def _may_send(request: AgentRequest) -> list[From]:
    return boxes.answering(staff.team_ids(request.user))


@contextlib.contextmanager
def _kept(request: AgentRequest, number: int | None, mode: str, form: WordsForm | NoteForm) -> Iterator[None]:
    """Files of a plain form go through the draft. Where the deed says no, the words are kept as one: none is lost.
    Those that have left already leave none. Raises AlreadySent, before the block too.
    """
    if request.FILES:
        drafting.refuse_sent(form.cleaned_data["sheet"], _digest(form))
        _keep(request, number, mode, form)
    try:
        yield
    except AlreadySent:  # the first is just being done
        if request.FILES:
            drafting.drop(request.user, _ticket(request, number), mode)
        raise
    except (Refusal, DatabaseError):
        if not request.FILES:
            _keep(request, number, mode, form)
        raise


def _digest(form: WordsForm | NoteForm) -> str:
    """Of what a person typed: the same for the same form sent again."""
    held = form.cleaned_data
    if "to" not in held:
        return drafting.digest(held["text"])
    return drafting.digest(held["text"], held.get("subject", ""), *held["to"], "", *held["cc"])


def _keep(request: AgentRequest, number: int | None, mode: str, form: WordsForm | NoteForm) -> None:
    """The draft of what was sent, with the files that a plain form brought."""
    held = form.cleaned_data
    kept = DraftWords(
        text=held["text"], subject=str(held.get("subject", "")), to=held.get("to", ()), cc=held.get("cc", ()),
        box_id=_typed(request).box_id, emptied=True,
    )  # fmt: skip
    saved = drafting.save(request.user, _ticket(request, number), mode, kept, at=timezone.now())
    _take_files(request, saved, had=Counter(saved.files.values_list("file_id", flat=True)))


def _take_files(
    request: AgentRequest, saved: Draft, *, stand: bool = False, had: Counter[str] | None = None
) -> list[str]:
    """Put what the form brought to the draft; the names of the pictures that may stand in the words.

    had: files by SHA-256 that the draft keeps of the same form sent before; each stands for one that comes again.
    """
    standing = []
    for one in request.FILES.getlist("files"):
        if one.size and one.size > drafting.MOST_BYTES:
            raise drafting.too_much()
        content = one.read()
        sha256 = files.store(content)
        if had and had[sha256] > 0:
            had[sha256] -= 1
            continue
        type_ = pictures.picture_type(content[: pictures.LONGEST_LOOK])
        name = placing.own_name((one.name or "").strip() or "файл", _names_of(saved))
        content_id = f"{secrets.token_hex(10)}@otklik" if stand and type_ else ""
        said = type_ or files.type_said(one.content_type)
        file = File(sha256, len(content), name, said, content_id, bool(content_id))
        drafting.attach(saved, file, at=timezone.now())
        standing += [name] if content_id else []
    return standing


def _names_of(saved: Draft) -> list[str]:
    return list(saved.files.values_list("name", flat=True))


def _answer(request: AgentRequest, number: int, mode: str, form: WordsForm) -> tuple[Desk, Message]:
    """One transaction, but for what may stop it: an eye that fails there fails alone. Raises Http404."""
    held, by, at = form.cleaned_data, request.user, timezone.now()
    insisted = _insisted(form, number) if mode == Mode.REPLY else ()
    asked = answers.Form(held["box"], held["sheet"], _digest(form), said=bool(request.htmx))
    with transaction.atomic():
        desk, ground = answers.held(number, asked, by=by, at=at)
        deed = replying.reply_on if mode == Mode.REPLY else replying.forward_on
        return desk, deed(ground, _words(desk, ground.ticket, mode, form, insisted), by=by, at=at)


def _words(desk: Desk, ticket: Ticket | None, mode: str, form: WordsForm, insisted: tuple[str, ...]) -> Words:
    held, attached = form.cleaned_data, desk.draft(mode).attached
    names = {one.value: one.name for one in desk.people}
    mine = {one.pk for one in desk.boxes}
    return Words(
        text=typed.signed(placing.place(held["text"], attached), desk.signature),
        to=typed.addresses("to", held["to"], names),
        cc=typed.addresses("cc", held["cc"], names),
        box_id=held["box"] if held["box"] in mine else ticket.box_id if ticket else None,
        files=attached,
        seen_message_id=held.get("seen"),
        force=bool(held.get("force")) or ticket is None,
        then=held.get("then") or "wait",
        news_due_at=held.get("news_due_at"),
        result=held.get("result") or "",
        sheet=held.get("sheet") or "",
        typed=_digest(form),
        insisted=insisted,
    )


def _insisted(form: WordsForm, number: int | None) -> tuple[str, ...]:
    """Raises Stopped; AlreadySent when the same words were insisted on before and only the answer was lost."""
    held = form.cleaned_data
    try:
        return stopping.ask(held["text"], number, insist=held["insist"])
    except Stopped:
        drafting.refuse_sent(held["sheet"], _digest(form))
        raise


def _sent(request: AgentRequest, desk: Desk, message: Message) -> HttpResponse:
    """The same after an answer, without asking again: its draft has gone, the rest of the desk lies as it lay."""
    ticket = message.ticket
    if not request.htmx:
        return views.refreshed(request, ticket)
    desk.drafts.pop(Mode.REPLY, None)
    return fresh.clean(request, ticket, composer.of(desk, ticket, Seen(message.pk, desk.asked)))


def _back(
    request: AgentRequest,
    number: int,
    mode: str,
    form: WordsForm | NoteForm,
    newer: Message | None = None,
    stops: Sequence[Stop] = (),
) -> HttpResponse:
    """The same words again with what is wrong, or with what came meanwhile: 422 or 409."""
    ticket = queries.ticket(request.user, number)
    opened = views.opened(request, ticket)
    shown = opened.composer
    assert shown is not None  # noqa: S101 - put there by opened()
    shown.current = mode
    sheet = shown.sheet(mode)
    sheet.text, sheet.to = request.POST.get("text", ""), request.POST.get("to", sheet.to)
    sheet.cc = request.POST.get("cc", sheet.cc)
    sheet.then, sheet.news, sheet.result = (
        request.POST.get(one, "") for one in ("then", "news_due_at", "result")
    )
    sheet.key = request.POST.get("sheet") or sheet.key
    sheet.stops, sheet.force = stops, bool(request.POST.get("force"))
    sheet.insist = stopping.carried(request.POST.get("insist", ""), form.cleaned_data.get("text", ""))
    sheet.faults = [str(fault) for faults in form.errors.values() for fault in faults]
    if newer:
        composer.overtake(sheet, newer)
        shown.seen = newer.pk
    opened.focus = True
    status = 409 if newer else 422
    if not request.htmx:
        return views.page(request, opened, status=status)
    return fresh.instead(
        drawing.composer(request, ticket, shown, query=opened.query, focus=True), status=status
    )


def _files(request: AgentRequest, ticket: Ticket | None, mode: str) -> HttpResponse:
    kept = composing.desk(request.user, ticket).draft(mode)
    return render(request, "desk/files.html", {"sheet": kept, "ticket": ticket})


def _letter_page(
    request: AgentRequest, desk: Desk, form: LetterForm | None, status: int = 200, stops: Sequence[Stop] = ()
) -> HttpResponse:
    sheet = composer.letter(desk, request.POST if form else None)
    sheet.to = sheet.to or request.GET.get("to", "")
    context = {
        "sheet": sheet,
        "form": form,
        "boxes": desk.boxes,
        "signature": desk.signature_line,
        "stops": stops,
    }
    return render(request, "desk/new.html", context, status=status)
