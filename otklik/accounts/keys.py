"""Keys of programs: made once, shown once, checked by hash; they act as their person within their scopes.

Unknown     no such key, or its time is over
OutOfScope  the key is good for other things
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import structlog
from django.db.models import Q
from django.utils.translation import gettext as _

from otklik.accounts import throttling
from otklik.accounts.models import ApiKey, User
from otklik.accounts.rights import Right
from otklik.accounts.scopes import Scope
from otklik.accounts.throttling import Limit
from otklik.errors import NotAllowed, Refusal

log = structlog.get_logger("otklik.security")
BEGINS = "otk"
USED_EVERY = timedelta(minutes=1)
WRONG = Limit("api-key", 30, timedelta(hours=1))  # wrong keys of one place


class Unknown(Refusal):
    code = "key.unknown"
    status = HTTPStatus.UNAUTHORIZED


class OutOfScope(NotAllowed):
    code = "key.out_of_scope"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a new key shall be."""

    name: str
    scopes: Sequence[str]
    expires_at: datetime | None = None


def make(wish: Wish, *, by: User, at: datetime) -> tuple[ApiKey, str]:
    """A key that acts as `by`, and its text «otk_<prefix>_<secret>», shown this once. Raises NotAllowed."""
    if not by.may(Right.KEYS):
        raise NotAllowed(_("Ключи API выпускает администратор."), _("Попросите его выпустить ключ."))
    prefix, secret = secrets.token_hex(5), secrets.token_urlsafe(24)
    key = ApiKey.objects.create(
        user=by, name=wish.name, prefix=prefix, secret_hash=_hash(secret), scopes=list(wish.scopes), made_at=at,
        expires_at=wish.expires_at,
    )  # fmt: skip
    return key, f"{BEGINS}_{prefix}_{secret}"


def check(text: str, scope: Scope, *, place: str, at: datetime) -> ApiKey:
    """The living key of this text, with its person. Raises Unknown, OutOfScope, TooOften."""
    begins, _line, rest = text.partition("_")
    prefix, _line, secret = rest.partition("_")
    living = ApiKey.objects.filter(Q(expires_at=None) | Q(expires_at__gt=at), revoked_at=None)
    key = living.select_related("user__own_role").filter(prefix=prefix, user__is_active=True).first()
    expected = key.secret_hash if key else _hash("")
    if not hmac.compare_digest(expected, _hash(secret)) or key is None or begins != BEGINS:
        log.warning("key.wrong", place=throttling.mark(place))
        throttling.allow(WRONG, place, at=at)
        raise Unknown(
            _("Такого ключа нет, или его срок прошёл."), _("Возьмите другой в разделе «Ключи API».")
        )
    if scope not in key.scopes:
        raise OutOfScope(_("Этот ключ открывает другое."), _("Выпустите ключ с областью «%s».") % scope.value)
    if key.last_used_at is None or key.last_used_at < at - USED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at, last_place=place)
    return key


def revoke(key: ApiKey, *, by: User, at: datetime) -> None:
    """From now on it opens nothing."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at, revoked_by=by)


def shown_to(user: User) -> list[ApiKey]:
    """All keys for an administrator, one's own for others; living ones first. One query."""
    rows = ApiKey.objects.select_related("user").order_by("-revoked_at", "-made_at")
    rows = rows if user.is_admin else rows.filter(user=user)
    return sorted(rows[:500], key=lambda one: one.revoked_at is not None)


def _hash(secret: str) -> str:
    """No salt: 192 random bits leave nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()
