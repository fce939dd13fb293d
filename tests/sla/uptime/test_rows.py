"""What the database refuses of incidents and closed periods, whoever asks it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from otklik.sla import agreements
from otklik.sla.uptime import closing
from otklik.sla.uptime.models import Incident, PeriodAccount
from tests import make
from tests.sla.uptime import scene

pytestmark = pytest.mark.django_db
AT = make.NOON
HOUR = timedelta(hours=1)
OUTAGE = {"kind": "outage", "name": "Сбой", "source": "monitor", "began_at": AT, "made_at": AT}
WORK = {
    "kind": "work", "name": "Работы", "announced_at": AT, "window_began_at": AT, "window_ended_at": AT + HOUR,
    "made_at": AT,
}  # fmt: skip


def test_a_whole_outage_and_whole_planned_work_are_taken():
    Incident.objects.create(**OUTAGE, reported_at=AT, workaround_at=AT + HOUR, ended_at=AT + HOUR)
    Incident.objects.create(**WORK, began_at=AT, ended_at=AT + HOUR)

    assert Incident.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (OUTAGE, {"name": ""}), (OUTAGE, {"began_at": None}), (OUTAGE, {"source": ""}), (OUTAGE, {"ended_at": AT}),
        (OUTAGE, {"ended_at": AT - HOUR}), (OUTAGE, {"announced_at": AT}), (OUTAGE, {"reported_at": AT - HOUR}),
        (OUTAGE, {"accepted_at": AT - HOUR}), (OUTAGE, {"workaround_at": AT - HOUR}), (OUTAGE, {"kind": "other"}),
        (WORK, {"announced_at": None}), (WORK, {"window_began_at": None}), (WORK, {"window_ended_at": AT}),
        (WORK, {"source": "monitor"}), (WORK, {"ended_at": AT + HOUR}), (WORK, {"workaround_at": AT}),
    ],
)  # fmt: skip
def test_the_database_refuses_an_incident_that_contradicts_itself(row, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.create(**{**row, **wrong})


def _account(**fields):
    under = fields.get("agreement") or scene.agreement()
    row: dict[str, Any] = {
        "agreement": under, "version": agreements.current(under.pk, AT), "window": "2026-11", "since": AT,
        "until": AT + HOUR, "base_s": 3600, "down_s": 60, "planned_s": 0, "credit": Decimal("1.00"),
        "total": Decimal("9.00"), "evidence": {}, "made_at": AT,
    }  # fmt: skip
    return PeriodAccount.objects.create(**{**row, **fields})


@pytest.mark.parametrize(
    "wrong",
    [
        {"until": AT},
        {"down_s": 3601},
        {"base_s": -1, "down_s": -1},
        {"credit": -1},
        {"total": -1},
        {"share": 2},
    ],
)
def test_the_database_refuses_an_account_that_contradicts_itself(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        _account(**wrong)


def test_a_period_is_closed_once_and_each_account_is_corrected_once_with_a_reason():
    first = _account()
    same = {"agreement": first.agreement, "version": first.version}
    for wrong in ({}, {"replaces": first}):
        with pytest.raises(IntegrityError), transaction.atomic():
            _account(**{**same, **wrong})
    second = _account(**same, replaces=first, note="нашли ещё один перерыв")
    with pytest.raises(IntegrityError), transaction.atomic():
        _account(**same, replaces=first, note="ещё раз")

    assert _account(**same, replaces=second, note="и ещё").replaces == second


def test_a_closed_period_is_neither_changed_nor_deleted():
    row = closing.close(scene.asked(scene.agreement()), by=make.admin(), at=scene.LATER)

    for deed in (
        lambda: PeriodAccount.objects.filter(pk=row.pk).update(credit=0),
        lambda: PeriodAccount.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match=r"stays|never changes"), transaction.atomic():
            deed()
    PeriodAccount.objects.filter(pk=row.pk).update(made_by=None)  # who closed it was deleted
    assert PeriodAccount.objects.get().made_by is None
