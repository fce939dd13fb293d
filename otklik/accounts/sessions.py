"""Sessions of browsers as rows that know whose they are: a person sees each of theirs and ends one or all.

Ending a session grows the person's access_epoch: their live streams end, and only browsers that are still signed in
get a new ticket.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as RowStore
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from otklik.accounts import arriving, throttling
from otklik.accounts.models import Session, User

SEEN_EVERY = timedelta(minutes=5)
DOOR = "otklik.door"
# the first that is found in the name that a browser gives itself: Chromium's children name it too
_BROWSERS = (
    ("YaBrowser", "Яндекс Браузер"), ("Edg", "Edge"), ("OPR", "Opera"), ("Vivaldi", "Vivaldi"),
    ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


class SessionStore(RowStore):
    """Django's sessions in the database, in a table of ours."""

    # of the row, when one was loaded
    seen_at: datetime | None = None
    person: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        """The living row of this key, with its person (arriving.py)."""
        found = arriving.read(self.session_key or "", at=timezone.now())
        self.seen_at, self.person = (found.session.seen_at, found.person) if found else (None, None)
        if found is None:
            self._session_key = None  # as Django's own store does: a key that somebody made up becomes none
            return None
        return found.session

    def create_model_instance(self, data: dict[str, Any]) -> Session:  # Any: what views put into a session
        row = super().create_model_instance(data)
        assert isinstance(row, Session)  # noqa: S101 - get_model_class() says so
        door = data.get(DOOR, {})
        row.user_id = int(data["_auth_user_id"]) if "_auth_user_id" in data else None
        row.made_at = datetime.fromisoformat(door["at"]) if door else timezone.now()
        row.place, row.browser = door.get("place", ""), door.get("browser", "")
        return row


@dataclass(frozen=True, slots=True)
class Shown:
    """One session as its person reads of it. key: names it in an address, opens nothing."""

    key: str
    made_at: datetime
    seen_at: datetime
    place: str
    browser: str
    is_this: bool


def began(request: HttpRequest, at: datetime) -> None:
    """Called when somebody has signed in by this browser."""
    browser = request.headers.get("User-Agent", "")[:300]
    request.session[DOOR] = {"at": at.isoformat(), "place": throttling.visitor(request), "browser": browser}


def seen(request: HttpRequest, at: datetime) -> None:
    """Note that this browser is in use, once in five minutes."""
    store = request.session
    if isinstance(store, SessionStore) and store.seen_at and store.seen_at < at - SEEN_EVERY:
        mine = Session.objects.filter(session_key=store.session_key)
        mine.update(seen_at=at, place=throttling.visitor(request))


def of(user: User, this: str | None, *, at: datetime) -> list[Shown]:
    """The person's living sessions, the last used first; `this`: the session key of the browser that asks."""
    rows = Session.objects.filter(user=user, expire_date__gt=at).order_by("-seen_at")
    return [
        Shown(
            _name(row.session_key), row.made_at, row.seen_at, row.place, spoken(row.browser), row.session_key == this
        )
        for row in rows.defer("session_data")
    ]  # fmt: skip


def end(user: User, name: str) -> bool:
    """End the session of this name; False when it has ended already."""
    for key in Session.objects.filter(user=user).values_list("session_key", flat=True):
        if _name(key) == name:
            _end(user, [key])
            return True
    return False


def end_all(user: User, *, but: str | None = None) -> int:
    """End every session of this person but one; returns how many there were."""
    keys = Session.objects.filter(user=user).exclude(session_key=but or "")
    return _end(user, list(keys.values_list("session_key", flat=True)))


def _end(user: User, keys: list[str]) -> int:
    with transaction.atomic():
        Session.objects.filter(session_key__in=keys).delete()
        User.objects.filter(pk=user.pk).update(access_epoch=F("access_epoch") + 1)
    return len(keys)


def forget_old(*, at: datetime) -> int:
    """A sweep (site/schedule.py): rows of sessions whose time is over, a thousand at once."""
    old = Session.objects.filter(expire_date__lt=at).order_by("expire_date").values("session_key")[:1000]
    return Session.objects.filter(session_key__in=old).delete()[0]


def spoken(browser: str) -> str:
    """«Firefox, Linux» out of what a browser calls itself."""
    known = [next((name for sign, name in names if sign in browser), "") for names in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, known)) or _("неизвестная программа")


def _name(session_key: str) -> str:
    return hashlib.sha256(f"otklik.session:{session_key}".encode()).hexdigest()[:20]
