"""What stands on the server against what we have; letters that did not read; their bytes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from otklik.accounts import looking
from otklik.channels import ledger as comparing
from otklik.channels.email import checking, troubles
from otklik.channels.email.sandbox import Sandbox
from otklik.channels.forms import RereadForm
from otklik.channels.guarding import admins_only, letters_too
from otklik.channels.intake import rereading
from otklik.channels.models import Box, Envelope
from otklik.errors import Refusal
from otklik.web.figures import counted
from otklik.web.requests import AgentRequest


class NotFetched(Refusal):
    code = "box.not_fetched"


@require_GET
@letters_too
def ledger(request: AgentRequest, pk: int) -> HttpResponse:
    box = get_object_or_404(Box, pk=pk, kind=Box.Kind.IMAP, connected_at__isnull=False)
    found = comparing.compare(box, at=timezone.now())
    return render(request, "channels/ledger.html", {"box": box, "ledger": found})


@require_POST
@admins_only
def bring(request: AgentRequest, pk: int) -> HttpResponse:
    """Fetch what differs now."""
    box = get_object_or_404(Box, pk=pk, kind=Box.Kind.IMAP, connected_at__isnull=False)
    try:
        count = comparing.bring(box, at=timezone.now())
    except checking.FAULTS as fault:
        trouble = troubles.of(fault, box)
        raise NotFetched(trouble.title, trouble.words) from fault
    if count:
        letters = counted(ngettext("%s письмо", "%s писем", count), count)
        messages.success(request, _("Забрали: %(letters)s.") % {"letters": letters})
    else:
        messages.info(request, _("Новых среди них нет: такие же письма у нас уже есть."))
    return redirect("channels:ledger", pk=pk)


@require_GET
@letters_too
def raw(request: AgentRequest, pk: int) -> HttpResponse:
    """A letter as it came, as a download."""
    envelope = get_object_or_404(Envelope.objects.select_related("message"), pk=pk, raw__isnull=False)
    ticket_id = envelope.message.ticket_id if envelope.message else None
    seen = looking.Seen(looking.Kind.RAW, ticket_id=ticket_id, object_id=pk)
    looking.note(request, request.user, seen, at=timezone.now())
    response = HttpResponse(bytes(envelope.raw or b""), content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="letter-{envelope.pk}.eml"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
@admins_only
def reread(request: AgentRequest, pk: int) -> HttpResponse:
    """«Прочитать заново»."""
    envelope = get_object_or_404(Envelope.objects.select_related("box"), pk=pk)
    form = RereadForm(request.POST)
    charset = form.cleaned_data["charset"] if form.is_valid() else ""
    with Sandbox() as sandbox:
        rereading.reread(envelope, charset=charset, by=request.user, at=timezone.now(), sandbox=sandbox)
    if envelope.state == "new":
        messages.success(request, _("Читаем письмо заново: через секунду оно станет запросом."))
    else:
        messages.success(request, _("Прочитали письмо заново, слова в запросе обновились."))
    return redirect("channels:box", pk=envelope.box_id)
