"""The loops that keep the rows of clocks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from otklik.desk import solving
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.journal.models import Follower
from otklik.sla import agreements, deriving, ticking
from otklik.sla.models import Bond, Clock
from tests import make
from tests.sla import lives
from tests.sla.lives import on

pytestmark = pytest.mark.django_db(transaction=True)


def _followed():
    while ticking.follow():
        pass


def _caught_up():
    while ticking.catch_up() or Follower.objects.filter(name=ticking.EARLIER, entry_id__gt=0).exists():
        pass


def test_what_comes_gets_its_agreement_and_its_clocks_by_the_loop():
    agreements.default()
    ticking.follow()
    ticket = make.ticket(at=timezone.now())

    _followed()

    assert Bond.objects.get(ticket=ticket).ended_at is None
    assert Clock.objects.get(ticket=ticket, kind="response").state == "running"


def test_the_loop_follows_each_deed():
    ticking.follow()
    ticket = make.ticket(at=timezone.now())
    _followed()
    make.reply(ticket, at=timezone.now())

    _followed()

    assert Clock.objects.get(ticket=ticket, kind="response").state == "done"


def test_what_was_opened_before_the_loop_existed_gets_its_clocks_and_nobody_is_told_of_old_misses():
    old = make.ticket(at=timezone.now() - timedelta(days=30))
    ancient = make.ticket(at=timezone.now() - timedelta(days=800))
    solving.close(ancient, by=None, at=timezone.now() - timedelta(days=700))
    ticking.follow()

    _caught_up()

    clock = Clock.objects.get(ticket=old, kind="response")
    assert (clock.state, clock.late, clock.warn_at) == ("running", True, None)
    assert not Clock.objects.filter(ticket=ancient).exists()


def test_a_late_clock_of_today_is_left_for_the_sweep_to_tell():
    ticking.follow()
    ticket = make.ticket(at=timezone.now() - timedelta(days=30))

    _followed()

    overdue = Clock.objects.filter(ticket=ticket, kind="response", due_at__lt=timezone.now())
    assert overdue.filter(late=False, warned=0, warn_at__isnull=False).exists()


def test_a_changed_calendar_moves_the_clocks_that_run():
    calendar = lives.calendar()
    ticket = lives.bound(make.ticket(at=timezone.now()), lives.agreement(calendar))
    ticking.follow()
    deriving.derive([ticket.pk], at=timezone.now())
    before = _due(ticket)
    lives.hours(calendar, {"always": True}, since=timezone.now())
    journaling.write(Line(None, "calendar.changed", timezone.now(), facts={"calendar": calendar.pk}))

    _followed()
    _caught_up()

    assert _due(ticket) < before
    assert _due(ticket) - ticket.created_at < timedelta(hours=16, minutes=1)


def _due(ticket):
    return Clock.objects.get(ticket=ticket, kind="resolution").due_at


def test_deriving_twice_writes_once_and_keeps_what_the_sweep_has_told():
    ticket = lives.bound(make.ticket(at=on("02 10:00")), lives.agreement())
    first = deriving.derive([ticket.pk], at=on("02 10:00"))
    Clock.objects.filter(kind="response").update(warned=1, warn_at=on("02 13:00"))

    again = deriving.derive([ticket.pk], at=on("02 12:30"))

    assert (first, again) == (3, 0)


def test_under_a_longer_target_a_share_that_lies_ahead_again_is_told_again():
    ticket = lives.bound(make.ticket(at=on("02 10:00")), lives.agreement())
    deriving.derive([ticket.pk], at=on("02 10:00"))
    Clock.objects.filter(kind="response").update(warned=1)
    lives.bound(
        ticket, lives.agreement(name="Дольше", targets={"response": {"normal": 40 * 3600}}), on("02 12:30")
    )

    deriving.derive([ticket.pk], at=on("02 12:30"))

    clock = Clock.objects.get(kind="response")
    assert (clock.warned, clock.warn_at) == (0, on("04 15:00"))


def test_the_number_of_queries_is_the_same_for_one_request_and_thirty(django_assert_num_queries):
    version = lives.agreement()
    first, *others = [lives.bound(make.ticket(at=on("02 10:00")), version) for _ in range(31)]
    deriving.derive([first.pk], at=on("02 10:00"))  # its agreement and calendar are known from now on
    Clock.objects.all().delete()

    with CaptureQueriesContext(connection) as one:
        deriving.derive([first.pk], at=on("02 10:00"))
    with django_assert_num_queries(len(one)):
        deriving.derive([other.pk for other in others], at=on("02 10:00"))

    assert Clock.objects.count() == 93
