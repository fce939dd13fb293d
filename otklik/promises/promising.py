"""The next news: promised, moved, kept (R-D3, R-D4, invariants 4 and 7).

Every deed here locks its requests first, in order of id, and then what was promised on them (docs/decisions.md).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from otklik import rows
from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.errors import Refusal, Stale
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.promises.models import STANDING, NextNews

FURTHEST = timedelta(days=366)
ANSWER, NEWS = "answer", "news"
Pair = tuple[int, datetime]


class AlreadyEnded(Stale):
    code = "news.already_ended"


class WrongTime(Refusal):
    code = "news.wrong_time"


def open_many(
    pairs: Sequence[Pair],
    *,
    at: datetime,
    by: User | None = None,
    kind: str = ANSWER,
    counted: bool = False,
) -> int:
    """Promise news by these times where none stands; returns how many were promised.

    pairs: ticket id and time. The caller holds the transaction. kind: a first answer is due, or further news.
    counted: the times come from the agreement; nobody has told them.
    """
    free = _without_standing([ticket_id for ticket_id, _due in pairs])
    wanted = {ticket_id: due_at for ticket_id, due_at in pairs if ticket_id in free}
    rows.create(
        [
            NextNews(ticket_id=pk, due_at=max(due, at), made_at=at, made_by=by, counted=counted)
            for pk, due in wanted.items()
        ],
        ignore_conflicts=True,
    )
    _show(wanted, kind)
    journaling.write_many([_line(pk, free[pk], "news.promised", at, by, due) for pk, due in wanted.items()])
    return len(wanted)


def open_fresh(tickets: Sequence[Ticket], *, at: datetime) -> None:
    """Promise news by the time that these requests show, made in the caller's transaction: none stands on them yet."""
    dues = [(ticket, ticket.next_due_at) for ticket in tickets if ticket.next_due_at]
    rows.create(
        [NextNews(ticket_id=ticket.pk, due_at=due_at, made_at=at, counted=True) for ticket, due_at in dues]
    )
    journaling.write_many(
        [_line(ticket.pk, ticket.team_id, "news.promised", at, None, due_at) for ticket, due_at in dues]
    )


def move(news: NextNews, *, due_at: datetime, reason: str = "", by: User | None, at: datetime) -> NextNews:
    """End a standing one and promise the same for another time. Raises WrongTime, AlreadyEnded.

    by=None: a letter left by itself (outbox/newsletters.py).
    """
    _refuse_wrong_time(due_at, at)
    with transaction.atomic():
        team_id = lock([news.ticket_id])[news.ticket_id]
        standing = NextNews.objects.filter(STANDING, pk=news.pk)
        if not standing.update(ended_at=at, outcome=NextNews.Outcome.MOVED):
            raise AlreadyEnded(_("Срок уже перенёс кто-то другой."), _("Обновите запрос: там новая дата."))
        later = NextNews.objects.create(
            ticket_id=news.ticket_id,
            due_at=due_at,
            made_at=at,
            made_by=by,
            replaces=news,
            reason=reason.strip()[:300],
        )
        _show({news.ticket_id: due_at}, NEWS)
        journaling.write(_line(news.ticket_id, team_id, "news.moved", at, by, due_at, was=news.due_at))
    return later


def hasten(dues: Mapping[int, datetime], *, at: datetime) -> int:
    """News that stands for a later time moves to this one, never the other way round; returns how many moved.

    dues: by ticket. The caller holds the transaction. The client is told more than they were promised, so nobody has
    to write them (invariant 7); the request's list and page show the new time.
    """
    teams = lock(list(dues))
    standing = NextNews.objects.filter(STANDING, ticket__in=teams).select_related("ticket")
    late = [one for one in standing if at < dues[one.ticket_id] < one.due_at]
    NextNews.objects.filter(pk__in=[one.pk for one in late]).update(
        ended_at=at, outcome=NextNews.Outcome.MOVED
    )
    rows.create(
        [
            NextNews(
                ticket_id=one.ticket_id, due_at=dues[one.ticket_id], made_at=at, replaces=one, counted=True
            )
            for one in late
        ]
    )
    for kind in (ANSWER, NEWS):
        _show({one.ticket_id: dues[one.ticket_id] for one in late if waits_for(one.ticket) == kind}, kind)
    journaling.write_many(
        [
            _line(pk, teams[pk], "news.moved", at, None, dues[pk], was=one.due_at)
            for one in late
            for pk in [one.ticket_id]
        ]
    )
    return len(late)


def waits_for(ticket: Ticket) -> str:
    """ANSWER or NEWS: what the client of an open request waits for."""
    if ticket.next_due_kind in (ANSWER, NEWS):
        return ticket.next_due_kind
    return ANSWER if ticket.last_by == Ticket.Last.CLIENT else NEWS


def begin(ticket: Ticket, *, due_at: datetime, by: User, at: datetime) -> None:
    """An agent promises news where none stands. Raises WrongTime, AlreadyEnded."""
    _refuse_wrong_time(due_at, at)
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
        if not ticket.is_open or not open_many([(ticket.pk, due_at)], at=at, by=by, kind=NEWS):
            raise AlreadyEnded(
                _("Запрос изменился, пока вы выбирали время."), _("Обновите его и посмотрите.")
            )


def keep(ticket_ids: Sequence[int], *, at: datetime) -> None:
    """The client has heard of us: what stood is kept, or was late. The caller holds the transaction."""
    lock(ticket_ids)
    standing = NextNews.objects.filter(STANDING, ticket__in=ticket_ids)
    standing.filter(due_at__lt=at).update(ended_at=at, outcome=NextNews.Outcome.LATE)
    standing.update(ended_at=at, outcome=NextNews.Outcome.KEPT)
    _hide(ticket_ids)


def drop(ticket_ids: Sequence[int], *, at: datetime) -> None:
    """Nobody waits for news any more: the request ended, or it is the client's turn.

    The caller holds the transaction.
    """
    lock(ticket_ids)
    NextNews.objects.filter(STANDING, ticket__in=ticket_ids).update(
        ended_at=at, outcome=NextNews.Outcome.DROPPED
    )
    _hide(ticket_ids)


def standing(ticket_id: int) -> NextNews | None:
    return NextNews.objects.filter(STANDING, ticket=ticket_id).first()


def _refuse_wrong_time(due_at: datetime, at: datetime) -> None:
    if not at < due_at <= at + FURTHEST:
        raise WrongTime(
            _("Новый срок должен быть в будущем и не дальше года."),
            _("Выберите день и час, когда напишете клиенту."),
        )


def _without_standing(ticket_ids: Sequence[int]) -> dict[int, int]:
    """Of these tickets those without standing news, with their teams; locked, so that what is found stays true."""
    teams = lock(ticket_ids)
    taken = NextNews.objects.filter(STANDING, ticket__in=ticket_ids).values_list("ticket_id", flat=True)
    standing_on = set(taken)
    return {pk: team for pk, team in teams.items() if pk not in standing_on}


def lock(ticket_ids: Collection[int]) -> dict[int, int]:
    """Their teams by id. A step that goes on to one request after another calls this for all of them first."""
    locked = Ticket.objects.select_for_update(of=("self",)).filter(pk__in=ticket_ids).order_by("pk")
    return dict(locked.values_list("pk", "team_id"))


def _show(dues: dict[int, datetime], kind: str) -> None:
    """The nearest clock of the list."""
    by_time: dict[datetime, list[int]] = {}
    for ticket_id, due_at in dues.items():
        by_time.setdefault(due_at, []).append(ticket_id)
    for due_at, ticket_ids in by_time.items():
        Ticket.objects.filter(pk__in=ticket_ids).update(next_due_at=due_at, next_due_kind=kind)
    _show_promises(list(dues))


def _hide(ticket_ids: Sequence[int]) -> None:
    Ticket.objects.filter(pk__in=ticket_ids).update(next_due_at=None, next_due_kind="")
    _show_promises(ticket_ids)


# what was promised for an earlier time than the news stands before it (tracking.py). Uses promise_of_ticket.
_PROMISED = """
UPDATE desk_ticket t SET next_due_at = p.due_at, next_due_kind = 'promise'
  FROM (SELECT ticket_id, min(due_at) AS due_at FROM promises_promise
         WHERE ticket_id = ANY(%(tickets)s) AND ended_at IS NULL AND due_at IS NOT NULL GROUP BY ticket_id) p
 WHERE t.id = p.ticket_id AND t.state IN ('new', 'open', 'waiting_client', 'waiting_other')
   AND (t.next_due_at IS NULL OR t.next_due_at > p.due_at)
"""


def _show_promises(ticket_ids: Sequence[int]) -> None:
    if ticket_ids:
        rows.ask(_PROMISED, {"tickets": list(ticket_ids)})


def _line(
    ticket_id: int, team_id: int, word: str, at: datetime, by: User | None, due_at: datetime, **more: object
) -> Line:
    return Line(ticket_id, word, at, teams=(team_id,), by=by, public=True, facts={"due_at": due_at, **more})
