"""How our own texts are set (never a client's words, never code)."""

import re

NBSP = "\N{NO-BREAK SPACE}"
THIN = "\N{NARROW NO-BREAK SPACE}"
UNITS = "мин|ч|с|дн|дня|дней|день|КБ|МБ|ГБ|Б|₽|%|г|лет|года|час|часа|часов|минут|минуты|секунд"
MONTHS = "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"

_DASH = re.compile(r"[ \t]+—")
_SHORT_WORD = re.compile(r"(?<![\w-])([АВИКОСУЯавикосуя]|№) (?=\S)")
_UNIT = re.compile(rf"(\d) (?=(?:{UNITS}|{MONTHS})(?!\w))")
_INITIALS = re.compile(r"\b([А-ЯЁ]\.) ?([А-ЯЁ]\.) ?(?=[А-ЯЁ][а-яё])")


def tidy(text: str) -> str:
    """Non-breaking spaces: before a dash, after one-letter words and №, inside «25 мин», «21 ноября», initials."""
    text = _DASH.sub(f"{NBSP}—", text)
    text = _SHORT_WORD.sub(rf"\1{NBSP}", text)
    text = _UNIT.sub(rf"\1{NBSP}", text)
    return _INITIALS.sub(rf"\1{NBSP}\2{NBSP}", text)


def grouped(n: int) -> str:
    """Thin groups from five digits on: 9999, 12 500."""
    return f"{n:,}".replace(",", THIN) if abs(n) >= 10_000 else str(n)
