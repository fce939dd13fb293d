"""A request gets other terms by what happens to it: another priority, label, tariff, organisation, cover (R-E3).

The deeds that do it stand in other rooms or concern thousands of requests at once, so the journal is read here, in
order. Only open requests change; one that stays with its agreement keeps its terms.
"""

from collections.abc import Sequence
from typing import Final

from django.db.models import Q, QuerySet

from otklik.desk.models import Ticket
from otklik.desk.models.tickets import OPEN
from otklik.journal import following
from otklik.journal.models import Entry
from otklik.sla import binding

FOLLOWER: Final = "agreements"
OF_TICKET: Final = frozenset({"ticket.priority", "ticket.tagged", "ticket.untagged"})
OF_MANY: Final = frozenset(
    {
        "agreement.covered",
        "agreement.uncovered",
        "client.tariff",
        "organisation.tariff",
        "client.organisation",
        "client.joined",
    }
)
_KINDS: Final = ("client", "organisation", "tariff", "tag")


def follow() -> int:
    """One step of the loop: entries read."""
    return following.follow(FOLLOWER, _take, words=OF_TICKET | OF_MANY)


def _take(entries: Sequence[Entry]) -> None:
    """One after another: what binds at each moment is told by its own."""
    for entry in entries:
        ids = list(
            _touched(entry).filter(OPEN, created_at__lte=entry.at).order_by("pk").values_list("pk", flat=True)
        )
        for part in binding.parts(ids):
            binding.rebind_many(part, by=entry.user, at=entry.at)


def _touched(entry: Entry) -> QuerySet[Ticket]:
    if entry.word in OF_TICKET:
        return Ticket.objects.filter(pk__in=[entry.ticket_id or 0])
    return Ticket.objects.filter(_whose(entry))


def _whose(entry: Entry) -> Q:
    """Requests of whom an entry names by kind and key."""
    kind = next((one for one in _KINDS if isinstance(entry.facts.get(one), int)), "")
    pk = entry.facts.get(kind)
    if kind == "client":
        return Q(client=pk)
    if kind == "organisation":
        return Q(organisation=pk) | Q(organisation=None, client__organisation=pk)
    if kind == "tariff":
        theirs = Q(organisation__tariff=pk) | Q(organisation=None, client__organisation__tariff=pk)
        return Q(client__tariff=pk) | theirs
    if kind == "tag":
        return Q(pk__in=Ticket.tags.through.objects.filter(tag=pk).values("ticket"))
    return Q(pk__in=[])
