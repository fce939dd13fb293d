"""The sweep of warnings: each share once, to the right people, by day, over when its subject is."""

from datetime import timedelta

import pytest
from django.db import transaction

from otklik.accounts.models import User
from otklik.desk import routing
from otklik.desk.models import Ticket
from otklik.journal.models import Entry
from otklik.promises import promising, tracking
from otklik.promises.models import NextNews
from otklik.sla import alerts, calendars, warning
from otklik.sla.models import Agreement, AgreementVersion, Alert, Clock
from otklik.sla.terms import Terms
from otklik.staff.models import Membership, Profile
from tests import make
from tests.make import DAY, HOUR, MINUTE, NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def anya():
    return make.agent("Аня Орлова")


@pytest.fixture
def vera():
    return make.agent("Вера Чижова", role=User.Role.LEAD)


@pytest.fixture
def version():
    agreement = Agreement.objects.create(name="Бизнес", calendar=calendars.default())
    terms = Terms().to_dict()
    return AgreementVersion.objects.create(
        agreement=agreement, number=1, terms=terms, effective_from=NOON - 9 * DAY, made_at=NOON
    )


def owned(by=None, **fields):
    ticket = make.ticket(sender=make.identity(), **fields)
    return routing.assign(ticket, by, by=None, at=NOON) if by else ticket


def clock_of(ticket, version, *, start=NOON, minutes=100):
    """A first answer within so many working minutes; half of them is the first share."""
    target = timedelta(minutes=minutes)
    return Clock.objects.create(
        ticket=ticket, kind="response", version=version, state="running", target_s=target.total_seconds(),
        started_at=start, changed_at=start, elapsed_s=0, due_at=start + target, warn_at=start + target / 2,
    )  # fmt: skip


def sweep(at):
    while warning.sweep(clock=lambda: at):
        pass


def told(**which):
    found = Alert.objects.filter(over_at=None, user__isnull=False, **which).order_by("share", "user__name")
    return [(one.user.name, one.share) for one in found.select_related("user")]


def test_each_share_is_told_once_to_the_owner_and_the_last_to_the_lead_too(anya, vera, version):
    clock = clock_of(owned(anya), version)

    sweep(NOON + 49 * MINUTE)
    assert told() == []
    for minutes in (50, 51, 76, 80):
        sweep(NOON + minutes * MINUTE)
    assert told() == [("Аня Орлова", 50), ("Аня Орлова", 75)]
    sweep(NOON + 91 * MINUTE)

    assert told(share=90) == [("Аня Орлова", 90), ("Вера Чижова", 90)]
    clock.refresh_from_db()
    assert (clock.warned, clock.warn_at, clock.late) == (3, None, False)


def test_the_next_share_falls_on_working_time(anya, version):
    friday_evening = NOON + 5 * HOUR  # 17:00 in Moscow
    clock = clock_of(owned(anya), version, start=friday_evening, minutes=100)
    Clock.objects.update(due_at=calendars.due_after(friday_evening, timedelta(minutes=100)))

    sweep(friday_evening + 50 * MINUTE)

    clock.refresh_from_db()
    assert clock.warn_at == NOON + 2 * DAY + 21 * HOUR + 15 * MINUTE  # Monday, 9:15


def test_what_passed_while_nobody_swept_is_told_as_one(anya, version):
    clock_of(owned(anya), version)
    sweep(NOON + 80 * MINUTE)
    assert told() == [("Аня Орлова", 75)]


def test_a_due_time_that_passed_makes_late_and_tells_the_next_level(anya, vera, version):
    boss = make.agent("Глеб Второй", team=make.team("Инженеры", 2), role=User.Role.LEAD)
    Membership.objects.create(user=boss, team=make.team())  # sees the request
    stranger = make.agent("Ян Чужой", team=make.team("Инженеры", 2))
    ticket = owned(anya)
    clock_of(ticket, version)

    sweep(NOON + 100 * MINUTE)
    assert not Clock.objects.get().late  # in time to the very moment
    sweep(NOON + 101 * MINUTE)

    assert Clock.objects.get().late
    assert told(share=100) == [("Аня Орлова", 100), ("Вера Чижова", 100), ("Глеб Второй", 100)]
    assert not Alert.objects.filter(user=stranger).exists()
    assert Entry.objects.filter(ticket=ticket, word="clock.late").count() == 1


def test_an_unowned_request_is_told_to_the_lead(vera, anya, version):
    clock_of(owned(), version)
    sweep(NOON + 50 * MINUTE)
    assert told() == [("Вера Чижова", 50)]


def test_without_a_lead_an_unowned_request_is_told_to_the_team(anya, version):
    clock_of(owned(), version)
    sweep(NOON + 50 * MINUTE)
    assert told() == [("Аня Орлова", 50)]


def test_nobody_of_another_team_is_told(anya, version):
    make.agent("Ян Чужой", team=make.team("Чужие"), role=User.Role.LEAD)
    clock_of(owned(anya), version)
    sweep(NOON + 101 * MINUTE)
    assert told() == [("Аня Орлова", 100)]


def test_who_is_away_is_stood_in_for(anya, vera, version):
    boris = make.agent("Борис Ким")
    clock_of(owned(anya), version)
    Profile.objects.filter(user=anya).update(away_until=NOON.date(), stand_in=boris)
    sweep(NOON + 50 * MINUTE)
    assert told() == [("Борис Ким", 50)]


def test_who_is_away_without_a_stand_in_is_answered_for_by_the_lead(anya, vera, version):
    clock_of(owned(anya), version)
    Profile.objects.filter(user=anya).update(away_until=NOON.date())
    sweep(NOON + 50 * MINUTE)
    assert told() == [("Вера Чижова", 50)]


@pytest.mark.parametrize(("priority", "shown"), [(1, NOON + 2 * DAY + 21 * HOUR), (3, NOON + 8 * HOUR)])
def test_nobody_is_woken_at_night_but_for_what_is_urgent(anya, version, priority, shown):
    ticket = owned(anya)
    Ticket.objects.filter(pk=ticket.pk).update(priority=priority)
    clock_of(ticket, version)
    night = NOON + 8 * HOUR  # Friday, 20:00

    sweep(night)

    assert Alert.objects.get(share=100).show_at == shown
    assert alerts.count(anya, at=night) == (1 if priority == 3 else 0)
    assert Entry.objects.filter(word="alert.told").exists() == (priority == 3)
    sweep(shown)
    assert alerts.count(anya, at=shown) == 1
    assert Entry.objects.filter(word="alert.told").count() == 1


def test_a_moved_due_time_ends_what_was_told_and_tells_anew(anya, version):
    clock_of(owned(anya), version)
    sweep(NOON + 101 * MINUTE)

    Clock.objects.update(due_at=NOON + 4 * HOUR, late=False)
    sweep(NOON + 102 * MINUTE)
    assert told() == []
    assert Entry.objects.filter(word="alert.over").count() == 1
    sweep(NOON + 4 * HOUR + MINUTE)
    assert told() == [("Аня Орлова", 100)]


def test_an_answered_request_warns_nobody_any_more(anya, version):
    clock_of(owned(anya), version)
    sweep(NOON + 50 * MINUTE)
    Clock.objects.update(state="done", ended_at=NOON + 51 * MINUTE)
    sweep(NOON + 52 * MINUTE)
    assert told() == []
    assert alerts.count(anya, at=NOON + HOUR) == 0


def test_handing_over_tells_the_new_owner_and_not_the_former(anya, version):
    boris = make.agent("Борис Ким")
    ticket = owned(anya)
    clock_of(ticket, version)
    sweep(NOON + 50 * MINUTE)

    routing.assign(ticket, boris, by=None, at=NOON + 55 * MINUTE)
    sweep(NOON + 56 * MINUTE)
    assert told() == [("Борис Ким", 50)]

    routing.assign(ticket, anya, by=None, at=NOON + 57 * MINUTE)
    sweep(NOON + 58 * MINUTE)
    assert told() == [("Аня Орлова", 50)]
    assert Alert.objects.count() == 2


def news_of(ticket, due_at, *, made_at=NOON):
    with transaction.atomic():
        promising.drop([ticket.pk], at=made_at)
        promising.open_many([(ticket.pk, due_at)], at=made_at)
    return NextNews.objects.latest("pk")


def test_news_is_told_a_quarter_of_an_hour_before_and_when_nobody_acts_to_the_lead(anya, vera):
    news_of(owned(anya), NOON + 2 * HOUR)

    sweep(NOON + 104 * MINUTE)
    assert told() == []
    sweep(NOON + 105 * MINUTE)
    sweep(NOON + 106 * MINUTE)
    assert told() == [("Аня Орлова", 90)]
    sweep(NOON + 121 * MINUTE)

    assert told(share=100) == [("Аня Орлова", 100), ("Вера Чижова", 100)]


def test_news_for_soon_is_told_when_half_of_its_time_is_left(anya):
    news_of(owned(anya), NOON + 10 * MINUTE)
    sweep(NOON + 4 * MINUTE)
    assert told() == []
    sweep(NOON + 5 * MINUTE)
    assert told() == [("Аня Орлова", 90)]


def test_kept_news_is_over(anya):
    ticket = owned(anya)
    news_of(ticket, NOON + HOUR)
    sweep(NOON + 50 * MINUTE)
    with transaction.atomic():
        promising.keep([ticket.pk], at=NOON + 51 * MINUTE)
    sweep(NOON + 52 * MINUTE)
    assert told() == []


def test_a_promise_is_told_and_over_when_it_is_moved(anya, vera):
    ticket = owned(anya)
    news_of(ticket, NOON + DAY)
    promise = tracking.note(ticket, "Пришлём счёт.", due_at=NOON + HOUR, by=anya, at=NOON)
    sweep(NOON + 50 * MINUTE)
    assert told() == [("Аня Орлова", 90)]

    tracking.move(promise, due_at=NOON + 3 * HOUR, reason="ждём", by=anya, at=NOON + 51 * MINUTE)
    sweep(NOON + 52 * MINUTE)

    assert told() == []


def test_what_nobody_can_be_told_is_kept_for_whoever_gets_it(version):
    ticket = owned()
    clock_of(ticket, version)
    sweep(NOON + 50 * MINUTE)
    assert told() == []
    sweep(NOON + 51 * MINUTE)
    assert Alert.objects.filter(user=None).count() == 1

    routing.assign(ticket, make.agent("Аня Орлова"), by=None, at=NOON + 52 * MINUTE)
    sweep(NOON + 53 * MINUTE)

    assert told() == [("Аня Орлова", 50)]
