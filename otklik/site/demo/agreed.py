"""What each client of the example is promised by their agreement: the news and the times of letters go by it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from otklik.site.demo.people import Guest
from otklik.sla import binding, policies, telling, worked
from otklik.sla.binding import Newcomer
from otklik.sla.terms import Kind

PRIORITIES = {"низкая": 0, "обычная": 1, "высокая": 2, "срочно": 3}


class Agreed:
    """No agreement of the example covers only some priorities, so one version judges all requests of a client."""

    def __init__(self, guests: Iterable[Guest], *, at: datetime) -> None:
        clients = [guest.client.pk for guest in guests]
        versions = binding.choose_coming([Newcomer(pk) for pk in clients], at=at)
        rules = policies.rules(set(versions))
        self._rules = {pk: rules[version] for pk, version in zip(clients, versions, strict=True)}

    def within(self, guest: Guest, kind: Kind, priority: int) -> timedelta:
        """Working time."""
        return worked.told(self._rules[guest.client.pk].terms, kind, priority)

    def due(self, guest: Guest, kind: Kind, priority: int, *, since: datetime) -> datetime:
        return telling.after(self._rules[guest.client.pk], kind, priority, since=since)


def priority_of(options: dict[str, str]) -> int:
    return PRIORITIES[options.get("важность", "обычная")]
