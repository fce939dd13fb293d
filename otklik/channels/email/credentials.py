"""What a box signs in with: a password, or OAuth 2 whose access tokens are fetched and kept until they expire."""

import json
import threading
import time
import urllib.parse
from dataclasses import asdict, dataclass
from http import HTTPStatus

from django.utils.translation import gettext as _

from otklik import outside
from otklik.accounts import vault
from otklik.channels.models import Box

ASK_LIMIT_S = 20
EARLY_S = 120  # a token is not used in its last two minutes
_tokens: dict[tuple[int, str], tuple[str, float]] = {}
_lock = threading.Lock()


class NoCredentials(Exception):
    """The box cannot sign in. `words`: a Russian sentence with what to do; `said`: the service's own words."""

    def __init__(self, words: str, said: str = "", *, final: bool = True) -> None:
        super().__init__(words)
        self.words = words
        self.said = said
        self.final = final  # False: the service did not answer, a later try may succeed


@dataclass(frozen=True, slots=True)
class Grant:
    """What was granted to our client at a service: sealed as JSON in Box.secret."""

    client_id: str
    client_secret: str
    refresh_token: str
    token_url: str
    scope: str = ""


def password(box: Box) -> str:
    """The box's password; '' when it has none. Raises NoCredentials when it is sealed with another key."""
    return _unsealed(box) if box.auth == Box.Auth.PASSWORD else ""


def grant(box: Box) -> Grant | None:
    """What the administrator registered, None before that. Raises NoCredentials."""
    sealed = _unsealed(box) if box.auth == Box.Auth.XOAUTH2 else ""
    return Grant(**json.loads(sealed)) if sealed else None


def seal(secret: str | Grant) -> bytes:
    """For Box.secret."""
    return vault.seal(secret if isinstance(secret, str) else json.dumps(asdict(secret)))


def access_token(box: Box) -> str:
    """A token good for two minutes at least; '' for a box that uses a password. Goes to the network.

    Raises NoCredentials.
    """
    if box.auth != Box.Auth.XOAUTH2:
        return ""
    granted = grant(box)
    if granted is None or not granted.refresh_token:
        raise NoCredentials(
            _("Вы ещё не дали доступ к ящику: откройте его настройки и нажмите «Дать доступ».")
        )
    place = (box.pk, granted.refresh_token)
    with _lock:
        token, good_until = _tokens.get(place, ("", 0.0))
        if time.monotonic() < good_until - EARLY_S:
            return token
    fields = {"grant_type": "refresh_token", "refresh_token": granted.refresh_token}
    answer = ask(granted, fields)
    token = str(answer.get("access_token", ""))
    if not token:
        raise NoCredentials(_("Почта не дала ключ доступа. Дайте доступ к ящику заново."), json.dumps(answer))
    life = answer.get("expires_in")
    with _lock:
        _tokens[place] = (token, time.monotonic() + (float(life) if isinstance(life, int | float) else 600))
    return token


def forget(box: Box) -> None:
    """Fetch a new token next time: the server refused the one we have."""
    with _lock:
        for place in [place for place in _tokens if place[0] == box.pk]:
            del _tokens[place]


def ask(granted: Grant, fields: dict[str, str]) -> dict[str, object]:
    """The token endpoint's answer. Raises NoCredentials."""
    known = {"client_id": granted.client_id, "client_secret": granted.client_secret}
    body = urllib.parse.urlencode({**known, **fields}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    try:
        answer = outside.post(granted.token_url, body, headers, timeout_s=ASK_LIMIT_S)
        if answer.status == HTTPStatus.OK:
            return outside.read_json(answer)
    except (OSError, ValueError) as fault:
        words = _("Служба входа %(host)s не отвечает. Мы пробуем снова сами.")
        host = urllib.parse.urlsplit(granted.token_url).hostname
        raise NoCredentials(words % {"host": host}, str(fault), final=False) from fault
    said = answer.body[:2000].decode("utf-8", "replace")
    refused = answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
    raise NoCredentials(_refusal(said, refused=refused), said, final=refused)


def _refusal(said: str, *, refused: bool) -> str:
    if not refused:
        return _("Служба входа сломалась у себя. Мы пробуем снова сами.")
    if "invalid_client" in said:
        return _(
            "Служба входа не узнала приложение: проверьте его идентификатор и секрет в настройках ящика."
        )
    return _("Доступ к ящику отозвали, или он истёк. Откройте его настройки и нажмите «Дать доступ».")


def _unsealed(box: Box) -> str:
    if not box.secret:
        return ""
    try:
        return vault.unseal(bytes(box.secret))
    except vault.Unreadable as fault:
        words = _("Пароль ящика закрыт другим ключом: OTKLIK_SECRET_KEY сменился. Введите пароль заново.")
        raise NoCredentials(words) from fault
