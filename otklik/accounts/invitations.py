"""One-time links by which a person sets a password: shown to an administrator, given by hand or by messenger.

A link dies when the password is set, at the next sign-in, or after three days (PASSWORD_RESET_TIMEOUT).
"""

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from otklik.accounts.models import User
from otklik.env import env


def link(user: User) -> str:
    """The absolute address for this person alone."""
    uid = urlsafe_base64_encode(str(user.pk).encode())
    token = default_token_generator.make_token(user)
    return env().base_url + reverse("set-password", kwargs={"uid": uid, "token": token})


def invited(uid: str, token: str) -> User | None:
    """Whose link this is, while it lives and they work here."""
    try:
        pk = int(urlsafe_base64_decode(uid).decode())
    except (ValueError, OverflowError):
        return None
    user = User.objects.filter(pk=pk, is_active=True).first() if pk < 2**63 else None
    return user if user and default_token_generator.check_token(user, token) else None
