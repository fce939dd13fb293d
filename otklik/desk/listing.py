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
from otklik.desk.narrowing import Narrow, Only

VIEWS: dict[View, str | Promise] = {
    "mine": _("Мои"),
    "unowned": _("Ничьи"),
    "all": _("Все"),
    "waiting": _("Ждём"),
    "solved": _("Решённые"),
    "spam": _("Спам"),
}
NARROWED: dict[Only, str | Promise] = {
    "": "",
    "late": _("опаздываем"),
    "today": _("срок сегодня"),
    "ours": _("ждут нас"),
}
COUNTED: tuple[View, ...] = ("mine", "unowned", "all")


@dataclass(frozen=True, slots=True)
class Listing:
    view: View
    order: Order
    after: Place | None = None
    owner_id: int | None = None
    only: Only = ""

    @property
    def query(self) -> str:
        """«?view=all&order=last», '' for the usual one. The place is left out: it belongs to one page."""
        whole = _query(self.view, self.order)
        return f"{whole}{'&' if whole else '?'}{urlencode(self._part)}" if self.is_part else whole

    @property
    def is_part(self) -> bool:
        """Whether the address asks for a part of the view: of one owner, late ones … (the lead's page leads here)."""
        return bool(self._part)

    @property
    def _part(self) -> dict[str, str]:
        said = {"owner": str(self.owner_id)} if self.owner_id is not None else {}
        return said | ({"only": self.only} if self.only else {})

    def narrow(self, at: datetime) -> Narrow:
        return Narrow(self.owner_id, self.only, at)

    def other(self, *, view: View | None = None, order: Order | None = None) -> str:
        """Another view is whole; another order is of the same part."""
        if view:
            return Listing(view, order or self.order).query or "?"
        return Listing(self.view, order or self.order, None, self.owner_id, self.only).query or "?"

    def further(self, place: Place) -> str:
        at = place.at.isoformat() if place.at else ""
        said = {"view": self.view, "order": self.order, "after": f"{at}~{place.pk}"}
        return f"?{urlencode(said | self._part)}"


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
    owner, only = request.GET.get("owner", ""), request.GET.get("only", "")
    return Listing(
        cast("View", view) if view in get_args(View) else "mine",
        cast("Order", order) if order in get_args(Order) else "due",
        _place(request.GET.get("after", "")),
        int(owner) if owner.isascii() and owner.isdigit() and len(owner) < 19 else None,
        cast("Only", only) if only in get_args(Only) else "",
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
