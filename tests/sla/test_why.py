"""«Почему такой срок» from message to screen: lines that add up, with what happened and whose hours they are."""

import re
from html import unescape

import pytest
from django.template.loader import render_to_string
from django.test import Client

from otklik.desk import tagging
from otklik.desk.models import Ticket
from otklik.sla import account, account_page, making
from tests import make
from tests.sla import lives
from tests.sla.calendars import OFFICE_WEEK, moscow
from tests.sla.lives import on

pytestmark = pytest.mark.django_db
NOT_COUNTED = "не считаем"
ROW = re.compile(r'<tr class="working__row.*?</tr>', re.DOTALL)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)


def asked(at, **terms):
    return lives.bound(make.ticket(at=at), lives.agreement(**terms))


def screen(ticket, now, clock=("resolution", 1)):
    """Without its tags, and the cells of its lines."""
    found = account.read(Ticket.objects.get(pk=ticket.pk), clock, now=now)
    assert found is not None
    html = render_to_string("sla/why.html#sheet", account_page.context(found)).replace("\xa0", " ")
    return _plain(html), [[_plain(cell) for cell in CELL.findall(row)] for row in ROW.findall(html)]


def _plain(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def russian():
    """9–18 of Moscow with the official days off."""
    spec = making.spec({"tz": "Europe/Moscow", "week": OFFICE_WEEK, "country": "RU"})
    made = lives.calendar("Россия", **spec)
    made.made_of = {"tz": "Europe/Moscow", "week": OFFICE_WEEK, "country": "RU"}
    made.save()
    return made


def test_a_pause_over_a_weekend_is_one_line_that_counts_nothing():
    ticket = asked(on("06 09:00"))
    make.reply(ticket, at=on("06 16:00"))
    make.received(ticket=ticket, at=on("09 10:00"))

    page, lines = screen(ticket, on("09 12:00"))

    assert lines == [
        ["6 марта, пт", "9:00–16:00", "запрос пришёл, перерыв 13:00–14:00", "6 ч", "10 ч"],
        ["", "16:00 – 9 марта, 10:00", "Аня Орлова: ответ клиенту; ждали клиента", "пауза 3 ч"],
        ["9 марта, пн", "10:00–12:00", "клиент написал", "2 ч", "8 ч"],
        ["", "12:00–18:00", "рабочий день, перерыв 13:00–14:00, идёт сейчас", "5 ч", "3 ч"],
        ["10 марта, вт", "9:00–12:00", "рабочий день, срок", "3 ч", "0"],
    ]
    assert "Прошло 8 ч, пауза 3 ч, осталось 8 ч." in page
    assert "8 ч + впереди 8 ч = 16 ч" in page


def test_days_off_ahead_of_now_count_no_work_that_is_not_done_yet():
    asked_early, asked_late = asked(on("06 09:00")), make.ticket(at=on("06 17:00"))
    lives.bound(asked_late, lives.agreement(name="Второе"))

    noon, _lines = screen(asked_early, on("06 12:00"))
    evening, _lines = screen(asked_late, on("06 17:30"), ("response", 1))
    sunday, _lines = screen(asked_late, on("08 12:00"), ("response", 1))

    assert "Прошло 3 ч, осталось 13 ч." in noon
    assert "3 ч + впереди 13 ч = 16 ч" in noon
    assert "Прошло 30 мин, осталось 3 ч 30 мин." in evening
    assert "Прошло 1 ч, осталось 3 ч." in sunday


def test_a_clock_that_stands_says_what_it_waits_for():
    ticket = asked(on("06 09:00"))
    make.reply(ticket, at=on("06 16:00"))

    page, lines = screen(ticket, on("06 17:00"))

    assert lines[-1] == [
        "",
        "16:00–17:00",
        "Аня Орлова: ответ клиенту; ждём клиента, срок стоит",
        "пауза 1 ч",
    ]
    assert "Решить на паузе" in page
    assert "6 ч из 16 ч" in page


def test_a_raised_priority_is_told_where_it_began_and_by_whom():
    ticket = asked(on("02 10:00"))
    tagging.set_priority(ticket, Ticket.Priority.URGENT, by=make.agent(), at=on("02 12:00"))

    page, lines = screen(ticket, on("02 12:30"))

    assert lines == [
        ["2 марта, пн", "10:00–12:00", "запрос пришёл", "2 ч", "14 ч"],
        ["", "12:00", "Аня Орлова: важность «срочно»: теперь 4 ч вместо 16 ч", "", "2 ч"],
        ["", "12:00–12:30", "рабочий день", "30 мин", "1 ч 30 мин"],
        ["", "12:30–15:00", "рабочий день, перерыв 13:00–14:00, срок", "1 ч 30 мин", "0"],
    ]
    assert "обещает решение за 4 ч, важность «срочно»." in page


def test_a_clock_that_ended_is_told_by_the_priority_that_it_had_then():
    ticket = asked(on("02 10:00"), grace_s=1800)
    tagging.set_priority(ticket, Ticket.Priority.HIGH, by=make.agent(), at=on("02 10:30"))
    make.reply(ticket, at=on("02 11:00"))
    tagging.set_priority(ticket, Ticket.Priority.URGENT, by=make.agent(), at=on("02 12:00"))

    past, _lines = screen(ticket, on("02 12:30"), ("response", 1))
    standing, _lines = screen(ticket, on("02 12:30"))

    assert "обещает первый ответ за 2 ч, важность «высокая»." in past
    assert "обещает решение за 4 ч, важность «срочно»." in standing


def test_a_shift_over_midnight_is_told_by_its_days_and_a_holiday_between_them():
    night = lives.calendar("Ночь", tz="Europe/Moscow", week={"mon": [["22:00", "06:00"]], "tue": [["22:00", "06:00"]]},
                           holidays=["2026-03-03"])  # fmt: skip
    ticket = lives.bound(make.ticket(at=on("02 21:00")), lives.agreement(night))

    page, lines = screen(ticket, on("02 23:30"), ("response", 1))

    assert lines == [
        ["2 марта, пн", "21:00–22:00", "запрос пришёл; вне рабочих часов", NOT_COUNTED, ""],
        ["", "22:00–23:30", "рабочий день", "1 ч 30 мин", "2 ч 30 мин"],
        ["", "23:30–24:00", "рабочий день, идёт сейчас", "30 мин", "2 ч"],
        ["3 марта, вт", "", "праздничный день", NOT_COUNTED, ""],
        ["4 марта, ср", "0:00–2:00", "рабочий день, срок", "2 ч", "0"],
    ]
    assert "Прошло 1 ч 30 мин, осталось 2 ч 30 мин." in page


def test_a_holiday_has_its_name_and_a_short_day_says_so():
    at = moscow("2026-06-11 16:00")
    ticket = lives.bound(make.ticket(at=at), lives.agreement(russian()))

    page, lines = screen(ticket, at, ("response", 1))

    assert lines == [
        ["11 июня, чт", "16:00–17:00", "запрос пришёл, сокращённый день, идёт сейчас", "1 ч", "3 ч"],
        ["12 июня, пт", "", "День России", NOT_COUNTED, ""],
        ["13–14 июня", "", "выходные", NOT_COUNTED, ""],
        ["15 июня, пн", "9:00–12:00", "рабочий день, срок", "3 ч", "0"],
    ]
    assert "Прошло 0 мин, осталось 4 ч." in page
    assert "Календарь «Россия»: пн–пт, 9:00–13:00, 14:00–18:00. Время строк: Москва." in page
    assert "предварительные" not in page


def test_days_off_that_no_decree_has_settled_are_named_as_such():
    at = moscow("2026-12-30 16:00")
    ticket = lives.bound(make.ticket(at=at), lives.agreement(russian()))

    page, lines = screen(ticket, at)

    assert "новогодние каникулы" in [words for _day, _hours, words, *_rest in lines]
    assert "Праздники 2027 года пока предварительные: срок ещё может сдвинуться." in page


def test_a_request_opened_again_shows_the_time_it_stood_solved():
    ticket = asked(on("02 09:00"))
    make.reply(ticket, at=on("02 11:00"), then="solve", result="сделали")
    ended, _lines = screen(ticket, on("03 09:00"))
    make.received(ticket=ticket, at=on("04 10:00"))

    _page, lines = screen(ticket, on("04 11:00"))

    assert "Решение успели" in ended
    assert lines[:3] == [
        ["2 марта, пн", "9:00–11:00", "запрос пришёл", "2 ч", "14 ч"],
        ["", "11:00 – 4 марта, 10:00", "Аня Орлова: ответ клиенту, запрос с итогом; запрос стоял с итогом",
         "пауза 15 ч"],
        ["4 марта, ср", "10:00–11:00", "клиент написал", "1 ч", "13 ч"],
    ]  # fmt: skip


def test_another_agreement_is_told_by_name_and_version_and_keeps_what_has_passed():
    ticket = asked(on("02 10:00"))
    quicker = lives.agreement(name="Быстрое", targets={"resolution": {"normal": 4 * lives.HOUR}})
    lives.bound(ticket, quicker, on("02 12:00"))

    page, lines = screen(ticket, on("02 12:00"))

    assert lines[:2] == [
        ["2 марта, пн", "10:00–12:00", "запрос пришёл", "2 ч", "14 ч"],
        ["", "12:00", "условия «Быстрое», версия 1: теперь 4 ч вместо 16 ч", "", "2 ч"],
    ]
    assert "Соглашение «Быстрое» обещает решение за 4 ч." in page
    assert "Условия «Быстрое», версия 1." in page


def test_a_promise_in_days_is_told_by_the_hours_in_force_and_not_by_those_to_come():
    calendar = lives.calendar()
    ticket = lives.bound(make.ticket(at=on("02 10:00")), lives.agreement(calendar))
    short = {"tz": "Europe/Moscow", "week": {day: [["09:00", "13:00"]] for day in OFFICE_WEEK}}
    lives.hours(calendar, short, since=on("16 00:00"))
    calendar.spec = short
    calendar.save()

    today, _lines = screen(ticket, on("02 12:00"))
    later, _lines = screen(ticket, on("16 12:00"))

    assert "обещает решение за 2 рабочих дня по 8 ч (16 ч)." in today
    assert "обещает решение за 4 рабочих дня по 4 ч (16 ч)." in later


def test_what_is_late_shows_where_its_time_was_and_how_much_it_is_over():
    ticket = asked(on("02 16:00"))
    make.reply(ticket, at=on("03 11:30"))

    page, lines = screen(ticket, on("04 09:00"), ("response", 1))

    assert lines == [
        ["2 марта, пн", "16:00–18:00", "запрос пришёл", "2 ч", "2 ч"],
        ["3 марта, вт", "9:00–11:00", "рабочий день, здесь был срок", "2 ч", "0"],
        ["", "11:00–11:30", "рабочий день, срок прошёл", "30 мин", "−30 мин"],
        ["", "11:30", "Аня Орлова: ответ клиенту", "", ""],
    ]
    assert "опоздание 30 мин" in page


def test_a_long_life_is_told_by_runs_of_days_and_still_adds_up():
    ticket = asked(on("02 09:00"))

    page, lines = screen(ticket, on("02 09:00").replace(month=6))

    assert len(lines) < 12
    assert "16 ч + сверх срока 512 ч = 528 ч" in page


def test_another_clock_on_the_wall_and_another_time_told_to_the_client_are_named():
    urals = lives.calendar("Урал", tz="Asia/Yekaterinburg", week=OFFICE_WEEK)
    ticket = lives.bound(make.ticket(at=on("02 10:00")), lives.agreement(urals))
    Ticket.objects.update(next_due_at=on("02 14:30"), next_due_kind="answer")

    page, lines = screen(ticket, on("02 10:00"), ("response", 1))

    assert lines[0][:2] == ["2 марта, пн", "12:00–17:00"]
    assert "Время строк: Екатеринбург." in page
    assert "По вашим часам срок — сегодня, 15:00." in page
    assert "Клиенту мы назвали своё время: сегодня до 14:30." in page


@pytest.fixture
def anya():
    browser = Client()
    browser.force_login(make.agent("Аня Орлова"))
    return browser


def test_the_due_time_in_the_head_and_the_card_lead_to_its_account(anya):
    ticket = asked(make.NOON)
    Ticket.objects.update(next_due_at=make.NOON + 4 * make.HOUR, next_due_kind="answer")
    here = f"/desk/{ticket.number}/"

    assert anya.get(here).text.count(f'href="{here}why/" hx-get="{here}why/" hx-target="#sheet-body"') == 2
    assert f'href="{here}why/"' in anya.get(f"{here}card/").text
    whole, sheet = anya.get(f"{here}why/"), anya.get(f"{here}why/", headers={"hx-request": "true"})
    assert whole.text.startswith("<!doctype html>")
    assert sheet.text.lstrip().startswith('<div class="why"')
    assert all("запрос пришёл" in one.text for one in (whole, sheet))
    assert 'clock=response-1" hx-target="#sheet-body" aria-current="true"' in sheet.text


@pytest.mark.parametrize("clock", ["resolution-9", "x", "response-1 OR 1=1", "level-" + "9" * 30, "\0"])
def test_a_clock_that_there_is_not_shows_what_falls_due_next(anya, clock):
    ticket = asked(make.NOON)

    assert "обещает первый ответ" in anya.get(f"/desk/{ticket.number}/why/", {"clock": clock}).text


def test_without_an_agreement_yet_and_with_an_empty_calendar_the_page_says_so(anya):
    unbound = make.ticket()
    # round the clock only until a version of a single minute in ten years
    assert "Сроков у этого запроса пока нет" in anya.get(f"/desk/{unbound.number}/why/").text

    calendar = lives.calendar()
    closed = lives.bound(make.ticket(sender=make.identity("b@kvarts.example")), lives.agreement(calendar))
    lives.hours(calendar, {"tz": "UTC", "week": {}}, since=make.NOON - make.DAY)
    assert "слишком мало рабочих часов" in anya.get(f"/desk/{closed.number}/why/").text


def test_whoever_is_no_agent_never_sees_it_and_the_clients_page_does_not_lead_there(anya):
    ticket = asked(make.NOON)
    here, page = f"/desk/{ticket.number}/why/", make.page(ticket)
    stranger = Client()

    stranger.get(page)
    refused = stranger.get(here)

    assert (refused.status_code, "запрос пришёл" in refused.text) == (302, False)
    assert "why" not in stranger.get(page).text
    assert anya.get(here).status_code == 200
