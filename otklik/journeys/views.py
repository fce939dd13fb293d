"""The client's page: /r/<token>/ (R-D1). Without registration, without JavaScript, on paper too."""

import uuid

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile as Upload
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from otklik.accounts import throttling
from otklik.desk import files as store
from otklik.desk.files import File
from otklik.desk.views_files import shown_picture
from otklik.env import env
from otklik.errors import Refusal
from otklik.journeys import asking, doors, keeping, pages, proving, talk, writing
from otklik.journeys.doors import Visit, by_link
from otklik.journeys.forms import AskForm, CodeForm, WriteForm, safe_name
from otklik.journeys.models import Proof
from otklik.staff import queries as staff
from otklik.web import livetickets
from otklik.web.livetickets import LiveTicket

DONE = ("sent", "anew", "solved", "reopened", "code", "proved")


@require_GET
@by_link
def page(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _page(request, visit)


@require_GET
@by_link
def news(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The parts that change, for an open page; 204 while `mark` is still so."""
    shown = pages.read(visit.participant, at=visit.at)
    if request.GET.get("mark") == shown.mark:
        return HttpResponse(status=204)
    return render(request, "journeys/news.html", _context(visit, shown))


@require_POST
@by_link
def write(request: HttpRequest, visit: Visit) -> HttpResponse:
    form = WriteForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, visit, form=form, status=422)
    try:
        writing.admit(visit.link, at=visit.at)
        kept = [_keep(file) for file in form.cleaned_data["attached"]]
        words = writing.Words(form.cleaned_data["text"], form.cleaned_data["key"], kept)
        message = writing.write(visit.link, words, confirmed=visit.confirmed, at=visit.at)
    except Refusal as refusal:  # said at the field, which keeps what was typed
        form.add_error("text", f"{refusal.reason} {refusal.next_step}")
        return _page(request, visit, form=form, status=refusal.status)
    done = "sent" if message.ticket_id == visit.link.ticket_id else "anew"
    return redirect(f"{visit.path}?done={done}#done")


@require_POST
@by_link
def solved(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.POST.get("solved") == "yes":
        writing.say_solved(visit.link, confirmed=visit.confirmed, at=visit.at)
        return redirect(f"{visit.path}?done=solved#done")
    if visit.link.ticket.is_open:
        return redirect(f"{visit.path}#write")
    writing.say_not_solved(visit.link, at=visit.at)
    return redirect(f"{visit.path}?done=reopened#done")


@require_POST
@by_link
def ask_code(request: HttpRequest, visit: Visit) -> HttpResponse:  # noqa: ARG001 - a view's signature
    proof = proving.ask(visit.link, at=visit.at)
    return _with_proof(redirect(f"{visit.path}?done=code#code"), visit, proof)


@require_POST
@by_link
def prove(request: HttpRequest, visit: Visit) -> HttpResponse:
    form = CodeForm(request.POST)
    if visit.proof is None or not form.is_valid():
        return redirect(f"{visit.path}#code")
    try:
        proof = proving.prove(visit.proof, form.cleaned_data["code"], at=visit.at)
    except proving.WrongCode as refusal:  # the words stand beside the field, not on a page of their own
        return _page(request, visit, wrong_code=refusal, status=refusal.status)
    return _with_proof(redirect(f"{visit.path}?done=proved#done"), visit, proof)


@require_POST
@by_link
def renew(request: HttpRequest, visit: Visit) -> HttpResponse:
    """«Закрыть эту ссылку и прислать мне новую»."""
    writing.renew(visit.link, at=visit.at)
    return render(request, "journeys/asked.html", {"company": staff.company(), "closed": True})


@require_GET
@by_link
def file(request: HttpRequest, visit: Visit, pk: int) -> FileResponse:  # noqa: ARG001 - a view's signature
    """A file of a message that this participant may read; always a download, whatever its type claims."""
    attachment = talk.file_of(visit.participant, pk, at=visit.at)
    if attachment is None:
        raise Http404
    content = store.open_stored(attachment.file_id)
    name = safe_name(attachment.name)
    response = FileResponse(
        content, as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_GET
@by_link
def picture(request: HttpRequest, visit: Visit, pk: int) -> FileResponse:  # noqa: ARG001 - a view's signature
    """A picture that stands in the words of a message; anything that is none by its bytes is 404."""
    attachment = talk.file_of(visit.participant, pk, at=visit.at)
    if attachment is None:
        raise Http404
    return shown_picture(attachment.file_id)


def ask(request: HttpRequest) -> HttpResponse:
    """«Прислать новую ссылку»: the same answer to every address."""
    if request.method != "POST":
        return doors.lost(request, form=AskForm())
    form = AskForm(request.POST)
    if not form.is_valid():
        return doors.lost(request, form=form)
    words = form.cleaned_data
    visitor = throttling.visitor(request)
    asking.ask(words["address"], words["token"], visitor=visitor, at=timezone.now())
    context = {"company": staff.company(), "address": words["address"]}
    return doors.sealed(render(request, "journeys/asked.html", context))


def _page(
    request: HttpRequest,
    visit: Visit,
    *,
    form: WriteForm | None = None,
    wrong_code: proving.WrongCode | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = pages.read(visit.participant, at=visit.at)
    context = _context(visit, shown)
    agreed = pages.agreed(shown)
    done = request.GET.get("done", "")
    until = int((visit.at + livetickets.LIFE).timestamp())
    ticket = LiveTicket(until, client_ticket=visit.link.ticket_id, client_link=visit.link.pk)
    context |= {
        "agreed": agreed,
        "kept": keeping.read(shown, agreed, confirmed=visit.confirmed, at=visit.at) if agreed else None,
        "live": f"{env().live_url}?ticket={livetickets.sign(ticket)}",
        "form": form or WriteForm(),
        "key": uuid.uuid4().hex,
        "done": done if done in DONE else "",
        "wrong_code": wrong_code,
    }
    return render(request, "journeys/page.html", context, status=status)


def _context(visit: Visit, shown: pages.Page) -> dict[str, object]:
    return {"page": shown, "visit": visit, "company": staff.company()}


def _keep(file: "Upload[bytes]") -> File:
    content = file.read()
    kind = store.type_said(file.content_type)
    return File(store.store(content), len(content), safe_name(file.name or ""), kind)


def _with_proof(response: HttpResponse, visit: Visit, proof: Proof) -> HttpResponse:
    response.set_cookie(
        doors.COOKIE, proving.cookie(proof), max_age=90 * 86_400, path=visit.path,
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
    return response
