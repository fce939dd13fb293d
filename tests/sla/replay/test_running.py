"""A replay from the question to its answer: over rows of the product's own deeds, by its job, with its pages."""

import json
from datetime import UTC, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from otklik.desk import routing, solving
from otklik.journal.models import Entry
from otklik.sla import calendars
from otklik.sla.replay import counting, jobs, running
from otklik.sla.replay.choosing import Chosen
from otklik.sla.replay.models import Replay
from otklik.sla.replay.wishing import Wish
from tests import make
from tests.sla import lives

pytestmark = pytest.mark.django_db
NOW = timezone.now()
QUICK = Wish(targets={"response": {"normal": 60}})
HOURS = {"always": True, "tz": "Europe/Moscow"}


@pytest.fixture
def version():
    return lives.agreement(lives.calendar("Круглые сутки", **HOURS))


def answered(version, days, minutes, *, team=None, subject="Не открывается база"):
    """A letter that somebody of its team answered so many minutes later; bound, nothing derived."""
    at = NOW - timedelta(days=days)
    team = team or make.team()
    ticket = lives.bound(make.ticket(at=at, subject=subject, team_id=team.pk), version)
    who = make.agent(team=team)
    make.reply(ticket, by=who, at=at + timedelta(minutes=minutes))
    return ticket


def asked(who, wish=QUICK, **chosen):
    return running.ask(Chosen(**chosen), wish, by=who, at=timezone.now())


def counted(who, wish=QUICK, **chosen):
    made = asked(who, wish, **chosen)
    jobs.replay(replay_id=made.pk)
    return Replay.objects.get(pk=made.pk)


def response(replay):
    return next(one for one in replay.result["rows"] if one["kind"] == "response")


def test_shorter_targets_make_late_what_was_in_time_and_nothing_is_changed(version):
    slow, quick = answered(version, 20, 30), answered(version, 10, 0.5)
    terms, boss = version.terms, make.admin()

    replay = counted(boss)

    assert replay.state == "done"
    assert [response(replay)[side][:3] for side in ("before", "after")] == [[2, 2, 1.0], [2, 1, 0.5]]
    assert replay.result["late"] == [[slow.pk, "response"]]
    assert quick.pk not in [pk for pk, _kind in replay.result["late"]]
    version.refresh_from_db()
    assert version.terms == terms
    assert [one.word for one in Entry.objects.filter(ticket=None, user=boss)] == ["replay.asked"]


def test_the_same_question_has_the_same_answer_and_a_second_run_changes_nothing(version):
    for days in range(2, 9):
        answered(version, days, days * 20)
    first = counted(make.admin(), Wish(hours="longer", since="08:00", until="22:00", more=1))
    before = first.result

    Replay.objects.filter(pk=first.pk).update(
        state="running", result=None, ended_at=None
    )  # its worker was killed
    jobs.replay(replay_id=first.pk)
    assert jobs.replay(replay_id=first.pk) is None

    first.refresh_from_db()
    assert json.dumps(first.result, sort_keys=True) == json.dumps(before, sort_keys=True)
    assert first.done == first.total == 14


def test_of_no_request_at_all_there_is_an_answer_too(version):
    replay = Replay(by=make.admin(), asked_at=NOW, chosen=Chosen().to_dict(), wish=QUICK.to_dict())

    assert running.answer(replay)["rows"] == []


def test_one_who_asks_counts_and_is_shown_only_what_they_see(version):
    other = make.team("Хостинг", level=2)
    mine, theirs = answered(version, 20, 30, subject="Свой жираф"), answered(version, 10, 30, team=other)
    lead, stranger = make.agent(role="lead"), make.agent("Борис", team=other, role="lead")

    replay = counted(lead)

    assert replay.result["late"] == [[mine.pk, "response"]]
    assert theirs.team_id == other.pk
    browser = Browser()
    for who, status in ((lead, 200), (stranger, 404), (make.admin(), 200)):
        browser.force_login(who)
        answer = browser.get(f"/settings/what-if/{replay.pk}/")
        assert answer.status_code == status
        assert ("Свой жираф" in answer.text) is (status == 200)


def test_who_no_longer_sees_a_request_gets_no_link_and_who_left_the_team_no_figures(version):
    ticket = answered(version, 20, 30, subject="Свой жираф")
    answered(version, 15, 30, subject="Второй")
    lead, browser = make.agent(role="lead"), Browser()
    replay = counted(lead)
    browser.force_login(lead)

    routing.move(ticket, make.team("Хостинг", level=2), by=make.admin(), at=timezone.now())
    html = browser.get(f"/settings/what-if/{replay.pk}/").text
    assert "Свой жираф" not in html
    assert "Второй" in html

    lead.memberships.all().delete()
    browser.force_login(lead)
    assert browser.get(f"/settings/what-if/{replay.pk}/").status_code == 404


def test_a_running_one_is_stopped_and_its_job_ends_without_a_result(version):
    answered(version, 20, 30)
    lead, browser = make.agent(role="lead"), Browser()
    browser.force_login(lead)
    replay = asked(lead)
    page = f"/settings/what-if/{replay.pk}/"

    assert "Ждёт своей очереди" in browser.get(page).text
    Replay.objects.filter(pk=replay.pk).update(state="running", done=1, total=2)
    assert "Считаем: 50 %" in browser.get(page).text.replace("\xa0", " ")
    assert "Расчёт остановили" in browser.post(f"{page}stop/", follow=True).text

    assert running.run(replay.pk) is False
    replay.refresh_from_db()
    assert (replay.state, replay.result) == ("stopped", None)


def test_one_that_is_stopped_half_way_keeps_nothing(version, monkeypatch):
    for days in (3, 4, 5):
        answered(version, days, 30)
    monkeypatch.setattr(running, "SLICE", 1)
    replay = asked(make.admin())
    told = running.Progress(replay.pk, 3)
    seen: list[int] = []

    def count():
        for _place, part in told.slices([1, 2, 3]):
            seen.extend(part)
            Replay.objects.filter(pk=replay.pk, done=1).update(state="stopped")

    with pytest.raises(running.Stopped):
        count()

    assert seen == [1, 2]


def test_a_person_runs_one_at_a_time_and_asks_about_something(version):
    answered(version, 20, 30)
    boss = make.admin()
    asked(boss)

    with pytest.raises(running.AlreadyRunning, match="ещё идёт"):
        asked(boss)
    with pytest.raises(running.NothingToCount, match="таких запросов нет"):
        asked(make.admin(), days=30, priority=3)
    with pytest.raises(IntegrityError, match="replay_done_has_a_result"), transaction.atomic():
        Replay.objects.update(state="done")
    assert ProcrastinateJob.objects.filter(task_name="otklik.sla.replay.jobs.replay").count() == 1


def test_a_fault_is_told_on_the_page_and_raised_for_the_queue(version, monkeypatch):
    answered(version, 20, 30)
    boss, browser = make.admin(), Browser()
    replay = asked(boss)
    monkeypatch.setattr(counting, "DRAWS", "no number")

    with pytest.raises(TypeError):
        jobs.replay(replay_id=replay.pk)

    browser.force_login(boss)
    assert "Расчёт не получился" in browser.get(f"/settings/what-if/{replay.pk}/").text


def test_more_people_answer_sooner_and_the_page_says_what_it_takes_for_true(version):
    at = calendars.default_hours(NOW).opening(NOW - timedelta(days=20))  # by whose hours people work
    at = calendars.default_hours(NOW).opening(timezone.localtime(at).replace(hour=23)).astimezone(UTC)
    who = make.agent()
    for n in range(6):  # six letters at once, answered one an hour
        ticket = lives.bound(make.ticket(at=at), version)
        make.reply(ticket, by=who, at=at + timedelta(hours=n + 1))
        solving.solve(ticket, result="починили", by=who, at=at + timedelta(hours=n + 1))
    boss, browser = make.admin(), Browser()

    replay = counted(boss, Wish(more=1, hours="always", follow=True))

    assert [response(replay)[side][:2] for side in ("before", "after")] == [[6, 4], [6, 6]]
    browser.force_login(boss)
    html = browser.get(f"/settings/what-if/{replay.pk}/").text.replace("\xa0", " ")
    for words in (
        "в среднем 1, стало бы 2",
        "верхнюю границу",
        "Сверка с тем, что было",
        "Опоздали, но успели бы",
    ):
        assert words in html


def test_a_form_says_what_is_missing_and_keeps_what_was_typed_and_a_good_one_starts(version):
    answered(version, 20, 30)
    lead, browser = make.agent(role="lead"), Browser()
    browser.force_login(lead)
    base = {"days": "90", "hours": "", "more": "0"}

    for words, told in (
        (base, "Впишите, что поменять"), ({**base, "hours": "calendar"}, "Выберите календарь"),
        ({**base, "hours": "longer", "since": "22:00", "until": "08:00"}, "второй больше первого"),
        ({**base, "response-normal": "скоро"}, "Срок непонятен"), ({**base, "more": "999"}, "50"),
    ):  # fmt: skip
        answer = browser.post("/settings/what-if/", words)
        assert answer.status_code == 422
        assert told in answer.text.replace("\xa0", " ")
    assert 'value="скоро"' in browser.post("/settings/what-if/", {**base, "response-normal": "скоро"}).text
    answer = browser.post(
        "/settings/what-if/", {**base, "response-normal": "10 мин", "hours": "saturday"}, follow=True
    )
    assert "Ждёт своей очереди" in answer.text
    assert Replay.objects.get().wish["targets"] == {"response": {"normal": 600}}


def test_the_page_costs_as_many_queries_for_many_as_for_one(version, django_assert_max_num_queries):
    for days in range(2, 14):
        answered(version, days, 30)
    boss, browser = make.admin(), Browser()
    replay = counted(boss)
    browser.force_login(boss)

    with django_assert_max_num_queries(14):
        assert "Успели, но опоздали бы" in browser.get(f"/settings/what-if/{replay.pk}/").text
    with django_assert_max_num_queries(16):
        assert "Ответ: " not in browser.get("/settings/what-if/").text
