"""Where a word to a request that has ended for good belongs: to the request that an earlier such word began (R-A7).

To one of the same client only: whoever asks in a request reads every word that comes into it.
"""

from collections.abc import Collection

from django.db.models import F

from otklik.desk.models import Participant, Relation, Ticket

ENDED_FOR_GOOD = (Ticket.State.CLOSED, Ticket.State.SPAM)
FURTHEST = 5  # a chain of closed requests is followed so far
Late = tuple[int, int]  # a request that has ended for good, and the client who has a word to it


def successors(late: Collection[Late]) -> dict[Late, Ticket]:
    """For each: the latest request that continues it, in which this client asks and which has not ended for good.

    Locked; the caller holds the transaction and the ended requests, so that nobody begins another meanwhile.
    """
    origins = {one: one for one in late}
    found: dict[Late, Ticket] = {}
    for _step in range(FURTHEST):
        if not origins:
            break
        further: dict[Late, Late] = {}
        for one, ticket in _continuing(origins):
            if one in origins and ticket.state in ENDED_FOR_GOOD:
                further[ticket.pk, one[1]] = origins[one]
            elif one in origins:
                found[origins[one]] = ticket
        origins = {one: origin for one, origin in further.items() if origin not in found}
    return found


def _continuing(late: Collection[Late]) -> list[tuple[Late, Ticket]]:
    """Of these requests and these clients, oldest first."""
    askers = Participant.objects.filter(
        part=Participant.Part.REQUESTER,
        identity__client__in={client_id for _former, client_id in late},
        ticket__relations__kind=Relation.Kind.CONTINUES,
        ticket__relations__other__in={former_id for former_id, _client in late},
    )
    rows = askers.annotate(former=F("ticket__relations__other")).select_related("ticket", "identity")
    locked = rows.select_for_update(of=("ticket",)).order_by("ticket_id")
    return [((row.former, row.identity.client_id), row.ticket) for row in locked]
