"""What every page has: who is here, the places of the rail, the address of the live stream."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from otklik.accounts.models import User
from otklik.web import places


@dataclass(frozen=True, slots=True)
class Stop:
    """A place as this page shows it."""

    place: places.Place
    address: str
    here: bool
    count: int

    @property
    def is_counted(self) -> bool:
        return self.place.count is not None

    @property
    def shown_count(self) -> str:
        return str(self.count) if self.count < 100 else "99+"


def context(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"theme": "system"}
    return {"theme": user.theme, "signed_in": True, "rail": SimpleLazyObject(lambda: stops(request, user))}


def stops(request: HttpRequest, user: User) -> list[Stop]:
    """The places of the rail for one page; the longest address that begins the page's own is «here»."""
    shown = [(one, one.address()) for one in places.seen_by(user)]
    here = max((address for _, address in shown if request.path.startswith(address)), key=len, default="")
    return [
        Stop(one, address, address == here, one.count(request) if one.count else 0) for one, address in shown
    ]
