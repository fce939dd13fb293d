"""What can go wrong in working time; the tree stands in `otklik.sla.worktime`."""

from dataclasses import dataclass

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a calendar: `path` is its place («week.mon[0]»), `words` say what is wrong and what is wanted."""

    path: str
    words: str

    def __str__(self) -> str:
        return f"{self.path}: {self.words}" if self.path else self.words


class WorktimeError(Exception):
    """Root of the tree."""


class BadHours(WorktimeError, ValueError):
    """A calendar cannot be read. `faults` holds all of them, not only the first."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        shown = [str(fault) for fault in self.faults[:_SHOWN]]
        if len(self.faults) > _SHOWN:
            shown.append(f"и ещё ошибок: {len(self.faults) - _SHOWN}")
        super().__init__("; ".join(shown))


class BadCall(WorktimeError, ValueError):
    """A naive or impossible instant, a negative amount, a pause that ends before it begins."""


class BadSteps(WorktimeError, ValueError):
    """The steps of a clock's life contradict each other."""


class NoWorkingTime(WorktimeError):
    """Ten years from the asked instant hold too little working time."""
