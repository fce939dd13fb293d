"""Promises by a rule of the agreement: handed over to a level, the client hears of us within so much working time."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from otklik.accounts.models import User
from otklik.clients import tariffs
from otklik.clients.models import Tariff
from otklik.desk import replying, routing, solving
from otklik.desk.models import Ticket
from otklik.journal.models import Entry, Follower
from otklik.promises import tracking
from otklik.promises.models import Promise
from otklik.sla import ruling, warning
from otklik.sla.models import Alert
from otklik.sla.terms import PRIORITIES, BadTerms, Terms
from tests import make
from tests.make import HOUR, MINUTE, NOON
from tests.sla import tiers

pytestmark = pytest.mark.django_db(transaction=True)
RULE = {2: dict.fromkeys(PRIORITIES, 4 * 3600)}


@pytest.fixture(autouse=True)
def _begun():
    """The loop was here before the deeds."""
    ruling.follow()


def handed(at=NOON, *, owner: bool = False) -> Ticket:
    """To the second level, which owes news within four working hours."""
    anna, boris = make.agent("Анна Орлова"), make.agent("Борис Котов", team=make.team("Серверы", 2))
    ticket = routing.take(make.ticket(at=at), by=anna, at=at)
    tariff = Tariff.objects.create(name="Бизнес")
    tariffs.give(ticket.client, tariff, by=None, at=at)
    tiers.cover(tiers.tier(handovers=RULE), tariff)
    to = boris if owner else None
    return routing.move(ticket, make.team("Серверы"), owner=to, tried="смотрели логи", by=anna, at=at + HOUR)


def follow() -> None:
    while ruling.follow():
        pass


def test_a_hand_over_promises_news_with_an_owner_a_time_and_the_rule():
    ticket = handed(owner=True)
    follow()

    promise = Promise.objects.get()
    assert (promise.who, promise.due_at) == ("Борис Котов", NOON + 5 * HOUR)
    assert promise.reason.replace("\xa0", " ") == (
        "по правилу соглашения «Бизнес»: после передачи на уровень 2 новость за 4 ч"
    )
    assert Entry.objects.get(word="promise.made").facts["rule"] == "moved:2"
    ticket.refresh_from_db()
    assert ticket.next_due_kind in ("promise", "answer", "")

    follow()
    warning.sweep(clock=lambda: NOON + 4 * HOUR + 50 * MINUTE)
    assert Alert.objects.get(promise=promise, share=90).user.name == "Борис Котов"


def test_desk_and_client_see_it_the_client_without_the_rule():
    handed(timezone.now() - 2 * HOUR, owner=True)
    follow()
    ticket, boris = Ticket.objects.get(), User.objects.get(name="Борис Котов")
    browser = Browser()
    browser.force_login(boris)

    card = browser.get(f"/desk/{ticket.number}/card/").text.replace("\xa0", " ")
    page = Browser().get(make.page(ticket, at=timezone.now())).text.replace("\xa0", " ")

    for html in (card, page):
        assert "Напишем вам, как идёт работа" in html
    assert "по правилу соглашения «Бизнес»" in card
    assert "Борис Котов" in card
    assert "по правилу" not in page


def test_a_letter_to_the_client_keeps_it_and_taking_that_back_owes_it_again():
    ticket = handed()
    follow()
    assert Promise.objects.get().who == "Серверы"
    vova = make.agent("Вова Котов")
    message = make.reply(ticket, by=vova, at=NOON + 2 * HOUR, then="work")
    follow()
    assert Promise.objects.get().outcome == "kept"

    replying.undo(message, by=vova, at=NOON + 2 * HOUR + timedelta(seconds=5))
    follow()
    assert Promise.objects.get().ended_at is None
    make.reply(ticket, at=NOON + 30 * HOUR)
    follow()
    assert Promise.objects.get().outcome == "late"


def test_a_letter_that_solves_keeps_it_and_a_silent_end_lets_it_go():
    ticket = handed()
    follow()
    make.reply(ticket, at=NOON + 2 * HOUR, then="solve", result="Открыли")
    follow()
    assert Promise.objects.get().outcome == "kept"

    again = make.ticket("Ещё вопрос", at=NOON)
    routing.move(again, make.team("Серверы"), by=make.agent("Вася Котов"), at=NOON + HOUR)
    follow()
    solving.solve(again, result="Открыли", by=make.agent("Вова Котов"), at=NOON + 2 * HOUR)
    follow()
    assert Promise.objects.get(ticket=again).outcome == "dropped"


def test_one_of_a_rule_stands_however_often_it_goes_to_and_fro_and_a_moved_one_is_kept_too():
    ticket = handed()
    follow()
    lead = make.agent("Лида Лидова", role="lead")
    later = tracking.move(
        Promise.objects.get(), due_at=NOON + 30 * HOUR, reason="Ждём", by=lead, at=NOON + 90 * MINUTE
    )
    routing.move(ticket, make.team(), by=lead, at=NOON + 2 * HOUR)
    routing.move(ticket, make.team("Серверы"), by=lead, at=NOON + 3 * HOUR)
    follow()
    assert Promise.objects.filter(ended_at=None).get() == later

    make.reply(ticket, at=NOON + 4 * HOUR)
    follow()
    assert not Promise.objects.filter(ended_at=None).exists()


def test_hand_overs_of_before_the_upgrade_promise_nothing():
    Follower.objects.all().delete()
    ticket = handed()
    follow()
    assert not Promise.objects.exists()

    routing.move(ticket, make.team(), by=make.agent("Вова Котов"), at=NOON + 2 * HOUR)
    routing.move(ticket, make.team("Серверы"), by=make.agent("Вася Котов"), at=NOON + 3 * HOUR)
    follow()
    assert Promise.objects.exists()


def test_within_a_level_or_where_nothing_is_agreed_nothing_is_promised():
    ticket = handed()
    follow()
    Promise.objects.all().delete()
    lead = make.agent("Лида Лидова", role="lead")
    routing.move(ticket, make.team("Сети", 2), by=lead, at=NOON + 2 * HOUR)
    routing.move(ticket, make.team(), by=lead, at=NOON + 3 * HOUR)
    follow()
    assert not Promise.objects.exists()


def test_the_rule_is_a_term_like_others():
    assert Terms.from_dict({"handovers": {"2": {"normal": 14400}}}).handovers == {2: {"normal": 14400}}
    assert Terms.from_dict(Terms(handovers=RULE).to_dict()).handovers == RULE
    with pytest.raises(BadTerms):
        Terms.from_dict({"handovers": {"5": {"normal": 14400}}})
