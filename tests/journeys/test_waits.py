"""How long a client waits for the first answer: guessed before, told while it lasts, scored afterwards."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from otklik.accounts.models import User
from otklik.desk import replying, solving
from otklik.journeys import waits
from otklik.journeys.models import Wait
from otklik.journeys.waits import Expected
from otklik.sla import calendars, scheduling
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)  # a follower reads what is committed
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _round_the_clock(transactional_db):
    always = {"tz": "Europe/Moscow", "always": True}
    scheduling.make("Круглые сутки", always, by=None, at=timezone.now(), is_default=True)
    assert calendars.of_default()


@pytest.fixture
def anya():
    return make.agent("Аня Орлова")


def read_journal():
    while waits.follow():
        pass


def served(anya, minutes, *, ago=HOUR):
    """A request that was answered after so many minutes."""
    at = timezone.now() - ago
    ticket = make.ticket(at=at, sender=make.identity(f"c{minutes}-{ago.seconds}@kvarts.example", "К"))
    read_journal()
    make.reply(ticket, "Добрый день! Проверили.", by=anya, at=at + minutes * MINUTE)
    read_journal()
    return ticket


def test_a_wait_is_measured_in_working_time_until_a_person_answers(anya):
    ticket = served(anya, 12)
    wait = Wait.objects.get(ticket=ticket)
    assert (wait.actual_s, wait.by_last_s, wait.ahead) == (720, None, 0)


def test_both_guesses_are_written_down_before_the_wait(anya):
    for number, minutes in enumerate((10, 20)):
        served(anya, minutes, ago=timedelta(hours=5 - number))
    wait = Wait.objects.get(ticket=served(anya, 30))
    assert (wait.by_last_s, wait.by_mean_s, wait.actual_s) == (1200, 900, 1800)


def test_few_answers_tell_nothing_and_enough_tell_a_range(anya):
    now = timezone.now()
    for number, minutes in enumerate((5, 10, 10, 15)):
        served(anya, minutes, ago=timedelta(hours=9 - number))
    waiting = make.ticket(at=now - MINUTE)
    read_journal()
    assert waits.expected(waiting, at=now) is None

    served(anya, 15, ago=timedelta(hours=3))
    told = waits.expected(waiting, at=now)
    assert told is not None
    assert told.words == "Обычно отвечаем за 10–15 мин рабочего времени. Вы первые в очереди."


def test_those_who_wait_before_are_counted(anya):
    for number in range(5):
        served(anya, 10, ago=timedelta(hours=9 - number))
    now = timezone.now()
    for minutes in (9, 8):
        make.ticket(at=now - minutes * MINUTE, sender=make.identity(f"w{minutes}@kvarts.example", "К"))
    waiting = make.ticket(at=now - MINUTE)
    read_journal()
    told = waits.expected(waiting, at=now)
    assert told.ahead == 2
    assert told.words.endswith("Перед вами: 2.")


def test_an_answer_taken_back_is_none(anya):
    ticket = make.ticket(at=timezone.now() - HOUR)
    message = make.reply(ticket, "Добрый день!", by=anya, at=timezone.now())
    read_journal()
    assert Wait.objects.get().actual_s is not None
    replying.undo(message, by=anya, at=timezone.now())
    read_journal()
    assert (Wait.objects.get().actual_s, Wait.objects.get().ended_at) == (None, None)


def test_what_ends_without_an_answer_tells_nothing(anya):
    ticket = make.ticket(at=timezone.now() - HOUR)
    read_journal()
    solving.spam(ticket, block=False, by=anya, at=timezone.now())
    read_journal()
    assert Wait.objects.get().ended_at is not None
    assert Wait.objects.get().actual_s is None


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0, 30, "5 мин"), (290, 910, "5–20 мин"), (600, 600, "10 мин"), (3600, 3 * 3600, "1–3 ч"),
        (7300, 7300, "2–3 ч"), (86_400 * 9, 86_400 * 9, "40 ч"),
    ],
)  # fmt: skip
def test_a_range_is_said_as_people_say_it(low, high, said):
    assert f"за {said} рабочего времени" in Expected(low, high, 0).words


def test_the_better_guess_is_told_to_the_lead(anya):
    for number, minutes in enumerate((10, 30, 10, 30, 10, 30)):
        served(anya, minutes, ago=timedelta(hours=9 - number))
    [score] = waits.scores([make.team()], at=timezone.now())
    assert score.scored == 5
    assert not score.is_last_better
    assert score.by_mean < score.by_last

    browser = Client()
    browser.force_login(make.agent("Вера", role=User.Role.LEAD))
    assert "Ошибка по среднему" in browser.get("/r/waits/").content.decode()
    browser.force_login(anya)
    assert browser.get("/r/waits/").status_code == 403


def test_the_page_says_it_until_the_first_answer(anya):
    for number in range(5):
        served(anya, 10, ago=timedelta(hours=9 - number))
    ticket = make.ticket("Не открывается база", at=timezone.now() - MINUTE)
    read_journal()
    path = make.page(ticket, at=timezone.now())
    assert "Сколько ждать" in Client().get(path).content.decode()

    make.reply(ticket, "Добрый день! Смотрю.", by=anya, at=timezone.now() - timedelta(seconds=30))
    read_journal()
    assert "Сколько ждать" not in Client().get(path).content.decode()
