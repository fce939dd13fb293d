"""Where a word to a request that has ended for good belongs: to the request that an earlier such word began (R-A7)."""

from collections.abc import Iterable

from otklik.desk.models import Relation, Ticket
from otklik.desk.receiving import ENDED_FOR_GOOD

FURTHEST = 5  # a chain of closed requests is followed so far


def successors(tickets: Iterable[Ticket]) -> dict[int, Ticket]:
    """By the id of a closed request: the latest one that continues it and has not ended for good itself."""
    origins = {ticket.pk: ticket.pk for ticket in tickets if ticket.state in ENDED_FOR_GOOD}
    found: dict[int, Ticket] = {}
    for _step in range(FURTHEST):
        if not origins:
            break
        rows = Relation.objects.filter(kind=Relation.Kind.CONTINUES, other__in=origins)
        further: dict[int, int] = {}
        for row in rows.select_related("ticket").order_by("pk"):
            if row.ticket.state in ENDED_FOR_GOOD:
                further[row.ticket_id] = origins[row.other_id]
            else:
                found[origins[row.other_id]] = row.ticket
        origins = {pk: origin for pk, origin in further.items() if origin not in found}
    return found
