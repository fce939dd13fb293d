"""Invitations in the thread: what, when in the reader's own zone, where, who invites; the file lies beside."""

import pytest

from otklik.desk import files
from otklik.desk.files import File
from tests import make

pytestmark = pytest.mark.django_db
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:test
METHOD:{method}
BEGIN:VEVENT
UID:1
SUMMARY:Переезд сервера <b>
{times}
LOCATION:переговорная 3
ORGANIZER;CN=Вера Соколова:mailto:vera@kvarts.example
END:VEVENT
END:VCALENDAR
"""
HOURS = "DTSTART:20261124T110000Z\nDTEND:20261124T120000Z"


def page(client, times=HOURS, method="REQUEST", content=None):
    content = content or CALENDAR.format(times=times, method=method).encode()
    file = File(files.store(content), len(content), "invite.ics", "text/calendar")
    ticket = make.ticket("Зовём на встречу", files=(file,))
    return client.get(f"/desk/{ticket.number}/").text


def test_an_invitation_says_what_when_where_and_who(client, anya, settings):
    settings.TIME_ZONE = "Europe/Moscow"
    shown = page(client)

    assert "Приглашение" in shown
    assert "Переезд сервера &lt;b&gt;" in shown
    assert "14:00–15:00" in shown
    assert "переговорная 3" in shown
    assert "Вера Соколова &lt;vera@kvarts.example&gt;" in shown
    assert "invite.ics" in shown


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ("DTSTART;VALUE=DATE:20301124", "24\xa0ноября 2030\xa0года, весь день"),
        (
            "DTSTART;VALUE=DATE:20301124\nDTEND;VALUE=DATE:20301127",
            "с 24\xa0ноября 2030\xa0года по 26\xa0ноября 2030",
        ),
        ("DTSTART:20301124T090000\nDTEND:20301125T100000", "9:00 — 25\xa0ноября 2030\xa0года, 10:00"),
    ],
)
def test_whole_days_and_long_meetings_are_said_as_such(client, anya, times, said):
    assert said in page(client, times)


def test_a_cancelled_meeting_is_called_so(client, anya):
    assert "Встречу отменили" in page(client, method="CANCEL")


@pytest.mark.parametrize("content", [b"", b"BEGIN:VCALENDAR\n" * 9, b"\xff" * 500, b"x" * 70_000])
def test_a_broken_calendar_stays_a_file(client, anya, content):
    shown = page(client, content=content or b" ")

    assert 'class="meeting"' not in shown
    assert "invite.ics" in shown
