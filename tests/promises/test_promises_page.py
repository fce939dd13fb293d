"""The page of promises: mine, my teams' for a lead, how they were kept; what a stranger sees."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from otklik.accounts.models import User
from otklik.desk import routing
from otklik.promises import queries, tracking
from otklik.promises.models import Promise
from otklik.promises.tracking import Pledge
from tests import make
from tests.make import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db
SINCE = NOON - 90 * DAY


@pytest.fixture
def anya():
    return make.agent("Аня Орлова")


def promised(by, due_at, words="Позвоним.", *, at=NOON - 2 * DAY):
    ticket = routing.take(make.ticket(at=at), by=by, at=at)
    message = make.reply(ticket, words, by=by, at=at)
    with transaction.atomic():
        tracking.remember(message, [Pledge(0, words, "мы", due_at)], by=by, at=at)
    return Promise.objects.latest("pk")


def page(user, whose=""):
    browser = Client()
    browser.force_login(user)
    return browser.get(f"/promises/?whose={whose}")


def test_late_ones_stand_first(anya):
    now = timezone.now()
    promised(anya, now + HOUR, "Пришлём счёт.")
    promised(anya, now - HOUR, "Проверим сервер.")

    html = page(anya).content.decode()

    assert html.index("Проверим сервер.") < html.index("Впереди") < html.index("Пришлём счёт.")


def test_an_agent_sees_their_own_and_a_lead_those_of_the_team(anya):
    boris = make.agent("Борис Ким")
    vera = make.agent("Вера Лунина", role=User.Role.LEAD)
    promised(boris, timezone.now() + HOUR, "Настроим почту.")

    assert "Настроим почту." not in page(anya, "team").content.decode()
    assert "Настроим почту." not in page(vera).content.decode()
    assert "Настроим почту." in page(vera, "team").content.decode()


def test_a_lead_of_another_team_sees_nothing(anya):
    promised(anya, timezone.now() + HOUR, "Настроим почту.")
    stranger = make.agent("Глеб Чужой", team=make.team("Чужие"), role=User.Role.LEAD)
    assert "Настроим почту." not in page(stranger, "team").content.decode()


def test_a_promise_without_a_time_asks_for_one(anya):
    promised(anya, None, "Разберёмся.")
    html = page(anya).content.decode()
    assert html.index("Без срока") < html.index("Разберёмся.")


def test_the_share_counts_what_was_told_anew_in_time_as_kept(anya):
    for day in range(1, 4):
        tracking.keep(promised(anya, NOON + HOUR, f"Сделаем {day}."), by=anya, at=NOON)
    tracking.keep(promised(anya, NOON - HOUR, "Опоздали."), by=anya, at=NOON)
    tracking.move(
        promised(anya, NOON + HOUR, "Перенесли."), due_at=NOON + DAY, reason="ждём", by=anya, at=NOON
    )
    promised(anya, NOON - DAY, "Забыли.")
    tracking.drop(promised(anya, NOON + HOUR, "Не обещание."), by=anya, at=NOON)

    [mine, together] = queries.shares(anya, mine=True, since=SINCE, now=NOON)

    assert (mine.kept, mine.moved, mine.late, mine.percent) == (3, 1, 2, 67)
    assert together.all == 6


def test_few_promises_tell_nothing_about_anybody(anya):
    tracking.keep(promised(anya, NOON + HOUR), by=anya, at=NOON)
    assert queries.shares(anya, mine=True, since=SINCE, now=NOON)[0].percent is None
    assert queries.shares(anya, mine=True, since=NOON + timedelta(days=1), now=NOON) == []


def test_moved_too_late_is_late(anya):
    tracking.move(promised(anya, NOON - HOUR), due_at=NOON + DAY, reason="ждём", by=anya, at=NOON)
    assert queries.shares(anya, mine=True, since=SINCE, now=NOON)[0].late == 1
