"""What happened to a request, as the account of a due time tells it: «Анна Орлова: ответ клиенту»."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from otklik.desk.models import Ticket
from otklik.sla import spans
from otklik.sla.account import Account
from otklik.sla.course import Fact, Line

_BEGINNING: Final = frozenset({"bound", "team", "priority"})  # they stand in the rule above the lines
_ANSWERS: Final = frozenset({"response", "next_reply", "resolution", "level"})


def words(line: Line, account: Account) -> str:
    """All that happened at the beginning of this line; '' for nothing."""
    return "; ".join(dict.fromkeys(_each(line, account)))


def turned(line: Line, deeds: str) -> str:
    """Where another target counts from."""
    becomes, was = (spans.said(one or 0, spans.WHOLE_DAY_S) for one in (line.goal_s, line.was_s))
    told = _("теперь %(becomes)s вместо %(was)s") % {"becomes": becomes, "was": was}
    return f"{deeds}: {told}" if deeds else told


def _each(line: Line, account: Account) -> Iterator[str]:
    begins = line == account.lines[0]
    wrote = any(fact.word == "asked" for fact in line.facts)
    for fact in line.facts:
        if fact.word == "reopened" and wrote:
            continue  # the client's word opened it
        if (
            begins
            and fact.word in _BEGINNING
            and fact.at <= account.chosen.started_at
            and not _moved(fact, account)
        ):
            continue
        said = _deed(fact, account, begins and fact.at <= account.chosen.started_at)
        who = account.names.people.get(fact.by)
        if said:
            yield (
                _("%(who)s: %(what)s") % {"who": who, "what": said} if who and fact.word != "asked" else said
            )


def _moved(fact: Fact, account: Account) -> bool:
    """The level's clock begins with the hand-over to its team."""
    return fact.word == "team" and account.chosen.kind == "level" and fact.at > account.ticket.created_at


def _deed(fact: Fact, account: Account, begins: bool) -> str:
    if fact.word in ("asked", "reopened"):
        return _asked(fact, account, begins)
    if fact.word == "state":
        return _status(fact.to)
    if fact.word == "ended":
        return _status(fact.to)
    if fact.word == "priority":
        return _("важность «%s»") % Ticket.Priority(fact.id).label
    if fact.word == "team":
        return _("передали команде «%s»") % account.names.teams.get(fact.id, "")
    if fact.word == "bound":
        return _bound(fact, account)
    return {
        "answered": _("ответ клиенту, запрос с итогом") if fact.to == "solve" else _("ответ клиенту"),
        "vendor_asked": _("вопрос поставщику"), "vendor_said": _("поставщик ответил"),
        "lost": _("письмо клиенту не дошло"), "resent": _("письмо клиенту отправили ещё раз"),
    }.get(fact.word, "")  # fmt: skip


def _asked(fact: Fact, account: Account, begins: bool) -> str:
    if fact.word == "reopened":
        return _("запрос открыли снова")
    first = (
        begins and account.chosen.cycle == 1 and account.chosen.kind in ("response", "resolution", "level")
    )
    return _("запрос пришёл") if first else _("клиент написал")


def _status(name: str) -> str:
    return _("статус «%s»") % Ticket.State(name).label


def _bound(fact: Fact, account: Account) -> str:
    version = account.names.versions.get(fact.id)
    if version is None:
        return ""
    return _("условия «%(name)s», версия %(n)s") % {"name": version.agreement.name, "n": version.number}
