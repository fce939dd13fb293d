"""On which days an agreement binds an organisation, as far as the journal tells: nobody pays for other days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from otklik.clients.models import Organisation
from otklik.journal.models import Entry
from otklik.sla import agreements
from otklik.sla.models import Agreement, Cover
from otklik.sla.penalty import Window

COVERED, GIVEN = "agreement.covered", "organisation.tariff"


@dataclass(frozen=True, slots=True)
class Days:
    """[since_on, until_on), each None where the agreement's own days count. is_known: since when, that is."""

    since_on: date | None
    until_on: date | None
    is_known: bool

    def meet(self, window: Window) -> bool:
        begun = self.since_on is None or self.since_on < window.behind
        return begun and (self.until_on is None or self.until_on > window.first)


def days(agreement: Agreement, firm: Organisation, window: Window, now: datetime) -> Days:
    """A few queries."""
    since, zone = _since(agreement, firm), ZoneInfo(window.zone)
    begun = (
        agreements.versions(agreement.pk).order_by("effective_from").values_list("effective_from", flat=True)
    )
    first = since.astimezone(zone).date() if since and since > begun[0] else None
    return Days(first, _until(agreement, min(now, window.until), zone), since is not None)


def _until(agreement: Agreement, at: datetime, zone: ZoneInfo) -> date | None:
    """The day behind the last one. The agreement for everybody goes on, whatever its terms say."""
    last = agreements.terms(agreements.current(agreement.pk, at).pk).until
    ended = agreement.ended_at.astimezone(zone).date() if agreement.ended_at else None
    behind = last + timedelta(days=1) if last and not agreement.is_default else None
    return min((one for one in (behind, ended) if one), default=None)


def _since(agreement: Agreement, firm: Organisation) -> datetime | None:
    """None: nobody wrote it down. Of several covers the first one counts."""
    covers = Cover.objects.filter(agreement=agreement)
    theirs = [_deed(COVERED, agreement=agreement.pk, organisation=firm.pk, priorities=one.priorities)
              for one in covers.filter(organisation=firm)]  # fmt: skip
    if firm.tariff_id:
        given = _deed(GIVEN, organisation=firm.pk, to=firm.tariff_id)
        for one in covers.filter(tariff=firm.tariff_id):
            bound = _deed(COVERED, agreement=agreement.pk, tariff=firm.tariff_id, priorities=one.priorities)
            theirs.append(max(given, bound) if given and bound else None)
    known = [one for one in theirs if one]
    return min(known) if known and len(known) == len(theirs) else None


def _deed(word: str, **facts: object) -> datetime | None:
    """When it was done last."""
    done = Entry.objects.filter(ticket=None, word=word, facts__contains=facts)
    return done.order_by("-at").values_list("at", flat=True).first()
