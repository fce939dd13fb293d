"""As the next news nears its owner is offered a note: true, clean, sent by one press (issue: next news)."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from otklik import coach
from otklik.assist import sweeping
from otklik.coach import Reply
from otklik.desk import drafting, replying, routing, solving
from otklik.desk.drafting import DraftWords
from otklik.desk.models import Draft, Message, Ticket
from otklik.desk.receiving import Address
from otklik.journeys import newswords, offering, saying
from otklik.journeys.newswords import Known
from otklik.promises import promising, tracking
from otklik.promises.models import NextNews, Promise
from otklik.sla import following, nearing, worked
from tests import make
from tests.make import DAY, HOUR, MINUTE, NOON
from tests.sla import lives

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
MSK = timezone.get_default_timezone()


@pytest.fixture
def anna():
    return make.agent("Анна Орлова")


@pytest.fixture
def ticket(anna) -> Ticket:
    """Anna has it; the client hears of us in twenty minutes, as was promised three hours ago."""
    now = timezone.now()
    ticket = routing.take(make.ticket(at=now - 3 * HOUR), by=anna, at=now - 3 * HOUR)
    with transaction.atomic():
        promising.open_many([(ticket.pk, now + 10 * MINUTE)], at=now - 3 * HOUR)
    return ticket


def browser_of(user) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def card(user, ticket) -> str:
    return browser_of(user).get(f"/desk/{ticket.number}/card/").text.replace("\xa0", " ")


def fields(html: str) -> dict[str, str]:
    part = html.split('id="offer"')[1]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', part))


def follow():
    while following.follow() + sweeping.follow():
        pass


@pytest.mark.django_db(transaction=True)
def test_the_owner_sees_a_true_note_and_one_press_sends_it(anna, ticket):
    saying.now(ticket, "проверяем счёт", by=anna, at=timezone.now())
    html = card(anna, ticket)
    assert "Пора написать клиенту" in html
    assert "Решение пока не готово. Проверяем счёт. Следующую новость напишем " in html

    held = fields(html)
    answer = browser_of(anna).post(f"/r/offer/{ticket.number}/", held, headers=HTMX)
    follow()

    message = Message.objects.get(direction="out")
    assert (answer.status_code, message.user, message.reply_text) == (204, anna, held["words"])
    news = promising.standing(ticket.pk)
    assert news is not None
    assert news.due_at.isoformat() == held["due_at"]
    assert NextNews.objects.get(ended_at__isnull=False).outcome == NextNews.Outcome.KEPT
    assert not Promise.objects.exists()  # the news it tells of is no second promise
    assert "Пора написать клиенту" not in card(anna, ticket)


def test_the_other_press_puts_it_above_what_was_begun(anna, ticket):
    held = fields(card(anna, ticket))
    pressed = held | {"edit": "1", "text": "Начала писать"}
    answer = browser_of(anna).post(f"/r/offer/{ticket.number}/", pressed, headers=HTMX)

    draft = Draft.objects.get(user=anna)
    assert draft.text == f"{held['words']}\n\nНачала писать"
    due = timezone.localtime(datetime.fromisoformat(held["due_at"])).strftime("%Y-%m-%dT%H:%M")
    assert f'value="{due}"' in answer.text
    assert not Message.objects.filter(direction="out").exists()


def test_a_press_never_takes_a_begun_answer_along(anna, ticket):
    drafting.save(anna, ticket, Draft.Mode.REPLY, DraftWords("Уже пишу"), at=timezone.now())
    answer = browser_of(anna).post(f"/r/offer/{ticket.number}/", fields(card(anna, ticket)), headers=HTMX)
    assert "уже начали ответ" in answer.text
    assert Draft.objects.get(user=anna).text == "Уже пишу"
    assert not Message.objects.filter(direction="out").exists()


def test_pressed_twice_it_leaves_once_and_after_a_new_word_of_the_client_not_at_all(anna, ticket):
    held, browser = fields(card(anna, ticket)), browser_of(anna)
    make.received("Ну что там?", ticket=ticket, at=timezone.now())
    assert browser.post(f"/r/offer/{ticket.number}/", held, headers=HTMX).status_code == 409
    lead = make.agent("Лида Лидова", role="lead")
    held, theirs = fields(card(anna, ticket)), fields(card(lead, ticket))
    for _press in range(2):
        assert browser.post(f"/r/offer/{ticket.number}/", held).status_code == 302
    assert browser_of(lead).post(f"/r/offer/{ticket.number}/", theirs).status_code == 409
    assert Message.objects.filter(direction="out").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("words", " ", "нет слов"), ("words", "я" * 4001, "нет слов"), ("due_at", "вчера\0", "уже прошло"),
        ("due_at", "2020-01-01T00:00:00Z", "уже прошло"),
    ],
)  # fmt: skip
def test_a_broken_note_is_refused_in_words(anna, ticket, field, value, words):
    held = fields(card(anna, ticket)) | {field: value}
    assert words in browser_of(anna).post(f"/r/offer/{ticket.number}/", held, headers=HTMX).text
    assert not Message.objects.filter(direction="out").exists()


def test_a_request_that_waits_for_others_goes_on_waiting_for_them_by_the_same_clock(anna, ticket):
    lives.bound(ticket, lives.agreement())
    now = timezone.now()
    to_vendor = make.words(to=(Address("to", "vendor@x.example"),))
    replying.forward(ticket, to_vendor, by=anna, at=now - HOUR)
    NextNews.objects.update(made_at=now - 30 * MINUTE)
    browser_of(anna).post(f"/r/offer/{ticket.number}/", fields(card(anna, ticket)))
    told = Message.objects.get(direction="out", circle="client")
    for taken_back in (False, True):
        if taken_back:
            replying.undo(told, by=anna, at=now + MINUTE)
        ticket.refresh_from_db()
        assert ticket.state == Ticket.State.WAITING_OTHER
        clocks = lives.clocks(ticket, now + HOUR)
        assert (clocks["vendor", 1].state, clocks["vendor", 1].started_at) == ("running", now - HOUR)
        assert ("vendor", 2) not in clocks


def test_who_has_answered_or_was_not_asked_in_the_end_is_not_said_to_be_asked(anna, ticket):
    now, to_vendor = timezone.now(), make.words(to=(Address("to", "vendor@x.example"),))

    def asked_at(waits=ticket):
        waits.refresh_from_db()
        solving.set_state(waits, Ticket.State.WAITING_OTHER, by=anna, at=now)
        waits.refresh_from_db()
        return offering.known(waits, None, at=now).asked_at

    replying.forward(ticket, to_vendor, by=anna, at=now - HOUR)
    assert asked_at() == now - HOUR
    sender = make.identity("vendor@x.example", "Поставщик")
    make.received("Исправили.", ticket=ticket, circle="vendor", sender=sender, at=now)
    assert asked_at() is None

    again = replying.forward(ticket, to_vendor, by=anna, at=now)
    assert asked_at() == now
    replying.undo(again, by=anna, at=now)
    assert asked_at() is None


def test_only_the_owner_and_the_lead_are_offered_it_and_only_as_it_nears(anna, ticket):
    boris, lead = make.agent("Борис Котов"), make.agent("Лида Лидова", role="lead")
    assert "Пора написать" not in card(boris, ticket)
    assert "Пора написать" in card(lead, ticket)
    far = browser_of(make.agent("Чужой", team=make.team("Серверы")))
    assert far.get(f"/r/offer/{ticket.number}/").status_code == 404

    NextNews.objects.update(made_at=timezone.now(), due_at=timezone.now() + 30 * DAY)
    assert "Пора написать" not in card(anna, ticket)
    assert "предложить нечего" in browser_of(anna).get(f"/r/offer/{ticket.number}/").text


def test_the_card_looks_again_by_itself_when_the_time_comes(anna, ticket):
    now = timezone.now()
    NextNews.objects.update(made_at=now, due_at=now + 20 * MINUTE)
    (delay,) = re.findall(r"load delay:(\d+)s", card(anna, ticket))
    assert 0 < int(delay) <= 15 * 60 + 1


def test_without_a_script_the_page_has_both_presses(anna, ticket):
    html = browser_of(anna).get(f"/r/offer/{ticket.number}/").text
    assert 'name="send"' in html
    assert 'name="edit"' in html
    held = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    assert browser_of(anna).post(f"/r/offer/{ticket.number}/", held | {"send": "1"}).status_code == 302
    assert Message.objects.filter(direction="out").count() == 1


KNOWN = Known(81, "База не открывается", "Анна Орлова", "Помощь", first=False)
CASES = [
    KNOWN, Known(81, "Счёт", "", "Помощь", first=True), Known(81, "Счёт", "Анна Орлова", "Помощь", first=True),
    Known(81, "Счёт", "Анна Орлова", "Помощь", first=False, doing="Анна проверяет счёт"),
    Known(81, "Счёт", "Анна Орлова", "Помощь", first=False, heard=True, missed=NOON - HOUR),
    Known(81, "Счёт", "Анна Орлова", "Помощь", first=False, asked_at=NOON - HOUR),
    Known(81, "Счёт", "Анна Орлова", "Помощь", first=False, pledge=("Пришлём акт за «октябрь».", NOON + DAY)),
]  # fmt: skip


@pytest.mark.parametrize("known", CASES)
def test_our_coach_finds_nothing_in_what_is_offered(known):
    for words in newswords.notes(known, NOON + 4 * HOUR, now=NOON, tz=MSK):
        found = coach.check(Reply(words, first=known.first, now=timezone.localtime(NOON)))
        assert [one for one in found if one.severity != "hint"] == [], words
        assert "сегодня до 16:00" in words.replace("\xa0", " ")


def test_a_wording_in_which_the_coach_finds_something_gives_way_to_a_plainer_one(anna, ticket):
    saying.now(ticket, "Вы сами виноваты, идиот", by=anna, at=timezone.now())
    found = offering.find(ticket, anna, at=timezone.now())
    assert found
    assert "Запрос ведёт Анна Орлова." in found.words


def test_what_is_said_of_a_promise_is_what_stands(anna, ticket):
    tracking.note(ticket, "Пришлём акт", due_at=timezone.now() + HOUR, by=anna, at=timezone.now())
    found = offering.find(ticket, anna, at=timezone.now())
    assert found
    assert "Обещание «Пришлём акт» помним" in found.words


def test_a_news_nears_when_three_quarters_of_the_working_time_are_gone():
    judge = worked.of(make.ticket().pk)
    friday = NOON + 5 * HOUR  # 17:00; four working hours on it is Monday, 12:00
    news = NextNews(made_at=friday, due_at=NOON + 3 * DAY)
    assert nearing.near_at(news, judge) == NOON + 3 * DAY - HOUR
    short = NextNews(made_at=NOON, due_at=NOON + 20 * MINUTE)
    assert nearing.near_at(short, judge) == NOON + 10 * MINUTE
    assert (
        nearing.near_at(NextNews(made_at=NOON + DAY, due_at=NOON + DAY + HOUR), judge)
        <= NOON + DAY + 45 * MINUTE
    )


def test_the_next_news_is_told_at_a_plain_time_that_is_no_later_than_the_agreement_says():
    judge = worked.of(make.ticket().pk)
    due = nearing.next_due(judge, 1, at=NOON + timedelta(minutes=3, seconds=7))
    assert due == NOON + 4 * HOUR
