"""What an agreement comes to: availability, credits, bills (R-E6, R-E9). Pure: no Django, clock or setting.

    found = availability((since, until), downs, planned, rules)      percent with its evidence
    given = credit(found, charge, terms.credits, promised)           what it gives back
    told  = clock_share(months, sample); credit_of_clocks(told, …)   the same for requests
    total = bill(window, charges(window, parts), credits)            lines whose sums make the total

Instants are aware datetimes or POSIX seconds, one kind in a call; stretches are half-open. Percent is compared by exact
arithmetic and rounded (half up, three places) for the eye alone; sums are Decimal, each line rounded to the kopeck,
half up, and the total is the sum of what stands in the lines.
Planned work counts as the agreement says: out of the base, as up, as down. Only what was announced in time, lies in its
window and keeps to the agreed minutes is planned; the rest is downtime like any other.
"""

from decimal import Decimal

from otklik.sla._billing import Bill, Charged, Line, Part, Price, bill, charges
from otklik.sla._credits import Charge, Credit, claim_by, claimed, clock_share, credit, credit_of_clocks
from otklik.sla._errors import BadCall
from otklik.sla._money import exact, to_kopecks
from otklik.sla._ratio import Ratio
from otklik.sla._stretches import Measure, Service, Stretches
from otklik.sla._uptime import WHYS, Availability, Counted, Down, Rules, Work, availability
from otklik.sla._windows import MONTHS, WINDOWS, Window, WindowKind, named, window
from otklik.sla.terms import Terms

__all__ = [
    "MONTHS", "WHYS", "WINDOWS",
    "Availability", "BadCall", "Bill", "Charge", "Charged", "Counted", "Credit", "Down", "Line",
    "Measure", "Part", "Price", "Ratio", "Rules", "Service", "Stretches", "Window", "WindowKind", "Work",
    "availability", "bill", "charges", "claim_by", "claimed", "clock_share", "credit", "credit_of_clocks", "exact",
    "named", "rules_of", "to_kopecks", "window",
]  # fmt: skip


def rules_of(terms: Terms, service: Service, months: int | None = None) -> Rules:
    """How these terms count. service: hours of the agreement's calendar, used where the terms say so.

    The agreed minutes of planned work are of a month; a longer window has them as often as it has months (those of the
    terms' own window where none are told).
    """
    much, how = terms.availability, terms.uptime
    limit = exact(much["planned_min"]) if "planned_min" in much else None
    months = MONTHS[how.window] if months is None else months
    return Rules(
        how.planned, how.begins, how.workaround, how.excluded, exact(much.get("notice_h", 0)),
        None if limit is None else limit * Decimal(months), service if how.service == "hours" else None,
    )  # fmt: skip
