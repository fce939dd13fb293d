"""«Получили ваше письмо»: who will look, and by when the client hears of us (R-D4). One for a new request, no more."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from otklik import russian
from otklik.channels.email.addresses import plain
from otklik.channels.models import Box
from otklik.channels.outbox import automatic, making
from otklik.channels.outbox.automatic import Wish
from otklik.channels.outbox.composing import LINK_HERE
from otklik.channels.outbox.making import Plan
from otklik.desk.models import Message, Ticket
from otklik.env import env
from otklik.promises import promising
from otklik.promises.models import STANDING, NextNews
from otklik.sla.telling import Book
from otklik.staff import queries as staff
from otklik.staff.models import Company, Team
from otklik.web.language import in_company_language


def acknowledge_many(messages: Sequence[Message], *, at: datetime) -> list[Message]:
    """Acknowledge new requests among messages just received; inside the caller's transaction.

    messages: letters of people with their ticket and identity. The caller leaves out what a program wrote
    (Letter.auto, lists, Return-Path <>): only it has seen the headers. History, spam, blocked senders, observing
    boxes and our own addresses get nothing. The time told is promised in the same transaction (invariant 7).
    The number of queries does not grow with the messages.
    """
    people = [one for one in messages if one.kind == Message.Kind.WORDS and one.box_id]
    automatic.note_people((one.box_id for one in people if one.box_id), at=at)
    company = staff.company()
    answering = Box.objects.filter(mode=Box.Mode.ANSWER)
    boxes = answering.in_bulk({one.box_id for one in people if one.box_id}) if company.acknowledge else {}
    fresh = _openers([one for one in people if one.box_id in boxes])
    own = _own_addresses() if fresh else frozenset()
    answered = [one for one in fresh if _may_answer(one, boxes, own)]
    wishes = [Wish(boxes[one.box_id or 0], one.identity.shown if one.identity else "") for one in answered]
    fates = automatic.judge(wishes, at=at)
    dues = _promise([one.ticket_id for one, fate in zip(answered, fates, strict=True) if fate != "skip"], at)
    teams = Team.objects.in_bulk({one.ticket.team_id for one in answered}) if answered else {}
    plans = [
        Plan(
            wish=wish,
            fate=fate,
            ticket=one.ticket,
            kind=Message.Kind.ACK,
            name=one.author_name,
            subject=subject(one.subject or one.ticket.subject),
            text=words(one.ticket, teams[one.ticket.team_id], dues.get(one.ticket_id), company, at=at),
            answers=one,
        )
        for one, wish, fate in zip(answered, wishes, fates, strict=True)
        if fate != "skip"
    ]
    return making.make(plans, author=company.name, at=at)


def subject(heard: str) -> str:
    """«Re: …» once, whatever stood there."""
    return heard if heard.lower().startswith("re:") else f"Re: {heard}"


@in_company_language()
def words(ticket: Ticket, team: Team, due_at: datetime | None, company: Company, *, at: datetime) -> str:
    """The letter's words. The client's own link is put in when it is sent: it is stored nowhere."""
    zone = ZoneInfo(env().timezone)
    facts = {
        "number": ticket.number,
        "subject": ticket.subject,
        "team": team.name,
        "due": russian.dates.by(due_at, at, zone) if due_at else "",
        "link": LINK_HERE,
        "company": company.name,
    }
    parts = [_("Здравствуйте!"), _("Мы получили ваше письмо «%(subject)s»: это запрос № %(number)s.") % facts]
    if due_at:
        parts[1] += " " + _("Им займётся команда «%(team)s» и напишет вам %(due)s.") % facts
    else:
        parts[1] += " " + _("Им займётся команда «%(team)s».") % facts
    place = _(
        "Что происходит с запросом, видно на его странице, там же можно дописать подробности:\n%(link)s"
    )
    parts.append(place % facts)
    parts.append(_("Можно и просто ответить на это письмо."))
    if company.phone:
        hours = f", {company.phone_hours}" if company.phone_hours else ""
        parts.append(_("Срочно? Звоните: %(phone)s%(hours)s.") % {"phone": company.phone, "hours": hours})
    parts.append(company.name)
    return russian.tidy("\n\n".join(parts))


def _openers(messages: Sequence[Message]) -> list[Message]:
    """Those that opened their request just now: the first message of a new one. One query."""
    new = [one for one in messages if one.ticket.state == Ticket.State.NEW and one.circle == "client"]
    if not new:
        return []
    first = Message.objects.filter(ticket__in={one.ticket_id for one in new}).order_by("ticket", "pk")
    opening = set(first.distinct("ticket").values_list("pk", flat=True))
    return [one for one in new if one.pk in opening]


def _may_answer(message: Message, boxes: dict[int, Box], own: Iterable[str]) -> bool:
    identity = message.identity
    if identity is None or identity.blocked_at or identity.bad_at or message.box_id not in boxes:
        return False
    return plain(identity.value) not in own


def _own_addresses() -> frozenset[str]:
    return frozenset(plain(one) for one in Box.objects.values_list("address", flat=True))


def _promise(ticket_ids: Sequence[int], at: datetime) -> dict[int, datetime]:
    """The time of the next news of each, promised now, by its agreement, where none stands."""
    if not ticket_ids:
        return {}
    standing = NextNews.objects.filter(STANDING, ticket__in=ticket_ids).values_list("ticket_id", "due_at")
    dues = dict(standing)
    missing = [pk for pk in ticket_ids if pk not in dues]
    if missing:
        book = Book(missing)
        pairs = [(pk, book.due(pk, promising.ANSWER, at=at)) for pk in missing]
        promising.open_many(pairs, at=at, counted=True)
        dues = dict(standing.all())
    return dues
