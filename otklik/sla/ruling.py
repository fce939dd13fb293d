"""Rules of an agreement that promise something: handed over to a level, the client hears of us within … (R-D3, R-E2).

The deeds stand left of this room, so the journal is read here, in order.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from otklik.desk.models import Ticket
from otklik.journal import following
from otklik.journal.models import Entry
from otklik.promises import by_rule, promising
from otklik.promises.by_rule import Ruled
from otklik.sla import binding, spans, worked
from otklik.sla.following import WAITS_ON_US
from otklik.sla.terms import PRIORITIES
from otklik.sla.worked import Judge
from otklik.staff.models import Team
from otklik.web.language import in_company_language

FOLLOWER: Final = "promises by rule"
MOVED, WRITTEN, UNDONE, SOLVED = "ticket.moved", "message.written", "message.undone", "ticket.solved"


def follow() -> int:
    """One step of the loop: entries read. Hand-overs of before it was here promise nothing."""
    following.begin(FOLLOWER)
    return following.follow(FOLLOWER, _take, words={MOVED, WRITTEN, UNDONE, SOLVED})


def _take(entries: Sequence[Entry]) -> None:
    promising.lock([one.ticket_id for one in entries if one.ticket_id])
    for entry in entries:
        if entry.ticket_id is not None:
            _one(entry, entry.ticket_id)


def _one(entry: Entry, ticket_id: int) -> None:
    to_client = entry.facts.get("circle") == "client"
    if entry.word == MOVED:
        _moved(entry, ticket_id)
    elif entry.word == SOLVED and entry.facts.get(
        "to"
    ):  # without, a letter says so, and keeps what was promised
        by_rule.drop(ticket_id, by=entry.user, at=entry.at)
    elif entry.word == WRITTEN and to_client:
        by_rule.keep(ticket_id, by=entry.user, at=entry.at)
    elif entry.word == UNDONE and to_client:
        _undone(entry, ticket_id)


def _moved(entry: Entry, ticket_id: int) -> None:
    """Within one level nothing is promised anew."""
    levels = dict(Team.objects.values_list("pk", "level"))
    came, level = (levels.get(int(str(entry.facts.get(one) or 0))) for one in ("from", "to"))
    waiting = Ticket.objects.filter(pk=ticket_id, state__in=WAITS_ON_US).select_related("owner", "team")
    ticket = waiting.first()
    if ticket is None or level is None or level == came:
        return
    binding.bind_many([ticket_id], by=None, at=entry.at)
    judge = worked.of(ticket_id)
    seconds = judge.terms.handovers.get(level, {}).get(PRIORITIES[ticket.priority])
    if seconds:
        by_rule.make(ticket, _ruled(judge, level, seconds, entry), at=entry.at)


@in_company_language()
def _ruled(judge: Judge, level: int, seconds: int, entry: Entry) -> Ruled:
    facts = {"name": judge.name, "level": level, "span": spans.said(seconds, spans.WHOLE_DAY_S)}
    reason = _("по правилу соглашения «%(name)s»: после передачи на уровень %(level)s новость за %(span)s")
    due_at = judge.add(entry.at, timedelta(seconds=seconds))
    return Ruled(f"moved:{level}", _("Напишем вам, как идёт работа"), reason % facts, due_at)


def _undone(entry: Entry, ticket_id: int) -> None:
    message = entry.facts.get("message")
    written = Entry.objects.filter(ticket=ticket_id, word=WRITTEN, facts__message=message).first()
    if written is not None:
        by_rule.take_back(ticket_id, kept_at=written.at)
