"""Connecting a mailbox in four steps: address, live checks, what to take, who answers."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from otklik.channels import checklist, connecting
from otklik.channels.email import checking, presets
from otklik.channels.forms import AddressForm, AnswerForm, DoorForm, HistoryForm, SecretForm
from otklik.channels.guarding import admins_only
from otklik.channels.models import Box
from otklik.web.requests import AgentRequest


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
@admins_only
def new(request: AgentRequest) -> HttpResponse:
    form = AddressForm(request.POST or None, initial={"address": request.GET.get("address", "")})
    if not form.is_valid():
        context = {"form": form, "step": 1, "servers_open": bool(form.errors.get("imap_host"))}
        return render(request, "channels/address.html", context, status=422 if form.is_bound else 200)
    words = form.cleaned_data
    box = connecting.begin(
        words["address"], form.chosen, form.servers(), words["secret"], by=request.user, at=timezone.now()
    )
    if box.auth == Box.Auth.XOAUTH2 and not box.secret:
        return redirect("channels:grant", pk=box.pk)
    checklist.forget(request, box)
    return redirect("channels:check", pk=box.pk)


@require_GET
@admins_only
def check(request: AgentRequest, pk: int) -> HttpResponse:
    """The list as it stands; with a script each check starts when the one before it is through."""
    return _checks(request, _mailbox(pk))


@require_GET
@admins_only
def check_anew(request: AgentRequest, pk: int) -> HttpResponse:
    checklist.forget(request, _mailbox(pk))
    return redirect("channels:check", pk=pk)


@require_POST
@admins_only
def check_one(request: AgentRequest, pk: int, name: str) -> HttpResponse:
    """One check, for the script: the whole list comes back."""
    box = _mailbox(pk)
    if name not in {one.name for one in checking.checks()}:
        raise Http404
    checklist.run(request, box, name, at=timezone.now())
    return _checks(request, Box.objects.get(pk=pk), "#list")


@sensitive_post_parameters("secret")
@require_POST
@admins_only
def check_all(request: AgentRequest, pk: int) -> HttpResponse:
    """Without a script: all checks in one go. With a new password if one was typed."""
    box = _mailbox(pk)
    form = SecretForm(request.POST if "secret" in request.POST else None)
    if form.is_bound and not form.is_valid():
        return _checks(request, box, status=422, form=form)
    if form.is_bound:
        connecting.set_secret(box, form.cleaned_data["secret"], by=request.user)
        request.session["box-secret-hint"] = checklist.secret_hint(box, form.cleaned_data["secret"])
    if form.is_bound or not any(line.state == "now" for line in checklist.lines(request, box)):
        checklist.forget(request, box)
    if "script" not in request.POST:
        for line in checking.checks():
            known = {one.name: one.state for one in checklist.lines(request, box)}
            if known[line.name] == "now" and not checklist.run(request, box, line.name, at=timezone.now()).ok:
                break
    return redirect("channels:check", pk=pk)


@require_http_methods(["GET", "POST"])
@admins_only
def take(request: AgentRequest, pk: int) -> HttpResponse:
    box = _mailbox(pk)
    form = HistoryForm(request.POST or None, initial={"history_days": box.history_days})
    if not form.is_valid():
        context = {"box": box, "form": form, "step": 3}
        return render(request, "channels/take.html", context, status=422 if form.is_bound else 200)
    connecting.set_history(box, form.cleaned_data["history_days"], by=request.user)
    return redirect("channels:answer", pk=pk)


@require_http_methods(["GET", "POST"])
@admins_only
def answer(request: AgentRequest, pk: int) -> HttpResponse:
    box = _mailbox(pk)
    begun = {"team": box.team_id, "name": box.name, "answers": "", "copies": box.copy_to_self}
    form = AnswerForm(request.POST or None, initial=begun)
    if not form.is_valid():
        context = {"box": box, "form": form, "step": 4}
        return render(request, "channels/answer.html", context, status=422 if form.is_bound else 200)
    words = form.cleaned_data
    connecting.set_copies(box, words["copies"], by=request.user)
    connecting.connect(
        box,
        team=words["team"],
        name=words["name"],
        answers=words["answers"],
        by=request.user,
        at=timezone.now(),
    )
    checklist.forget(request, box)
    messages.success(
        request, _("Ящик %(address)s мы подключили: письма уже идут.") % {"address": box.address}
    )
    return redirect("channels:box", pk=pk)


@require_http_methods(["GET", "POST"])
@admins_only
def door(request: AgentRequest) -> HttpResponse:
    form = DoorForm(request.POST or None, initial={"answers": "", "copies": True})
    if not form.is_valid():
        return render(request, "channels/door.html", {"form": form}, status=422 if form.is_bound else 200)
    words = form.cleaned_data
    box = connecting.door(
        words["address"],
        words["name"],
        words["team"],
        by=request.user,
        at=timezone.now(),
    )
    connecting.set_copies(box, words["copies"], by=request.user)
    messages.success(request, _("Адрес %(address)s ждёт писем.") % {"address": box.address})
    if words["answers"]:
        return redirect("channels:outgoing", pk=box.pk)
    return redirect("channels:box", pk=box.pk)


@require_POST
@admins_only
def drop(request: AgentRequest, pk: int) -> HttpResponse:
    """Give up a connection that was never finished."""
    connecting.forget(_mailbox(pk), by=request.user)
    return redirect("channels:boxes")


def _mailbox(pk: int) -> Box:
    return get_object_or_404(Box, pk=pk, kind=Box.Kind.IMAP)


def _checks(
    request: AgentRequest, box: Box, part: str = "", *, status: int = 200, form: SecretForm | None = None
) -> HttpResponse:
    lines = checklist.lines(request, box)
    context = {
        "box": box,
        "preset": presets.by_key(box.preset),
        "lines": lines,
        "done": checklist.are_done(lines),
        "running": any(line.state == "now" for line in lines),
        "begun": any(line.state != "later" and line.took for line in lines),
        "form": form or SecretForm(),
        "hint": request.session.get("box-secret-hint", ""),
        "step": 2,
    }
    return render(request, f"channels/check.html{part}", context, status=status)
