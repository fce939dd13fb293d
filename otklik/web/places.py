"""The places of the rail: each room adds its own in AppConfig.ready() (style §1: the shell knows no room)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from otklik.accounts.rights import Right


@dataclass(frozen=True, slots=True)
class Place:
    """name: what people read; icon: of icons.svg; url: a name for reverse(). Those at_end stand at the rail's foot."""

    name: str | Promise
    icon: str
    url: str
    order: int
    right: Right = Right.SEE  # who sees it
    admin_only: bool = False
    at_end: bool = False
    key: str = ""  # shown in the tooltip
    go: str = ""  # the key after G that leads there, by its code
    count: Callable[[HttpRequest], int] | None = None  # what waits for me; at most one query
    recount: str = (
        ""  # gives the number alone when the live stream says so (otklik:alerts): a name for reverse()
    )
    also: tuple[str, ...] = ()  # more pages of the place that don't lie below its own: names for reverse()

    def address(self) -> str:
        """'' while the room has no such page."""
        return _address(self.url)

    def recount_address(self) -> str:
        return _address(self.recount) if self.recount else ""

    def ways(self) -> tuple[str, ...]:
        """What the addresses of its pages begin with."""
        return tuple(filter(None, map(_address, (self.url, *self.also))))


def _address(url: str) -> str:
    try:
        return reverse(url)
    except NoReverseMatch:
        return ""


_places: list[Place] = []


def add(place: Place) -> None:
    if all(one.url != place.url for one in _places):
        _places.append(place)
        _places.sort(key=lambda one: one.order)


def seen_by(rights: frozenset[Right], is_admin: bool) -> list[Place]:
    return [
        one for one in _places if one.right in rights and (is_admin or not one.admin_only) and one.address()
    ]
