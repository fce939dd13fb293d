"""Texts that nobody should send and somebody will: the coach reads each and lives."""

import random
import re
from collections.abc import Iterator

ALPHABETS = (
    "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁ",
    "abcdefghijklmnopqrstuvwxyz",
    "אבגדהוזחט\u202e\u202d\u2066\u2069",
    "😀👩‍👩‍👧‍👦🇷🇺🤍\ufe0f",
    "0123456789₽%№§",
    ".,;:!?…—–-\"'«»„“()[]{}<>/\\|@#$^&*_+=~`",
    " \t\n\r\u00a0\u202f\u200b\u2028\ufeff\x00\x0b",
    "\ud800\udfff\U0010ffff\u0301\u0300",
)
WORDS = re.findall(
    r"\S+",
    "Здравствуйте Уважаемый клиент ваша заявка была передана в бухгалтерию мы не можем вернуть деньги завтра до 12"
    " в течение 10 рабочих дней осуществляется проверка извините {name} [имя] если через полчаса нельзя",
)


def huge() -> Iterator[str]:
    """Empty ones, 200 KB ones, endless words, nested quotes, one mark for ever."""
    yield from ("", " ", "\n\n\n", ".", "?" * 200_000, "а" * 200_000, "Ж" * 50_000 + " не " * 10_000)
    yield "не " * 66_000
    yield "«" * 100_000 + "»" * 100_000
    yield "(" * 50_000 + "x" + ")" * 50_000
    yield "Мы вернём деньги завтра до 12:00. " * 6_000
    yield "Ваша заявка была передана, рассмотрена, закрыта и отправлена, " * 3_200
    yield "1 000 000 " * 20_000
    yield "http://" + "a." * 60_000 + "ru"
    yield "@" * 100_000 + "a@b." * 20_000
    yield "ы-" * 80_000
    yield "{" * 90_000 + "}" * 90_000
    yield "В связи с тем что в случае если " * 6_000
    yield "\u202e" + "🙂" * 60_000
    yield "через 2 дня " * 16_000
    yield "```" * 40_000
    yield "> цитата\n" * 20_000


def random_texts(count: int, seed: int) -> Iterator[str]:
    """Mixtures of alphabets, marks, blanks and real words; the same for the same seed."""
    dice = random.Random(seed)
    for _ in range(count):
        pieces = []
        for _ in range(dice.randrange(1, 40)):
            if dice.random() < 0.5:
                pieces.append(dice.choice(WORDS))
            else:
                alphabet = dice.choice(ALPHABETS)
                pieces.append("".join(dice.choice(alphabet) for _ in range(dice.randrange(1, 12))))
            pieces.append(dice.choice(["", " ", " ", ". ", "\n", ", "]))
        yield "".join(pieces)
