"""The second factor: codes of an app (TOTP), keys and passkeys (WebAuthn), recovery codes. Arithmetic by allauth.

WrongCode   the code or key is not theirs, or was used already
NoFactor    there is nothing to make recovery codes for
"""

import base64
import hmac
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from otklik.accounts import entering, invitations, throttling, vault
from otklik.accounts.models import AccountLetter, User
from otklik.accounts.throttling import Limit
from otklik.errors import Refusal

TRIES = Limit("second-factor", 5, timedelta(hours=1))
PASSKEYS = Limit("passkey", 30, timedelta(hours=1))  # wrong ones of one visitor
PASSKEY_LIVES = timedelta(minutes=5)
_SALT = "otklik.passkey"
Type = Authenticator.Type
# what fido2 raises over what a stranger's browser may send: it believes the shapes that it was promised
BROKEN = (
    ValidationError, ValueError, KeyError, TypeError, AttributeError, IndexError, struct.error, RecursionError,
)  # fmt: skip
Credential = dict[str, Any]  # Any: JSON of the browser, parsed by fido2 before anything is taken from it


class WrongCode(Refusal):
    code = "second_factor.wrong"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NoFactor(Refusal):
    code = "second_factor.none"


@dataclass(frozen=True, slots=True)
class Factors:
    """What of a second factor a person has. codes: recovery codes not used yet."""

    app: Authenticator | None
    keys: list[Authenticator]
    codes: list[str]

    @property
    def any(self) -> bool:
        return self.app is not None or bool(self.keys)


def of(user: User) -> Factors:
    """One query."""
    rows = list(Authenticator.objects.filter(user=user).order_by("pk"))
    codes = next((_unused(row) for row in rows if row.type == Type.RECOVERY_CODES), [])
    app = next((row for row in rows if row.type == Type.TOTP), None)
    return Factors(app, [row for row in rows if row.type == Type.WEBAUTHN], codes)


def _unused(row: Authenticator) -> list[str]:
    try:
        return list(RecoveryCodes(row).get_unused_codes())
    except vault.Unreadable:
        return []


def secret(*, fresh: bool) -> str:
    """The secret that this browser is about to give to an app; stays the same until it is kept or asked fresh."""
    return totp.get_totp_secret(regenerate=fresh)


def picture(user: User, secret: str) -> tuple[str, str]:
    """(address for an app, its QR picture as a data: address)."""
    address = get_adapter().build_totp_url(user, secret)
    drawn = base64.b64encode(get_adapter().build_totp_svg(address).encode()).decode()
    return address, f"data:image/svg+xml;base64,{drawn}"


def add_app(request: HttpRequest, user: User, code: str, *, at: datetime) -> None:
    """Keep the app whose code proves that it has the secret. Raises WrongCode, TooSoon."""
    told = secret(fresh=False)
    entering.refuse_too_soon({TRIES: str(user.pk)}, at=at)
    counter = _counter(told, "".join(code.split()))
    if counter is None or not throttling.once("totp", f"{user.pk}:{counter}", at=at):
        throttling.count(TRIES, str(user.pk), at=at)
        raise _wrong()
    with transaction.atomic():
        Authenticator.objects.filter(user=user, type=Type.TOTP).delete()  # another telephone
        totp.TOTP.activate(user, told)
        RecoveryCodes.activate(user)
        _tell(user, _("Включили вход с кодом из приложения."), at)
    totp.clear_totp_secret(request)


def add_key(user: User, name: str, credential: Credential, *, at: datetime) -> None:
    """Keep a key or passkey that the browser has just made. Raises WrongCode."""
    try:
        webauthn.parse_registration_response(credential)
        webauthn.complete_registration(credential)
    except BROKEN as fault:
        raise _wrong() from fault
    with transaction.atomic():
        webauthn.WebAuthn.add(user, name or _("Ключ"), credential)
        RecoveryCodes.activate(user)
        _tell(user, _("Добавили ключ «%s».") % (name or _("Ключ")), at)


def take_away(user: User, pk: int, *, at: datetime) -> None:
    """An app or a key goes; with the last one the recovery codes go too."""
    with transaction.atomic():
        gone, _rows = (
            Authenticator.objects.filter(user=user, pk=pk).exclude(type=Type.RECOVERY_CODES).delete()
        )
        if not gone:
            return
        mine = Authenticator.objects.filter(user=user)
        if not mine.exclude(type=Type.RECOVERY_CODES).exists():
            mine.delete()
        _tell(user, _("Убрали второй шаг входа."), at)


def reset(user: User, *, at: datetime) -> None:
    """An administrator takes all of it away: the telephone is lost and the codes too."""
    with transaction.atomic():
        if Authenticator.objects.filter(user=user).delete()[0]:
            _tell(user, _("Администратор убрал второй шаг входа."), at)


def new_codes(user: User, *, at: datetime) -> list[str]:
    """Ten new recovery codes; the old ones open nothing any more. Raises NoFactor."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two at once: one set lives
        if not of(user).any:
            raise NoFactor(_("Второго шага входа ещё нет."), _("Сначала добавьте приложение или ключ."))
        Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).delete()
        made = RecoveryCodes.activate(user)
        _tell(user, _("Сделали новые запасные коды."), at)
    return made.generate_codes()


def check_code(user: User, code: str, *, at: datetime) -> Authenticator:
    """The app or recovery codes that this code belongs to; each code works once. Raises WrongCode, TooSoon."""
    entering.refuse_too_soon({TRIES: str(user.pk)}, at=at)
    code = "".join(code.split())
    rows: list[Authenticator] = list(
        Authenticator.objects.filter(user=user, type__in=[Type.TOTP, Type.RECOVERY_CODES])
    )
    for row in rows:
        if _fits(row, code, at):
            throttling.forget(TRIES, str(user.pk))
            return row
    throttling.count(TRIES, str(user.pk), at=at)
    entering.log.warning("second_step.wrong", user=user.pk)
    raise _wrong()


def passkey_options() -> dict[str, Any]:
    """What a passkey has to sign, before anybody is known; `state` comes back with what it signed.

    Not in the session: an answer to the page that was there before may take the cookie of a new session away.
    """
    options: dict[str, Any] = webauthn.begin_authentication(None)
    state = webauthn.get_state()
    webauthn.clear_state()
    return {**options, "state": signing.dumps(state, salt=_SALT, compress=True)}


def check_passkey(state: str, credential: Credential, *, place: str, at: datetime) -> Authenticator:
    """The passkey that signed what we asked five minutes ago at the most; once. Raises WrongCode, TooSoon."""
    try:
        asked = signing.loads(state, salt=_SALT, max_age=PASSKEY_LIVES)
    except signing.BadSignature as fault:
        raise _wrong() from fault
    if not throttling.once("passkey", state, at=at):
        raise _wrong()
    webauthn.set_state(asked)
    return check_key(None, credential, place=place, at=at)


def check_key(user: User | None, credential: Credential, *, place: str, at: datetime) -> Authenticator:
    """The key that signed what we asked; user=None: a passkey that names its person. Raises WrongCode, TooSoon."""
    tried = {TRIES: str(user.pk)} if user else {PASSKEYS: place}
    entering.refuse_too_soon(tried, at=at)
    try:
        webauthn.parse_authentication_response(credential)
        whose = user or webauthn.extract_user_from_response(credential)
        found: Authenticator = webauthn.complete_authentication(whose, credential)
    except BROKEN as fault:
        for limit, value in tried.items():
            throttling.count(limit, value, at=at)
        entering.log.warning("second_step.wrong", user=user.pk if user else None)
        raise _wrong() from fault
    return found


def _fits(row: Authenticator, code: str, at: datetime) -> bool:
    try:
        if row.type == Type.RECOVERY_CODES:
            return bool(RecoveryCodes(row).validate_code(code))
        counter = _counter(get_adapter().decrypt(row.data["secret"]), code)
    except vault.Unreadable:  # the key of the environment was lost: an administrator takes the factor away
        return False
    # whoever looks over a shoulder has a minute and a half: a code is good once, in all processes
    return counter is not None and throttling.once("totp", f"{row.user_id}:{counter}", at=at)


def _counter(secret: str, code: str) -> int | None:
    """Which half-minute the code is of (RFC 6238), the one before and after included."""
    for counter in totp.yield_hotp_counters_from_time():
        if hmac.compare_digest(
            totp.format_hotp_value(totp.hotp_value(secret, counter)).encode(), code.encode()
        ):
            return int(counter)
    return None


def _wrong() -> WrongCode:
    return WrongCode(_("Код не подошёл."), _("Возьмите свежий: код живёт полминуты и работает один раз."))


def _tell(user: User, words: str, at: datetime) -> None:
    invitations.tell(user, AccountLetter.Kind.SECOND_FACTOR, at=at, words=words)
