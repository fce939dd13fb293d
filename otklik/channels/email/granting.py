"""OAuth 2 for a mailbox: the administrator's own client at the service, its code flow with PKCE (RFC 7636)."""

import base64
import hashlib
import secrets
import urllib.parse
from dataclasses import replace

from django.core import signing
from django.utils.translation import gettext as _

from otklik.channels.email import credentials, presets
from otklik.channels.email.credentials import Grant, NoCredentials
from otklik.channels.models import Box
from otklik.errors import Refusal

SALT = "otklik.box-grant"
LIFE_S = 900


class NotGranted(Refusal):
    code = "box.not_granted"


def begin(box: Box, client_id: str, client_secret: str) -> Grant:
    """What is kept while the administrator is at the service: everything but the refresh token."""
    service = presets.by_key(box.preset).oauth
    if service is None:
        raise NotGranted(_("Эта почта входит по паролю, а не по OAuth 2."), _("Введите пароль ящика."))
    return Grant(client_id.strip(), client_secret.strip(), "", service.token_url, service.scope)


def address(box: Box, granted: Grant, *, redirect: str, verifier: str) -> str:
    """Where to send the administrator's browser. verifier: of this browser's session (verifier())."""
    service = presets.by_key(box.preset).oauth
    if service is None:
        raise NotGranted(_("Эта почта входит по паролю, а не по OAuth 2."), _("Введите пароль ящика."))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    fields = {
        "response_type": "code",
        "client_id": granted.client_id,
        "redirect_uri": redirect,
        "scope": service.scope,
        "state": signing.dumps(box.pk, salt=SALT),
        "login_hint": box.username or box.address,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **dict(service.extra),
    }
    return f"{service.authorize_url}?{urllib.parse.urlencode(fields)}"


def verifier() -> str:
    return secrets.token_urlsafe(48)


def box_of(state: str) -> int:
    """The box that a service's answer is about. Raises NotGranted for a state that we did not sign lately."""
    try:
        return int(signing.loads(state, salt=SALT, max_age=LIFE_S))
    except (signing.BadSignature, ValueError) as fault:
        raise NotGranted(
            _("Ответ почты пришёл слишком поздно или не от неё."), _("Откройте ящик и дайте доступ ещё раз.")
        ) from fault


def finish(box: Box, code: str, *, redirect: str, verifier: str) -> Grant:
    """Change the code into a refresh token. Goes to the network. Raises NotGranted."""
    try:
        granted = credentials.grant(box)
        if granted is None:
            raise NotGranted(_("У ящика нет приложения OAuth 2."), _("Впишите его идентификатор и секрет."))
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": verifier,
        }
        answer = credentials.ask(granted, fields)
    except NoCredentials as fault:
        raise NotGranted(
            fault.words, _("Что ответила служба: %(said)s") % {"said": fault.said[:300]}
        ) from fault
    token = str(answer.get("refresh_token", ""))
    if not token:
        raise NotGranted(
            _("Почта не дала долгого ключа: с ним мы входили бы сами."),
            _("Проверьте в настройках приложения, что у него есть доступ без вас (offline)."),
        )
    return replace(granted, refresh_token=token)


def refused(said: str) -> NotGranted:
    """What the service answered instead of a code."""
    return NotGranted(
        _("Почта не дала доступ к ящику."),
        _("Её ответ: %(said)s. Дайте доступ ещё раз.") % {"said": said[:300]}
        if said
        else _("Откройте ящик и дайте доступ ещё раз."),
    )
