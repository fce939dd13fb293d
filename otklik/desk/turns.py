"""What decides about the state of a request: whoever takes a deed back asks whether another came after it."""

from otklik.journal.models import Entry

REOPENED = "ticket.reopened"
# message.received is none of them: history and automatic answers write it too, and it need not change the state
_TURNS = ("ticket.state", "ticket.solved", "ticket.closed", "ticket.spam", REOPENED, "message.written")


def turned_since(ticket_id: int, entry_id: int) -> bool:
    """Whether another deed decided about the state after this entry of the journal. The caller holds the request."""
    return Entry.objects.filter(ticket=ticket_id, word__in=_TURNS, pk__gt=entry_id).exists()
