"""«Куда уходит время»: from letters, assignments and hand-overs to the page, for each reader what they see."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from otklik.desk import noting, routing, solving, tagging
from otklik.desk.models import Ticket
from otklik.sla.replay import spending, spent_said
from otklik.sla.replay.choosing import Chosen
from otklik.sla.replay.parts import Part, Where
from otklik.sla.replay.spending import Slice, Spent
from tests import make
from tests.sla import lives
from tests.sla.lives import HOUR, on

pytestmark = pytest.mark.django_db
PAGE = "/settings/time/"


def lived(version, at, *, team=None):
    """Nobody's for an hour, Аня's for two of which she touches it in the last, then level 2 for one; solved there."""
    ticket = lives.bound(make.ticket(at=at, team_id=(team or make.team()).pk), version)
    anna, engineers = make.agent(), make.team("Хостинг", level=2)
    routing.take(ticket, by=anna, at=at + timedelta(hours=1))
    noting.write(ticket, "смотрю", by=anna, at=at + timedelta(hours=2))
    routing.move(ticket, engineers, by=anna, at=at + timedelta(hours=3))
    solving.solve(ticket, result="починили", by=make.agent(team=engineers), at=at + timedelta(hours=4))
    return ticket


def hours(lines):
    return {(one.slice.where, one.slice.level): one.total_s / HOUR for one in lines if one.total_s}


def test_deeds_of_people_become_parts_that_are_all_of_the_time():
    version = lives.agreement(lives.calendar("Всегда", always=True, tz="Europe/Moscow"))
    lived(version, on("02 09:00"))
    lived(version, on("03 09:00"))

    found = spending.of(Chosen(), None, on("10 09:00"))

    assert hours(found.lines) == {("queue", 0): 4, ("shelf", 0): 2, ("work", 1): 2}
    assert (found.requests, found.found, found.total_s, found.half_s) == (2, 2, 8 * HOUR, 4 * HOUR)
    assert [(bar.requests, bar.total_s / HOUR) for bar in found.teams] == [(2, 6), (2, 2)]
    assert [(bar.key, bar.total_s / HOUR) for bar in found.months] == [(date(2026, 3, 1), 8)]


def test_a_request_is_counted_until_the_moment_and_nights_by_its_own_calendar():
    lives.bound(make.ticket(at=on("02 17:00")), lives.agreement())

    found = spending.of(Chosen(), None, on("03 10:00"))

    assert hours(found.lines) == {("queue", 0): 2, ("night", 0): 15}


def test_each_reader_has_the_requests_of_their_teams_and_the_time_of_others_as_one():
    version = lives.agreement(lives.calendar("Всегда", always=True, tz="Europe/Moscow"))
    lived(version, on("02 09:00"))
    lives.bound(make.ticket(at=on("02 10:00")), version)
    engineers = make.team("Хостинг", level=2)

    theirs = spending.of(Chosen(), [engineers.pk], on("02 14:00"))
    ours = spending.of(Chosen(), [make.team().pk], on("02 14:00"))

    assert (theirs.requests, ours.requests) == (1, 1)
    assert [(bar.key, bar.total_s / HOUR) for bar in theirs.teams] == [(engineers.pk, 1), (None, 3)]
    assert hours(ours.lines) == {("queue", 0): 4}


def test_the_set_is_narrowed_by_agreement_team_priority_label_and_days_and_spam_is_no_request():
    version, other = lives.agreement(), lives.agreement(name="Другое")
    ticket = lives.bound(make.ticket(at=on("02 10:00")), version)
    lives.bound(make.ticket(at=on("02 10:00")), other)
    tagging.tag(ticket, "хостинг", by=make.agent(), at=on("02 11:00"))
    Ticket.objects.filter(pk=ticket.pk).update(priority=3)
    now = on("02 14:00")

    for chosen in (
        Chosen(agreement=version.agreement_id), Chosen(priority=3), Chosen(tag=ticket.tags.get().pk),
    ):  # fmt: skip
        assert spending.of(chosen, None, now).found == 1
    assert spending.of(Chosen(team=make.team().pk), None, now).found == 2
    assert spending.of(Chosen(team=make.team("Хостинг", 2).pk), None, now).found == 0
    assert spending.of(Chosen(days=30), None, now + timedelta(days=40)).found == 0
    Ticket.objects.filter(pk=ticket.pk).update(state="spam")
    assert spending.of(Chosen(), None, now).found == 1


def test_of_more_than_it_reads_requests_are_drawn_by_lot_and_the_page_says_of_how_many(monkeypatch):
    version, now = lives.agreement(), timezone.now()
    for days in range(1, 7):
        lives.bound(make.ticket(at=now - timedelta(days=days)), version)
    monkeypatch.setattr(spending, "MOST", 3)

    found = spending.of(Chosen(), None, now)

    assert (found.requests, found.found) == (3, 6)
    assert found == spending.of(Chosen(), None, now)
    said = " ".join(spent_said.told(found).sentences).replace("\xa0", " ")
    assert "Посчитали 3 запроса" in said
    assert "Всего таких запросов 6, эти выбрал жребий" in said


def spent(where: Where, n: float):
    return Spent(1, on("02 09:00"), Counter({Part(where, 1, 1): int(n * HOUR)}))


def test_where_few_long_ones_make_the_sum_the_words_say_so_and_the_median_stands_beside():
    told = spent_said.told(spending.figures([spent("work", 1)] * 19 + [spent("client", 500)], 23, 23, None))

    said = " ".join(told.sentences).replace("\xa0", " ")
    assert "ждём клиента, 96 %" in said
    assert "Запросов, по которым считать нечего: 3." in said
    assert "жребий" not in said
    few = spent_said.told(spending.figures([spent("work", 1), spent("client", 500)], 2, 2, None))
    assert "Десятая часть" not in " ".join(few.sentences)
    assert "Десятая часть самых долгих запросов забирает 97 % всего времени" in said
    assert [(row.name, row.half) for row in told.rows] == [
        ("в работе, уровень 1", "1\xa0ч"), ("ждём клиента", "21\xa0день"),
    ]  # fmt: skip


def test_pieces_of_a_bar_fill_it():
    pieces = list(spent_said.pieces({Slice("work", 1): 1, Slice("queue"): 2, Slice("night"): 5}))

    assert [(one.key, one.x, one.width) for one in pieces] == [
        ("work-1", 0, 12.5), ("queue", 12.5, 25), ("night", 37.5, 62.5),
    ]  # fmt: skip


def test_the_page_shows_bars_and_figures_by_constant_queries_and_says_when_there_is_nothing(
    django_assert_max_num_queries,
):
    lead, browser = make.agent("Вера Чижова", role="lead"), Browser()
    browser.force_login(lead)
    assert "Таких запросов за это время нет" in browser.get(PAGE).text
    version = lives.agreement()
    for days in range(1, 6):
        lives.bound(make.ticket(at=timezone.now() - timedelta(days=days)), version)

    with django_assert_max_num_queries(22):
        html = browser.get(PAGE).text.replace("\xa0", " ")

    for words in (
        'role="img"',
        "без ответственного",
        "нерабочее время",
        "Медиана у них",
        "То же в цифрах",
        "Как считаем",
    ):
        assert words in html
    assert browser.get(PAGE, {"days": "7"}).status_code == 422
    assert browser.get(f"{PAGE}?days=30&team={make.team('Чужие').pk}").status_code == 422
    assert browser.get(f"{PAGE}?days=30&team={make.team().pk}").status_code == 200
