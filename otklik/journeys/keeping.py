"""How their agreement was kept this quarter, and what the next one would have promised, on the client's page (R-E7).

The holder of a link reads of this one request alone. Whoever showed by the code that it is them reads of all they wrote
this quarter, and how many of their organisation's terms were kept. Another tariff is judged by these very requests: a
shorter promise is a promise and no fact, and where it would have changed next to nothing the page says that, too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Final

import structlog
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from otklik.clients.models import Organisation
from otklik.desk.models import Ticket
from otklik.journeys import tally
from otklik.journeys.pages import Page
from otklik.journeys.tally import Tally
from otklik.russian.dates import MONTHS
from otklik.sla import agreements, course, levels_said, penalty, policies
from otklik.sla.course import Fact, Policy, Standing
from otklik.sla.facts import facts_of
from otklik.sla.models import Agreement, AgreementVersion
from otklik.sla.promised import Promised
from otklik.sla.report import counting
from otklik.sla.report.whose import Whose
from otklik.sla.terms import Kind
from otklik.sla.worktime import NoWorkingTime
from otklik.web.language import is_english

log = structlog.get_logger(__name__)
MOST: Final = 40  # of the newest requests are compared; a millisecond or two each
FEW: Final = 5  # cases; by fewer nobody is told that another tariff would be better
_NOTABLE: Final = 5  # one case in so many
_AHEAD: Final = {
    "response": gettext_noop("Тариф «%(name)s» обещал бы ответ раньше, чем он пришёл, в %(changed)s из %(n)s случаев."),
    "resolution": gettext_noop(
        "Тариф «%(name)s» обещал бы решение раньше, чем оно пришло, в %(changed)s из %(n)s случаев."
    ),
}  # fmt: skip
Clocks = Mapping[int, Sequence[Standing]]  # by request


@dataclass(frozen=True, slots=True)
class Kept:
    """sentences: how it was kept. tariff: the next one's name, ''; ahead: what it would have changed.

    ask: it would have been of use, so there is something to ask about. waits: more is told after the code.
    """

    sentences: tuple[str, ...]
    tariff: str
    ahead: tuple[str, ...]
    ask: bool
    waits: bool


def read(page: Page, agreed: Promised, *, confirmed: bool, at: datetime) -> Kept | None:
    """None where nothing is known yet. A dozen queries, and as many for the next tariff."""
    quarter = penalty.window("quarter", timezone.localdate(at), settings.TIME_ZONE)
    ids = _ids(page.ticket, quarter.since, confirmed=confirmed)
    told = facts_of(ids)
    policy = policies.of(told.values())
    clocks = _clocks(told, policy)
    if not any(clocks.values()):
        return None
    if not confirmed:
        words = _of_one(clocks.get(page.ticket.pk, ()), at)
        return Kept((words,), "", (), ask=False, waits=True) if words else None
    counted = _counted(page.ticket, ids, clocks, (quarter.since, at))
    sentences = [*_of_all(counted, quarter.first.month), *_of_firm(page.ticket.organisation, quarter, at)]
    following = _next(agreed, at)
    if following is None:
        return Kept(tuple(sentences), "", (), ask=False, waits=False)
    compared = _compared(told, policy, clocks, following)
    ask = any(one.is_notable for one in compared)
    name = following.agreement.name
    ahead = [*_ahead(compared, name, ask=ask), *_of_newest(counted, clocks)]
    return Kept(tuple(sentences), name, tuple(ahead), ask=ask, waits=False)


def _ids(ticket: Ticket, since: datetime, *, confirmed: bool) -> list[int]:
    """By ticket_of_client."""
    if not confirmed:
        return [ticket.pk]
    rows = Ticket.objects.filter(client=ticket.client_id, created_at__gte=since).exclude(
        state=Ticket.State.SPAM
    )
    return list(rows.order_by("-last_message_at").values_list("pk", flat=True)[:MOST])


def _clocks(told: Mapping[int, Sequence[Fact]], policy: Policy) -> dict[int, Sequence[Standing]]:
    found: dict[int, Sequence[Standing]] = {}
    for ticket, facts in told.items():
        try:
            found[ticket] = course.run(facts, policy)
        except NoWorkingTime as fault:
            log.error("kept terms not told", ticket=ticket, cause=str(fault), remedy="look at its calendar")
    return found


def _of_one(clocks: Sequence[Standing], at: datetime) -> str:
    one = tally.first(clocks, "response")
    if one is None or (one.state != "done" and not tally.is_late(one, at)):
        return ""
    if tally.is_late(one, at):
        return _("С первым ответом на этот запрос мы опоздали, простите.")
    return _("На этот запрос мы ответили вовремя.")


def _counted(ticket: Ticket, ids: Sequence[int], clocks: Clocks, between: tuple[datetime, datetime]) -> Tally:
    mine = tally.of(clocks, between[1])
    return mine.with_(tally.older(ticket.client_id, *between, but=ids)) if len(ids) == MOST else mine


def _of_all(counted: Tally, month: int) -> Iterator[str]:
    told = {"since": _since(month), "n": counted.asked, "kept": counted.kept}
    whole = _("Запросов от вас с %(since)s: %(n)s, вовремя мы ответили на %(kept)s.")
    yield (whole if counted.kept else _("Запросов от вас с %(since)s: %(n)s.")) % told
    if counted.late:
        yield (
            ngettext("Опоздали %s раз, простите.", "Опоздали %s раз, простите.", counted.late) % counted.late
        )
    if counted.waiting:
        yield _("Ещё ждут первого ответа, а срок не прошёл: %s.") % counted.waiting
    if counted.solved:
        yield _("Решили запросов: %(n)s, из них вовремя %(kept)s.") % {
            "n": counted.solved, "kept": counted.solved_kept,
        }  # fmt: skip


def _since(month: int) -> str:
    return ("January", "April", "July", "October")[month // 3] if is_english() else MONTHS[month - 1]


def _of_firm(firm: Organisation | None, quarter: penalty.Window, at: datetime) -> Iterator[str]:
    if firm is None:
        return
    found = counting.kept(Whose("organisation", firm.pk, firm.name, None, firm), quarter.since, at)
    if found and found.whole:
        told = {"kept": found.part, "n": found.whole}
        yield _("У всей вашей организации мы сдержали %(kept)s из %(n)s сроков.") % told


def _next(agreed: Promised, at: datetime) -> AgreementVersion | None:
    """The nearest higher tier that others get by a tariff: what was made for one client alone is told to nobody."""
    mine = Agreement.objects.filter(versions=agreed.version_id).first()
    if mine is None:
        return None
    higher = list(Agreement.objects.filter(rank__gt=mine.rank, ended_at=None).order_by("rank", "name", "pk"))
    open_ones = agreements.given_by_tariff([one.pk for one in higher])
    chosen = next((one for one in higher if one.pk in open_ones), None)
    version = agreements.in_force(chosen.pk, at) if chosen else None
    if version and chosen:
        version.agreement = chosen
    return version


def _of_newest(counted: Tally, clocks: Clocks) -> Iterator[str]:
    if counted.asked > len(clocks):
        yield _("Сравнили последние запросы, их %s.") % len(clocks)


@dataclass(frozen=True, slots=True)
class _Compared:
    """Cases that ended. changed: the next tariff promises them before they came, and before ours does.

    earlier: usually so much before they came.
    """

    kind: Kind
    cases: int
    changed: int
    late: int
    earlier: timedelta

    @property
    def is_notable(self) -> bool:
        return self.cases >= FEW and self.changed * _NOTABLE >= self.cases and self.changed > 1


def _compared(
    told: Mapping[int, Sequence[Fact]], policy: Policy, clocks: Clocks, following: AgreementVersion
) -> list[_Compared]:
    """The same requests by the terms and hours of another agreement."""
    rules = policies.rules([following.pk])
    other = replace(policy, versions={**policy.versions, **rules})
    bound = {pk: [replace(one, id=following.pk) if one.word == "bound" else one for one in facts]
             for pk, facts in told.items()}  # fmt: skip
    theirs = _clocks(bound, other)
    return [_compare(kind, clocks, theirs) for kind in ("response", "resolution")]


def _compare(kind: Kind, clocks: Clocks, theirs: Clocks) -> _Compared:
    pairs = [
        (mine, other)
        for pk, its in clocks.items()
        if (mine := tally.first(its, kind))
        and mine.state == "done"
        and (other := tally.first(theirs.get(pk, ()), kind))
    ]
    over = [
        (mine.ended_at - other.due_at).total_seconds()
        for mine, other in pairs
        if mine.ended_at and mine.due_at and other.due_at and other.due_at < min(mine.ended_at, mine.due_at)
    ]
    usual = timedelta(seconds=median(over)) if over else timedelta()
    return _Compared(kind, len(pairs), len(over), sum(mine.late for mine, _other in pairs), usual)


def _ahead(compared: Sequence[_Compared], name: str, *, ask: bool) -> Iterator[str]:
    cases = max(one.cases for one in compared)
    if cases < FEW:
        yield _("Запросов пока мало, чтобы сравнить с тарифом «%s».") % name
        return
    if not ask:
        yield _("Тариф «%s» в этих запросах почти ничего не поменял бы: переходить незачем.") % name
        return
    for one in compared:
        if one.is_notable:
            facts = {
                "name": name, "changed": one.changed, "n": one.cases,
                "earlier": levels_said.about(one.earlier.total_seconds()),
            }  # fmt: skip
            yield _(_AHEAD[one.kind]) % facts + " " + _("Обычно на %(earlier)s раньше.") % facts
    yield _("Это обещание. Как вышло бы на деле, мы не знаем.")
