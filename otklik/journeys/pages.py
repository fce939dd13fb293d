"""Everything that one participant's page shows, read in a number of queries that does not grow with the talk."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from otklik.accounts import links
from otklik.accounts.models import ClientLink
from otklik.desk.models import Participant, Ticket
from otklik.journeys import pledged, stages, standing, talk, waits
from otklik.journeys.models import Gift, NowLine
from otklik.journeys.pledged import Pledged
from otklik.journeys.stages import Stage
from otklik.journeys.standing import Answer, Facts
from otklik.journeys.talk import Said
from otklik.promises.models import STANDING, NextNews
from otklik.sla import promised
from otklik.sla.promised import Promised
from otklik.staff.models import Profile
from otklik.web import dates

MOSCOW = timedelta(hours=3)
PARTS = (Participant.Part.REQUESTER, Participant.Part.COPY)


@dataclass(frozen=True, slots=True)
class Page:
    """mark changes whenever the answer or the stages do: an open page asks with it whether there is news."""

    ticket: Ticket
    participant: Participant
    answer: Answer
    stages: Sequence[Stage]
    said: Sequence[Said]
    promises: Sequence[Pledged]
    gifts: Sequence[Gift]
    wait: str  # how long the first answer usually takes; '' once it is there, or where nobody knows
    mark: str
    now: datetime

    @property
    def opened(self) -> str:
        """«19 ноября», in another year with the year."""
        zone = timezone.get_current_timezone()
        return dates.day_of_month(
            self.ticket.created_at.astimezone(zone).date(), self.now.astimezone(zone).date()
        )

    @property
    def sent_words(self) -> str:
        """What comes after a message was sent."""
        if self.answer.news and not self.answer.is_late:
            return _("Следующая новость: %s.") % self.answer.news
        return _("Его увидит тот, кто ведёт запрос: %s.") % self.answer.who

    @property
    def clock_words(self) -> str:
        ahead = (self.now.astimezone(timezone.get_current_timezone()).utcoffset() or MOSCOW) - MOSCOW
        if not ahead:
            return _("Время на странице московское.")
        hours = f"{ahead.total_seconds() / 3600:+g}".replace("-", "−")
        return _("Время на странице: МСК%s.") % hours


def participant_of(link: ClientLink) -> Participant:
    """Raises links.Unknown when the holder takes no part in the talk with the client any more."""
    parts = Participant.objects.filter(ticket=link.ticket_id, identity=link.identity_id, part__in=PARTS)
    found = parts.select_related("identity__client").first()
    if found is None:
        raise links.Unknown(_("Такой ссылки нет."))
    return found


def requester_of(ticket: Ticket) -> Participant | None:
    """Whose page an agent previews."""
    parts = Participant.objects.filter(ticket=ticket, part=Participant.Part.REQUESTER)
    return parts.select_related("identity__client").first()


def agreed(page: Page) -> Promised | None:
    """What their agreement promises to whoever asked: nobody else's matter, and no more once it is over."""
    if page.participant.part != Participant.Part.REQUESTER or not page.ticket.is_open:
        return None
    found = promised.to_client(page.ticket.pk, page.ticket.priority)
    return found if found and found.times else None


def read(participant: Participant, *, at: datetime) -> Page:
    """In nine queries whatever the length of the talk; up to four more until the first answer."""
    ticket = _ticket(participant.ticket_id)
    said = talk.read(participant, at=at)
    ours = [one.at for one in said if one.ours and not one.lost]  # what never arrived is no answer
    was = stages.past(ticket.pk, ours[0] if ours else None)
    speech = _speech(ticket)
    facts = Facts(
        ticket=ticket,
        speech=speech,
        line=next(iter(ticket.now_lines.all()), None),
        news=next(iter(ticket.news.all()), None),
        ended_at=was.ended_at,
        asked_at=ours[-1] if ours else None,
        now=at,
    )
    answer = standing.answer(facts)
    listed = stages.of(ticket, was, standing.taken(ticket, speech))
    letters = [one.pk for one in said if one.ours and not one.lost]
    promises = pledged.read(participant, ticket, letters, at=at)
    gifts = list(ticket.gifts.all()) if participant.part == Participant.Part.REQUESTER else []
    expected = waits.expected(ticket, at=at) if ticket.is_open and not letters else None
    wait = expected.words if expected else ""
    mark = _mark(answer, listed, said, (promises, [one.pk for one in gifts], wait))
    return Page(ticket, participant, answer, listed, said, promises, gifts, wait, mark, at)


def _ticket(pk: int) -> Ticket:
    lines = Prefetch("now_lines", NowLine.objects.filter(ended_at=None))
    news = Prefetch("news", NextNews.objects.filter(STANDING).select_related("replaces"))
    whole = Ticket.objects.select_related("owner__profile", "team")
    gifts = Prefetch("gifts", Gift.objects.order_by("pk"))
    return whole.prefetch_related(lines, news, gifts).get(pk=pk)


def _speech(ticket: Ticket) -> str:
    try:
        return ticket.owner.profile.speech if ticket.owner else ""
    except Profile.DoesNotExist:
        return ""


def _mark(answer: Answer, listed: Sequence[Stage], said: Sequence[Said], more: object) -> str:
    seen = (answer, tuple(listed), tuple((one.pk, one.confirmed, one.lost) for one in said), more)
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]
