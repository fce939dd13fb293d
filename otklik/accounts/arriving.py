"""Who comes with a session: its row, its person, their role and their teams in one statement, since every page asks.

Only what is beyond doubt is taken from here. Anything else (somebody put out of office, a changed password, a backend
that is gone) is left to Django's own way, which knows when to end a session.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, middleware
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from otklik import rows
from otklik.accounts.models import OwnRole, Session, User

# staff stands further right: its table is named, not imported, as in the triggers of access_epoch
_SQL = """
SELECT {session}, {user}, {role}, ARRAY(SELECT team_id FROM staff_membership WHERE user_id = u.id)
  FROM accounts_session s LEFT JOIN accounts_user u ON u.id = s.user_id
       LEFT JOIN accounts_ownrole r ON r.id = u.own_role_id
 WHERE s.session_key = %(key)s AND s.expire_date > %(at)s
"""
_MODELS: tuple[tuple[str, str, type[models.Model]], ...] = (
    ("session", "s", Session), ("user", "u", User), ("role", "r", OwnRole),
)  # fmt: skip


_FOUND = "_cached_user"  # where Django's own middleware.get_user() keeps them


@dataclass(frozen=True, slots=True)
class Arrival:
    session: Session
    person: User | None  # None: nobody has signed in by it


def read(session_key: str, *, at: datetime) -> Arrival | None:
    """The living session of this key; None where there is none."""
    found = rows.ask(_statement(), {"key": session_key, "at": at}, binary=True)
    if not found:
        return None
    [row] = found
    session_names, user_names, role_names = (_columns(model) for _, _, model in _MODELS)
    people, roles = len(session_names), len(session_names) + len(user_names)
    session = Session.from_db(connection.alias, session_names, row[:people])
    if row[people] is None:
        return Arrival(session, None)
    person = User.from_db(connection.alias, user_names, row[people:roles])
    if row[roles] is not None:
        person.own_role = OwnRole.from_db(connection.alias, role_names, row[roles:-1])
    person.loaded_teams = tuple(row[-1])
    return Arrival(session, person)


class PeopleMiddleware(middleware.AuthenticationMiddleware):
    """request.user as Django says it, without asking the database again."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _whoever(request))  # type: ignore[assignment]  # lazy


def unwrap(request: HttpRequest) -> None:
    """Put the person themselves in the place of Django's lazy object, which every word asked of them goes through.

    For pages that have asked already whether somebody has signed in.
    """
    shown: object = request.user
    if type(shown) is SimpleLazyObject:
        request.user = _whoever(request)


def _whoever(request: HttpRequest) -> User | AnonymousUser:
    """The person of this request or nobody, found once."""
    if not hasattr(request, _FOUND):
        setattr(request, _FOUND, _known(request) or auth.get_user(request))
    whoever: User | AnonymousUser = getattr(request, _FOUND)
    return whoever


def _known(request: HttpRequest) -> User | None:
    """The person of the session's row, when everything about the session agrees with it."""
    session = request.session
    signed_in_as = session.get(SESSION_KEY)  # loads the row
    person: User | None = getattr(session, "person", None)
    if person is None or signed_in_as != str(person.pk) or not person.is_active:
        return None
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    sealed = session.get(HASH_SESSION_KEY) or ""
    return person if constant_time_compare(sealed, person.get_session_auth_hash()) else None


@cache
def _statement() -> str:
    columns = {
        name: ", ".join(f'{table}."{field.column}"' for field in model._meta.concrete_fields)  # noqa: SLF001 - Django's own way
        for name, table, model in _MODELS
    }
    return _SQL.format(**columns)


@cache
def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001 - the same
