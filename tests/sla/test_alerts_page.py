"""«Напоминания»: what it says, what is counted, «Понятно», and who sees none of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from otklik.clients.models import Client as Customer
from otklik.desk import routing
from otklik.promises.models import STANDING, NextNews
from otklik.sla import alerts
from otklik.sla.models import Alert
from otklik.staff.models import Membership
from tests import make

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def anya():
    return make.agent("Аня Орлова")


@pytest.fixture
def browser(anya):
    signed_in = Client()
    signed_in.force_login(anya)
    return signed_in


def told(user, *, left=25 * MINUTE, name="Марина Соколова", number=1):
    now = timezone.now()
    sender = make.identity(f"m{number}@kvarts.example", name)
    ticket = routing.assign(make.ticket(sender=sender), user, by=None, at=now)
    news = NextNews.objects.filter(STANDING, ticket=ticket).first() or NextNews.objects.create(
        ticket=ticket, due_at=now + left, made_at=now - timedelta(days=1)
    )
    return Alert.objects.create(
        user=user, ticket=ticket, news=news, share=90, due_at=now + left, at=now - MINUTE, show_at=now - MINUTE,
        told_at=now, owner=user, team=ticket.team,
    )  # fmt: skip


def said(alert, moscow=timezone.get_default_timezone):
    return alerts.words(alert, now=alert.due_at - 25 * MINUTE, tz=moscow())


def test_words_say_what_whom_by_when_and_how_much_is_left(anya):
    alert = told(anya)
    alert.due_at = make.NOON + timedelta(hours=2, minutes=30)
    assert said(alert) == "Сообщить новость Марине Соколовой до 14:30: осталось 25\N{NO-BREAK SPACE}мин"


def test_late_words_say_how_long_ago(anya):
    alert = told(anya)
    alert.due_at = make.NOON
    late = alerts.words(alert, now=make.NOON + 25 * MINUTE, tz=timezone.get_default_timezone())
    assert late == "Сообщить новость Марине Соколовой: срок был до 12:00, прошло 25\N{NO-BREAK SPACE}мин"


def test_a_name_that_does_not_bend_for_sure_stays_as_it_is(anya):
    alert = told(anya, name="ООО Ромашка")
    alert.due_at = make.NOON
    assert "Сообщить новость клиенту ООО Ромашка до 12:00" in said(alert)


def test_in_english_too(anya):
    alert = told(anya, name="Kim Lee")
    alert.due_at = make.NOON
    with translation.override("en"):
        assert said(alert) == "Send news to Kim Lee by 12:00: 25\N{NO-BREAK SPACE}min left"


def test_the_page_and_the_number_count_by_request(anya, browser):
    told(anya)
    first = Alert.objects.get()
    Alert.objects.create(
        user=anya, ticket=first.ticket, news=first.news, share=100, due_at=first.due_at, at=first.at,
        show_at=first.show_at, owner=anya, team=first.team,
    )  # fmt: skip

    html = browser.get("/alerts/").content.decode()

    assert html.count("Сообщить новость Марине Соколовой") == 1
    assert alerts.count(anya, at=timezone.now()) == 1
    assert 'id="count-bell"><span class="hidden-text">ждут меня: </span>1<' in html


def test_understood_takes_one_off_the_number_and_leaves_the_row(anya, browser):
    first, _second = told(anya), told(anya, name="Иван Петров", number=2)
    browser.post("/alerts/seen/", {"number": first.ticket.number})
    assert alerts.count(anya, at=timezone.now()) == 1
    assert "Сообщить новость Марине Соколовой" in browser.get("/alerts/").content.decode()


def test_one_press_for_all(anya, browser):
    told(anya)
    told(anya, number=2)
    assert browser.post("/alerts/seen/").status_code == 302
    assert alerts.count(anya, at=timezone.now()) == 0
    assert "Всё понятно" not in browser.get("/alerts/").content.decode()


def test_nothing_due_is_good_news(browser):
    assert "Все сроки впереди" in browser.get("/alerts/").content.decode()


def test_nobody_marks_or_sees_what_was_told_to_another(anya):
    alert = told(anya)
    boris = Client()
    boris.force_login(make.agent("Борис Ким"))
    boris.post("/alerts/seen/", {"number": alert.ticket.number})
    assert alerts.count(anya, at=timezone.now()) == 1
    assert "Сообщить новость" not in boris.get("/alerts/").content.decode()


def test_whoever_left_the_team_is_told_of_it_no_more(anya, browser):
    told(anya)
    Membership.objects.filter(user=anya).update(team=make.team("Чужие"))
    assert alerts.count(anya, at=timezone.now()) == 0
    assert Customer.objects.get().name not in browser.get("/alerts/").content.decode()


@pytest.mark.parametrize("number", ["x", "-1", "9" * 40, "²"])
def test_a_strange_number_changes_nothing(anya, browser, number):
    told(anya)
    assert browser.post("/alerts/seen/", {"number": number}).status_code == 302
    assert alerts.count(anya, at=timezone.now()) == 1


def test_the_number_takes_one_query_and_the_list_as_many_for_twenty_as_for_two(
    anya, django_assert_num_queries, django_assert_max_num_queries
):
    for number in range(2):
        told(anya, number=number)
    with django_assert_max_num_queries(5) as few:
        alerts.shown(anya, at=timezone.now())
    for number in range(2, 20):
        told(anya, number=number)
    with django_assert_num_queries(len(few)):
        assert len(alerts.shown(anya, at=timezone.now())) == 20
    anya.loaded_teams = tuple(anya.memberships.values_list("team_id", flat=True))
    with django_assert_num_queries(1):
        assert alerts.count(anya, at=timezone.now()) == 20
