"""Where the answers of an address with its own door leave: tried at once, then the address answers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from otklik.channels import connecting
from otklik.channels.email.presets import Server
from otklik.channels.forms import OutgoingForm
from otklik.channels.guarding import admins_only
from otklik.channels.models import Box
from otklik.channels.outbox import posting
from otklik.channels.outbox.smtp import Line, Patience, Unreachable
from otklik.web.requests import AgentRequest

PATIENCE = Patience(connect_s=5, command_s=10)
FIELDS = ("smtp_host", "smtp_port", "smtp_security", "username")


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
@admins_only
def outgoing(request: AgentRequest, pk: int) -> HttpResponse:
    """A server that does not let us in is told on the page, and what was typed stays; nothing changes until it does."""
    box = get_object_or_404(Box, pk=pk, kind=Box.Kind.DOOR)
    begun = {name: getattr(box, name) for name in FIELDS}
    form = OutgoingForm(request.POST or None, initial=begun)
    if form.is_valid():
        words = form.cleaned_data
        server = Server(words["smtp_host"], words["smtp_port"], words["smtp_security"])
        fault = _tried(form, box, server)
        if not fault:
            connecting.set_outgoing(box, server, words["username"], words["secret"], by=request.user)
            connecting.set_mode(box, Box.Mode.ANSWER, by=request.user, at=timezone.now())
            messages.success(
                request, _("Сервер впустил нас: %(address)s отвечает.") % {"address": box.address}
            )
            return redirect("channels:box", pk=pk)
        form.add_error(*fault)
    context = {"box": box, "form": form}
    return render(request, "channels/outgoing.html", context, status=422 if form.is_bound else 200)


def _tried(form: OutgoingForm, box: Box, server: Server) -> tuple[str, str] | None:
    """None when the server lets us in, else the field and a sentence with what is wrong."""
    words, known = form.cleaned_data, Box.objects.get(pk=box.pk)
    try:
        trial = connecting.with_outgoing(known, server, words["username"], words["secret"])
        Line(posting.way(trial), PATIENCE).close()
    except connecting.PasswordNeeded as refusal:
        return "secret", f"{refusal.reason} {refusal.next_step}"
    except Unreachable as fault:
        return "smtp_host", fault.words
    return None
