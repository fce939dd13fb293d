"""The time that a form offers: two working hours on, never at night, on a holiday or a day off."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from otklik.desk import routing
from otklik.promises.suggesting import suggested
from otklik.sla import binding, calendars, scheduling, timetables, worked
from tests import make
from tests.make import DAY, HOUR, MINUTE, NOON
from tests.sla import tiers

pytestmark = pytest.mark.django_db
SIX = NOON + 6 * HOUR  # Friday, 18:00 in Moscow
MONDAY = NOON + 3 * DAY  # noon


@pytest.mark.parametrize(("minutes", "half_hours"), [(0, 4), (1, 5), (29, 5), (30, 5), (31, 6)])
def test_the_form_offers_the_next_half_hour_two_hours_on(minutes, half_hours):
    assert suggested(make.ticket().pk, None, NOON + minutes * MINUTE) == NOON + half_hours * 30 * MINUTE


@pytest.mark.parametrize(
    ("standing", "now", "offered"),
    [
        (None, SIX - 65 * MINUTE, MONDAY - 2 * HOUR),  # 16:55 and two hours: Monday, not Friday 19:00
        (None, SIX + 5 * HOUR, MONDAY - HOUR),  # at night
        (None, NOON + DAY, MONDAY - HOUR),  # on Saturday
        (SIX, NOON, MONDAY - HOUR),  # what stands is due as people go home
        (None, SIX - 130 * MINUTE, SIX),  # rounded up to the very end of the day
    ],
)
def test_the_offered_time_is_working_time(standing, now, offered):
    assert suggested(make.ticket().pk, standing, now) == offered


def test_rounding_never_leads_out_of_the_working_day():
    spec = {**calendars.OFFICE, "week": {"fri": [["09:00", "17:45"]], "mon": [["09:00", "18:00"]]}}
    calendar = calendars.default()
    scheduling.change(calendar, spec, effective_from=NOON - DAY, note="", by=make.admin(), at=NOON - DAY)
    assert suggested(make.ticket().pk, None, NOON + 220 * MINUTE) == SIX - 20 * MINUTE


def test_a_request_of_another_agreement_goes_by_its_calendar():
    always = {"tz": "Europe/Moscow", "always": True}
    calendar = scheduling.make("Всегда", always, by=None, at=NOON - DAY)
    agreement = tiers.tier()
    type(agreement).objects.filter(pk=agreement.pk).update(calendar=calendar)
    ticket = make.ticket()
    tiers.cover(agreement, ticket.client)
    binding.bind_many([ticket.pk], by=None, at=NOON)
    assert suggested(ticket.pk, None, NOON + DAY) == NOON + DAY + 2 * HOUR


def test_both_forms_offer_working_time_whenever_they_are_opened():
    anna, browser = make.agent("Анна Орлова"), Client()
    ticket = routing.take(make.ticket(), by=anna, at=NOON)
    browser.force_login(anna)
    for path in (f"/promises/news/{ticket.number}/", f"/promises/noted/{ticket.number}/"):
        html = browser.get(path).content.decode()
        shown = re.search(r'name="due_at" value="([^"]+)"', html)
        assert shown
        due = timezone.make_aware(datetime.fromisoformat(shown[1]))
        worked_s = timetables.between(worked.of(ticket.pk).timetable, due - timedelta(minutes=1), due)
        assert worked_s == 60
