"""Old letters that come at last: requests like any other, but nobody is promised a time as if they were fresh."""

from datetime import timedelta

import pytest

from otklik import mime
from otklik.channels.intake import ageing
from otklik.desk.models import Message
from tests import make
from tests.channels.letters import letter, received

OLD, FRESH = "Mon, 02 Nov 2026 12:00:00 +0300", "Fri, 20 Nov 2026 11:59:58 +0300"
HOP = "from mx.kvarts.example by mx.primer.example; {}"


def acknowledged() -> int:
    return Message.objects.filter(kind=Message.Kind.ACK).count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("date", "acks"), [(OLD, 0), (FRESH, 1)])
def test_letter_of_weeks_ago_opens_a_request_and_gets_no_promise_by_mail(date: str, acks: int):
    make.box(smtp_host="127.0.0.1")

    [message] = received(letter(Date=date, Received=HOP.format(date)))

    assert (message.ticket.state, message.ticket.unread) == ("new", True)
    assert message.ticket.news.filter(ended_at=None).count() == 1
    assert acknowledged() == acks


@pytest.mark.parametrize(
    ("date", "hop", "late"),
    [
        (OLD, "", True),
        (OLD, HOP.format(OLD), True),
        (OLD, HOP.format(FRESH), False),  # the writer's clock is wrong
        (FRESH, HOP.format(OLD), False),  # a server's clock is
        ("", HOP.format(OLD), True),
        ("", "", False),
        ("", HOP.format("nonsense"), False),
        ("Mon, 02 Nov 9999 99:99:99 +0300", HOP.format("Mon, 02 Nov 99999 12:00:00"), False),
    ],
)
def test_late_is_what_the_writer_and_the_last_server_call_old(date: str, hop: str, late: bool):
    raw = letter(Date=date, Received=hop)

    assert ageing.is_late(mime.read(raw), raw, came_at=make.NOON) is late


def test_three_days_are_the_line():
    raw = letter(Date="Fri, 20 Nov 2026 12:00:00 +0300")

    assert not ageing.is_late(mime.read(raw), raw, came_at=make.NOON + ageing.LATE)
    assert ageing.is_late(mime.read(raw), raw, came_at=make.NOON + ageing.LATE + timedelta(seconds=1))
