"""One-time links by which a person sets a password: invited, or because they forgot it.

An invitation lives three days, a reset one hour. By each way (letter of an invitation, by hand, letter of a reset) one
link lives, and a new one takes its place; links of other ways live on until a password is set by any of them. Only a
hash of the token is kept: the address exists in the letter, and once on the page of whoever made it.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from otklik.accounts import sessions, throttling
from otklik.accounts.models import AccountLetter, PasswordLink, User
from otklik.accounts.throttling import Limit
from otklik.env import env
from otklik.jobs import wakeups

LIVES = {
    PasswordLink.Purpose.INVITATION: timedelta(days=3),
    PasswordLink.Purpose.HANDED: timedelta(days=3),
    PasswordLink.Purpose.RESET: timedelta(hours=1),
}
ASKED_BY_ADDRESS = Limit("reset-address", 3, timedelta(hours=1))
ASKED_BY_VISITOR = Limit("reset-visitor", 10, timedelta(hours=1))
TRIES = Limit("password-link", 30, timedelta(hours=1))  # guessing is hopeless, and shall not be free


def link(user: User, *, at: datetime, purpose: str = PasswordLink.Purpose.INVITATION) -> str:
    """A new absolute address for this person alone; the one before it that came the same way opens nothing any more."""
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two at once: one link lives
        PasswordLink.objects.filter(user=user, purpose=purpose, ended_at=None).update(ended_at=at)
        PasswordLink.objects.create(
            user=user, purpose=purpose, token_hash=_hash(token), made_at=at,
            expires_at=at + LIVES[PasswordLink.Purpose(purpose)],
        )  # fmt: skip
    return env().base_url + reverse("set-password", kwargs={"token": token})


def invited(token: str, *, at: datetime) -> PasswordLink | None:
    """Whose link this is, while it lives and they work here."""
    living = PasswordLink.objects.filter(ended_at=None, expires_at__gt=at, user__is_active=True)
    return living.select_related("user__own_role").filter(token_hash=_hash(token)).first()


def use(link: PasswordLink, password: str, *, at: datetime) -> bool:
    """Set the password, end all sessions, tell its person by letter; False when another browser was quicker."""
    user = link.user
    with transaction.atomic():
        if not PasswordLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=at):
            return False
        is_new = not user.has_usable_password()
        set_password(user, password, at=at)
        if not is_new:
            tell(user, AccountLetter.Kind.PASSWORD, at=at)
    return True


def set_password(user: User, password: str, *, at: datetime, but: str | None = None) -> None:
    """Every link and every session of theirs ends. but: the key of the session that stays."""
    PasswordLink.objects.filter(user=user, ended_at=None).update(ended_at=at)
    user.set_password(password)
    user.save(update_fields=["password"])
    sessions.end_all(user, but=but)


def ask(address: str, *, visitor: str, at: datetime) -> None:
    """«Забыли пароль?»: the same work and the same answer whether somebody has this address or not. Raises TooOften."""
    throttling.allow(ASKED_BY_VISITOR, visitor, at=at)
    throttling.allow(ASKED_BY_ADDRESS, address, at=at)
    with transaction.atomic():
        AccountLetter.objects.create(address=address, kind=AccountLetter.Kind.RESET, made_at=at, next_at=at)
        wakeups.tell("outbox")


def invite(user: User, *, at: datetime) -> None:
    """Owe them a letter with a link. At most one such letter waits."""
    waiting = AccountLetter.objects.filter(user=user, kind=AccountLetter.Kind.INVITATION, done_at=None)
    if not waiting.exists():
        tell(user, AccountLetter.Kind.INVITATION, at=at)


def tell(user: User, kind: str, *, at: datetime, words: str = "") -> None:
    """Owe this person a letter about their account."""
    with transaction.atomic():
        AccountLetter.objects.create(user=user, kind=kind, words=words, made_at=at, next_at=at)
        wakeups.tell("outbox")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
