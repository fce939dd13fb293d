"""A period is closed: its account with all that it was counted on is kept for ever (R-E6, R-E9)."""

from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.errors import Refusal, Stale
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.sla.uptime import counting, evidence
from otklik.sla.uptime.counting import Asked
from otklik.sla.uptime.models import PeriodAccount

CLOSED: Final = "period.closed"
CORRECTED: Final = "period.corrected"


class NotOver(Refusal):
    code = "period.not_over"


class NothingAgreed(Refusal):
    code = "period.nothing_agreed"


class AlreadyClosed(Stale):
    code = "period.already_closed"


class WithoutReason(Refusal):
    code = "period.without_reason"


def close(asked: Asked, *, by: User, at: datetime) -> PeriodAccount:
    """The first account of a period that is over. Raises NotOver, NothingAgreed, AlreadyClosed."""
    return _make(asked, None, "", by, at)


def correct(before: PeriodAccount, asked: Asked, note: str, *, by: User, at: datetime) -> PeriodAccount:
    """Another account of the same period, counted by what is known now; it names the one that it replaces.

    note: why. Raises WithoutReason, AlreadyClosed (somebody corrected that one already).
    """
    words = " ".join(note.replace("\0", "").split())[:500]
    if not words:
        raise WithoutReason(
            _("Исправление останется навсегда, и нужно, чтобы его поняли."), _("Напишите, что изменилось.")
        )
    return _make(asked, before, words, by, at)


def _make(asked: Asked, before: PeriodAccount | None, note: str, by: User, at: datetime) -> PeriodAccount:
    if asked.window.until > at:
        raise NotOver(
            _("Этот срок ещё не кончился: закрывать рано."),
            _("Закройте его, когда он пройдёт, с первого же дня."),
        )
    found = counting.of(asked, at)
    if found.since >= found.until:
        raise NothingAgreed(_("В этом сроке соглашение не действовало."), _("Проверьте дни начала и конца."))
    try:
        with transaction.atomic():
            row = PeriodAccount.objects.create(
                agreement=asked.agreement, version=found.version, organisation=asked.organisation,
                window=asked.window.name, since=found.since, until=found.until,
                base_s=found.availability.base_s, down_s=found.availability.down_s,
                planned_s=found.availability.planned_s, share=asked.share, asked_at=asked.asked_at,
                credit=found.credit.sum + found.clocks_credit.sum, total=found.bill.total,
                evidence=evidence.of(found), note=note, replaces=before, made_at=at, made_by=by,
            )  # fmt: skip
            facts: dict[str, object] = {
                "account": row.pk, "agreement": asked.agreement.pk, "window": row.window, "credit": str(row.credit),
                "total": str(row.total), "replaces": before.pk if before else None,
            }  # fmt: skip
            journaling.write(Line(None, CORRECTED if before else CLOSED, at, by=by, facts=facts))
    except IntegrityError as fault:
        raise AlreadyClosed(
            _("Этот срок уже закрыли."), _("Откройте закрытый расчёт: исправить можно его.")
        ) from fault
    return row
