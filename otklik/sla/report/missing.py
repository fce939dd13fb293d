"""What is known of why a clock ended late: pauses that it had, hand-overs, a raised priority. No words of letters."""

from collections import Counter
from collections.abc import Iterator, Sequence

import structlog
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from otklik.sla import course, policies
from otklik.sla.account_said import amount
from otklik.sla.course import Line
from otklik.sla.facts import facts_of
from otklik.sla.report.counting import Miss
from otklik.sla.worktime import NoWorkingTime

log = structlog.get_logger(__name__)


def reasons(misses: Sequence[Miss]) -> dict[tuple[int, str, int], str]:
    """(request, kind, cycle) → what its journal knows. A dozen queries for however many, a millisecond each."""
    told = facts_of({one.ticket for one in misses})
    policy = policies.of(told.values())
    found: dict[tuple[int, str, int], str] = {}
    for one in misses:
        try:
            lines = course.trace(told.get(one.ticket, []), policy, one.kind, one.cycle, until=one.ended_at)
        except NoWorkingTime as fault:
            log.error(
                "miss not explained", ticket=one.ticket, cause=str(fault), remedy="look at its calendar"
            )
            continue
        found[one.ticket, one.kind, one.cycle] = "; ".join(_said(lines))
    return found


def _said(lines: Sequence[Line]) -> Iterator[str]:
    if not lines:
        return
    idle: Counter[str] = Counter()
    for one in lines:
        idle[one.why] += one.idle_s
    if idle["client"]:
        yield _("ждали ответа клиента %s, это время не считаем") % amount(idle["client"])
    if idle["vendor"]:
        yield _("ждали поставщика %s, это время не считаем") % amount(idle["vendor"])
    if idle["ended"]:
        yield _("запрос решили, и он вернулся: это время не считаем")
    if any(one.why == "target" and one.was_s and one.goal_s and one.goal_s < one.was_s for one in lines):
        yield _("срок стал короче: сменилась важность или соглашение")
    words = Counter(fact.word for one in lines for fact in one.facts if fact.at > lines[0].since)
    if moved := words["team"]:
        yield ngettext("передали другой команде %s раз", "передавали другой команде %s раз", moved) % moved
    if words["lost"]:
        yield _("наше письмо не дошло")
    if not any(idle[one] for one in ("client", "vendor", "ended")):
        yield _("пауз не было")
