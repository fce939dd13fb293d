"""Which list is on the screen: read from the address, kept by every link of the page."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import cast, get_args
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from otklik.desk.lists import Order, Place, View

VIEWS: dict[View, str | Promise] = {
    "mine": _("Мои"),
    "unowned": _("Ничьи"),
    "all": _("Все"),
    "waiting": _("Ждём"),
    "solved": _("Решённые"),
    "spam": _("Спам"),
}
COUNTED: tuple[View, ...] = ("mine", "unowned", "all")


@dataclass(frozen=True, slots=True)
class Listing:
    view: View
    order: Order
    after: Place | None = None

    @property
    def query(self) -> str:
        """«?view=all&order=last», '' for the usual one. The place is left out: it belongs to one page."""
        return _query(self.view, self.order)

    def other(self, *, view: View | None = None, order: Order | None = None) -> str:
        return Listing(view or self.view, order or self.order).query or "?"

    def further(self, place: Place) -> str:
        at = place.at.isoformat() if place.at else ""
        return f"?{urlencode({'view': self.view, 'order': self.order, 'after': f'{at}~{place.pk}'})}"


@cache
def _query(view: View, order: Order) -> str:
    said: dict[str, str] = {"view": view} if view != "mine" else {}
    if order != "due":
        said["order"] = order
    return f"?{urlencode(said)}" if said else ""


def read(request: HttpRequest) -> Listing:
    """What the address says; anything strange in it is read as the usual list."""
    view = request.GET.get("view", "mine")
    order = request.GET.get("order", "due")
    return Listing(
        cast("View", view) if view in get_args(View) else "mine",
        cast("Order", order) if order in get_args(Order) else "due",
        _place(request.GET.get("after", "")),
    )


def _place(text: str) -> Place | None:
    at, tilde, pk = text.partition("~")
    if not tilde or not pk.isascii() or not pk.isdigit() or len(pk) > 18:
        return None
    try:
        moment = datetime.fromisoformat(at) if at else None
        if moment and not moment.tzinfo:
            return None
        # PostgreSQL knows no zones that are sixteen hours away
        return Place(moment.astimezone(UTC) if moment else None, int(pk))
    except (ValueError, OverflowError):
        return None
