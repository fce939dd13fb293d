"""Signing in by another service of the company (OpenID Connect), and the administrator's page of such services."""

from typing import TYPE_CHECKING, ClassVar, cast

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from otklik import outside
from otklik.accounts import vault
from otklik.accounts.models import Provider
from otklik.accounts.views import own_path
from otklik.env import env
from otklik.web.requests import AgentRequest, people_only

if TYPE_CHECKING:  # only the stubs know of a form's model
    _OfProvider = forms.ModelForm[Provider]
else:
    _OfProvider = forms.ModelForm
RESERVED = {"second", "passkey", "again"}  # addresses of ours beside


class ServiceForm(_OfProvider):
    address = forms.URLField(
        label=gettext_lazy("Адрес службы (issuer)"), max_length=500, assume_scheme="https",
        help_text=gettext_lazy("Например: https://sso.example.ru/realms/company"),
    )  # fmt: skip
    secret = forms.CharField(
        label=gettext_lazy("Секрет приложения"), max_length=500, required=False, strip=True,
        help_text=gettext_lazy("Храним зашифрованным. Пусто — оставим прежний."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    class Meta:
        model = Provider
        fields = ("name", "slug", "address", "client_id", "is_on")
        help_texts: ClassVar = {
            "slug": gettext_lazy("Латиницей: стоит в адресе, на который служба вернёт человека."),
        }

    field_order = ("name", "slug", "address", "client_id", "secret", "is_on")

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"].lower()
        if slug in RESERVED:
            raise forms.ValidationError(_("Такой адрес занят. Назовите службу иначе."))
        return slug

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if not outside.is_web_address(address):
            raise forms.ValidationError(
                _(
                    "Адрес должен начинаться с https://. Без шифрования можно только в сеть из OTKLIK_ALLOW_NETWORKS."
                )
            )
        return address

    def save_sealed(self) -> Provider:
        if self.instance.pk and {"slug", "address"} & set(self.changed_data):
            _forget_known(self.initial["slug"])
        if self.cleaned_data["secret"] or not self.instance.secret:
            self.instance.secret = vault.seal(self.cleaned_data["secret"])
        self.instance.save()
        return self.instance


@never_cache
@require_POST
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """To the service; it brings the person back to openid_connect_callback."""
    try:
        service = get_adapter().get_provider(request, slug)
        return cast(
            HttpResponse, service.redirect(request, AuthProcess.LOGIN, next_url=own_path(request) or None)
        )
    except SocialApp.DoesNotExist as fault:
        raise Http404 from fault
    except (OSError, OAuth2Error, ValueError, KeyError):  # not there, or not what it was set up as
        messages.warning(
            request, _("Служба входа сейчас не отвечает. Войдите с паролем или подождите минуту.")
        )
        return redirect("sign-in")


@require_GET
@people_only
def services(request: AgentRequest) -> HttpResponse:
    _administrators_only(request)
    return render(request, "accounts/services.html", {"services": Provider.objects.all(), "here": "services"})


@require_http_methods(["GET", "POST"])
@people_only
def service(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    _administrators_only(request)
    known = get_object_or_404(Provider, pk=pk) if pk else None
    form = ServiceForm(request.POST or None, instance=known)
    if form.is_valid():
        form.save_sealed()
        messages.success(request, _("Сохранили. Кнопка стоит на странице входа."))
        return redirect("services")
    slug = known.slug if known else _("имя")
    back = env().base_url + reverse("openid_connect_callback", args=["SLUG"]).replace("SLUG", slug)
    context = {"form": form, "service": known, "back": back, "here": "services"}
    return render(request, "accounts/service.html", context, status=422 if form.is_bound else 200)


@require_POST
@people_only
def service_goes(request: AgentRequest, pk: int) -> HttpResponse:
    _administrators_only(request)
    gone = get_object_or_404(Provider, pk=pk)
    with transaction.atomic():
        _forget_known(gone.slug)
        gone.delete()
    return redirect("services")


def _forget_known(slug: str) -> None:
    """Another service may give the same ids to other people: at the new one each is known by the address first."""
    SocialAccount.objects.filter(provider=slug).delete()


def _administrators_only(request: AgentRequest) -> None:
    """Whoever chooses the service decides who is let in as whom: no right of an own role gives that."""
    if not request.user.is_admin:
        raise PermissionDenied
