"""Files of letters and the letters' own HTML, each behind the same rights as its request (design §10)."""

from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from otklik.accounts import looking
from otklik.accounts.looking import Kind
from otklik.desk import files, letters, pictures, queries
from otklik.desk.models import Attachment, DraftFile
from otklik.web.requests import AgentRequest, agents_only

SHUT = "default-src 'none'; sandbox"


@require_GET
@agents_only
def download(request: AgentRequest, pk: int) -> FileResponse:
    """Always as a download under its own name: what a letter brought is never run by our address."""
    one = queries.attachment(request.user, pk)
    looked(request, Kind.FILE, _ticket_of(one), pk)
    response = FileResponse(files.open_stored(one.file_id), content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(safe_name(one.name))}"
    return _sealed(response)


@require_GET
@agents_only
def picture(request: AgentRequest, pk: int) -> FileResponse:
    """A picture inside the page; anything that is none by its bytes is 404."""
    one = queries.attachment(request.user, pk)
    looked(request, Kind.FILE, _ticket_of(one), pk)
    return shown_picture(one.file_id)


@require_GET
@agents_only
def draft_picture(request: AgentRequest, pk: int) -> FileResponse:
    """A picture in one's own draft."""
    one = get_object_or_404(DraftFile, pk=pk, draft__user=request.user)
    return shown_picture(one.file_id)


@require_GET
@agents_only
def inline_picture(request: AgentRequest, pk: int, content_id: str) -> FileResponse:
    """A picture that the letter's HTML names by cid:."""
    message = queries.message(request.user, pk)
    kept = message.attachments.filter(content_id=content_id).select_related("file")
    one = kept.first() if content_id.isprintable() else None
    if one is None:
        raise Http404
    return shown_picture(one.file_id)


@require_GET
@xframe_options_sameorigin
@agents_only
def letter(request: AgentRequest, pk: int) -> HttpResponse:
    """The letter as it was drawn, for a sandboxed frame. ?pictures=1 lets remote ones in: the sender may notice."""
    message = queries.message(request.user, pk)
    if not message.html:
        raise Http404
    looked(request, Kind.LETTER, message.ticket_id, pk)
    remote = request.GET.get("pictures") == "1"
    shown = letters.safe(
        message.html,
        cid=lambda content_id: reverse("desk:inline-picture", args=[pk, content_id]),
        remote=remote,
    )
    response = HttpResponse(letters.document(shown))
    sources = "'self' data: http: https:" if remote else "'self' data:"
    response["Content-Security-Policy"] = (
        f"default-src 'none'; img-src {sources}; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
        # same-origin without scripts: the frame may fetch its pictures by our session, and nothing in it can run
        "frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    )
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def looked(request: AgentRequest, kind: str, ticket_id: int | None, pk: int) -> None:
    """For the access log. Pictures of a letter are not told apart from the letter."""
    seen = looking.Seen(kind, ticket_id=ticket_id, object_id=pk)
    looking.note(request, request.user, seen, at=timezone.now())


def _ticket_of(one: Attachment) -> int | None:
    if one.message is not None:
        return one.message.ticket_id
    return one.note.ticket_id if one.note is not None else None


def shown_picture(sha256: str) -> FileResponse:
    """A stored picture to be shown inside a page. Raises Http404 for what is none by its bytes."""
    content = files.open_stored(sha256)
    type_ = pictures.picture_type(content.read(pictures.LONGEST_LOOK))
    if not type_:
        content.close()
        raise Http404
    content.seek(0)
    return _sealed(FileResponse(content, content_type=type_))


def _sealed(response: FileResponse) -> FileResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SHUT
    response["Cache-Control"] = "private, max-age=3600"
    return response


def safe_name(name: str) -> str:
    """Without what would end a header or leave the folder of downloads."""
    plain = (
        "".join(sign for sign in name if sign.isprintable()).replace("/", "_").replace("\\", "_").strip(". ")
    )
    return plain[:150] or "file"
