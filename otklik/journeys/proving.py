"""A browser proves that it is the participant's: a code goes to their mailbox, they type it in.

Who holds a link may write; only a proved browser's words count as the participant's own (docs/decisions.md).

WrongCode    the code does not fit; says how many tries are left
├── Spent    five wrong ones, or 15 minutes are over: ask for another
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.core import signing
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from otklik.accounts import throttling
from otklik.accounts.models import ClientLink
from otklik.errors import Refusal
from otklik.journeys import letters
from otklik.journeys.models import Letter, Proof

CODE_LIVES = timedelta(minutes=15)
TRIES = 5
CODES = throttling.Limit("page-code", 5, timedelta(hours=1))
_SALT = "otklik.journeys.proof"


class WrongCode(Refusal):
    code = "code.wrong"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class Spent(WrongCode):
    code = "code.spent"


def ask(link: ClientLink, *, at: datetime) -> Proof:
    """Owe the participant a letter with a new code. At most five an hour for a link. Raises TooOften."""
    throttling.allow(CODES, str(link.pk), at=at)
    proof = Proof.objects.create(
        link=link, salt=secrets.token_bytes(16), made_at=at, expires_at=at + CODE_LIVES
    )
    letters.owe(Letter.Kind.CODE, link.ticket, link.identity_id, at=at, proof=proof)
    return proof


def code(proof: Proof) -> str:
    """Six digits of this proof, for the letter."""
    words = b"otklik.client-code:%d:" % proof.pk + bytes(proof.salt)
    digest = hmac.new(settings.SECRET_KEY.encode(), words, hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"


def prove(proof: Proof, typed: str, *, at: datetime) -> Proof:
    """Take a code as it was typed, spaces and all. A try is counted before it is looked at. Raises WrongCode, Spent."""
    counted = Proof.objects.filter(
        pk=proof.pk, tries__lt=TRIES, expires_at__gt=at, proved_at=None, link__revoked_at=None
    ).update(tries=F("tries") + 1)
    if not counted:
        raise Spent(_("Этот код больше не подходит."), _("Запросите новый: он придёт за минуту."))
    if not hmac.compare_digest(code(proof).encode(), _digits(typed).encode()):
        raise _wrong(proof)
    Proof.objects.filter(pk=proof.pk).update(proved_at=at)
    proof.proved_at = at
    return proof


def cookie(proof: Proof) -> str:
    """What the browser keeps: worthless for another link, another installation or after the link is closed."""
    return signing.dumps(proof.pk, salt=_SALT)


def of_browser(link: ClientLink, kept: str) -> Proof | None:
    """The proof that this browser began or finished for this very link. Runs a query when it keeps something."""
    try:
        pk = signing.loads(kept, salt=_SALT, max_age=timedelta(days=90))
    except signing.BadSignature:
        return None
    return Proof.objects.filter(pk=pk, link=link).first()


def _digits(typed: str) -> str:
    return "".join(filter(str.isdecimal, typed[:40]))


def _wrong(proof: Proof) -> WrongCode:
    proof.refresh_from_db(fields=["tries"])
    left = TRIES - proof.tries
    if not left:
        return Spent(_("Код не подошёл пять раз."), _("Запросите новый: он придёт за минуту."))
    again = ngettext("Осталась %d попытка.", "Осталось попыток: %d.", left) % left
    return WrongCode(_("Код не подошёл: в письме другие цифры."), again)
