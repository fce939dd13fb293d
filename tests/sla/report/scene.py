"""An organisation with requests of November 2026 that were answered in time or late, by the product's own deeds."""

from datetime import UTC, datetime, timedelta

from otklik.clients.models import Organisation
from otklik.desk import solving
from otklik.desk.models import Ticket
from otklik.sla import agreements, deriving, penalty
from otklik.sla.models import Agreement, AgreementVersion
from otklik.sla.report.whose import Whose
from tests import make
from tests.sla import lives
from tests.sla.uptime import scene as uptime

HOUR = timedelta(hours=1)
NOVEMBER, LATER = uptime.NOVEMBER, uptime.LATER
QUARTER = penalty.window("quarter", NOVEMBER.first, NOVEMBER.zone)


def tier(**fields: object) -> Agreement:
    """First answer within half an hour, the solution within three days of eight hours; 12,000 a month."""
    return uptime.agreement(**fields)


def firm(under: Agreement, name: str = "Ромашка") -> Organisation:
    return uptime.firm(name, under)


def whose(firm: Organisation) -> Whose:
    return Whose("organisation", firm.pk, firm.name, None, firm)


def version(under: Agreement) -> AgreementVersion:
    return agreements.current(under.pk, LATER)


def asked(
    under: Agreement, firm: Organisation, day: str, *, answer_h: float = 0.25, **fields: object
) -> Ticket:
    """«10 12:00» of November: answered after so many hours, solved an hour later, judged by this agreement."""
    at = uptime.on(day)
    ticket = lives.bound(make.ticket(at=at), version(under))
    Ticket.objects.filter(pk=ticket.pk).update(organisation=firm, **fields)
    make.reply(ticket, at=at + timedelta(hours=answer_h))
    solving.solve(ticket, result="починили", by=make.agent(), at=at + timedelta(hours=answer_h) + HOUR)
    deriving.derive([ticket.pk], at=LATER)
    return ticket


def moscow(words: str) -> datetime:
    return datetime.fromisoformat(f"{words}:00+03:00").astimezone(UTC)
