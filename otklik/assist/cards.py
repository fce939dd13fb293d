"""Findings as the composer shows them: at most five cards, promises first, the rest by weight and place, by rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from otklik.assist import rules
from otklik.assist.checking import Found
from otklik.assist.grounds import Said
from otklik.assist.models import Verdict

MOST = 5
PROMISES = 2  # of them, at most: the others are remembered without a card
_WEIGHT = {"error": 0, "warning": 1, "hint": 2}


@dataclass(frozen=True, slots=True)
class Card:
    """start, end: of the words in UTF-16 units, as a browser counts; both 0 for the whole reply."""

    key: str
    rule: str
    severity: str
    words: str
    reason: str
    suggestions: tuple[str, ...]
    start: int
    end: int

    @property
    def is_whole(self) -> bool:
        return self.end == 0

    @property
    def may_switch_off(self) -> bool:
        """By the lead of the team, in one press."""
        return rules.may_switch_off(self.rule)


@dataclass(frozen=True, slots=True)
class Pledge:
    """A promise with what its writer has said. kept: it will be remembered; due_at: by when, None when nobody said."""

    card: Card
    due_at: datetime | None
    kept: bool


@dataclass(frozen=True, slots=True)
class Group:
    """reason: the one that all its cards have; '' where each has its own."""

    rule: str
    name: str
    cards: list[Card]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """all_count counts findings without promises; more: how many of them have no card yet."""

    groups: list[Group]
    pledges: list[Pledge]
    marks: list[Card]
    all_count: int
    pledged: int
    more: int


def sheet(found: Sequence[Found], said: Mapping[str, Said], text: str, now: datetime) -> Sheet:
    pledged = [one for one in found if one.is_promise]
    rest = sorted((one for one in found if not one.is_promise), key=_order)
    pledges = [_pledge(one, said, text, now) for one in pledged[:PROMISES]]
    shown = rest[: MOST - len(pledges)]
    return Sheet(
        groups=_groups(shown, text),
        pledges=pledges,
        marks=[_card(one, text) for one in found if one.finding.end],
        all_count=len(rest),
        pledged=len(pledged),
        more=len(rest) - len(shown),
    )


def due_of(one: Found, said: Mapping[str, Said], now: datetime) -> datetime | None:
    """What the writer named, else what the words say; a time that has passed is none."""
    named = said[one.key].due_at if one.key in said else None
    due = named or (one.finding.promise.due if one.finding.promise else None)
    return due if due is not None and due > now else None


def is_kept(one: Found, said: Mapping[str, Said]) -> bool:
    """A promise is remembered unless its writer said that it is none."""
    return one.key not in said or said[one.key].what != Verdict.What.DISMISSED


def _order(one: Found) -> tuple[int, int]:
    return _WEIGHT[one.finding.severity], one.finding.start


def _groups(found: Sequence[Found], text: str) -> list[Group]:
    """In the order of the weightiest of each; one rule stands together."""
    place = {rule: at for at, rule in reversed(list(enumerate(one.rule for one in found)))}
    ordered = sorted(found, key=lambda one: place[one.rule])
    return [
        _group(rule, [_card(one, text) for one in some])
        for rule, some in groupby(ordered, key=lambda one: one.rule)
    ]


def _group(rule: str, some: list[Card]) -> Group:
    reasons = {one.reason for one in some}
    return Group(rule, rules.name(rule), some, reasons.pop() if len(reasons) == 1 else "")


def _pledge(one: Found, said: Mapping[str, Said], text: str, now: datetime) -> Pledge:
    return Pledge(_card(one, text), due_of(one, said, now), is_kept(one, said))


def _card(one: Found, text: str) -> Card:
    finding = one.finding
    return Card(
        one.key, one.rule, finding.severity, _short(one.words), finding.reason, finding.suggestions[:3],
        _units(text, finding.start), _units(text, finding.end),
    )  # fmt: skip


def _units(text: str, place: int) -> int:
    """A browser counts a sign beyond the first plane as two."""
    before = text[:place]
    return place if before.isascii() else place + sum(sign > "\uffff" for sign in before)


def _short(words: str) -> str:
    said = " ".join(words.split())
    return said if len(said) <= 120 else f"{said[:117].rstrip()}…"
