"""OAuth 2 of a mailbox: the administrator registers a client at the service and lets it in."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from otklik.channels import checklist, connecting
from otklik.channels.email import granting, presets
from otklik.channels.forms import GrantForm
from otklik.channels.guarding import admins_only
from otklik.channels.models import Box
from otklik.env import env
from otklik.web.requests import AgentRequest

VERIFIER = "box-grant-verifier"


@sensitive_post_parameters("client_secret")
@require_http_methods(["GET", "POST"])
@admins_only
def grant(request: AgentRequest, pk: int) -> HttpResponse:
    box = get_object_or_404(Box, pk=pk, kind=Box.Kind.IMAP)
    form = GrantForm(request.POST or None)
    if not form.is_valid():
        context = {
            "box": box, "form": form, "preset": presets.by_key(box.preset), "redirect": _back(), "step": 1,
        }  # fmt: skip
        return render(request, "channels/grant.html", context, status=422 if form.is_bound else 200)
    words = form.cleaned_data
    granted = granting.begin(box, words["client_id"], words["client_secret"])
    connecting.set_grant(box, granted, by=request.user)
    request.session[VERIFIER] = granting.verifier()
    return redirect(granting.address(box, granted, redirect=_back(), verifier=request.session[VERIFIER]))


@require_GET
@admins_only
def granted(request: AgentRequest) -> HttpResponse:
    """The service sends the administrator back here with a code, or with its refusal."""
    box = get_object_or_404(Box, pk=granting.box_of(request.GET.get("state", "")))
    code, verifier = request.GET.get("code", ""), request.session.pop(VERIFIER, "")
    if not code or not verifier:
        raise granting.refused(request.GET.get("error_description", "") or request.GET.get("error", ""))
    connecting.set_grant(
        box, granting.finish(box, code, redirect=_back(), verifier=verifier), by=request.user
    )
    checklist.forget(request, box)
    return redirect("channels:check", pk=box.pk)


def _back() -> str:
    return env().base_url + reverse("channels:granted")
