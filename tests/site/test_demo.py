"""The example company: what is promised stands, nothing of it wants to leave."""

import pytest

from otklik.accounts.models import User
from otklik.desk.models import Delivery, Ticket
from otklik.site import demo

pytestmark = pytest.mark.django_db


def test_the_example_has_its_people_and_requests():
    demo.fill(lambda _line: None)

    assert (User.objects.count(), Ticket.objects.count()) == (12, 400)
    assert not Delivery.objects.filter(state__in=["waiting", "retry", "sending"]).exists()
