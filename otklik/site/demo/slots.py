"""What the conversations leave open: names, domains, sums and dates, the same through one conversation."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from otklik.env import env
from otklik.russian import dates
from otklik.russian.typography import NBSP
from otklik.site.demo.people import Person

ZONE = ZoneInfo(env().timezone)
SUMS = (790, 1290, 2480, 3900, 4950, 5940, 7600, 9800, 12400, 14900, 18600, 24900)
MONTHS = dates.MONTH_NAMES
QUARTERS = ("первый", "второй", "третий", "четвёртый")
BASES = ("buh", "zup", "ut11", "torg", "unf", "roznica", "sklad", "kassa")


def fixed(person: Person, *, ends_at: datetime, chance: random.Random) -> dict[str, str]:
    """Slots of one conversation. ends_at: about when it takes place."""
    local = ends_at.astimezone(ZONE)
    before = (local.month - 2) % 12
    site = person.site or "moi-sait.example"
    given = person.name.split(" ")[0] if person.calling else ""
    return {
        "домен": site,
        "ящик": f"{chance.choice(('info', 'zakaz', 'office', 'mail'))}@{site}",
        "почта": person.addresses[-1],
        "имя": given,
        "обращение": person.calling,
        "фио": person.name,
        "орг": person.firm or person.name,
        "тел": f"+7 9{chance.randint(10, 69)} 555-{chance.randint(10, 99)}-{chance.randint(10, 99)}",
        "договор": f"П-{chance.randint(1200, 4990)}/{chance.randint(19, 25)}",
        "счёт": str(chance.randint(2100, 9700)),
        "номер": str(chance.randint(1100, 9900)),
        "сумма": _money(chance.choice(SUMS)),
        "сервер": f"srv-{chance.randint(1100, 3900)}",
        "ip": f"203.0.113.{chance.randint(4, 250)}",
        "база": f"{chance.choice(BASES)}_{site.partition('.')[0].replace('-', '_')[:12]}",
        "месяц": MONTHS[before],
        "месяца": dates.MONTHS[before],
        "этот месяц": MONTHS[local.month - 1],
        "квартал": QUARTERS[(before // 3)],
        "год": str(local.year if local.month > 1 else local.year - 1),
        "дата": _day(local - timedelta(days=chance.randint(2, 6))),
        "длинное письмо": long_letter(),
        "дата позже": _day(local + timedelta(days=chance.randint(5, 12))),
        "ч": str(chance.randint(2, 9)),
    }


@cache
def long_letter() -> str:
    """What somebody writes who has kept a diary of troubles for two weeks."""
    return files("otklik.site").joinpath("data/demo/long-letter.txt").read_text("utf-8")


def spoken(*, at: datetime, due_at: datetime | None, calling: str, chance: random.Random) -> dict[str, str]:
    """Slots of one message. at: when it is written; due_at: the time that it promises."""
    hour = at.astimezone(ZONE).hour
    wish = "доброе утро" if 5 <= hour < 11 else "добрый день" if hour < 17 else "добрый вечер"
    name = f"{calling}, " if calling else ""
    hello = chance.choice((f"{name}{wish}!", f"{name}здравствуйте!", f"{name}{wish}!"))
    return {
        "привет": hello[0].upper() + hello[1:],
        "срок": dates.by(due_at, at, ZONE) if due_at else "",
        "сегодня": _day(at.astimezone(ZONE)),
        "время": dates.time(at - timedelta(minutes=chance.randint(4, 25)), ZONE),
    }


def _money(rubles: int) -> str:
    figure = f"{rubles:,}".replace(",", NBSP) if rubles >= 10_000 else str(rubles)
    return f"{figure}{NBSP}₽"


def _day(moment: datetime) -> str:
    return f"{moment.day}{NBSP}{dates.MONTHS[moment.month - 1]}"
