"""Promises in our replies: remembered when they are sent, kept, moved, dropped (R-D3).

Every deed here locks its requests first, in order of id, and then what was promised on them (docs/decisions.md). The
nearest of what stands is the clock of the list: promising.py shows the next news, `show` what was promised before it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.desk.models import Message, Ticket
from otklik.errors import Refusal, Stale
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.journal.models import Entry
from otklik.promises import promising
from otklik.promises.models import OPEN, STANDING, NextNews, Promise

Outcome = Promise.Outcome
_NEWS = ("следующую новость напиш", "we will write to you with news")  # as journeys/newswords.py words it
FOR_GOOD = (Ticket.State.CLOSED, Ticket.State.SPAM)  # a solved one comes back: returning.py


class AlreadyEnded(Stale):
    code = "promise.already_ended"


class WrongTime(Refusal):
    code = "promise.wrong_time"


@dataclass(frozen=True, slots=True)
class Pledge:
    """One promise of a sent reply. place: its number in it; due_at: aware, later than the reply, or None."""

    place: int
    action: str
    who: str
    due_at: datetime | None


def remember(message: Message, pledges: Sequence[Pledge], *, by: User | None, at: datetime) -> int:
    """The promises of a reply that has just been sent, in the caller's transaction; returns how many are new.

    Nothing when the reply was taken back or its request ended for good. Words that are open already in this request
    are not doubled: said for another time they move to it, since the client goes by what they read last. A letter that
    tells of a time to which a person has just moved something promises nothing new, nor does the sentence that tells of
    the next news which leaves with it.
    """
    promising.lock([message.ticket_id])
    ticket = Ticket.objects.only("team", "state").get(pk=message.ticket_id)
    if ticket.state in FOR_GOOD or not pledges or not Message.objects.filter(pk=message.pk).exists():
        return 0
    known = {one.action: one for one in Promise.objects.filter(OPEN, ticket=ticket)}
    told = {one.due_at for one in known.values() if one.reason and one.replaces_id}
    news = NextNews.objects.filter(STANDING, ticket=ticket, replaces__isnull=False).exclude(made_by=None)
    told.update(news.values_list("due_at", flat=True))
    next_at = _news_of(message)
    meant = [one for one in pledges if one.due_at is None or one.due_at not in told]
    fresh = [
        Promise(
            ticket=ticket, message=message, place=one.place, action=action, who=one.who[:120], due_at=one.due_at,
            made_at=at, made_by=by, replaces=known.get(action),
        )
        for action, one in {one.action[:300]: one for one in meant if not _tells_of(one, next_at)}.items()
        if action not in known or one.due_at not in {None, known[action].due_at}
    ]  # fmt: skip
    moved = [one.replaces_id for one in fresh if one.replaces_id]
    Promise.objects.filter(pk__in=moved).update(ended_at=at, outcome=Outcome.MOVED)
    made = Promise.objects.bulk_create(fresh)
    journaling.write_many([_told(one, ticket.team_id, by=by, at=at) for one in made])
    show([ticket.pk])
    return len(made)


def _tells_of(pledge: Pledge, next_at: datetime | None) -> bool:
    """Whether it is the sentence of the next news, for the very time that its writer gave."""
    return pledge.due_at is not None and pledge.due_at == next_at and pledge.action.lower().startswith(_NEWS)


def _news_of(message: Message) -> datetime | None:
    """The time of the next news that its writer gave with it."""
    written = Entry.objects.filter(
        ticket=message.ticket_id, word="message.written", facts__message=message.pk
    )
    return parse_datetime(str(written.values_list("facts__news_due_at", flat=True).first() or ""))


def take_back(ticket_ids: Collection[int]) -> None:
    """Replies of these requests were taken back, and their promises with them: what had moved to one of those stands
    again. The caller holds the transaction and the requests.
    """
    left = Promise.objects.filter(ticket__in=ticket_ids, outcome=Outcome.MOVED, moved_to=None)
    left.update(ended_at=None, outcome="")
    show(ticket_ids)


def keep(promise: Promise, *, by: User, at: datetime) -> None:
    """We did what we said. Raises AlreadyEnded."""
    late = promise.due_at is not None and promise.due_at < at
    _end(promise, Outcome.LATE if late else Outcome.KEPT, "promise.kept", by=by, at=at)


def drop(promise: Promise, *, by: User, at: datetime) -> None:
    """It was no promise, or nobody waits for it any more. Raises AlreadyEnded."""
    _end(promise, Outcome.DROPPED, "promise.dropped", by=by, at=at)


def let_go(ticket_ids: Collection[int], *, by: User | None, at: datetime) -> None:
    """These requests ended for good, or nobody may be written to: nobody waits for what was promised on them.

    The caller holds the transaction.
    """
    teams = promising.lock(ticket_ids)
    left = list(Promise.objects.filter(OPEN, ticket__in=ticket_ids))
    Promise.objects.filter(pk__in=[one.pk for one in left]).update(ended_at=at, outcome=Outcome.DROPPED)
    journaling.write_many([_line(one, teams[one.ticket_id], "promise.dropped", by=by, at=at) for one in left])
    show(ticket_ids)


def note(ticket: Ticket, action: str, *, due_at: datetime, by: User, at: datetime) -> Promise:
    """What was promised by telephone or in person. Raises WrongTime, AlreadyEnded where the request ended for good."""
    _refuse_wrong_time(due_at, at)
    with transaction.atomic():
        team_id = promising.lock([ticket.pk])[ticket.pk]
        if Ticket.objects.filter(pk=ticket.pk, state__in=FOR_GOOD).exists():
            raise AlreadyEnded(_("Запрос уже закрыт."), _("Откройте его снова, если обещание ещё в силе."))
        promise = Promise.objects.create(
            ticket=ticket,
            place=0,
            action=" ".join(action.split())[:300],
            due_at=due_at,
            made_at=at,
            made_by=by,
        )
        journaling.write(_line(promise, team_id, "promise.made", by=by, at=at))
        show([ticket.pk])
    return promise


def move(promise: Promise, *, due_at: datetime, reason: str = "", by: User, at: datetime) -> Promise:
    """End it and promise the same for another time, or for a first one. Raises WrongTime, AlreadyEnded."""
    _refuse_wrong_time(due_at, at)
    with transaction.atomic():
        team_id = _ended(promise, Outcome.MOVED, at=at)
        later = Promise.objects.create(
            ticket_id=promise.ticket_id, message_id=promise.message_id, place=promise.place, action=promise.action,
            who=promise.who, rule=promise.rule, due_at=due_at, made_at=at, made_by=by, replaces=promise,
            reason=reason.strip()[:300],
        )  # fmt: skip
        journaling.write(_line(later, team_id, "promise.moved", by=by, at=at, was=promise.due_at))
        show([promise.ticket_id])
    return later


def show(ticket_ids: Collection[int]) -> None:
    """The clock of the list after a promise was made or has ended: the nearest of it and the next news.

    The caller holds the transaction and the requests.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SHOW, {"tickets": sorted(set(ticket_ids))})


# what an agent owes the client first: news where it stands, a promise where it is due before. Uses promise_of_ticket.
_SHOW = """
UPDATE desk_ticket t SET next_due_at = least(now.news, now.promised),
   next_due_kind = CASE WHEN now.news IS NULL AND now.promised IS NULL THEN ''
     WHEN now.news IS NULL OR now.promised < now.news THEN 'promise'
     WHEN t.next_due_kind IN ('answer', 'news') THEN t.next_due_kind
     WHEN t.last_by = 'client' THEN 'answer' ELSE 'news' END
  FROM (SELECT o.id,
          (SELECT n.due_at FROM promises_nextnews n WHERE n.ticket_id = o.id AND n.ended_at IS NULL) AS news,
          (SELECT min(p.due_at) FROM promises_promise p WHERE p.ticket_id = o.id AND p.ended_at IS NULL) AS promised
          FROM unnest(%(tickets)s::bigint[]) o (id)) now
 WHERE t.id = now.id AND t.state IN ('new', 'open', 'waiting_client', 'waiting_other')
   AND (now.promised IS NOT NULL OR t.next_due_kind = 'promise')
"""


def _refuse_wrong_time(due_at: datetime, at: datetime) -> None:
    if not at < due_at <= at + promising.FURTHEST:
        raise WrongTime(
            _("Новый срок должен быть в будущем и не дальше года."),
            _("Выберите день и час, когда выполним обещание."),
        )


def _end(promise: Promise, outcome: str, word: str, *, by: User, at: datetime) -> None:
    with transaction.atomic():
        team_id = _ended(promise, outcome, at=at)
        journaling.write(_line(promise, team_id, word, by=by, at=at))
        show([promise.ticket_id])


def _ended(promise: Promise, outcome: str, *, at: datetime) -> int:
    """Its request's team."""
    team_id = promising.lock([promise.ticket_id])[promise.ticket_id]
    if not Promise.objects.filter(OPEN, pk=promise.pk).update(ended_at=at, outcome=outcome):
        raise AlreadyEnded(
            _("С этим обещанием уже решил кто-то другой."), _("Обновите запрос: там видно, чем кончилось.")
        )
    return team_id


def _told(promise: Promise, team_id: int, *, by: User | None, at: datetime) -> Line:
    if promise.replaces is None:
        return _line(promise, team_id, "promise.made", by=by, at=at)
    return _line(promise, team_id, "promise.moved", by=by, at=at, was=promise.replaces.due_at)


def _line(
    promise: Promise, team_id: int, word: str, *, by: User | None, at: datetime, **more: object
) -> Line:
    facts: dict[str, object] = {"promise": promise.pk, "due_at": promise.due_at, **more}
    return Line(promise.ticket_id, word, at, teams=(team_id,), by=by, public=True, facts=facts)
