"""Versions of calendars: made, previewed, counted by; the page of the administrator."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from otklik.journal.models import Entry
from otklik.sla import calendars, making, renewing, scheduling
from otklik.sla.models import Agreement, AgreementVersion, Calendar, CalendarVersion, Clock
from tests import make
from tests.make import NOON

pytestmark = pytest.mark.django_db
WEEK = {key: [["09:00", "18:00"]] for key in ("mon", "tue", "wed", "thu", "fri")}
MORNINGS = {"tz": "Europe/Moscow", "week": {key: [["09:00", "13:00"]] for key in WEEK}, "country": ""}
FORM = {**dict.fromkeys(WEEK, "9–13"), "tz": "Europe/Moscow", "country": ""}
DAY = timedelta(days=1)


@pytest.fixture
def admin() -> Client:
    browser = Client()
    browser.force_login(make.admin())
    return browser


def clock(due_at, *, elapsed_s=0):
    """A running clock by the company's calendar."""
    agreement, _new = Agreement.objects.get_or_create(
        name="Бизнес", defaults={"calendar": calendars.default()}
    )
    version, _new = AgreementVersion.objects.get_or_create(
        agreement=agreement, number=1, defaults={"terms": {}, "effective_from": NOON, "made_at": NOON}
    )
    ticket = make.ticket(at=NOON, sender=make.identity("a@b.example", "А"))
    return Clock.objects.create(
        ticket=ticket, kind="resolution", version=version, state="running", target_s=8 * 3600, started_at=NOON,
        changed_at=NOON, elapsed_s=elapsed_s, due_at=due_at,
    )  # fmt: skip


def test_a_version_counts_from_its_day_on():
    later = NOON + 3 * DAY
    scheduling.change(
        calendars.default(), MORNINGS, effective_from=later, note="короче", by=make.admin(), at=NOON
    )

    assert [one.number for one in CalendarVersion.objects.order_by("number")] == [1, 2]
    assert calendars.default_hours(NOON) != calendars.default_hours(later)
    assert calendars.due_after(NOON, timedelta(hours=1)) == NOON + timedelta(hours=1)
    assert Entry.objects.filter(word="calendar.changed", facts__version=2).count() == 1


@pytest.mark.parametrize("moment", [NOON - timedelta(seconds=1), NOON + 400 * DAY])
def test_a_version_neither_begins_in_the_past_nor_in_two_years(moment):
    with pytest.raises(scheduling.PastMoment):
        scheduling.change(calendars.default(), MORNINGS, effective_from=moment, by=make.admin(), at=NOON)
    assert CalendarVersion.objects.count() == 1


def test_a_preview_tells_what_would_move_and_keeps_nothing():
    default = calendars.default()
    due = calendars.due_after(NOON, timedelta(hours=8))
    moved = clock(due)

    seen = scheduling.preview(default, MORNINGS, effective_from=NOON, at=NOON)

    assert (seen.counted, seen.later, seen.earlier, seen.more) == (1, 1, 0, False)
    assert seen.moves[0].number == moved.ticket.number
    assert seen.moves[0].was == due < seen.moves[0].will
    assert CalendarVersion.objects.count() == 1


def test_a_preview_names_the_version_that_would_not_begin():
    default = calendars.default()
    scheduling.change(default, MORNINGS, effective_from=NOON + 9 * DAY, by=make.admin(), at=NOON)

    seen = scheduling.preview(default, dict(calendars.OFFICE), effective_from=NOON + DAY, at=NOON)

    assert [one.number for one in seen.replaced] == [2]


def test_holidays_of_a_new_year_come_by_themselves():
    abroad = scheduling.make(
        "Алматы", {"tz": "Asia/Almaty", "week": WEEK, "country": "KZ"}, by=make.admin(), at=NOON
    )
    assert renewing.renew(at=NOON) == 0

    assert renewing.renew(at=NOON + 366 * DAY) == 1

    abroad.refresh_from_db()
    last = str(NOON.year + making.AHEAD)
    assert abroad.version == 2
    assert any(day.startswith(last) for day in abroad.spec["holidays"])


def test_from_october_on_the_next_year_is_asked_for():
    assert list(renewing.unpublished(datetime(2026, 9, 1, tzinfo=UTC))) == []
    assert list(renewing.unpublished(datetime(2026, 10, 1, tzinfo=UTC))) == [2027]


def test_the_page_shows_first_and_keeps_then(admin):
    clock(calendars.due_after(NOON, timedelta(hours=8)))

    seen = admin.post("/settings/hours/", {**FORM, "preview": "1"})
    assert seen.status_code == 200
    assert "мы ничего не сохранили" in seen.content.decode()
    assert CalendarVersion.objects.count() == 1

    assert admin.post("/settings/hours/", {**FORM, "note": "Сократили день"}).status_code == 302
    assert "Сократили день" in admin.get("/settings/hours/").content.decode()


def test_a_day_in_the_past_is_now(admin):
    admin.post("/settings/hours/", {**FORM, "since": "2020-01-01"})
    assert CalendarVersion.objects.get(number=2).effective_from.year >= 2026


@pytest.mark.parametrize(
    "own", ["завтра", "31.12.2026", "30.02.2026: 9–15", "31.12.2026: с утра", "31.12.26: 9–15", "\0: 9–15"]
)
def test_own_days_that_nobody_can_read_come_back(admin, own):
    answer = admin.post("/settings/hours/", {**FORM, "own": own})
    assert answer.status_code == 422
    assert not CalendarVersion.objects.filter(number=2).exists()


def test_own_days_are_kept_and_shown(admin):
    assert (
        admin.post("/settings/hours/", {**FORM, "own": "31.12.2026: 9–11\n08.01.2027 выходной"}).status_code
        == 302
    )
    html = admin.get("/settings/hours/").content.decode()
    assert "31.12.2026: 09:00–11:00" in html
    assert "08.01.2027: выходной" in html


def test_another_calendar_stands_beside_the_company_s(admin):
    made = admin.post("/settings/hours/new/", {**FORM, "name": "Склад"})
    warehouse = Calendar.objects.get(name="Склад")
    assert made.headers["Location"] == f"/settings/hours/{warehouse.pk}/"
    assert "Склад" in admin.get("/settings/hours/").content.decode()

    assert admin.post("/settings/hours/new/", {**FORM, "name": "Склад"}).status_code == 422
    assert Calendar.objects.filter(is_default=False).count() == 1
    assert admin.get("/settings/hours/999999/").status_code == 404
