"""Tokens as the grammar of spoken terms wants them."""

from collections.abc import Sequence
from dataclasses import dataclass

from otklik.russian import _spoken_words as vocabulary
from otklik.russian.text import Token

_DASHES = frozenset("—–-‐‑−")


@dataclass(frozen=True, slots=True)
class Unit:
    low: str
    start: int
    end: int


def units(pieces: Sequence[Token]) -> list[Unit]:
    """Tokens as the grammar wants them: dashes alike, «двух-трёх» and «12ч» apart."""
    found = []
    for piece in pieces:
        low = piece.low.strip()
        parts = _apart(low) if piece.kind == "word" else ("-" if low in _DASHES else low,)
        at = piece.start
        for number, part in enumerate(parts):
            end = piece.end if number == len(parts) - 1 else at + len(part)
            found.append(Unit(part, at, end))
            at = end
    return found


def _apart(low: str) -> tuple[str, ...]:
    if low[0].isdigit() and len(low) < 12:
        figures = low.rstrip("абвгдежзийклмнопрстуфхцчшщъыьэюя")
        tail = low[len(figures) :]
        if figures.isdigit() and tail in vocabulary.NUMBER_TAILS:
            return (figures,)
        return (figures, tail) if figures.isdigit() and (tail in vocabulary.UNITS or tail == "г") else (low,)
    if "-" in low and len(low) < 30 and all(_is_time(part) for part in low.split("-")):
        first, *rest = low.split("-")
        return (first, *(piece for part in rest for piece in ("-", part)))
    return (low,)


def _is_time(part: str) -> bool:
    return (
        part in vocabulary.NUMBERS
        or part in vocabulary.UNITS
        or part in vocabulary.NEAR_DAYS
        or part in vocabulary.WEEKDAYS
        or part in {"другой", "другую", "пол"}
        or part in vocabulary.ORDINALS
        or part in vocabulary.ONE_AND_A_HALF
    )
