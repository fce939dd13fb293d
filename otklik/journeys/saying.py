"""What the client reads under «Сейчас»: one line at a time, in an agent's own words (R-D1)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.errors import Refusal
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.journeys.models import NowLine

LONGEST = 200


class TooLong(Refusal):
    code = "now.too_long"


def now(ticket: Ticket, words: str, *, by: User, at: datetime) -> NowLine | None:
    """Say what is being done; empty words take the line away, the page then says what the state tells.

    Repeating the standing words changes nothing. Raises TooLong past 200 characters.
    """
    said = " ".join(words.replace("\0", " ").split())
    if len(said) > LONGEST:
        raise TooLong(
            _("Строка «Сейчас» длиннее 200 знаков."), _("Оставьте главное: клиент прочтёт её за пять секунд.")
        )
    with transaction.atomic():
        Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
        standing = NowLine.objects.filter(ticket=ticket, ended_at=None).first()
        if (standing.words if standing else "") == said:
            return standing
        NowLine.objects.filter(ticket=ticket, ended_at=None).update(ended_at=at)
        line = NowLine.objects.create(ticket=ticket, words=said, by=by, at=at) if said else None
        facts: dict[str, object] = {"words": said}
        journaling.write(
            Line(ticket.pk, "now.said", at, teams=(ticket.team_id,), by=by, public=True, facts=facts)
        )
    return line
