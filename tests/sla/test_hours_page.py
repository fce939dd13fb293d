"""The week of working hours as an administrator writes it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from otklik.sla import calendars, scheduling
from otklik.sla.forms import shifts
from otklik.sla.models import Calendar
from tests import make
from tests.make import NOON

WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "9–18")


def coming_friday():
    """Noon in Moscow of a working Friday to come: what the page keeps counts from now on."""
    noon = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0)
    return next(
        day
        for ahead in range(1, 60)
        if (day := noon + timedelta(days=ahead)).weekday() == 4
        and calendars.due_after(day, timedelta(hours=4)) == day + timedelta(hours=4)
    )


@pytest.fixture
def admin(db) -> Client:
    browser = Client()
    browser.force_login(make.admin())
    return browser


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("9–18", [["09:00", "18:00"]]),
        ("9:00-13:00, 14:30 — 18:00", [["09:00", "13:00"], ["14:30", "18:00"]]),
        ("22–6; 8–9", [["22:00", "06:00"], ["08:00", "09:00"]]),
        ("0–24", [["00:00", "24:00"]]),
        (" ", []),
    ],
)
def test_hours_are_read_as_people_write_them(text, found):
    assert shifts(text) == found


@pytest.mark.parametrize("text", ["с утра", "9", "9–", "9.00–18.00", "9–18 13–14", "\0"])
def test_what_is_no_hours_is_said(text):
    with pytest.raises(ValueError, match=re.escape(text)):
        shifts(text)


def test_a_new_week_makes_a_new_version_that_times_are_counted_by(admin):
    friday = coming_friday()
    before = calendars.due_after(friday, timedelta(hours=4))

    answer = admin.post("/settings/hours/", {**WEEK, "fri": "9–14", "tz": "Europe/Moscow", "country": "RU"})

    assert answer.status_code == 302
    assert Calendar.objects.get().version == 2
    assert calendars.due_after(friday, timedelta(hours=4)) > before
    assert Calendar.objects.get().spec["holidays"]


def test_the_page_shows_what_it_kept(admin):
    admin.post("/settings/hours/", {"sat": "10:00–15:30", "tz": "Asia/Omsk"})

    html = admin.get("/settings/hours/").content.decode()

    assert 'value="10:00–15:30"' in html
    assert '<option value="Asia/Omsk" selected>' in html


def test_the_same_week_again_is_no_new_version(admin):
    for _time in range(2):
        admin.post("/settings/hours/", {**WEEK, "tz": "Europe/Moscow"})

    assert Calendar.objects.get().version == 2


def test_round_the_clock_needs_no_week(admin):
    assert admin.post("/settings/hours/", {"always": "on", "tz": "Europe/Moscow"}).status_code == 302
    friday = coming_friday()
    assert calendars.due_after(friday, timedelta(hours=40)) == friday + timedelta(hours=40)


@pytest.mark.parametrize(
    "wrong",
    [{"mon": "25–26"}, {"mon": "9–18:99"}, {"tz": "Mars/Olympus"}, {"mon": "x" * 300}, {}],
)
def test_wrong_hours_come_back_with_words_and_change_nothing(admin, wrong):
    given = {**WEEK, "tz": "Europe/Moscow", **wrong} if wrong else {"tz": "Europe/Moscow"}

    assert admin.post("/settings/hours/", given).status_code == 422
    assert not Calendar.objects.filter(version__gt=1).exists()


@pytest.mark.django_db
def test_hours_by_which_nothing_ever_falls_due_are_refused():
    with pytest.raises(scheduling.NoHours):
        scheduling.set_default({"tz": "UTC", "week": {}}, by=make.admin(), at=NOON)
