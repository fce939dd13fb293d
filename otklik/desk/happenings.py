"""What was done to a request, in short words for the line between messages. No gender is guessed (ux.md §8)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from otklik.desk.models import Ticket
from otklik.desk.threads import Done
from otklik.journal.models import Entry


def words(entry: Done) -> str:
    """'' for what the line does not tell."""
    if entry.word == "ticket.assigned":
        return _assigned(entry)
    if entry.word == "ticket.moved":
        return _("передали команде «%(team)s»") % {"team": entry.named} if entry.named else ""
    if entry.word in {"ticket.state", "ticket.solved", "ticket.closed", "ticket.spam", "ticket.reopened"}:
        return _state(entry)
    return _small(entry)


def _assigned(entry: Done) -> str:
    if "to" in entry.facts and entry.facts["to"] is None:
        return _("вернули в очередь")
    name = entry.named or entry.by
    return _("ведёт %(name)s") % {"name": name} if name else ""


def _state(entry: Done) -> str:
    if entry.word == "ticket.reopened":
        return _("открыли снова")
    if entry.word == "ticket.solved" and entry.actor == Entry.Actor.CLIENT:
        return _("клиент отметил, что всё решилось")
    ends = {"ticket.solved": "solved", "ticket.closed": "closed", "ticket.spam": "spam"}
    state = ends.get(entry.word) or str(entry.facts.get("to", ""))
    return (
        _("статус «%(state)s»") % {"state": Ticket.State(state).label} if state in Ticket.State.values else ""
    )


def _small(entry: Done) -> str:
    facts = entry.facts
    if entry.word == "ticket.priority" and facts.get("to") in Ticket.Priority.values:
        return _("важность: %(priority)s") % {"priority": Ticket.Priority(facts["to"]).label}
    told = _SMALL.get(entry.word)
    said = _(told) if told else ""
    return said % {"tag": facts.get("tag", "")} if "%(tag)s" in said else said


_SMALL = {
    "ticket.tagged": gettext_noop("метка «%(tag)s»"),
    "ticket.untagged": gettext_noop("сняли метку «%(tag)s»"),
    "message.undone": gettext_noop("отменили отправку"),
    "message.insisted": gettext_noop("отправили ответ, хотя подсказка советовала поправить"),
    "news.moved": gettext_noop("перенесли новость"),
    "gift.given": gettext_noop("сделали подарок"),
    "promise.kept": gettext_noop("выполнили обещание"),
    "promise.moved": gettext_noop("перенесли обещание"),
    "promise.dropped": gettext_noop("сняли обещание"),
    "delivery.failed": gettext_noop("письмо не ушло"),
    "delivery.bounced": gettext_noop("письмо вернулось"),
    "delivery.unknown": gettext_noop("неизвестно, ушло ли письмо"),
    "delivery.settled": gettext_noop("решили судьбу письма"),
}
