"""What the database itself refuses about agreements, calendars and clocks."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from otklik.clients.models import Tariff
from otklik.sla import calendars
from otklik.sla.models import Agreement, AgreementVersion, CalendarVersion, Clock, Cover
from tests import make

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def agreement():
    return Agreement.objects.create(name="Бизнес", calendar=calendars.default())


@pytest.fixture
def version(agreement):
    return AgreementVersion.objects.create(
        agreement=agreement, number=1, terms={}, effective_from=AT, made_at=AT, made_by=make.agent()
    )


def test_a_version_never_changes_but_forgets_who_made_it(version):
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        AgreementVersion.objects.filter(pk=version.pk).update(terms={"share": 50})
    AgreementVersion.objects.filter(pk=version.pk).update(made_by=None)
    version.refresh_from_db()
    assert (version.terms, version.made_by) == ({}, None)


def test_a_version_of_a_calendar_never_changes():
    one = CalendarVersion.objects.create(
        calendar=calendars.default(), number=7, spec={}, effective_from=AT, made_at=AT
    )
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        CalendarVersion.objects.filter(pk=one.pk).update(effective_from=AT + timedelta(days=1))


def test_two_agreements_do_not_cover_the_same(agreement):
    tariff = Tariff.objects.create(name="Бизнес")
    Cover.objects.create(agreement=agreement, tariff=tariff)
    Cover.objects.create(agreement=agreement, tariff=tariff, priorities=[3])
    with pytest.raises(IntegrityError, match="cover_of_one_agreement"), transaction.atomic():
        Cover.objects.create(agreement=agreement, tariff=tariff)


def test_a_cover_names_one_kind(agreement):
    tariff = Tariff.objects.create(name="Бизнес")
    with pytest.raises(IntegrityError, match="cover_of_one_kind"), transaction.atomic():
        Cover.objects.create(
            agreement=agreement, tariff=tariff, client=make.identity("a@b.example", "А").client
        )


@pytest.mark.parametrize(
    ("odd", "said"),
    [({"due_at": None}, "clock_running_is_due"), ({"state": "done"}, "clock_end_has_its_time")],
)
def test_a_clock_is_whole(version, odd, said):
    ticket = make.ticket(at=AT, sender=make.identity("a@b.example", "А"))
    values = {
        "ticket": ticket, "kind": "response", "version": version, "state": "running", "target_s": 60,
        "started_at": AT, "changed_at": AT, "elapsed_s": 0, "due_at": AT,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=said), transaction.atomic():
        Clock.objects.create(**{**values, **odd})
    assert Clock.objects.create(**values).pk
