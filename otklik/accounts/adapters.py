"""What django-allauth asks of us: its login stages, secrets and services of sign-in, with our pages and our rules.

Of allauth we take the stages of a login, the arithmetic of second factors and the protocol of OpenID Connect. Pages,
throttling, passwords, letters and the list of people are ours: nobody signs up by themselves.
"""

from typing import Any, NoReturn

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_pk_to_url_str
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from otklik.accounts import oidc, stepping, vault
from otklik.accounts.models import Provider, User
from otklik.accounts.rights import Right
from otklik.env import env
from otklik.web.language import remember


class AccountAdapter(DefaultAccountAdapter):
    """Signing in ends on our pages, in the person's language, without letters and notices of its own."""

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        return False

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:  # noqa: ARG002 - the same
        return redirect("sign-in")

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> HttpResponse:
        assert isinstance(user, User)  # noqa: S101 - we have no other people
        owes = stepping.OWES in request.session
        return speaking(redirect("security" if owes else more["redirect_url"] or home(user)), user)

    def add_message(self, *args: object, **more: object) -> None:
        """Our pages say what happened themselves."""

    def send_notification_mail(self, *args: object, **more: object) -> None:
        """Letters of ours tell it (factors.py)."""


class FactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return vault.seal(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return vault.unseal(encrypted_text.encode())

    def get_totp_issuer(self) -> str:
        return _("Отклик")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the name that people type, whatever the proxy in between calls us."""
        return {
            "id": env().base_url.split("://", 1)[1].partition("/")[0].partition(":")[0],
            "name": _("Отклик"),
        }

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, object]:
        assert isinstance(user, User)  # noqa: S101 - we have no other people
        return {"id": user_pk_to_url_str(user).encode(), "display_name": user.name, "name": user.email}


class ServiceAdapter(DefaultSocialAccountAdapter):
    """Services of sign-in are rows of ours with a sealed secret; they let in only whom an administrator invited."""

    def list_apps(
        self,
        request: HttpRequest | None,  # noqa: ARG002 - allauth's signature
        provider: str | None = None,
        client_id: str | None = None,
    ) -> list[SocialApp]:
        rows = Provider.objects.filter(is_on=True)
        if provider and provider != "openid_connect":
            rows = rows.filter(slug=provider)
        if client_id:
            rows = rows.filter(client_id=client_id)
        return [_app(row) for row in rows]

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> OAuth2Provider:
        found: OAuth2Provider = super().get_provider(request, provider, client_id)
        found.oauth2_adapter_class = oidc.Adapter
        return found

    def get_requests_session(self) -> requests.Session:
        return oidc.session()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002 - allauth's
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[AbstractUser, str] | None:
        """Whose address it is, when the service says that it has checked it. Some say "false" in letters.

        Told without the address, allauth leaves the password as it is: it guards against strangers who signed up by
        themselves, which nobody does here, and with the service away the password is the only way in.
        """
        checked = [one for one in sociallogin.email_addresses if str(one.verified).lower() == "true"]
        sociallogin.email_addresses = checked
        found = super().authenticate_by_email(sociallogin)
        return (found[0], "") if found else None

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:  # noqa: ARG002 - the same
        """The person as the service names them; nobody of this kind is ever saved."""
        stranger = sociallogin.user
        assert isinstance(stranger, User)  # noqa: S101 - we have no other people
        stranger.email, stranger.name = data.get("email") or "", data.get("name") or ""
        return stranger

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Whom nobody invited is told so; from the first time on a person is known by the service's own id."""
        if not sociallogin.is_existing:
            _refuse(
                request,
                _("Эта служба назвала почту, которой у нас нет. Попросите администратора завести вас."),
            )
        account, person = sociallogin.account, sociallogin.user
        if not account.pk and person is not None and person.is_active:
            account.user_id = person.pk
            account.save()

    def on_authentication_error(self, request: HttpRequest, *_what: object, **_more: object) -> None:
        _refuse(request, _("Служба не подтвердила вход. Попробуйте ещё раз или войдите с паролем."))


def home(user: User) -> str:
    """Where a person begins."""
    return resolve_url(settings.LOGIN_REDIRECT_URL if user.may(Right.SEE) else "desk:pass-on")


def speaking(response: HttpResponse, user: User) -> HttpResponse:
    """The pages of this browser speak the language that the person chose."""
    return remember(response, user.language)


def _app(row: Provider) -> SocialApp:
    return SocialApp(
        provider="openid_connect", provider_id=row.slug, name=row.name, client_id=row.client_id,
        secret=vault.unseal(bytes(row.secret)),
        settings={"server_url": row.address, "oauth_pkce_enabled": True, "email_authentication": True},
    )  # fmt: skip


def _refuse(request: HttpRequest, words: str) -> NoReturn:
    messages.warning(request, words)
    raise ImmediateHttpResponse(redirect("sign-in"))
