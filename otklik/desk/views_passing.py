"""One field: what a client said. The page of whoever meets clients and doesn't work at the desk."""

import contextlib
import secrets
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from otklik.accounts import throttling
from otklik.accounts.rights import Right
from otklik.desk import passing
from otklik.desk.drafting import AlreadySent
from otklik.web.requests import AgentRequest, holders_of

OFTEN = throttling.Limit("pass-on", 60, timedelta(hours=1))


class WordsForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Кто и что сказал"), max_length=5000,
        help_text=gettext_lazy(
            "Например: «Вера Соколова, vera@kvarts.example: счёт пришёл с ошибкой». "
            "Знаете номер запроса — начните с «№ 1042»."
        ),
        error_messages={"required": gettext_lazy("Напишите, кто и что сказал.")},
        widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
    )  # fmt: skip
    sheet = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
@holders_of(Right.PASS_ON)
def pass_on(request: AgentRequest) -> HttpResponse:
    """The answer is the same whoever was named: it tells nothing of clients and requests."""
    form = WordsForm(request.POST or None, initial={"sheet": secrets.token_hex(16)})
    if not form.is_valid():
        return render(request, "desk/pass-on.html", {"form": form}, status=422 if form.is_bound else 200)
    now = timezone.now()
    throttling.allow(OFTEN, str(request.user.pk), at=now)
    with contextlib.suppress(AlreadySent):  # the answer to the first sending was lost on its way
        words, sheet = form.cleaned_data["words"], form.cleaned_data["sheet"]
        passing.pass_on(words, by=request.user, at=now, sheet=sheet)
    messages.success(request, _("Передали. Команда увидит это сразу и ответит клиенту."))
    return redirect("desk:pass-on")
