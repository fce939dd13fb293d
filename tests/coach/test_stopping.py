"""Only three things stop a letter: a place left open, a bare refusal, an insult; no dictionary is waited for."""

import subprocess
import sys

import pytest

from otklik import coach

STOPPED = (
    ("Здравствуйте, {name}! Заказ едет к вам.", "template", "{name}"),
    ("Добрый день! Заказ № ____ привезём завтра.", "template", "____"),
    ("Привезём завтра.\n\nС уважением, [ваше имя]", "template", "[ваше имя]"),
    ("Это невозможно сделать.", "refusal", "невозможно"),
    ("Здравствуйте! Мы не занимаемся настройкой серверов.", "refusal", "не занимаемся"),
    ("Вам отказано.", "refusal", "отказано"),
    ("Нет.", "refusal", "Нет"),
    ("Возврат не предусмотрен. Хорошего дня!", "refusal", "не предусмотрен"),
    ("Вы идиот, читайте договор.", "rude", "идиот"),
    ("Закройте рот и ждите мастера.", "rude", "Закройте рот"),
)
SENT = (
    "",
    "Здравствуйте, Анна! Заказ привезём завтра до 18:00.",
    "Вернуть билет нельзя, но его можно обменять на другой день.",
    "Билет невозвратный, деньги вернуть не можем.",
    "Это невозможно: номер уже занят. Выберите другой.",
    "Ехать никуда не нужно, долгов у вас нет.",
    "Напишите в шаблоне «{name}», и имя подставится само.",
    "Простите, что курьер назвал вас бестолочью.",
    "Перенести занятие не получится. Какой день вам удобен?",
)


@pytest.mark.parametrize(("text", "rule", "words"), STOPPED)
def test_a_letter_is_stopped(text, rule, words):
    found = coach.blocking(coach.Reply(text, client_text="Можно это сделать?"))

    assert [(one.rule, text[one.start : one.end], one.severity) for one in found] == [(rule, words, "error")]


@pytest.mark.parametrize("text", SENT)
def test_a_letter_goes(text):
    assert coach.blocking(coach.Reply(text, client_text="Можно это сделать?")) == []


def test_a_long_refusal_stops_nothing():
    text = "Возврат по этому билету не предусмотрен. " + "Мы рассмотрели ваше письмо. " * 8

    assert coach.blocking(coach.Reply(text)) == []
    assert [one.rule for one in coach.check(coach.Reply(text)) if one.rule == "refusal"] == ["refusal"]


def test_what_the_house_switched_off_stops_nothing():
    reply = coach.Reply("Здравствуйте, {name}! Вам отказано.")

    assert [one.rule for one in coach.blocking(reply)] == ["template", "refusal"]
    assert [one.rule for one in coach.blocking(reply, coach.House(off=frozenset({"refusal"})))] == [
        "template"
    ]


def test_a_new_process_stops_a_letter_without_the_dictionary():
    said = "from otklik import coach; r = coach.Reply('Вам отказано, идиот', client_text='Можно?'); "
    asked = "import sys; print([one.rule for one in coach.blocking(r)], 'pymorphy3' in sys.modules)"
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", said + asked], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "['refusal', 'rude'] False"
