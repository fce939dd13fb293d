"""The list of boxes and the page of one: how it fares, what it does, who answers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from otklik.channels import connecting, queries, support
from otklik.channels.email import presets
from otklik.channels.forms import BoxForm, BoxServersForm, ModeForm, RereadForm, SecretForm
from otklik.channels.guarding import admins_only
from otklik.channels.models import Box
from otklik.channels.outbox import fuse
from otklik.web.figures import counted
from otklik.web.requests import AgentRequest


@require_GET
@admins_only
def boxes(request: AgentRequest) -> HttpResponse:
    now = timezone.now()
    rows = [(box, queries.standing(box, now)) for box in queries.boxes()]
    return render(request, "channels/boxes.html", {"rows": rows})


@require_GET
@admins_only
def help_page(request: AgentRequest) -> HttpResponse:
    """«Нужна помощь с почтой»: where each service keeps its application passwords."""
    known = [one for one in presets.ALL if one.login_steps]
    return render(request, "channels/help.html", {"presets": known})


@require_GET
@admins_only
def box(request: AgentRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.boxes(), pk=pk)
    if found.connected_at is None:
        return redirect("channels:check", pk=pk)
    context = {
        "box": found,
        "preset": presets.by_key(found.preset),
        "standing": queries.standing(found, timezone.now()),
        "outcomes": queries.outcomes(found),
        "faults": list(queries.faults(found)),
        "cursors": queries.cursors(found),
        "held": fuse.held(found.pk) if found.fuse_blown_at else 0,
        "reread_form": RereadForm(),
        "support": _support(found),
    }
    return render(request, "channels/box.html", context)


def _support(box: Box) -> str:
    """For the one who helps; '' when nothing is wrong."""
    at = box.trouble_at or timezone.now()
    return support.words(box, what=box.trouble, at=at) if box.trouble else ""


@require_POST
@admins_only
def mode(request: AgentRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Box, pk=pk, connected_at__isnull=False)
    form = ModeForm(request.POST)
    if form.is_valid():
        connecting.set_mode(found, form.cleaned_data["mode"], by=request.user, at=timezone.now())
        said = {
            Box.Mode.ANSWER: _("Ящик теперь отвечает клиентам."),
            Box.Mode.OBSERVE: _("Ящик только смотрит: клиентам ничего не уходит."),
            Box.Mode.OFF: _("Ящик выключили: писем не берём."),
        }
        messages.success(request, said[Box.Mode(found.mode)])
    return redirect("channels:box", pk=pk)


@require_http_methods(["GET", "POST"])
@admins_only
def settings(request: AgentRequest, pk: int) -> HttpResponse:
    """Who answers, by which name, whether copies of our letters come here, whose word about senders counts."""
    found = get_object_or_404(Box, pk=pk, connected_at__isnull=False)
    begun = {
        "team": found.team_id,
        "name": found.name,
        "answers": "1" if found.mode == "answer" else "",
        "copies": found.copy_to_self,
        "authserv_id": found.authserv_id,
    }
    form = BoxForm(request.POST or None, initial=begun)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "channels/settings.html", {"box": found, "form": form}, status=status)
    words = form.cleaned_data
    connecting.set_copies(found, words["copies"], by=request.user)
    connecting.set_border(found, words["authserv_id"], by=request.user)
    connecting.connect(
        found,
        team=words["team"],
        name=words["name"],
        answers=words["answers"],
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("Сохранили."))
    return redirect("channels:box", pk=pk)


@require_http_methods(["GET", "POST"])
@admins_only
def servers(request: AgentRequest, pk: int) -> HttpResponse:
    """Servers and password of a mailbox; after a change the checks run again."""
    found = get_object_or_404(Box, pk=pk, kind=Box.Kind.IMAP)
    form = BoxServersForm(found, request.POST or None)
    secret = SecretForm(request.POST if request.POST.get("secret", "").strip() else None)
    if form.is_valid() and (not secret.is_bound or secret.is_valid()):
        typed = secret.cleaned_data["secret"] if secret.is_bound else ""
        try:
            connecting.set_servers(found, form.servers(), typed, by=request.user)
            return redirect("channels:check-anew", pk=pk)
        except connecting.PasswordNeeded as refusal:  # said at the field that lacks it; what was typed stays
            form.add_error(None, f"{refusal.reason} {refusal.next_step}")
    context = {"box": found, "form": form, "secret_form": secret, "preset": presets.by_key(found.preset)}
    return render(request, "channels/servers.html", context, status=422 if form.is_bound else 200)


@require_POST
@admins_only
def reset_fuse(request: AgentRequest, pk: int) -> HttpResponse:
    """Let the held automatic letters go, or drop them."""
    found = get_object_or_404(Box, pk=pk)
    if request.POST.get("held") == "send":
        count = fuse.release(found, by=request.user, at=timezone.now())
        said = _("Отправляем задержанное: %(letters)s.")
    else:
        count = fuse.drop(found, by=request.user, at=timezone.now())
        said = _("Не отправим задержанное: %(letters)s.")
    messages.success(request, said % {"letters": counted(ngettext("%s письмо", "%s писем", count), count)})
    return redirect("channels:box", pk=pk)
