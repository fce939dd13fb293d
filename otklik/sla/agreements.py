"""Reads of agreements: the one for everybody, the versions in force, the tiers as people compare them (R-E7)."""

from collections.abc import Collection
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from django.db import transaction
from django.db.models import Count, F, Max, QuerySet
from django.utils import timezone

from otklik.desk.models.tickets import OPEN_STATES
from otklik.sla import calendars, wording
from otklik.sla.models import STANDING, Agreement, AgreementVersion, Bond, Cover
from otklik.sla.terms import PRIORITIES, Kind, Terms
from otklik.staff import queries as staff

ALWAYS: Final = datetime(
    1970, 1, 1, tzinfo=UTC
)  # the first terms of the first agreement count for all there is
USUAL: Final = "Обычный"
_FROM_COMPANY: Final[tuple[Kind, ...]] = ("response", "next_reply", "news")


def default() -> Agreement:
    """The agreement of whoever has no other; made from what the company promised so far at the first call."""
    known = Agreement.objects.filter(is_default=True).first()
    return known or _first()


def _first() -> Agreement:
    """Two at once make one: the name is unique, and the second waits for the first."""
    within = int(staff.company().answer_within.total_seconds())
    targets = {kind: dict.fromkeys(PRIORITIES, max(within, 60)) for kind in _FROM_COMPANY}
    with transaction.atomic():
        defaults = {"calendar": calendars.default(), "is_default": True}
        agreement, is_new = Agreement.objects.get_or_create(name=USUAL, defaults=defaults)
        if is_new:
            terms = Terms(targets=targets, words=wording.usual_words()).to_dict()
            _version(agreement, 1, terms)
        elif not agreement.is_default:  # a tier of that name was there before
            Agreement.objects.filter(pk=agreement.pk).update(is_default=True, ended_at=None)
            agreement.refresh_from_db()
            _version(agreement, last_number(agreement.pk) + 1, Terms(targets=targets).to_dict())
    return agreement


def _version(agreement: Agreement, number: int, terms: object) -> None:
    made = timezone.now()
    AgreementVersion.objects.create(
        agreement=agreement, number=number, terms=terms, effective_from=ALWAYS, made_at=made
    )


def in_force(agreement_id: int, at: datetime) -> AgreementVersion | None:
    """The version that counts at this moment: the one with the latest beginning before it. None: none has begun."""
    begun = AgreementVersion.objects.filter(agreement=agreement_id, effective_from__lte=at)
    return begun.order_by("-effective_from", "-number").first()


def current(agreement_id: int, at: datetime) -> AgreementVersion:
    """The version in force, or the first one where it is yet to begin."""
    found = in_force(agreement_id, at)
    return (
        found or AgreementVersion.objects.filter(agreement=agreement_id).order_by("effective_from")[:1].get()
    )


def current_many(agreement_ids: Collection[int], at: datetime) -> dict[int, int]:
    """Agreement → its version in force, or the first one where it is yet to begin. One query."""
    every = AgreementVersion.objects.filter(agreement__in=agreement_ids).order_by("effective_from", "number")
    found: dict[int, int] = {}
    for pk, agreement_id, since in every.values_list("pk", "agreement_id", "effective_from"):
        if since <= at or agreement_id not in found:
            found[agreement_id] = pk
    return found


def versions(agreement_id: int) -> QuerySet[AgreementVersion]:
    """All of one agreement, the newest first."""
    every = AgreementVersion.objects.filter(agreement=agreement_id).select_related("made_by")
    return every.order_by("-effective_from", "-number")


def last_number(agreement_id: int) -> int:
    found = AgreementVersion.objects.filter(agreement=agreement_id).aggregate(last=Max("number"))
    return int(found["last"] or 0)


@lru_cache(maxsize=512)
def terms(version_id: int) -> Terms:
    """The terms of a version, read once a process: a version never changes."""
    return Terms.from_dict(AgreementVersion.objects.values_list("terms", flat=True).get(pk=version_id))


def tiers() -> QuerySet[Agreement]:
    """As people compare them: those in force first, the plainest first. `covered`: how many covers each has."""
    every = Agreement.objects.select_related("calendar").annotate(covered=Count("covers"))
    return every.order_by(F("ended_at").asc(nulls_first=True), "rank", "name")


def covers(agreement_id: int) -> QuerySet[Cover]:
    """Whom it binds, the narrowest kinds first."""
    related = Cover.objects.filter(agreement=agreement_id).select_related(
        "client", "organisation", "tariff", "tag"
    )
    return related.order_by("client__name", "organisation__name", "tariff__name", "tag__name", "pk")


def given_by_tariff(agreement_ids: Collection[int]) -> frozenset[int]:
    """Which of these cover a tariff: people call such a one «тариф»."""
    found = Cover.objects.filter(agreement__in=agreement_ids, tariff__isnull=False)
    return frozenset(found.values_list("agreement_id", flat=True))


def bound_now(agreement_id: int) -> dict[int, int]:
    """Version → how many open requests it judges. By the open bonds of the versions."""
    open_ones = Bond.objects.filter(STANDING, version__agreement=agreement_id, ticket__state__in=OPEN_STATES)
    return dict(open_ones.order_by().values_list("version").annotate(Count("pk")))
