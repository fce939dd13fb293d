"""The one entry: a reply in, findings out."""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

from otklik.coach.reading import Reading
from otklik.coach.reply import SEVERITY, Finding, House, Reply

Rule = Callable[[Reading], Iterator[Finding]]
CODES = tuple(SEVERITY)


def check(reply: Reply, house: House | None = None) -> list[Finding]:
    """All findings of a reply, by place; those about the whole of it come first. Never raises on any text.

    Budget: 1 000 characters, warm, one core: median ≤ 15 ms, p95 ≤ 30 ms (`bench/coach.py`).
    """
    reading = Reading(reply, house)
    if not reading.words:
        return []
    off = reading.house.off
    found = [one for code, rule in rules(reply.lang) if code not in off for one in rule(reading)]
    return sorted(found, key=lambda one: (one.start, one.end, CODES.index(one.rule)))


@cache
def rules(lang: str) -> list[tuple[str, Rule]]:
    """(code, rule) of a language in the order of the contract."""
    folder = "otklik.coach.rules" if lang == "ru" else f"otklik.coach.{lang}"
    package = import_module(folder)
    return [(code, import_module(f"{folder}.{name}").find) for code, name in package.MODULES.items()]
