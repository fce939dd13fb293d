"""Dates and terms as people say them, found in any Russian text: «завтра до 12», «в течение 10 рабочих дней».

    >>> now = datetime.fromisoformat("2026-11-25T12:00:00+03:00")
    >>> [(one.kind, one.due.isoformat()) for one in terms(tokens("Позвоню завтра до 12."), now)]
    [('exact', '2026-11-26T12:00:00+03:00')]

Every `due` is aware, in the zone of `now`, the last moment that keeps the word: a day ends at 23:59:59, a window at
its later end, morning at 12:00, dinner at 13:00, daytime at 18:00, evening at 21:00, night at 6:00 of the day after.
Days counted on («через неделю») keep the clock time; working days end at 23:59:59, the day after `now` being the
first. A clock time alone is today's next such time, a weekday the next one after today, a date without a year the
next such date. A number without «утра» is read as people mean it: «до 12» is noon, «к 5» is 17:00.
Nothing here raises on any text; time grows with the length of the text alone.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Literal

from otklik.russian import _spoken_words as vocabulary
from otklik.russian import morphology
from otklik.russian._spoken_days import Clock, Length, Said, Works, joined, later_end, moment
from otklik.russian._spoken_parts import Found, Parts
from otklik.russian._spoken_units import Unit, units
from otklik.russian.text import Token, tokens

__all__ = ["Role", "Term", "terms", "working_days", "works_on_weekdays"]

Kind = Literal["exact", "duration", "vague"]
Role = Literal["at", "by", "within", "in", "window", "onto", "from", "after", "of", "event", "vague"]

_LENGTH_ROLES = {"через": "in", "спустя": "in", "за": "within"}
_PREPOSITIONS = {
    "до": "by",
    "к": "by",
    "ко": "by",
    "в": "at",
    "во": "at",
    "на": "onto",
    "с": "from",
    "со": "from",
    "после": "after",
    "от": "of",
    "за": "of",
    "около": "at",
    "по": "by",
}
_FILLERS = vocabulary.among(
    "примерно приблизительно ориентировочно предварительно ровно строго точно"
    " уже еще где-то максимум самое крайний"
)
_AGAIN = vocabulary.among(
    "каждый каждую каждое каждые каждого каждой ежедневно кроме по не прошлый прошлую прошлой прошлого"
    " прошлом минувший минувшую позапрошлый вчерашний"
)
_SOME = frozenset({"дни", "часы", "минуты", "недели", "месяцы"})  # «в ближайшие дни»
_DURING = frozenset({"течение", "течении", "втечение", "протяжении", "пределах"})
_LATER = frozenset({"позднее", "позже", "дольше", "более", "больше", "свыше"})
_JOINTS = frozenset({",", "(", "-"})
_NUMBERED = vocabulary.among("версия версии версию пункт пункте пункта п раздел статья номер № релиз глава")
_WINDOW_NOUNS = frozenset({"промежутке", "промежуток", "интервале", "интервал", "период", "окно", "районе"})
_AT_HOURS = frozenset({"часам", "часов", "часа", "часика"})


# where a term may begin, besides a figure
_OPENERS = frozenset(
    {
        *_PREPOSITIONS,
        *_LENGTH_ROLES,
        *_FILLERS,
        *_AT_HOURS,
        *vocabulary.NEAR_DAYS,
        *vocabulary.NEAR_ADJECTIVES,
    }
    | {*vocabulary.UNITS, *vocabulary.ORDINALS, *vocabulary.TENS}
    | vocabulary.among("втечение не между начиная позднее срок сроком сроки без утром вечером днем ночью")
)


@dataclass(frozen=True, slots=True)
class Term:
    """One time said: `text[start:end]`. due is None for «скоро» and for what is counted from an unknown event.

    role: how the time is tied to the deed: at («завтра», «в 12:00»), by («до», «к»), within («в течение», «за»),
    in («через»), window («с 10 до 14»), onto («на пятницу»), from («с 1 декабря»), after («после обеда» is «at»),
    of («от 12 октября», «за октябрь»), event («за час до приезда»), vague. names_day: a day is said, here or before.
    """

    start: int
    end: int
    kind: Kind
    role: Role
    due: datetime | None
    names_day: bool = False


def works_on_weekdays(day: date) -> bool:
    """Monday to Friday: the working days where no calendar is handed in."""
    return day.weekday() < 5


def working_days(days_off: Collection[date], days_on: Collection[date] = ()) -> Works:
    """A calendar for `terms`: weekends and `days_off` are free, `days_on` are worked all the same."""
    return lambda day: day in days_on or (works_on_weekdays(day) and day not in days_off)


def terms(
    pieces: str | Sequence[Token], now: datetime | None, works: Callable[[date], bool] = works_on_weekdays
) -> list[Term]:
    """The terms of one sentence in order, apart from each other.

    pieces: a text or its tokens; one sentence at a time, since «завтра» holds for a clock time later in the sentence.
    now: aware; None where it isn't known, then no term has a due moment. works: whether one works on a day.
    """
    reader = _Terms(units(tokens(pieces) if isinstance(pieces, str) else pieces))
    found = _with_days(list(reader.all()))
    if now is None:
        return [_term(reader, one, None) for one in found]
    return [_term(reader, one, moment(one[2], now, works)) for one in found]


_Place = tuple[int, int, Said]  # first unit, the unit after the last, what they say


def _term(reader: "_Terms", place: _Place, due: datetime | None) -> Term:
    first, end, said = place
    kind: Kind = "vague" if said.role == "vague" else "duration" if said.length else "exact"
    role: Role = said.role  # type: ignore[assignment]  # the reader gives no other
    return Term(reader.units[first].start, reader.units[end - 1].end, kind, role, due, bool(said.day))


def _with_days(found: list[_Place]) -> list[_Place]:
    """A clock time alone belongs to the day said before it: «Завтра мастер позвонит до 12» is one time said twice."""
    made: list[_Place] = []
    day_at: int | None = None
    for first, end, said in found:
        mine = said
        if said.day or said.length:
            bare = said.day and not (said.clock or said.part) and said.role not in {"of", "from"}
            day_at = len(made) if bare else None
        elif day_at is not None and (said.clock or said.part):
            at, till, before = made[day_at]
            if before.role == "onto" and said.part == "end":  # «пропуск на пятницу закажу до конца дня»
                made.append((first, end, said))
                continue
            mine = replace(said, day=before.day)
            made[day_at] = (
                at,
                till,
                replace(before, clock=before.clock or said.clock, part=before.part or said.part),
            )
        made.append((first, end, mine))
    return made


class _Terms(Parts):
    """Reads whole terms: preposition, day, part of the day and clock in any order, lengths of time, vague words."""

    def __init__(self, units: list[Unit]) -> None:
        super().__init__([unit.low for unit in units])
        self.units = units

    def all(self) -> Iterator[_Place]:
        at = 0
        while at < len(self.words):
            found = self._vague(at) or self._whole(at)
            if found:
                yield at, found[1], found[0]
            at = found[1] if found else at + 1

    def _vague(self, at: int) -> Found[Said]:
        for phrase in _vague_by_first().get(self.word(at), ()):
            if self.words[at : at + len(phrase)] == phrase:
                return Said("vague", unknown=True), at + len(phrase)
        return None

    def _whole(self, at: int) -> Found[Said]:
        """As many parts as belong together, from `at`."""
        if self.words[at] not in _OPENERS and not self.words[at][0].isdigit():
            return None
        again = self.word(at - 1) in {"раз", "раза"} and self.word(at) == "в"
        if again or self.word(at - 1) in _AGAIN:
            return None
        found = self._part_of_term(at, None)
        while found:
            said, end = found
            start = self.past(end, {")"})
            start += self.word(start) in _JOINTS
            more = self._part_of_term(start, said) if start < len(self.words) else None
            together = joined(said, more[0]) if more else None
            if not together or not more:
                closes = self.word(end) == ")" and "(" in self.words[at:end]
                return said, end + closes
            found = together, more[1]
        return None

    def _part_of_term(self, at: int, before: Said | None) -> Found[Said]:
        start = self.past(at, _FILLERS)
        found = self._length(start) or self._window(start, before) or self._single(start, before)
        return found if found and found[1] > start else None

    # lengths of time

    def _length(self, at: int) -> Found[Said]:
        inverted = self.word(at) in vocabulary.UNITS and self.word(at + 1) in _LENGTH_ROLES
        if inverted and (counted := self.amount(at + 2)) and self.word(counted[1]) not in vocabulary.UNITS:
            length = Length(counted[0], vocabulary.UNITS[self.word(at)])
            return self._tied(Said(_LENGTH_ROLES[self.word(at + 1)], length=length), counted[1])
        opened = self._length_opens(at)
        if not opened:
            return None
        role, start = opened
        if self.word(start - 1) in _DURING and (day := self._during(start)):
            return day
        length_at = self._by_adjective(start) or self.length(start)
        if not length_at:
            return None
        length, end = length_at
        many = self.word(start) in vocabulary.SOON and self.word(end - 1) in {
            "дни",
            "часы",
            "минуты",
            "недели",
            "месяцы",
        }
        several = many and end == start + 2
        return self._tied(Said("vague" if several else role, length=length, unknown=several), end)

    def _length_opens(self, at: int) -> Found[str]:
        """The preposition before a length of time, its role and the place after it."""
        word, following = self.word(at), self.word(at + 1)
        if word in _LENGTH_ROLES:
            return _LENGTH_ROLES[word], at + 1
        if word == "втечение" or (word == "в" and following in {"течение", "течении", "пределах"}):
            return "within", at + (1 if word == "втечение" else 2)
        if (word, following) == ("на", "протяжении"):
            return "within", at + 2
        if word == "не" and following in _LATER:
            skipped = at + 2 + (self.word(at + 2) == "чем")
            return "within", skipped + (self.word(skipped) in {"через", "за", "в"})
        if word == "в" and (following in vocabulary.SOON | {"самые"} or self._by_adjective(at + 1)):
            return ("within", at + 1) if self.word(at + 2) != "неделе" else None
        if word in {"срок", "сроком", "сроки"}:
            return "within", self.past(at + 1, {"до", "не", "более", "-", ":", "в", "составит", "составляет"})
        if word == "до" and (counted := self.amount(at + 1)) and not self._is_hour(*counted):
            return "within", at + 1
        return None

    def _by_adjective(self, at: int) -> Found[Length]:
        """«трёхдневный срок», «10-дневного срока»."""
        word, end = self.word(at), at + 1
        if self.word(end) == "-" and self.word(end + 1) in vocabulary.TERM_ADJECTIVES:
            word, end = f"{word}{self.word(end + 1)}", end + 2
        unit = next((form for form in vocabulary.TERM_ADJECTIVES if word.endswith(form)), None)
        number = word.removesuffix(unit) if unit else ""
        amount = int(number) if number.isdecimal() and len(number) < 4 else vocabulary.NUMBERS.get(number)
        if not unit or not amount or self.word(end) not in {"срок", "срока"}:
            return None
        return Length(amount, vocabulary.TERM_ADJECTIVES[unit]), end + 1

    def _is_hour(self, amount: float | None, end: int) -> bool:
        """«до 18 часов» is a clock, «до 48 часов» and «до 3 дней» are lengths; «до 18 лет» is neither."""
        unit = vocabulary.UNITS.get(self.word(end))
        if unit == "hour":
            return amount is not None and amount <= 24
        return unit == "year" or (self.word(end) == "дня" and amount != 1.5)

    def _during(self, at: int) -> Found[Said]:
        """After «в течение»: «дня» is today, «завтрашнего дня» and «декабря» are days, not lengths."""
        named = self.past(at, vocabulary.WORKING | vocabulary.THIS_WEEK)
        if self.word(named) == "дня" and self.word(named + 1) != "-":
            return Said("within", part="end"), named + 1
        day = self.day(at)
        return (Said("within", day=day[0]), day[1]) if day else None

    def _tied(self, said: Said, end: int) -> Found[Said]:
        """A length counted from or to an event: «за час до приезда», «в течение 3 дней с момента обращения»."""
        word, following = self.word(end), self.word(end + 1)
        if word in {"до", "перед"} and not following[:1].isdigit():
            return replace(said, role="event", unknown=True), end
        from_event = word in {"с", "со", "от"} and following in {
            "момента",
            "даты",
            "дня",
            "сегодняшнего",
            "подачи",
        }
        if word != "после" and not from_event:
            return said, end
        known = any(self.word(at) in vocabulary.NOW_EVENTS for at in range(end + 1, end + 4))
        known = known or following in vocabulary.NEAR_ADJECTIVES
        return (said if known else replace(said, role="event", unknown=True)), end

    # days and clocks

    def _window(self, at: int, before: Said | None) -> Found[Said]:
        """«с 10 до 14», «10:00–14:00», «с 5 по 7 декабря»: its later end."""
        at += 2 * (self.word(at) == "в" and self.word(at + 1) in _WINDOW_NOUNS)
        opened = self.word(at) in {"с", "со", "от", "между"}
        start = at + (opened or self.word(at) in {"в", "к", "до", "на"})
        prep = self.word(at) if start > at else "с" if before and before.day else ""
        separators = {"до", "по", "и", "-"} if opened else {"-"}
        day = (self._number_of_day(start) or self.day(start)) if opened else None
        if day and self.word(day[1]) in vocabulary.MONTHS:
            day = self.day(start)
        if day and self.word(day[1]) in {"по", "до", "-", "и"} and (until := self.day(day[1] + 1)):
            return Said("window", day=until[0]), until[1]
        first = self.clock(start, prep)
        if first and self.word(first[1]) in separators:
            last = self.clock(first[1] + 1, prep and "до")
            if last:
                return Said("window", clock=later_end(first[0], last[0])), last[1]
        return None

    def _single(self, at: int, before: Said | None) -> Found[Said]:
        """A preposition (or none) with a day, a part of the day or a clock time."""
        if self.words[at : at + 2] == ["в", "ночь"]:  # «в ночь на среду», «в ночь с 27 на 28 ноября»
            named = at + 3 if self.word(at + 2) == "на" else at + 5
            if self.word(named - 1) == "на" and (morning := self.day(named)):
                return Said("at", day=morning[0], clock=Clock(6)), morning[1]
        role, start = self._preposition(at)
        prep = self.word(start - 1) if start > at else ""
        start = self.past(start, _FILLERS | {"около"}) if start > at else start
        hours = self.word(at) in _AT_HOURS and start > at
        if not (hours or (prep == "по" and not before)) and (
            day := self._day_after(start, prep, role, before)
        ):
            return day
        if part := self.part(start, role):
            bare = not prep and self.word(start) not in {"утром", "вечером", "днем", "ночью"}
            if not bare or (before and before.day and before.day.rank == 2):
                if role == "onto" and part[0] == "dinner":  # «ваучер на обед»
                    return None
                return Said("at" if role in {"after", "from", "of"} else role, part=part[0]), part[1]
        bare = not prep and ":" not in self.word(start) and self.word(start) != "без"
        unclosed = prep in {"с", "со"} and self.word(start + 1) in {"до", "по", "-"}
        if role == "of" or prep == "по" or unclosed or (bare and not (before and before.part)):
            return None
        clock = self.clock(start, prep)
        return (Said(role, clock=clock[0]), self.past_zone(clock[1])) if clock else None

    def _preposition(self, at: int) -> tuple[str, int]:
        word = self.word(at)
        if word == "не" and self.word(at + 1) in {"позднее", "позже"}:
            return "by", at + 2 + (self.word(at + 2) == "чем")
        if word in {"позднее", "срок", "сроком"} and self.word(at + 1) == "до":
            return "by", at + 2
        if word == "в" and self.word(at + 1) in {"срок", "районе"}:
            return "by", at + 2 + (self.word(at + 2) == "до")
        if word == "начиная" and self.word(at + 1) == "с":
            return "from", at + 2
        if word in _AT_HOURS and self.word(at + 1) in {"к", "в", "до"}:
            return _PREPOSITIONS[self.word(at + 1)], at + 2
        return (_PREPOSITIONS[word], at + 1) if word in _PREPOSITIONS else ("at", at)

    def _is_date(self, at: int, end: int, prep: str) -> bool:
        """«30.11» is a date where nothing is counted by it and no noun is numbered with it («пункт 5.12»)."""
        if prep or self.word(end) in _PREPOSITIONS:
            return self._ends_here(end, prep or "до")
        before = morphology.parses(self.word(at - 1))[0].tag.POS if self.word(at - 1).isalpha() else None
        closes = end >= len(self.words) - 1 and self.word(at - 1) not in _NUMBERED
        return (
            at > 0 and (closes or before in {"VERB", "INFN", "ADVB", "NPRO"}) and self._ends_here(end, "до")
        )

    def _day_after(self, at: int, prep: str, role: str, before: Said | None) -> Found[Said]:
        found = self.day(at)
        if not found:
            return None
        day, end = found
        dotted = self.word(at).count(".") == 1
        follows = before is not None and bool(before.day or before.clock or before.part)  # «до 18:00 пятницы»
        nameless = not prep and day.rank < 2 and not follows
        if (dotted and not self._is_date(at, end, prep)) or nameless:
            return None
        if self.word(end) == "после" and self.word(at) in vocabulary.NEXT:  # «на следующий день после оплаты»
            return Said("event", day=day, unknown=True), end
        if not prep and self.word(at) in {*vocabulary.NEXT, *vocabulary.SOON, *vocabulary.NEAR_ADJECTIVES}:
            return (Said(role, day=day), end) if follows or self.part(end) else None
        if prep == "на" and (day.rank == 0 or self.word(at) in vocabulary.NEXT | vocabulary.THIS_WEEK):
            role = "at"
        if role == "after":
            return Said(role, day=day, unknown=True), end
        return Said(role, day=day), end


@cache
def _vague_by_first() -> dict[str, list[list[str]]]:
    """Vague phrases by their first word, the longest first."""
    made: dict[str, list[list[str]]] = {}
    for phrase in sorted(vocabulary.VAGUE, key=len, reverse=True):
        made.setdefault(phrase[0], []).append(phrase)
    return made
