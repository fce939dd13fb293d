"""Reading JSON that people and other programs write: every fault is kept with its place, none stops the reading."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from otklik.sla._errors import Fault


class Reading:
    """Values out of JSON; of a wrong one the least that is allowed, and a fault in words."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fields(self, path: str, value: object, keys: tuple[str, ...]) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            self.fault(path, "нужен объект")
            return {}
        for key in value:
            if key not in keys:
                self.fault(f"{path}.{str(key)[:40]}".lstrip("."), f"такого поля нет, есть {', '.join(keys)}")
        return {key: one for key, one in value.items() if key in keys}

    def items(self, path: str, value: object, most: int) -> list[Any]:
        if not isinstance(value, list) or len(value) > most:
            self.fault(path, f"нужен список, не больше {most}")
            return []
        return value

    def names(self, path: str, value: object, known: tuple[str, ...]) -> list[str]:
        for one in (names := self.items(path, value, len(known))):
            if one not in known:
                self.fault(path, f"«{str(one)[:40]}» не бывает, есть {', '.join(known)}")
        return [one for one in names if one in known]

    def name(self, path: str, value: object, known: tuple[str, ...]) -> str:
        """One of the known; the first of them instead of a wrong one."""
        return next(iter(self.names(path, [value], known)), known[0])

    def yes(self, path: str, value: object) -> bool:
        if not isinstance(value, bool):
            self.fault(path, "нужно true или false")
        return value is True

    def whole(self, path: str, value: object, least: int, most: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.fault(path, f"нужно целое число от {least} до {most}")
            return least
        return value

    def number(self, path: str, value: object, least: float, most: float) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
            self.fault(path, f"нужно число от {least:g} до {most:g}")
            return least
        return float(value)

    def day(self, path: str, value: object) -> date | None:
        if value is None:
            return None
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fault(path, "нужна дата: 2027-12-31")
            return None

    def fault(self, path: str, words: str) -> None:
        self.faults.append(Fault(path, words))
