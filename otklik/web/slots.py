"""Slots: a page shows what stands further right in the order of rooms without importing it (style §1)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import DatabaseError, transaction

from otklik.accounts.models import User

log = logging.getLogger(__name__)


class Fill(Protocol):
    """HTML of one slot for all these tickets, by ticket id, with one query. A ticket may be missing."""

    def __call__(self, agent: User, ticket_ids: Sequence[int], /) -> dict[int, str]: ...


@dataclass(frozen=True, slots=True)
class _Filled:
    order: int
    name: str
    fill: Fill


@dataclass(frozen=True, slots=True)
class Part:
    """What a page shows: html, or failed with the name to retry by."""

    name: str
    html: str
    failed: bool = False


_slots: dict[str, list[_Filled]] = {}


def add(slot: str, fill: Fill, order: int, name: str = "") -> None:
    """Called in the room's AppConfig.ready()."""
    known = _slots.setdefault(slot, [])
    name = name or f"{fill.__module__}.{getattr(fill, '__name__', 'fill')}"
    if all(one.name != name for one in known):
        known.append(_Filled(order, name, fill))
        known.sort(key=lambda one: one.order)


def parts(slot: str, agent: User, ticket_id: int) -> list[Part]:
    """The parts of one ticket in order; one that fails is shown as failed, the page stands."""
    return [part for one in _slots.get(slot, []) if (part := _part(one, agent, ticket_id))]


def many(slot: str, agent: User, ids: Sequence[int]) -> dict[int, list[Part]]:
    """The parts of many things of one page, one call a filler; nothing is asked for no things."""
    found: dict[int, list[Part]] = {}
    for one in _slots.get(slot, []) if ids else ():
        try:
            with transaction.atomic():
                filled = one.fill(agent, ids)
        except (DatabaseError, LookupError, ValueError, TypeError, AttributeError):
            log.exception("slot %s failed for %s", one.name, list(ids))
            filled = {}
        for pk, html in filled.items():
            found.setdefault(pk, []).append(Part(one.name, html))
    return found


def _part(one: _Filled, agent: User, ticket_id: int) -> Part | None:
    try:
        with transaction.atomic():
            html = one.fill(agent, [ticket_id]).get(ticket_id, "")
    except (DatabaseError, LookupError, ValueError, TypeError, AttributeError):
        log.exception("slot %s failed for ticket %s", one.name, ticket_id)
        return Part(one.name, "", failed=True)
    return Part(one.name, html) if html else None
