"""The first administrator of an empty installation: made on a page, with a code that the terminal shows.

AlreadyBegun   somebody signs in here already: the code opens nothing any more
WrongCode      not the code of the terminal
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from otklik.accounts import throttling
from otklik.accounts.models import User
from otklik.errors import Refusal

TRIES = throttling.Limit("first-run", 20, timedelta(hours=1))


class AlreadyBegun(Refusal):
    code = "first_run.over"


class WrongCode(Refusal):
    code = "first_run.wrong_code"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


def is_open() -> bool:
    """Whether nobody can sign in yet. Runs a query."""
    return not User.objects.exists()


def code() -> str:
    """«4F7K-92QX-M3DA»: the same in all processes of this installation, by its secret key. For the terminal only."""
    digest = hmac.new(settings.SECRET_KEY.encode(), b"otklik.first-run", hashlib.sha256).digest()
    signs = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
    plain = "".join(signs[byte % len(signs)] for byte in digest[:12])
    return "-".join(plain[n : n + 4] for n in (0, 4, 8))


def begin(typed: str, *, email: str, name: str, password: str, visitor: str, at: datetime) -> User:
    """Make the first administrator. Raises WrongCode, AlreadyBegun, TooOften."""
    throttling.allow(TRIES, visitor, at=at)
    if not hmac.compare_digest(_plain(code()), _plain(typed)):
        raise WrongCode(_("Код не подошёл."), _("Он стоит в окне, где работает Отклик: otklik up."))
    with transaction.atomic():
        with (
            connection.cursor() as cursor
        ):  # two at once: the second one waits, then sees the first one's row
            cursor.execute("LOCK TABLE accounts_user IN SHARE ROW EXCLUSIVE MODE")
        if not is_open():
            raise AlreadyBegun(
                _("Первый администратор уже есть."), _("Войдите или попросите его завести вас.")
            )
        return User.objects.create_superuser(email, name, password)


def _plain(text: str) -> bytes:
    return text.upper().replace("-", "").replace(" ", "").encode()
