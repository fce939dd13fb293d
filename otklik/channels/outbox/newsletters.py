"""A letter that leaves by itself where a promised news would be missed, and its team allows that (R-D4).

Only when nobody has acted until shortly before the time; never twice in a row without a person's act between, never
over a client's word that no person has answered. It tells that nothing new is known, who has the request, and when
the next news comes; the promise moves to that time. Everything of one letter is one transaction that holds its
request, so two workers at once send one, and a killed one has sent none or one.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from otklik import rows
from otklik.channels.outbox import acknowledging, automatic, making
from otklik.channels.outbox.automatic import Fate, Wish
from otklik.channels.outbox.composing import LINK_HERE
from otklik.channels.outbox.making import Plan
from otklik.desk.models import Message, Participant, Ticket
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.journeys import newswords, offering
from otklik.promises import promising
from otklik.promises.models import STANDING, NextNews
from otklik.sla import nearing, timetables, warning, worked
from otklik.sla.worked import Judge
from otklik.staff import queries as staff

log = structlog.get_logger(__name__)
LEFT: Final = "news.automatic"
BATCH: Final = 50
NIGHT_FROM, NIGHT_TO = time(22), time(8)

# Ten minutes before, of what was promised for sooner than forty minutes a quarter of the time. What others answered or
# the client's page has told since our last word would be new. Uses news_due, message_thread, entry_ticket.
_MAY = f"""
      FROM promises_nextnews n JOIN desk_ticket t ON t.id = n.ticket_id JOIN staff_team m ON m.id = t.team_id
           JOIN channels_box b ON b.id = t.box_id
           JOIN LATERAL (SELECT said.id, said.at, said.direction FROM desk_message said
                          WHERE said.ticket_id = t.id AND said.circle = 'client' AND said.kind = 'words'
                          ORDER BY said.at DESC, said.id DESC LIMIT 1) last ON true
     WHERE n.ended_at IS NULL AND n.due_at > %(at)s::timestamptz
       AND n.due_at <= %(at)s::timestamptz + interval '10 minutes'
       AND n.due_at - least(interval '10 minutes', (n.due_at - n.made_at) / 4) <= %(at)s::timestamptz
       AND m.automatic_news AND b.mode = 'answer' AND b.fuse_blown_at IS NULL
       AND t.state IN ('new', 'open', 'waiting_other') AND last.direction = 'out' AND last.at <= n.made_at
       AND EXISTS (SELECT FROM desk_participant p JOIN clients_identity i ON i.id = p.identity_id
                     JOIN clients_client c ON c.id = i.client_id
                    WHERE p.ticket_id = t.id AND p.part = 'requester' AND i.kind = 'email'
                      AND i.blocked_at IS NULL AND i.bad_at IS NULL AND c.erased_at IS NULL)
       AND NOT EXISTS (SELECT FROM desk_message theirs
                        WHERE theirs.ticket_id = t.id AND theirs.circle = 'vendor' AND theirs.direction = 'in'
                          AND theirs.kind = 'words' AND theirs.id > last.id)
       AND NOT EXISTS (SELECT FROM journeys_nowline line WHERE line.ticket_id = t.id AND line.at > last.at)
       AND NOT EXISTS (SELECT FROM journal_entry one WHERE one.ticket_id = t.id AND one.word = '{LEFT}'
             AND NOT EXISTS (SELECT FROM journal_entry act
                              WHERE act.ticket_id = t.id AND act.id > one.id AND act.actor = 'agent'))
"""  # noqa: S608 - texts of ours
# The boxes take turns: what one of them may not send stays until its time and holds up no other's.
_DUE = f"""
    SELECT due.id FROM (
      SELECT n.id, n.ticket_id, n.due_at, row_number() OVER (PARTITION BY t.box_id ORDER BY n.due_at, n.id) AS place
      {_MAY}) due JOIN desk_ticket t ON t.id = due.ticket_id
     ORDER BY due.place, due.due_at, due.id LIMIT {BATCH} FOR UPDATE OF t SKIP LOCKED
"""  # noqa: S608 - texts of ours
# Under the locks, in a statement of its own: what was written while they were taken is seen by no part of the first.
_STILL = f"SELECT n.id {_MAY} AND n.id = ANY(%(ids)s::bigint[])"


def leave(*, at: datetime | None = None) -> int:
    """One step of the loop: letters made."""
    now = at or timezone.now()
    with transaction.atomic():
        due = [pk for (pk,) in rows.ask(_DUE, {"at": now})]
        still = [pk for (pk,) in rows.ask(_STILL, {"at": now, "ids": due})] if due else []
        standing = NextNews.objects.filter(STANDING, pk__in=still).order_by("ticket")
        found = list(standing.select_related("ticket__owner", "ticket__team", "ticket__box"))
        judges = worked.of_many([one.ticket_id for one in found])
        awake = [one for one in found if not _can_wait(one, judges[one.ticket_id], now)]
        return _write(awake, judges, now)


def _can_wait(news: NextNews, judge: Judge, at: datetime) -> bool:
    """It is night where the client is, as far as we know, and the day begins before the time that was promised."""
    local = at.astimezone(ZoneInfo(timetables.hours_at(judge.timetable, at).rules.tz))
    if NIGHT_TO <= local.time() < NIGHT_FROM:
        return False
    day = local.date() + timedelta(days=1) if local.time() >= NIGHT_FROM else local.date()
    return news.due_at > datetime.combine(day, NIGHT_TO, local.tzinfo)


def _write(found: Sequence[NextNews], judges: dict[int, Judge], at: datetime) -> int:
    readers = _readers(found)
    wishes = [
        Wish(news.ticket.box, readers[news.ticket_id].identity.shown)
        for news in found
        if news.ticket_id in readers and news.ticket.box
    ]
    able = [news for news in found if news.ticket_id in readers]
    fates = automatic.judge_optional(wishes, at=at)
    sent = [(news, wish) for news, wish, fate in zip(able, wishes, fates, strict=True) if fate == Fate.SEND]
    return sum(_alone(news, wish, readers[news.ticket_id], judges[news.ticket_id], at) for news, wish in sent)


def _alone(news: NextNews, wish: Wish, reader: Participant, judge: Judge, at: datetime) -> bool:
    """Whether it could be made; one that can't stops no other."""
    try:
        with transaction.atomic():
            _one(news, wish, reader, judge, at)
    except (OperationalError, InterfaceError):  # the database's, not the letter's
        raise
    except Exception as fault:  # noqa: BLE001 - the edge: a letter's fault, told; the owner is warned as ever
        log.error("automatic news not made", news=news.pk, ticket=news.ticket_id, cause=type(fault).__name__)
        return False
    return True


def _readers(found: Sequence[NextNews]) -> dict[int, Participant]:
    """Who asked, by ticket: whom a letter can reach."""
    asked = Participant.objects.filter(
        ticket__in=[one.ticket_id for one in found], part=Participant.Part.REQUESTER,
        identity__blocked_at=None, identity__bad_at=None, identity__kind="email", identity__client__erased_at=None,
    )  # fmt: skip
    return {one.ticket_id: one for one in asked.select_related("identity")}


def _one(news: NextNews, wish: Wish, reader: Participant, judge: Judge, at: datetime) -> None:
    ticket, company = news.ticket, staff.company()
    later = nearing.next_due(judge, ticket.priority, at=max(at, news.due_at))
    known = offering.known(ticket, news, at=at)
    text = newswords.by_itself(
        known, later, now=at, tz=timezone.get_default_timezone(), link=LINK_HERE, company=company.name
    )
    plan = Plan(
        wish=wish, fate=Fate.SEND, ticket=ticket, kind=Message.Kind.NOTICE, name=reader.identity.name,
        subject=acknowledging.subject(ticket.subject), text=text, answers=_heard(ticket), counted=False,
    )  # fmt: skip
    (message,) = making.make([plan], author=company.name, at=at)
    moved = promising.move(news, due_at=later, by=None, at=at)
    facts: dict[str, object] = {"message": message.pk, "news": moved.pk, "due_at": later}
    journaling.write(Line(ticket.pk, LEFT, at, teams=(ticket.team_id,), facts=facts))
    warning.tell_of_automatic(moved, ticket, at=at)


def _heard(ticket: Ticket) -> Message | None:
    """The client's last letter, which ours belongs to."""
    theirs = Message.objects.filter(
        ticket=ticket, direction=Message.Direction.IN, circle=Message.Circle.CLIENT
    )
    return theirs.order_by("-at", "-pk").first()
