import pickle

import pytest

from otklik.sla.worktime import BadHours, Hours
from tests.sla.calendars import OFFICE_DAY, OFFICE_WEEK, office

# what is wrong with the calendar, its place, words of the message
FAULTS = [
    ([], "", "объект"),
    ({"week": {}}, "tz", "Europe/Moscow"),
    ({"tz": "Europe/Mosco"}, "tz", "«Europe/Mosco»"),
    ({"tz": "../../etc/passwd"}, "tz", "нет"),
    ({"tz": ""}, "tz", "нет"),
    ({"tz": "Europe"}, "tz", "нет"),
    ({"tz": "UTC", "hollidays": []}, "hollidays", "такого ключа нет"),
    ({"tz": "UTC", "always": "yes"}, "always", "true или false"),
    ({"tz": "UTC", "week": []}, "week", "объект"),
    ({"tz": "UTC", "week": {"monday": []}}, "week.monday", "mon"),
    ({"tz": "UTC", "week": {"mon": "09:00-18:00"}}, "week.mon", "список"),
    ({"tz": "UTC", "week": {"mon": [["09:00"]]}}, "week.mon[0]", "промежуток"),
    ({"tz": "UTC", "week": {"mon": [["09:00", "18:00"], ["9:00", "18:00"]]}}, "week.mon[1]", "начало"),
    ({"tz": "UTC", "week": {"mon": [["24:00", "18:00"]]}}, "week.mon[0]", "только концом"),
    ({"tz": "UTC", "week": {"mon": [["09:00", "24:01"]]}}, "week.mon[0]", "конец"),
    ({"tz": "UTC", "week": {"mon": [["09:00", 18]]}}, "week.mon[0]", "конец"),
    ({"tz": "UTC", "week": {"mon": [["09:00", "18:00"]] * 49}}, "week.mon", "48"),
    ({"tz": "UTC", "holidays": "2026-01-01"}, "holidays", "список"),
    ({"tz": "UTC", "holidays": ["2026-01-01", "2026-02-30"]}, "holidays[1]", "нет в календаре"),
    ({"tz": "UTC", "holidays": ["01.01.2026"]}, "holidays[0]", "2026-12-31"),
    ({"tz": "UTC", "holidays": ["20260101"]}, "holidays[0]", "2026-12-31"),
    ({"tz": "UTC", "days": []}, "days", "объект"),
    ({"tz": "UTC", "days": {"2026-13-01": []}}, "days.2026-13-01", "нет в календаре"),
    ({"tz": "UTC", "days": {"2026-12-31": None}}, "days.2026-12-31", "список"),
]


@pytest.mark.parametrize(("spec", "path", "words"), FAULTS)
def test_a_fault_of_a_calendar_is_told_with_its_place_and_the_wanted_form(spec, path, words):
    with pytest.raises(BadHours) as refused:
        Hours.from_dict(spec)

    assert [fault.path for fault in refused.value.faults] == [path]
    assert words in refused.value.faults[0].words


def test_all_faults_of_a_calendar_are_told_at_once():
    spec = {
        "tz": "Mars",
        "week": {"mon": [["9", "25:00"]], "xyz": []},
        "holidays": [7],
        "days": {"x": []},
        "": 1,
    }

    with pytest.raises(BadHours) as refused:
        Hours.from_dict(spec)

    paths = [fault.path for fault in refused.value.faults]
    assert sorted(paths) == sorted(
        ["", "tz", "week.xyz", "week.mon[0]", "week.mon[0]", "holidays[0]", "days.x"]
    )


def test_a_thousand_faults_make_a_short_message_and_a_full_list():
    with pytest.raises(BadHours, match="и ещё ошибок: 980") as refused:
        Hours.from_dict({"tz": "UTC", "holidays": ["x" * 5_000] * 1_000})

    assert len(refused.value.faults) == 1_000
    assert len(str(refused.value)) < 3_000


def test_a_good_calendar_is_exported_as_it_was_imported():
    spec = {
        "tz": "Asia/Vladivostok",
        "week": {**OFFICE_WEEK, "sat": [["22:00", "06:00"]], "sun": [["00:00", "24:00"]]},
        "holidays": ["2026-01-01", "2026-01-02"],
        "days": {"2026-01-02": [], "2026-12-31": [["09:00", "17:00"]]},
    }

    assert Hours.from_dict(spec).to_dict() == spec


def test_export_of_always_is_read_back_as_always():
    hours = Hours.from_dict({"tz": "Europe/Moscow", "always": True})

    assert hours.to_dict() == {"tz": "Europe/Moscow", "always": True}
    assert Hours.from_dict(hours.to_dict()) == hours


def test_the_order_of_shifts_does_not_make_another_calendar():
    assert office() == Hours.from_dict(
        {"tz": "Europe/Moscow", "week": {**OFFICE_WEEK, "mon": OFFICE_DAY[::-1]}}
    )


def test_hours_travel_between_processes():
    assert pickle.loads(pickle.dumps(office())) == office()  # noqa: S301 - our own bytes
