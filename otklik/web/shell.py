"""What every page has: who is here, the places of the rail, the address of the live stream."""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

from django.http import HttpRequest
from django.utils.translation import get_language

from otklik.accounts.models import User
from otklik.accounts.rights import Right
from otklik.web import places
from otklik.web.places import Place


class Stop(NamedTuple):
    """A place as this page shows it, of plain values, since the rail is kept. waits: None is not counted."""

    name: str
    icon: str
    address: str
    key: str
    go: str
    at_end: bool
    ways: tuple[str, ...]  # what the addresses of its pages begin with
    recount: str  # where the number alone is asked for
    here: bool = False
    waits: int | None = None

    @property
    def is_counted(self) -> bool:
        return self.waits is not None

    @property
    def shown_count(self) -> str:
        return str(self.waits) if self.waits is not None and self.waits < 100 else "99+"


def context(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"theme": "system"}
    return {"theme": user.theme, "signed_in": True, "rail": cache(lambda: stops(request, user))}


def stops(request: HttpRequest, user: User) -> tuple[Stop, ...]:
    """The places of the rail for one page; the longest address that begins the page's own is «here»."""
    known = _known(user.rights, user.is_admin, get_language() or "")
    ways = (way for one, _ in known for way in one.ways if request.path.startswith(way))
    here = max(ways, key=len, default="")
    return tuple(
        one._replace(here=here in one.ways, waits=count(request) if count else None) for one, count in known
    )


@lru_cache(maxsize=200)
def _known(
    rights: frozenset[Right],
    is_admin: bool,
    language: str,  # noqa: ARG001 - the names are in it
) -> tuple[tuple[Stop, Callable[[HttpRequest], int] | None], ...]:
    return tuple((_stop(one), one.count) for one in places.seen_by(rights, is_admin))


def _stop(place: Place) -> Stop:
    return Stop(
        str(place.name), place.icon, place.address(), place.key, place.go, place.at_end, place.ways(),
        place.recount_address(),
    )  # fmt: skip
