"""Reads a day, a clock, a part of a day, a length of time at one place of a row of words."""

import re
from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias, TypeVar

from otklik.russian import _spoken_days as days
from otklik.russian import _spoken_words as vocabulary
from otklik.russian import morphology
from otklik.russian._spoken_days import Clock, Day, Length, Part, Period

T = TypeVar("T")
Found: TypeAlias = tuple[T, int] | None  # what was read, and where the next word stands

_COLON = re.compile(r"(\d{1,2}):([0-5]\d)(?::[0-5]\d)?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d\d)")
_DATE = re.compile(r"(\d{1,2})[./](\d\d)[./](\d{4}|\d\d)")
_FIGURES = re.compile(r"\d{1,4}(?:[.,]\d)?")
_WHOLE = re.compile(r"\d{1,2}")
_HOURS = frozenset({"часов", "часа", "час", "часам", "часу", "ч"})
_MINUTES = frozenset({"минут", "минуты", "минута", "мин", "минутам"})
_PART_OF_CLOCK = frozenset({"утра", "дня", "вечера", "ночи"})
_SPREADS = frozenset({"-", "или", "до", "по", "и"})
_INVERTED = vocabulary.among("минут минуты часов часа дней дня недель недели месяца месяцев суток")
_MANY = vocabulary.among("минут часов дней недель месяцев")
_NOT_AFTER_HOUR = vocabulary.among("% ₽ $ € ° № из раз раза тыс млн / + го х")


class Parts:
    """A row of words (lower case, «е» for «ё», dashes as «-») in which times are looked for."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words

    def word(self, at: int) -> str:
        return self.words[at] if 0 <= at < len(self.words) else ""

    def past(self, at: int, among: Collection[str]) -> int:
        """The place after the words of `among` that stand at `at`."""
        while self.word(at) in among:
            at += 1
        return at

    def number(self, at: int) -> Found[float]:
        """«12», «2,5», «2-х», «двадцать пять», «полтора»."""
        word = self.word(at)
        if word[:1].isdigit():
            if not _FIGURES.fullmatch(word):
                return None
            tail = self.word(at + 1) == "-" and self.word(at + 2) in vocabulary.NUMBER_TAILS
            return float(word.replace(",", ".")), at + (3 if tail else 1)
        if word in vocabulary.ONE_AND_A_HALF:
            return 1.5, at + 1
        total, end, below = 0, at, 1000
        while (value := vocabulary.NUMBERS.get(self.word(end))) is not None and value < below:
            total, end = total + value, end + 1
            below = 100 if value >= 100 else 10 if value >= 20 else 0
        return (total, end) if end > at else None

    def amount(self, at: int) -> Found[float | None]:
        """A number, the upper one of «2–3», «один-два», «от 1 до 3»; None as the amount for «несколько»."""
        if self.word(at) in vocabulary.SEVERAL:
            return None, at + 1
        at += self.word(at) == "от"
        first = self.number(at)
        if not first:
            return None
        number, end = first
        second = self.number(end + 1) if self.word(end) in {"-", "или", "до"} else None
        number, end = second or first
        if self.word(end) == "(" and (spelt := self.number(end + 1)) and self.word(spelt[1]) == ")":
            end = spelt[1] + 1  # «10 (десяти)»
        if self.words[end : end + 2] == ["с", "половиной"]:
            return number + 0.5, end + 2
        return number, end

    def length(self, at: int) -> Found[Length]:
        """«10 рабочих дней», «полчаса», «час», «пару недель», «час-два», «минут двадцать», «1 час 30 минут»."""
        at = self.past(at, vocabulary.ABOUT)
        if half := vocabulary.HALVES.get(self.word(at)):
            return Length(*half), at + 1
        counted = self.amount(at)
        if counted:
            return self._counted(*counted)
        working = self.word(at) in vocabulary.WORKING
        unit = vocabulary.UNITS.get(self.word(at + working))
        if not unit:
            return None
        return self._uncounted(at + working, unit, working=working)

    def _counted(self, amount: float | None, at: int) -> Found[Length]:
        at = self.past(at, vocabulary.CALENDAR | vocabulary.SOON)
        working = self.word(at) in vocabulary.WORKING
        at += working
        at += working and self.word(at) == "."
        unit = vocabulary.UNITS.get(self.word(at))
        if not unit:
            return None
        at += 1
        if amount is not None and self.words[at : at + 2] == ["с", "половиной"]:
            amount, at = amount + 0.5, at + 2
        if unit == "hour" and amount is not None:
            at = self.past(at, {"."}) if self.word(at + 1)[:1].isdigit() else at
            extra = self.number(at + (self.word(at) == "и"))
            if extra and self.word(extra[1]) in _MINUTES:
                return Length(amount + extra[0] / 60, unit), extra[1] + 1
        return Length(amount, unit, working), at

    def _uncounted(self, at: int, unit: str, *, working: bool) -> Found[Length]:
        word, end = self.word(at), at + 1
        if self.word(end) == "-":
            if self.word(end + 1) in {"другой", "другая", "другую"}:
                return Length(2, unit, working), end + 2
            upper = self.number(end + 1)
            if upper:
                return Length(upper[0], unit, working), upper[1]
        if word in _INVERTED:
            if counted := self.amount(end):
                return Length(counted[0], unit), counted[1]
            if word in _MANY:
                return None
        if self.words[end : end + 2] == ["с", "половиной"]:
            return Length(1.5, unit), end + 2
        return Length(1, unit, working), end

    def day(self, at: int) -> Found[Day]:
        """A civil day without the preposition before it."""
        for read in (self._near, self._date, self._weekday, self._next_day, self._period, self._ordinal):
            if found := read(at):
                return found
        return None

    def _near(self, at: int) -> Found[Day]:
        word = self.word(at)
        if word in vocabulary.NEAR_DAYS:
            end = self.past(at + 1, {"же", "уже"})
            if self.word(end) == "-" and self.word(end + 1) in vocabulary.NEAR_DAYS:
                return days.in_days(vocabulary.NEAR_DAYS[self.word(end + 1)]), end + 2
            return days.in_days(vocabulary.NEAR_DAYS[word]), end
        if word in vocabulary.NEAR_ADJECTIVES:
            return days.in_days(vocabulary.NEAR_ADJECTIVES[word]), self.past(at + 1, vocabulary.DAYTIME)
        return None

    def _date(self, at: int) -> Found[Day]:
        """«30 ноября 2026 года», «30-го ноября», «первого декабря», «30.11.2026», «1–5 декабря»."""
        word = self.word(at)
        if full := _DATE.fullmatch(word):
            number, month, year = (int(part) for part in full.groups())
            day = days.calendar_day(number, month, year if year > 99 else 2000 + year)
            return (day, self._after_year(at + 1)) if day else None
        if short := _DOTTED.fullmatch(word):
            day = days.calendar_day(int(short[1]), int(short[2]))
            return (day, at + 1) if day else None
        counted = self._number_of_day(at)
        if not counted:
            return None
        number, end = counted
        if self.word(end) in _SPREADS and (later := self._number_of_day(end + 1)):
            number, end = later
        if self.word(end) not in vocabulary.MONTHS:
            return None
        return self._with_year(number, vocabulary.MONTHS[self.word(end)], end + 1)

    def _with_year(self, number: int, month: int, end: int) -> Found[Day]:
        end += self.word(end) == "." and len(self.word(end - 1)) <= 4 and self.word(end + 1)[:1].isdigit()
        year = int(self.word(end)) if re.fullmatch(r"20\d\d", self.word(end)) else None
        day = days.calendar_day(number, month, year)
        return (day, self._after_year(end + 1) if year else end) if day else None

    def _after_year(self, at: int) -> int:
        if self.word(at) in {"года", "году", "год"}:
            return at + 1
        return at + 1 + (self.word(at + 1) == ".") if self.word(at) == "г" else at

    def _number_of_day(self, at: int) -> Found[int]:
        """1–31 by figures («30», «30-го») or by an ordinal («тридцатого», «двадцать пятого»)."""
        word = self.word(at)
        if _WHOLE.fullmatch(word):
            tail = self.word(at + 1) == "-" and self.word(at + 2) in vocabulary.ORDINAL_TAILS
            return (int(word), at + (3 if tail else 1)) if 1 <= int(word) <= 31 else None
        if word in vocabulary.TENS and self.word(at + 1) in vocabulary.ORDINALS:
            return vocabulary.TENS[word] + vocabulary.ORDINALS[self.word(at + 1)], at + 2
        return (vocabulary.ORDINALS[word], at + 1) if word in vocabulary.ORDINALS else None

    def _ordinal(self, at: int) -> Found[Day]:
        """«25 числа», «25-го», «25-го числа»."""
        counted = self._number_of_day(at)
        if not counted:
            return None
        number, end = counted
        named = self.word(end) in {"числа", "числу", "число"}
        return (days.number_of_month(number), end + named) if named or end == at + 3 else None

    def _weekday(self, at: int) -> Found[Day]:
        """«пятницу», «ближайшую среду», «следующий четверг», «среду на следующей неделе»."""
        later = self.word(at) in vocabulary.NEXT
        named = self.past(at, vocabulary.THIS | vocabulary.NEXT)
        number = vocabulary.WEEKDAYS.get(self.word(named))
        if number is None:
            return None
        end = named + 1
        end += self.word(end) == "." and len(self.word(named)) <= 3 and self.word(end + 1) != ""
        if self.word(end) in {"-", "или"} and self.word(end + 1) in vocabulary.WEEKDAYS:
            number, end = vocabulary.WEEKDAYS[self.word(end + 1)], end + 2
        week = end + (self.word(end) == "на")
        if self.word(week) in vocabulary.NEXT | vocabulary.THIS_WEEK and self.word(week + 1) in {
            "неделе",
            "недели",
        }:
            return days.weekday_of_week(number, int(self.word(week) in vocabulary.NEXT)), week + 2
        return (days.weekday_of_week(number, 1) if later else days.weekday(number)), end

    def _next_day(self, at: int) -> Found[Day]:
        """«следующий день», «ближайший рабочий день», «первый рабочий день»."""
        if self.word(at) not in vocabulary.NEXT | vocabulary.SOON | {"другой", "первый", "первого"}:
            return None
        working = self.word(at + 1) in vocabulary.WORKING
        plain = self.word(at) in vocabulary.NEXT | {"другой"}
        if self.word(at + 1 + working) not in vocabulary.DAYTIME or not (working or plain):
            return None
        return (days.next_working_day() if working else days.in_days(1)), at + 2 + working

    def _period(self, at: int) -> Found[Day]:
        """«конца недели», «середине декабря», «следующей неделе», «декабре», «выходных», «нового года»."""
        edge = vocabulary.EDGES.get(self.word(at), "")
        start = at + bool(edge)
        free = self.past(start, vocabulary.SOON | vocabulary.THIS_WEEK)
        if self.word(free) in vocabulary.FREE_DAYS:
            start = free
            return Day(
                days.Period("week").day("end").on, days.Period("week", working=True).day("end").on, 0
            ), start + 1
        if self.words[start : start + 2] in (["нового", "года"], ["новому", "году"]):
            return Period("year").day("end"), start + 2
        if self.word(start) in vocabulary.MONTHS:
            return Period("month", month=vocabulary.MONTHS[self.word(start)]).day(edge), start + 1
        if (
            edge
            and self.word(start) in vocabulary.NEAR_ADJECTIVES
            and self.word(start + 1) in vocabulary.DAYTIME
        ):
            return days.in_days(vocabulary.NEAR_ADJECTIVES[self.word(start)]), start + 2
        return self._named_period(start, edge)

    def _named_period(self, start: int, edge: str) -> Found[Day]:
        named, shift, working = start, 0, False
        while self.word(named) in vocabulary.NEXT | vocabulary.THIS_WEEK | vocabulary.WORKING:
            shift = max(shift, int(self.word(named) in vocabulary.NEXT))
            working = working or self.word(named) in vocabulary.WORKING
            named += 1
        unit = next(
            (unit for stem, unit in vocabulary.PERIODS.items() if self.word(named).startswith(stem)), None
        )
        if not unit or (not edge and named == start) or len(self.word(named)) > 9:
            return None
        end = named + 1
        if unit == "week" and not edge:  # «на следующей неделе, в среду»
            inner = end + (self.word(end) == ",")
            inner += self.word(inner) in {"в", "во"}
            if self.word(inner) in vocabulary.WEEKDAYS:
                return days.weekday_of_week(vocabulary.WEEKDAYS[self.word(inner)], shift), inner + 1
        return Period(unit, shift, working=working).day(edge), end

    def part(self, at: int, role: str = "") -> Found[Part]:
        """«утром», «обеда» (before or after it, as the preposition says), «вечером», «конца дня»."""
        word = self.word(at)
        for part, forms in _PARTS:
            if word in forms:
                return part, at + 1
        if word in vocabulary.DINNER:
            return ("afternoon" if role == "after" else "dinner"), at + 1
        if self.word(at + 1) == "половине" and word in {"первой", "второй"}:
            return ("dinner" if word == "первой" else "afternoon"), at + 2 + (self.word(at + 2) == "дня")
        named = self.past(at + 1, vocabulary.WORKING | vocabulary.THIS_WEEK)
        if vocabulary.EDGES.get(word) == "end" and self.word(named) in {"дня", "смены"}:
            return "end", named + 1
        return None

    def past_zone(self, at: int) -> int:
        """The place after «мск», «(мск)», «по Москве», «по местному времени»: the zone of `now` holds all the same."""
        start = at + (self.word(at) == "(")
        end = start + (self.word(start) == "по")
        if self.word(end) in {"мск", "москве", "местному", "московскому"}:
            end += 1
            end += self.word(end) == "времени"
            return end + (self.word(at) == "(" and self.word(end) == ")")
        return at

    def clock(self, at: int, prep: str = "") -> Found[Clock]:
        """«18:00», «10.30», «шесть вечера», «половине шестого». A bare number only after `prep`."""
        for read in (self._written, self._half, self._named):
            if found := read(at):
                return self._with_part(*found)
        counted = self.number(at)
        if not counted or counted[0] != int(counted[0]) or not 0 <= counted[0] <= 24:
            return None
        return self._spoken(int(counted[0]), counted[1], prep)

    def _written(self, at: int) -> Found[Clock]:
        word = self.word(at)
        if found := _COLON.fullmatch(word):
            hour, minute = int(found[1]), int(found[2])
            return (Clock(hour, minute), at + 1) if hour < 24 or (hour == 24 and not minute) else None
        if found := _DOTTED.fullmatch(word):
            hour, minute = int(found[1]), int(found[2])
            is_date = days.calendar_day(hour, minute) is not None
            return (Clock(hour, minute), at + 1) if hour <= 24 and minute < 60 and not is_date else None
        if _WHOLE.fullmatch(word) and self.word(at + 1) == "-" and self.word(at + 2) in {"00", "30", "45"}:
            return (Clock(int(word), int(self.word(at + 2))), at + 3) if int(word) < 24 else None
        return None

    def _half(self, at: int) -> Found[Clock]:
        """«половине шестого», «полшестого», «без четверти шесть»."""
        word = self.word(at)
        if word in {"половине", "половину", "половины", "половина", "пол", "четверть"}:
            hour = vocabulary.ORDINALS.get(self.word(at + 1))
            minute = 15 if word == "четверть" else 30
            return (Clock(hour - 1, minute, loose=True), at + 2) if hour and hour <= 12 else None
        if word.startswith("пол") and (hour := vocabulary.ORDINALS.get(word[3:])):
            return (Clock(hour - 1, 30, loose=True), at + 1) if hour <= 12 else None
        if word != "без":
            return None
        short = (15.0, at + 2) if self.word(at + 1) == "четверти" else self.number(at + 1)
        whole = self.number(self.past(short[1], _MINUTES)) if short else None
        if not short or not whole or not 1 <= whole[0] <= 24 or not 0 < short[0] < 60:
            return None
        return Clock(int(whole[0]) - 1, 60 - int(short[0]), loose=True), whole[1]

    def _named(self, at: int) -> Found[Clock]:
        word = self.word(at)
        if word in {"полдень", "полудня", "полудню"}:
            return Clock(12), at + 1
        if word in {"полночь", "полуночи", "полночи"}:
            return Clock(24), at + 1
        return (Clock(1, loose=True), at + 1) if word in {"час", "часу"} else None

    def _with_part(self, clock: Clock, end: int) -> Found[Clock]:
        said = self.word(end)
        if said not in _PART_OF_CLOCK:
            return clock, end
        return Clock(days.by_part(clock.hour, said), clock.minute), end + 1

    def _spoken(self, hour: int, end: int, prep: str) -> Found[Clock]:
        minute, start = 0, end
        if self.word(end) in _HOURS:
            end += 1
            end += self.word(end) == "." and self.word(end - 1) == "ч" and self.word(end + 1) != ""
            counted = self.number(end)
            if counted and self.word(counted[1]) in _MINUTES and counted[0] < 60:
                minute, end = int(counted[0]), counted[1] + 1
        said = self.word(end)
        if said in _PART_OF_CLOCK and (said != "дня" or hour in {12, 1, 2, 3, 4, 5, 6}):
            return Clock(days.by_part(hour, said), minute), end + 1
        if start == end and (not prep or not self._ends_here(end, prep) or self._counts_with_next(end, prep)):
            return None
        is_word = not self.word(start - 1)[:1].isdigit()
        if is_word and hour == 1 and start == end:  # «с одной пересадкой»: the hour is «час»
            return None
        return Clock(hour, minute, loose=1 <= hour <= 7 or (is_word and hour <= 11)), end

    def _counts_with_next(self, at: int, prep: str) -> bool:
        """«на три и на шесть платежей», «на 3, 6 и 12 месяцев»: the thing counted stands after the last number."""
        joint = self.word(at)
        if joint not in {"и", "или", "либо", ","} or (joint == "," and prep != "на"):
            return False
        at += 1 + (self.word(at + 1) == prep)
        counted = self.number(at)
        if not counted:
            return False
        end = counted[1]
        if self.word(end) in _HOURS | _PART_OF_CLOCK | _MINUTES:
            return False
        return not self._ends_here(end, prep) or self._counts_with_next(end, prep)

    def _ends_here(self, at: int, prep: str) -> bool:
        """Whether a bare number is a clock: no thing counted by it follows («до 12 рублей», «в 5 отделениях»)."""
        word = self.word(at)
        if word in vocabulary.UNITS or word in _NOT_AFTER_HOUR or word in vocabulary.WORKING:
            return False
        if word == "-" and self.word(at + 1) in vocabulary.ORDINAL_TAILS | vocabulary.NUMBER_TAILS:
            return False
        if not word.isalpha() or word in vocabulary.WEEKDAYS or word in vocabulary.NEAR_DAYS:
            return not word[:1].isdigit()
        case = {"к": "datv", "ко": "datv"}.get(prep, "gent")
        counted = [{case, "plur"}]
        counted += [{"loct", "plur"}, {"gent", "sing"}] if prep in {"в", "во"} else []
        counted += [{"ablt"}] if prep in {"с", "со"} else []
        readings = [one.tag for one in morphology.parses(word) if one.score > 0.15]
        return not any(
            tag.POS in {"NOUN", "ADJF"} and any(form in tag for form in counted) for tag in readings
        )


_PARTS: tuple[tuple[Part, frozenset[str]], ...] = (
    ("morning", vocabulary.MORNING),
    ("afternoon", frozenset({"днем"})),
    ("evening", vocabulary.EVENING),
    ("night", vocabulary.NIGHT),
)
Reader: TypeAlias = Callable[[int], Found[Day]]
