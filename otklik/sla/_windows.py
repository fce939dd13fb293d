"""The windows that agreements are counted by: a month, a quarter, a year of the agreement's zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final, Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

WindowKind: TypeAlias = Literal["month", "quarter", "year"]
WINDOWS: Final[tuple[WindowKind, ...]] = get_args(WindowKind)
MONTHS: Final[dict[WindowKind, int]] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Window:
    """[first, behind) in civil days of a zone. since, until: its midnights, in UTC."""

    kind: WindowKind
    first: date
    zone: str

    @property
    def behind(self) -> date:
        """The day behind the last one."""
        return _months_on(self.first, MONTHS[self.kind])

    @property
    def days(self) -> int:
        return (self.behind - self.first).days

    @property
    def since(self) -> datetime:
        return _midnight(self.first, self.zone)

    @property
    def until(self) -> datetime:
        return _midnight(self.behind, self.zone)

    @property
    def name(self) -> str:
        """«2026-11», «2026-Q4», «2026»: for addresses."""
        if self.kind == "month":
            return f"{self.first:%Y-%m}"
        return f"{self.first:%Y}" + (f"-Q{(self.first.month + 2) // 3}" if self.kind == "quarter" else "")

    def moved(self, by: int) -> "Window":
        """Later by so many windows, or earlier."""
        return Window(self.kind, _months_on(self.first, by * MONTHS[self.kind]), self.zone)


def window(kind: WindowKind, day: date, zone: str) -> Window:
    """The one with this day in it. zone: an IANA name."""
    months = MONTHS[kind]
    month = (day.month - 1) // months * months + 1
    return Window(kind, date(day.year, month, 1), zone)


def named(name: str, zone: str) -> Window:
    """The reverse of `Window.name`. Raises ValueError."""
    year, _dash, rest = name.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and 1970 <= int(year) <= 2150):
        raise ValueError(name)
    if not rest:
        found = window("year", date(int(year), 1, 1), zone)
    elif rest.startswith("Q"):
        found = window("quarter", date(int(year), int(rest[1:]) * 3 - 2, 1), zone)
    else:
        found = window("month", date(int(year), int(rest), 1), zone)
    if found.name != name:
        raise ValueError(name)
    return found


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
