"""Who is away, until when, and who stands in; when somebody was last seen."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from otklik.accounts.models import Session, User
from otklik.journal.models import Entry
from otklik.staff import absences, queries
from otklik.staff.models import Profile
from tests import make
from tests.make import DAY, NOON

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOON)


@pytest.fixture
def vera(db):
    return make.agent("Вера Чижова", role=User.Role.LEAD)


@pytest.fixture
def anya(db):
    return make.agent()


def test_somebody_is_away_up_to_and_with_the_day(vera, anya):
    absences.mark(anya, until=TODAY + timedelta(days=2), stand_in=vera, by=vera, at=NOON)

    assert [bool(queries.absence(anya, TODAY + timedelta(days=days))) for days in (0, 2, 3)] == [
        True,
        True,
        False,
    ]
    assert list(User.objects.filter(queries.away(TODAY))) == [anya]
    assert not User.objects.filter(queries.away(TODAY + timedelta(days=3))).exists()
    assert Entry.objects.get(word="person.away").facts["stand_in"] == vera.pk


def test_an_absence_ends_before_its_day_once(vera, anya):
    absences.mark(anya, until=TODAY, stand_in=None, by=vera, at=NOON)

    assert [absences.end(anya, by=vera, at=NOON) for _ in range(2)] == [True, False]
    assert queries.absence(anya, TODAY) is None


@pytest.mark.parametrize("days", [-1, 400])
def test_a_day_in_the_past_or_too_far_is_refused(vera, anya, days):
    with pytest.raises(absences.PastDay):
        absences.mark(anya, until=TODAY + timedelta(days=days), stand_in=None, by=vera, at=NOON)


def test_whoever_stands_in_is_another_one_of_a_team_of_both_and_at_work(vera, anya):
    away, stranger = make.agent("Борис Ким"), make.agent("Зоя Чужая", team=make.team("Хостинг"))
    absences.mark(away, until=TODAY, stand_in=None, by=vera, at=NOON)

    for unfit in (anya, away, stranger):
        with pytest.raises(absences.NoStandIn, match=unfit.name):
            absences.mark(anya, until=TODAY, stand_in=unfit, by=vera, at=NOON)


@pytest.mark.parametrize("wrong", [{"away_until": None, "stand_in": 1}, {"away_until": TODAY, "stand_in": 0}])
def test_the_database_refuses_who_stands_in_for_nobody_or_for_themselves(vera, anya, wrong):
    values = {"away_until": wrong["away_until"], "stand_in": vera if wrong["stand_in"] else anya}

    with pytest.raises(IntegrityError), transaction.atomic():
        Profile.objects.filter(user=anya).update(**values)


def test_a_lead_gives_out_to_people_of_their_teams_alone(vera, anya):
    stranger, left = make.agent("Зоя Чужая", team=make.team("Хостинг")), make.agent("Ушедший")
    User.objects.filter(pk=left.pk).update(is_active=False)

    assert list(queries.led_by(vera)) == [anya, vera]
    assert not queries.led_by(anya).exists()
    assert set(queries.led_by(make.admin())) == {anya, vera, stranger}


def test_sessions_note_when_a_person_was_last_seen_and_signing_out_keeps_it(anya):
    browser = Client()
    browser.force_login(anya)
    began = Profile.objects.get(user=anya).seen_at
    Session.objects.filter(user=anya).update(seen_at=timezone.now() + DAY)
    Session.objects.filter(user=anya).update(seen_at=timezone.now() - DAY)
    browser.post("/sign-out/")

    kept = Profile.objects.get(user=anya).seen_at
    assert began
    assert kept
    assert kept > began
