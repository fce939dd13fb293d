"""«Вход и безопасность»: where I am signed in, my second factor."""

from collections.abc import Sequence
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from otklik.accounts import factors, sessions, stepping
from otklik.accounts.forms import PresentPasswordForm
from otklik.accounts.throttling import Limit
from otklik.accounts.views import without_traces
from otklik.web.requests import AgentRequest, people_only

TRIES = Limit("own-password", 10, timedelta(hours=1))  # shared with staff.views: one person, one password


@never_cache
@require_GET
@people_only
def security(request: AgentRequest) -> HttpResponse:
    return page(request)


@require_POST
@people_only
def end(request: AgentRequest, name: str) -> HttpResponse:
    """End one session; this one too, when it is the one named."""
    if sessions.end(request.user, name):
        messages.success(request, _("Завершили сеанс."))
    return redirect("security")


@require_POST
@people_only
def end_all(request: AgentRequest) -> HttpResponse:
    """«Выйти везде»: this browser too."""
    sessions.end_all(request.user)
    request.session.flush()
    return without_traces(redirect("sign-in"))


def page(
    request: AgentRequest, *, form: PresentPasswordForm | None = None, fresh_codes: Sequence[str] = ()
) -> HttpResponse:
    """fresh_codes: recovery codes that were just made, shown once."""
    context = {
        "sessions": sessions.of(request.user, request.session.session_key, at=timezone.now()),
        "factors": factors.of(request.user),
        "form": form or PresentPasswordForm(request.user),
        "fresh_codes": fresh_codes,
        "here": "security",
        "owes": stepping.OWES in request.session,
    }
    return render(request, "accounts/security.html", context, status=422 if form else 200)
