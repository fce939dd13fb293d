"""Keys of programs: who has which, a new one, taking one back."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from otklik.accounts import keys as keeping
from otklik.accounts.models import ApiKey
from otklik.accounts.rights import Right
from otklik.accounts.scopes import Scope
from otklik.web.requests import AgentRequest, holders_of

keepers_of_keys = holders_of(Right.KEYS)


class WishForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Для чего ключ"),
        max_length=80,
        help_text=gettext_lazy("Например: «выгрузка в 1С»."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Что он открывает"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label=gettext_lazy("Сколько дней живёт"), min_value=1, max_value=3650, initial=365, required=False,
        help_text=gettext_lazy("Пусто — без срока."),
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
@keepers_of_keys
def keys(request: AgentRequest) -> HttpResponse:
    form, text = WishForm(request.POST or None), ""
    now = timezone.now()
    if form.is_valid():
        words = form.cleaned_data
        ends = now + timedelta(days=words["days"]) if words["days"] else None
        _key, text = keeping.make(keeping.Wish(words["name"], words["scopes"], ends), by=request.user, at=now)
    context = {
        "keys": keeping.shown_to(request.user),
        "form": WishForm() if text else form,
        "text": text,
        "now": now,
        "here": "keys",
    }
    return render(request, "accounts/keys.html", context, status=422 if form.is_bound and not text else 200)


@require_POST
@keepers_of_keys
def revoke(request: AgentRequest, pk: int) -> HttpResponse:
    """An administrator revokes any key, others their own."""
    mine = ApiKey.objects.all() if request.user.is_admin else ApiKey.objects.filter(user=request.user)
    key = get_object_or_404(mine, pk=pk)
    keeping.revoke(key, by=request.user, at=timezone.now())
    messages.success(request, _("Отозвали ключ «%s»: он больше ничего не открывает.") % key.name)
    return redirect("keys")
