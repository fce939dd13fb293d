"""The note that the owner of a request is offered as its next news nears; one press sends it (R-D4, R-E6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from otklik.accounts.models import User
from otklik.accounts.rights import Right
from otklik.assist import checking, grounds
from otklik.desk.models import Message, Ticket
from otklik.journeys import newswords
from otklik.journeys.models import NowLine
from otklik.journeys.newswords import Known
from otklik.promises.models import OPEN, STANDING, NextNews, Promise
from otklik.sla import nearing, worked

WAITS_ON_US = (Ticket.State.NEW, Ticket.State.OPEN, Ticket.State.WAITING_OTHER)
SEVERE = ("warning", "error")


@dataclass(frozen=True, slots=True)
class Offer:
    """near_at: from then on it is offered; words: '' before. seen: the last message that these words know of."""

    ticket: Ticket
    near_at: datetime
    words: str = ""
    due_at: datetime | None = None
    seen: int = 0


def find(ticket: Ticket, agent: User, *, at: datetime) -> Offer | None:
    """None where there is nothing to offer to this person: no news stands, it is another's, we have just written."""
    news = NextNews.objects.filter(STANDING, ticket=ticket.pk).first()
    if news is None or not _is_theirs(ticket, agent) or _has_just_written(ticket, news):
        return None
    judge = worked.of(ticket.pk)
    near_at = nearing.near_at(news, judge)
    if near_at > at:
        return Offer(ticket, near_at)
    due_at = nearing.next_due(judge, ticket.priority, at=at)
    notes = newswords.notes(known(ticket, news, at=at), due_at, now=at, tz=timezone.get_default_timezone())
    words = _checked(notes, ticket, agent, at)
    seen = Message.objects.filter(ticket=ticket.pk).order_by("-pk").values_list("pk", flat=True).first()
    return Offer(ticket, near_at, words, due_at, seen or 0) if words else None


def known(ticket: Ticket, news: NextNews | None, *, at: datetime) -> Known:
    """What the journal and its rows know of a request; four queries."""
    ours = Message.objects.filter(
        ticket=ticket.pk,
        direction=Message.Direction.OUT,
        circle=Message.Circle.CLIENT,
        kind=Message.Kind.WORDS,
    )
    line = NowLine.objects.filter(ticket=ticket.pk, ended_at=None).first()
    pledge = Promise.objects.filter(OPEN, ticket=ticket.pk, rule="", due_at__gt=at).order_by("due_at").first()
    return Known(
        ticket.number,
        ticket.subject,
        ticket.owner.name if ticket.owner else "",
        ticket.team.name,
        first=not ours.exists(),
        doing=line.words if line else news.reason if news else "",
        asked_at=_asked_others(ticket),
        pledge=(pledge.action, pledge.due_at) if pledge and pledge.due_at else None,
        heard=ticket.last_by == Ticket.Last.CLIENT,
        missed=news.due_at if news and news.due_at <= at else None,
    )


def _is_theirs(ticket: Ticket, agent: User) -> bool:
    """The owner's; anybody's while nobody has it; the lead's too, who is told when nobody acts."""
    return ticket.state in WAITS_ON_US and (ticket.owner_id in (None, agent.pk) or Right.LEAD in agent.rights)


def _has_just_written(ticket: Ticket, news: NextNews) -> bool:
    """The journal's follower has yet to see it."""
    return ticket.last_by == Ticket.Last.AGENT and ticket.last_message_at > news.made_at


def _asked_others(ticket: Ticket) -> datetime | None:
    """None also where they have answered, or the letter was taken back: the state may be set by hand."""
    if ticket.state != Ticket.State.WAITING_OTHER:
        return None
    with_them = Message.objects.filter(
        ticket=ticket.pk, circle=Message.Circle.VENDOR, kind=Message.Kind.WORDS
    )
    last = with_them.order_by("-pk").first()
    return last.at if last and last.direction == Message.Direction.OUT else None


def _checked(notes: Sequence[str], ticket: Ticket, agent: User, at: datetime) -> str:
    """The first in which the coach finds nothing above a hint; '' where it finds something in each."""
    ground, now = grounds.of_number(agent, ticket.number), timezone.localtime(at)
    for words in notes:
        found = checking.found(words, ground, ground.own_house, now=now)
        if not any(one.finding.severity in SEVERE for one in found):
            return words
    return ""
