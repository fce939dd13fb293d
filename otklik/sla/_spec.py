"""A calendar's JSON read into rules and written back; all faults are told at once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from otklik.sla._errors import BadHours, Fault

DAY = 1440  # minutes
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KEYS = ("tz", "always", "week", "holidays", "days")
_MOST_SHIFTS = 48  # a day; keeps the table of a hostile calendar small
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EPOCH = date(1970, 1, 1).toordinal()

Shift = tuple[int, int]  # minutes from the midnight of its day; an end after the next one passes 1440
Shifts = tuple[Shift, ...]
ShiftsJson = list[list[str]]


class Spec(TypedDict, total=False):
    """The JSON of a calendar as `write` gives it; `read` takes anything and checks it."""

    tz: str
    always: bool
    week: dict[str, ShiftsJson]
    holidays: list[str]
    days: dict[str, ShiftsJson]


@dataclass(frozen=True, slots=True)
class Rules:
    """A calendar that passed all checks. Dates are days since 1970-01-01, weeks begin on Monday."""

    tz: str = "UTC"
    always: bool = False
    week: tuple[Shifts, ...] = ((),) * 7
    holidays: tuple[int, ...] = ()
    days: tuple[tuple[int, Shifts], ...] = ()


def read(spec: object) -> Rules:
    """Raises BadHours with every fault of `spec`."""
    reader = _Reader()
    rules = reader.rules(spec)
    if reader.faults:
        raise BadHours(reader.faults)
    return rules


def write(rules: Rules) -> Spec:
    """The JSON from which `read` makes equal rules; shifts in order, «00:00» as an end becomes «24:00»."""
    if rules.always:
        return {"tz": rules.tz, "always": True}
    return {
        "tz": rules.tz,
        "week": {
            name: shifts_json(shifts) for name, shifts in zip(WEEKDAYS, rules.week, strict=True) if shifts
        },
        "holidays": [_iso(day) for day in rules.holidays],
        "days": {_iso(day): shifts_json(shifts) for day, shifts in rules.days},
    }


def shifts_json(shifts: Shifts) -> ShiftsJson:
    """`((540, 1080),)` → `[["09:00", "18:00"]]`; an end after midnight is told by the next day's clock."""
    return [_shift_json(shift) for shift in shifts]


def _shift_json(shift: Shift) -> list[str]:
    start, end = shift
    return [_clock(start), _clock(end if end <= DAY else end - DAY)]


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _iso(day: int) -> str:
    return date.fromordinal(day + _EPOCH).isoformat()


def _show(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return f"«{text if len(text) <= 40 else text[:39] + '…'}»"


class _Reader:
    """Gathers faults while it reads; what it returns beside a fault is never used."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def rules(self, spec: object) -> Rules:
        if not isinstance(spec, Mapping):
            self._fault("", f"календарь — объект с ключами {', '.join(_KEYS)}, а не {_show(spec)}")
            return Rules()
        if spec.get("always") is True:  # the rest is ignored, a wrong zone too
            tz = spec.get("tz")
            return Rules(tz=tz if isinstance(tz, str) and _is_zone(tz) else "UTC", always=True)
        for key in spec:
            if key not in _KEYS:
                self._fault(str(key)[:40], f"такого ключа нет, есть {', '.join(_KEYS)}")
        if "always" in spec and spec["always"] is not False:
            self._fault("always", f"true или false, а не {_show(spec['always'])}")
        return Rules(
            tz=self._zone(spec.get("tz")),
            week=self._week(spec.get("week", {})),
            holidays=tuple(sorted(set(self._holidays(spec.get("holidays", ()))))),
            days=tuple(sorted(self._days(spec.get("days", {})))),
        )

    def _fault(self, path: str, words: str) -> None:
        self.faults.append(Fault(path, words))

    def _zone(self, tz: object) -> str:
        if tz is None:
            self._fault("tz", "назовите часовой пояс, например «Europe/Moscow»")
        elif not isinstance(tz, str) or not _is_zone(tz):
            self._fault("tz", f"часового пояса {_show(tz)} нет, пример: «Europe/Moscow»")
        else:
            return tz
        return "UTC"

    def _week(self, week: object) -> tuple[Shifts, ...]:
        if not isinstance(week, Mapping):
            self._fault("week", f'объект вида {{"mon": [["09:00", "18:00"]]}}, а не {_show(week)}')
            return ((),) * 7
        for name in week:
            if name not in WEEKDAYS:
                self._fault(f"week.{name}"[:40], f"такого дня нет, есть {', '.join(WEEKDAYS)}")
        return tuple(self._shifts(f"week.{name}", week.get(name, ())) for name in WEEKDAYS)

    def _holidays(self, holidays: object) -> Iterable[int]:
        if not isinstance(holidays, list | tuple):
            self._fault("holidays", f'список дат вида ["2026-01-01"], а не {_show(holidays)}')
            return
        for place, text in enumerate(holidays):
            day = self._date(f"holidays[{place}]", text)
            if day is not None:
                yield day

    def _days(self, days: object) -> Iterable[tuple[int, Shifts]]:
        if not isinstance(days, Mapping):
            self._fault("days", f'объект вида {{"2026-12-31": [["09:00", "17:00"]]}}, а не {_show(days)}')
            return
        for text, shifts in days.items():
            path = f"days.{str(text)[:12]}"
            day = self._date(path, text)
            read_shifts = self._shifts(path, shifts)
            if day is not None:
                yield day, read_shifts

    def _date(self, path: str, text: object) -> int | None:
        if isinstance(text, str) and _DATE.fullmatch(text):
            try:
                return date.fromisoformat(text).toordinal() - _EPOCH
            except ValueError:
                self._fault(path, f"даты {_show(text)} нет в календаре")
                return None
        self._fault(path, f"дата вида «2026-12-31», а не {_show(text)}")
        return None

    def _shifts(self, path: str, shifts: object) -> Shifts:
        if not isinstance(shifts, list | tuple):
            self._fault(path, f'список промежутков вида [["09:00", "18:00"]], а не {_show(shifts)}')
            return ()
        if len(shifts) > _MOST_SHIFTS:
            self._fault(path, f"промежутков {len(shifts)}, а в одном дне их не больше {_MOST_SHIFTS}")
            return ()
        return tuple(sorted(self._shift(f"{path}[{place}]", pair) for place, pair in enumerate(shifts)))

    def _shift(self, path: str, pair: object) -> Shift:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            self._fault(path, f'промежуток вида ["09:00", "18:00"], а не {_show(pair)}')
            return 0, 0
        start = self._minute(path, "начало", pair[0])
        end = DAY if pair[1] == "24:00" else self._minute(path, "конец", pair[1])
        return start, end if end > start else end + DAY

    def _minute(self, path: str, what: str, text: object) -> int:
        found = _CLOCK.fullmatch(text) if isinstance(text, str) else None
        if found:
            return int(found[1]) * 60 + int(found[2])
        if what == "начало" and text == "24:00":
            self._fault(path, "«24:00» бывает только концом, начало пишите как «00:00» следующего дня")
        else:
            self._fault(path, f"{what} — время вида «09:00», а не {_show(text)}")
        return 0


def _is_zone(tz: str) -> bool:
    try:
        ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
