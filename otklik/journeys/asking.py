"""«Прислать новую ссылку»: whoever asks gets the same answer; a letter goes only to a participant's own mailbox."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from otklik.accounts import links, throttling
from otklik.accounts.models import ClientLink
from otklik.clients.identifying import normal
from otklik.clients.models import Identity
from otklik.desk.models import CLOSED_STATES, Participant
from otklik.journeys import letters
from otklik.journeys.models import Letter
from otklik.journeys.pages import PARTS

BY_VISITOR = throttling.Limit("link-visitor", 10, timedelta(hours=1))
BY_ADDRESS = throttling.Limit("link-address", 3, timedelta(hours=1))
MOST_LETTERS = 3  # of one question without a token: the newest requests


def ask(address: str, token: str, *, visitor: str, at: datetime) -> None:
    """Owe letters with links to this address where it takes part; in nothing else does the answer differ.

    token: of a link that was real once narrows it to that request. Raises TooOften by visitor alone: too many
    letters to one address are left out in silence, else the answer would tell that the address is known.
    """
    throttling.allow(BY_VISITOR, visitor, at=at)
    often = throttling.count(BY_ADDRESS, normal(address), at=at) > BY_ADDRESS.times
    link = former(token, at=at)
    found = [] if often else _parts(normal(address), link)
    with transaction.atomic():
        for part in found:
            letters.owe(Letter.Kind.LINK, part.ticket, part.identity_id, at=at)


def former(token: str, *, at: datetime) -> ClientLink | None:
    """The link of a token that is or was good; None when it never was."""
    try:
        return links.read(token, at=at)
    except links.Expired:  # its seal was right, so the number in it is
        return ClientLink.objects.filter(pk=int(token.partition("-")[0])).first()
    except links.Unknown:
        return None


def _parts(address: str, link: ClientLink | None) -> Sequence[Participant]:
    """Requests that this address takes part in: that of the link, else the newest ones that are not over."""
    known = Identity.objects.filter(kind=Identity.Kind.EMAIL, value=address, blocked_at=None)
    parts = Participant.objects.filter(identity__in=known, part__in=PARTS).select_related("ticket")
    if link is not None:
        return list(parts.filter(ticket=link.ticket_id))
    over = [state for state in CLOSED_STATES if state != "solved"]
    return list(parts.exclude(ticket__state__in=over).order_by("-ticket__last_message_at")[:MOST_LETTERS])
