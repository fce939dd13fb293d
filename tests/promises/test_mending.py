"""The sweep behind invariant 4: no request waits on us without a promised time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from otklik.desk.models import Ticket
from otklik.promises import promising
from otklik.promises.models import NextNews
from otklik.sla import following, mending
from tests import make
from tests.make import HOUR, NOON

pytestmark = pytest.mark.django_db(transaction=True)


def read_on() -> None:
    while following.follow():
        pass


def moments(ticket):
    """Of as many steps as there are slices: other tests of this process may have made many requests before."""
    slices = (ticket.pk - 1) // mending.SLICE + 1
    return [NOON + HOUR + timedelta(seconds=mending.STEP_S * step) for step in range(slices)]


def test_request_that_lost_its_news_is_promised_one():
    ticket = make.ticket()
    read_on()
    NextNews.objects.all().delete()

    assert mending.breaches() == {ticket.pk: ticket.number}
    steps = iter(moments(ticket))
    mended = [mending.mend(clock=lambda: next(steps)) for _slice in moments(ticket)]
    assert sum(mended) == 1
    assert mending.mend() == 0

    ticket.refresh_from_db()
    due_at = promising.standing(ticket.pk).due_at
    assert due_at > NOON + HOUR
    assert ticket.next_due_at == due_at


def test_deed_that_is_not_followed_yet_is_no_breach():
    ticket = make.ticket()

    assert (mending.mend(), mending.breaches()) == (0, {})
    assert promising.standing(ticket.pk) is None


@pytest.mark.parametrize("state", ["waiting_client", "solved", "closed", "spam"])
def test_request_that_does_not_wait_on_us_needs_no_news(state: str):
    make.ticket()
    read_on()
    NextNews.objects.all().delete()
    Ticket.objects.update(state=state)

    assert mending.mend(clock=timezone.now) == 0
