"""Deeds about people: what two administrators do at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from otklik.accounts.models import User
from otklik.staff import working
from tests import make
from tests.make import NOON


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_let_each_other_go_leave_one():
    ada, vera = make.admin("Ада"), make.admin("Вера")
    together = Barrier(2)

    def let_go(pair: tuple[User, User]) -> str:
        who, whom = pair
        together.wait()
        try:
            working.leave(whom, by=who, at=NOON)
        except working.LastAdmin:
            return "refused"
        finally:
            connection.close()
        return "gone"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(let_go, [(ada, vera), (vera, ada)])) == ["gone", "refused"]
    assert User.objects.filter(is_active=True).count() == 1


@pytest.mark.django_db
def test_leaving_twice_is_one_departure():
    admin, anna = make.admin(), make.agent("Анна Орлова")
    working.leave(anna, by=admin, at=NOON)
    working.leave(anna, by=admin, at=NOON)

    assert anna.departures.count() == 1
