"""What was done to a request, in short words for the line between messages. No gender is guessed (ux.md §8)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from otklik.desk.models import Ticket
from otklik.journal.models import Entry

_NAMES = """
SELECT 'user', id, name FROM accounts_user WHERE id = ANY(%s)
UNION ALL SELECT 'team', id, name FROM staff_team WHERE id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Names:
    users: dict[int, str]
    teams: dict[int, str]


def names(events: Iterable[Entry]) -> Names:
    """People and teams that the entries name by id. One query, none when they name nobody."""
    users: set[int] = set()
    teams: set[int] = set()
    for one in events:
        wanted = {"ticket.assigned": users, "ticket.moved": teams}.get(one.word)
        if wanted is not None:
            wanted |= {pk for key in ("from", "to") if isinstance(pk := one.facts.get(key), int)}
    if not users and not teams:
        return Names({}, {})
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, [sorted(users), sorted(teams)])
        found = cursor.fetchall()
    return Names(
        {pk: name for kind, pk, name in found if kind == "user"},
        {pk: name for kind, pk, name in found if kind == "team"},
    )


def words(entry: Entry, known: Names) -> str:
    """'' for what the line does not tell."""
    if entry.word == "ticket.assigned":
        return _assigned(entry, known)
    if entry.word == "ticket.moved":
        team = known.teams.get(entry.facts.get("to", 0), "")
        return _("передали команде «%(team)s»") % {"team": team} if team else ""
    if entry.word in {"ticket.state", "ticket.solved", "ticket.closed", "ticket.spam", "ticket.reopened"}:
        return _state(entry)
    return _small(entry)


def _assigned(entry: Entry, known: Names) -> str:
    to = entry.facts.get("to")
    if "to" in entry.facts and to is None:
        return _("вернули в очередь")
    name = known.users.get(to) if isinstance(to, int) else (entry.user.name if entry.user else "")
    return _("ведёт %(name)s") % {"name": name} if name else ""


def _state(entry: Entry) -> str:
    if entry.word == "ticket.reopened":
        return _("открыли снова")
    if entry.word == "ticket.solved" and entry.actor == Entry.Actor.CLIENT:
        return _("клиент сказал, что вопрос решён")
    ends = {"ticket.solved": "solved", "ticket.closed": "closed", "ticket.spam": "spam"}
    state = ends.get(entry.word) or str(entry.facts.get("to", ""))
    return (
        _("статус «%(state)s»") % {"state": Ticket.State(state).label} if state in Ticket.State.values else ""
    )


def _small(entry: Entry) -> str:
    facts = entry.facts
    if entry.word == "ticket.priority" and facts.get("to") in Ticket.Priority.values:
        return _("важность: %(priority)s") % {"priority": Ticket.Priority(facts["to"]).label}
    said = {
        "ticket.tagged": _("метка «%(tag)s»"),
        "ticket.untagged": _("сняли метку «%(tag)s»"),
        "message.undone": _("отменили отправку"),
        "news.moved": _("перенесли новость"),
        "delivery.failed": _("письмо не ушло"),
        "delivery.bounced": _("письмо вернулось"),
        "delivery.unknown": _("неизвестно, ушло ли письмо"),
        "delivery.settled": _("решили судьбу письма"),
    }.get(entry.word, "")
    return said % {"tag": facts.get("tag", "")} if "%(tag)s" in said else said
