"""Who promised, and by when: every time form of the contract, at several moments and zones."""

from datetime import datetime
from pathlib import Path

import pytest

from otklik import coach

NOON = datetime.fromisoformat("2026-11-25T12:00:00+03:00")


def _table():
    lines = Path(__file__).with_name("promises.txt").read_text(encoding="utf-8").splitlines()[1:]
    now = NOON
    for line in lines:
        if line.startswith("@"):
            now = datetime.fromisoformat(line[2:])
        else:
            yield pytest.param(now, *line.split(" | "), id=line.split(" | ")[0][:60])


def _promises(text: str, now: datetime | None = NOON) -> list[coach.Promised]:
    found = coach.check(coach.Reply(text, first=False, now=now))
    return [one.promise for one in found if one.rule == "promise" and one.promise]


@pytest.mark.parametrize(("now", "text", "who", "due"), list(_table()))
def test_a_promise_tells_who_and_by_when(now, text, who, due):
    promises = _promises(text, now)

    assert [one.who or "-" for one in promises] == [who]
    assert promises[0].due == (None if due == "-" else datetime.fromisoformat(due))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            "Завтра в 10:00 сам проверю перекрёсток и пришлю вам фото.",
            "проверить перекрёсток и прислать вам фото",
        ),
        ("Письменный ответ отправим до 30 ноября.", "отправить письменный ответ"),
        ("Дежурный врач посмотрит снимки в течение часа.", "посмотреть снимки"),
        ("Сотрудник отдела качества свяжется с вами завтра.", "связаться с вами"),
        ("Ущерб будет возмещён в течение 10 рабочих дней.", "ущерб будет возмещён"),
        ("Обещаю разобраться до вечера.", "разобраться"),
        ("Буду держать вас в курсе.", "держать вас в курсе"),
        ("Буду у вас в 15:00.", "быть у вас"),
        ("Скидку восстановим, чек переделаем.", "восстановить скидку, переделать чек"),
        ("Курьер позвонит за час до приезда.", "позвонить за час до приезда"),
        ("Сделаем перерасчёт за октябрь до пятницы.", "сделать перерасчёт за октябрь"),
    ],
)
def test_the_deed_is_said_in_the_infinitive_without_time_and_doer(text, what):
    assert [one.what for one in _promises(text)] == [what]


def test_of_two_promises_in_a_sentence_the_later_time_counts():
    (promise,) = _promises("Сегодня передам заявку, завтра до 12 мастер перезвонит вам.")

    assert promise.due == datetime.fromisoformat("2026-11-26T12:00:00+03:00")


def test_the_clients_own_deadline_is_not_ours():
    (promise,) = _promises("Вышлю договор сегодня, подпишите его, пожалуйста, до пятницы.")

    assert promise.due == datetime.fromisoformat("2026-11-25T23:59:59+03:00")


def test_without_a_clock_a_promise_has_no_due_time():
    assert [one.due for one in _promises("Перезвоню завтра до 12.", None)] == [None]


def test_a_very_long_promise_is_told_in_two_hundred_characters():
    (promise,) = _promises(f"Завтра пришлю {'очень ' * 80}подробный отчёт.")

    assert len(promise.what) == 200


def test_a_promise_in_quotes_or_code_is_not_ours():
    assert _promises("Клиент получил письмо «завтра всё починим» и `пришлю завтра`.") == []
