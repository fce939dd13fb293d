"""Reads of incidents, planned work and closed periods."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncMonth

from otklik.clients.models import Organisation
from otklik.journal.models import Entry
from otklik.sla.models import Agreement, Clock, Cover
from otklik.sla.uptime.models import Incident, PeriodAccount

PAGE = 50
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
CLIENTS_CLOCKS = ("response", "next_reply", "news", "resolution")  # levels and vendors are ours


def page(before: int | None = None) -> list[Incident]:
    """Incidents and planned work, the newest notes first, one more than a page. By the primary key."""
    every = (
        Incident.objects.select_related("tag", "ticket", "made_by")
        .prefetch_related("organisations")
        .order_by("-pk")
    )
    return list((every.filter(pk__lt=before) if before else every)[: PAGE + 1])


def touching(
    agreement_id: int, organisation_id: int | None, since: datetime, until: datetime
) -> QuerySet[Incident]:
    """What lies in [since, until) and counts for this organisation under this agreement, by its beginning.

    What was noted for one service doesn't count where the agreement covers other services alone.
    """
    whose = Q(for_all=True)
    if organisation_id is not None:
        whose |= Q(
            pk__in=Incident.organisations.through.objects.filter(organisation=organisation_id).values(
                "incident"
            )
        )
    begins, ends = Coalesce("began_at", "window_began_at"), Coalesce("ended_at", "window_ended_at")
    there = Incident.objects.filter(whose, withdrawn_at=None).annotate(first=begins, last=ends)
    there = there.filter(
        Q(last=None) | Q(last__gt=since) | Q(ended_at=None, began_at__isnull=False), first__lt=until
    )
    if tags := _only_tags(agreement_id):
        there = there.filter(Q(tag=None) | Q(tag__in=tags))
    found: QuerySet[Incident] = there.order_by("first", "pk")
    return found


def _only_tags(agreement_id: int) -> list[int]:
    """The services that an agreement is for; none where it covers people, too, or everybody."""
    if Agreement.objects.filter(pk=agreement_id, is_default=True).exists():
        return []
    tags = list(Cover.objects.filter(agreement=agreement_id).values_list("tag", flat=True))
    return [] if None in tags else tags


def covered(agreement: Agreement) -> QuerySet[Organisation]:
    """Organisations that an agreement names, itself or by their tariff; everybody for the one of everybody."""
    every = Organisation.objects.order_by("name", "pk")
    if agreement.is_default:
        return every
    covers = Cover.objects.filter(agreement=agreement)
    return every.filter(
        Q(pk__in=covers.exclude(organisation=None).values("organisation"))
        | Q(tariff__in=covers.exclude(tariff=None).values("tariff"))
    )


def clocks_by_month(
    agreement_id: int, organisation_id: int, since: datetime, until: datetime, zone: str
) -> list[tuple[date, int, int]]:
    """(its first day in the zone, met, judged) of each month with any: clocks promised to clients, by their end."""
    ended = Clock.objects.filter(
        ticket__organisation=organisation_id, version__agreement=agreement_id, state="done",
        kind__in=CLIENTS_CLOCKS, ended_at__gte=since, ended_at__lt=until,
    )  # fmt: skip
    in_zone = TruncMonth("ended_at", tzinfo=ZoneInfo(zone))
    months = ended.order_by().annotate(month=in_zone).values("month")
    counted = months.annotate(judged=Count("pk"), late_ones=Count("pk", filter=Q(late=True))).order_by(
        "month"
    )
    return [(one["month"].date(), one["judged"] - one["late_ones"], one["judged"]) for one in counted]


def clocks_judged_until(agreement_id: int, organisation_id: int, before: datetime) -> datetime:
    """The end of the last closed period whose clocks were judged and which began earlier; long ago where none was."""
    rows = PeriodAccount.objects.filter(
        agreement=agreement_id, organisation=organisation_id, corrected=None, since__lt=before
    )
    ends = rows.order_by("-since", "-pk").values_list("until", "evidence__clocks__judged")
    return next((until for until, judged in ends if judged), LONG_AGO)


def solved(agreement_id: int, organisation_id: int, since: datetime, until: datetime) -> int:
    """Requests of an organisation that were solved for the first time in [since, until): each is paid for once.

    A solution by a letter that was taken back before it left is none.
    """
    ones = Entry.objects.filter(
        ~Exists(_undone()), ticket__organisation=organisation_id, word="ticket.solved", at__lt=until,
        ticket__bonds__version__agreement=agreement_id, ticket__bonds__ended_at=None,
    )  # fmt: skip
    firsts = ones.order_by().values("ticket").annotate(first=Min("at"))
    return firsts.filter(first__gte=since).count()


def _undone() -> QuerySet[Entry]:
    """The letter that solved, of an outer entry of the same moment, where somebody took it back."""
    taken_back = Entry.objects.filter(
        ticket=OuterRef("ticket"), word="message.undone", facts__message=OuterRef("facts__message")
    )
    solving = Entry.objects.filter(Exists(taken_back), word="message.written", facts__then="solve")
    return solving.filter(ticket=OuterRef("ticket"), at=OuterRef("at"))


def accounts(agreement_ids: Collection[int]) -> QuerySet[PeriodAccount]:
    """Closed periods, the latest ones first; `corrected_by`: the row that replaces it, None where it counts."""
    rows = PeriodAccount.objects.filter(agreement__in=agreement_ids).annotate(corrected_by=F("corrected__pk"))
    found: QuerySet[PeriodAccount] = rows.select_related("organisation", "agreement", "made_by")
    return found.order_by("-since", "-pk")


def accounts_whole() -> QuerySet[PeriodAccount]:
    """One with all that its page shows."""
    related = ("organisation", "agreement__calendar", "version", "made_by", "replaces")
    every = PeriodAccount.objects.select_related(*related)
    found: QuerySet[PeriodAccount] = every.annotate(corrected_by=F("corrected__pk"))
    return found
