"""Every extra is announced as a gift: none is given silently (R-D7)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.errors import Refusal
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.journeys.models import Gift
from otklik.web.language import in_company_language

LONGEST = 200


class NoGift(Refusal):
    code = "gift.no_words"


def give(ticket: Ticket, words: str, *, by: User, at: datetime) -> Gift:
    """Write down what the client gets beyond what they asked or paid for. Raises NoGift; said again, it is one gift."""
    said = " ".join(words.replace("\0", " ").split())
    if not 0 < len(said) <= LONGEST:
        raise NoGift(
            _("Напишите в одном предложении, что дарите: до 200 знаков."),
            _("Например: «Месяц хостинга бесплатно»."),
        )
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
        gift, is_new = Gift.objects.get_or_create(ticket=ticket, words=said, defaults={"by": by, "at": at})
        if is_new:
            facts: dict[str, object] = {"gift": gift.pk}
            line = Line(ticket.pk, "gift.given", at, teams=(ticket.team_id,), by=by, public=True, facts=facts)
            journaling.write(line)
    return gift


@in_company_language()
def letter(gift: Gift) -> str:
    """The words that go with it: drafted for the agent, who says it their own way."""
    said = gift.words.rstrip(".!…")
    return _("Хотим вас порадовать. Наш подарок: %s.") % (
        said[:1].lower() + said[1:] if said[1:2].islower() else said
    )
