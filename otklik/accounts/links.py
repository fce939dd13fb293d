"""Links by which a participant looks at one request without registration (R-D1, design §10).

A token is the link's number and 128 bits of HMAC over its salt: the database alone opens nothing, and every letter can
carry the same link again. It is revocable, belongs to one participant of one request, and each letter prolongs it.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from http import HTTPStatus

from django.db.models import Q
from django.utils.translation import gettext as _

from otklik.accounts import vault
from otklik.accounts.models import ClientLink
from otklik.env import env
from otklik.errors import Refusal

LIVES = timedelta(days=90)
Pair = tuple[int, int]  # ticket id, identity id
_TOKEN = re.compile(r"(/r/\d{1,18}-)[\w-]{22}", re.ASCII)


class Unknown(Refusal):
    code = "link.unknown"
    status = HTTPStatus.NOT_FOUND


class Expired(Refusal):
    code = "link.expired"
    status = HTTPStatus.GONE


class Revoked(Expired):
    code = "link.revoked"


class Erased(Revoked):
    """The person whose link it is was erased: nobody can be sent a new one."""

    code = "link.erased"


def token(link: ClientLink) -> str:
    """«<number>-<22 characters>», safe in an address."""
    return f"{link.pk}-{_mac(link, env().secret_key)}"


def address(link: ClientLink) -> str:
    return f"{env().base_url}/r/{token(link)}/"


def url(ticket_id: int, identity_id: int, *, at: datetime) -> str:
    """The absolute address of a participant's page; makes the link where there is none, prolongs it where there is."""
    return urls_many([(ticket_id, identity_id)], at=at)[ticket_id, identity_id]


def urls_many(pairs: Iterable[Pair], *, at: datetime) -> dict[Pair, str]:
    """The same for many in three queries. One that has expired is revoked and made anew."""
    wanted = set(pairs)
    if not wanted:
        return {}
    live = ClientLink.objects.filter(_any_of(wanted), revoked_at=None)
    live.filter(expires_at__lte=at).update(revoked_at=at)
    live.filter(expires_at__lt=at + LIVES - timedelta(days=1)).update(expires_at=at + LIVES)
    known = {(link.ticket_id, link.identity_id) for link in live}
    ClientLink.objects.bulk_create(
        [_new(ticket, identity, at) for ticket, identity in sorted(wanted - known)], ignore_conflicts=True
    )
    return {(link.ticket_id, link.identity_id): address(link) for link in live.all()}


def read(text: str, *, at: datetime) -> ClientLink:
    """The link of a token. Raises Unknown, Expired, Revoked, Erased; a wrong one takes as long as a right one."""
    number, _dash, mac = text.partition("-")
    link = None
    if number.isascii() and number.isdigit() and len(number) < 19:
        links = ClientLink.objects.select_related("ticket", "identity__client")
        link = links.filter(pk=int(number)).first()
    expected = [_mac(link or ClientLink(pk=0, salt=b""), key) for key in vault.all_keys()]
    fits = [
        hmac.compare_digest(one.encode(), mac.encode()) for one in expected
    ]  # letters bear keys of before too
    if not any(fits) or link is None:
        raise Unknown(
            _("Такой ссылки нет."),
            _("Проверьте, что адрес вставили целиком, или попросите новую ссылку."),
        )
    if link.revoked_at and link.identity.client.erased_at:
        raise Erased(
            _("Здесь больше ничего нет: мы стёрли ваши данные."),
            _(
                "Мы удалили переписку, имя и адрес. Если мы снова понадобимся, напишите нам: начнём с чистого листа."
            ),
        )
    if link.revoked_at:
        raise Revoked(_("Эта ссылка закрыта."), _("Попросите новую: она придёт на вашу почту."))
    if link.expires_at <= at:
        raise Expired(_("Срок этой ссылки прошёл."), _("Попросите новую: она придёт на вашу почту."))
    return link


def revoke(link: ClientLink, *, at: datetime) -> None:
    ClientLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=at)


def without_tokens(text: str) -> str:
    """A letter's words without the links that it quotes: colleagues and others in copy will read them."""
    return _TOKEN.sub(r"\1…", text) if "/r/" in text else text


def _new(ticket_id: int, identity_id: int, at: datetime) -> ClientLink:
    salt = secrets.token_bytes(16)
    return ClientLink(
        ticket_id=ticket_id, identity_id=identity_id, salt=salt, made_at=at, expires_at=at + LIVES
    )


def _any_of(pairs: set[Pair]) -> Q:
    by_ticket: dict[int, set[int]] = {}
    for ticket, identity in pairs:
        by_ticket.setdefault(ticket, set()).add(identity)
    any_of = Q(pk__in=[])
    for ticket, identities in by_ticket.items():
        any_of |= Q(ticket=ticket, identity__in=identities)
    return any_of


def _mac(link: ClientLink, key: str) -> str:
    words = b"otklik.client-link:%d:" % (link.pk or 0) + bytes(link.salt)
    digest = hmac.new(key.encode(), words, hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
