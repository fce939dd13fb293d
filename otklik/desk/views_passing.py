"""One field: what a client said. The page of whoever meets clients and doesn't work at the desk."""

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


@require_http_methods(["GET", "POST"])
@holders_of(Right.PASS_ON)
def pass_on(request: AgentRequest) -> HttpResponse:
    """The answer is the same whoever was named: it tells nothing of clients and requests."""
    form = WordsForm(request.POST or None)
    if not form.is_valid():
        return render(request, "desk/pass-on.html", {"form": form}, status=422 if form.is_bound else 200)
    now = timezone.now()
    throttling.allow(OFTEN, str(request.user.pk), at=now)
    passing.pass_on(form.cleaned_data["words"], by=request.user, at=now)
    messages.success(request, _("Передали. Команда увидит это сразу и ответит клиенту."))
    return redirect("desk:pass-on")
