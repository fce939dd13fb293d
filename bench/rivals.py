"""The engine of working time beside two libraries, on the same questions in the same run: answers and speed.

workclock is the best rival that knows clock changes (Rust); businesstimedelta is the one most often named. Neither can
hold a moved or shortened day, so the week and the days off alone are asked about.
"""

import importlib
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any  # of libraries that are not there while types are checked

import numpy as np

from bench import figures
from bench.worktime import SINCE, UNTIL, WEEK, WORK, best
from otklik.sla import russia
from otklik.sla.worktime import Hours

FOLDER = Path("/var/tmp/otklik-bench-rivals")  # noqa: S108 - kept from one run to the next
VERSIONS = ("workclock==0.1.2", "businesstimedelta==1.0.1", "pytz", "holidays", "python-dateutil")
FEW, MANY, BATCH = 300, 20_000, 200_000
# how many times as quick as the rival, by the notes: aware datetimes, and a batch
AIMS = {"workclock": (3.0, 50.0), "businesstimedelta": (200.0, 0.0)}


@dataclass(frozen=True, slots=True)
class Rival:
    """One library: `add` eight hours of work, `between` in seconds, `add_many` of datetime64 where it has one."""

    name: str
    version: str
    add: Callable[[datetime], datetime]
    between: Callable[[datetime, datetime], float]
    add_many: Callable[[Any], Any] | None = None


def main() -> None:
    install()
    sys.path.append(str(FOLDER))
    off = sorted(russia.spec(WEEK)["holidays"])
    ours = Hours.from_dict({"tz": "Europe/Moscow", "week": WEEK, "holidays": off})
    days = [date.fromisoformat(one) for one in off]
    for rival in (workclock(days), businesstimedelta(days)):
        compare(rival, ours)


def install() -> None:
    """Into a folder of their own: the product's environment stays as it is."""
    if FOLDER.joinpath("workclock").exists() and FOLDER.joinpath("businesstimedelta").exists():
        return
    uv = shutil.which("uv") or next((str(one) for one in Path().glob(".tools/bin/uv")), "")
    pip = [uv, "pip", "install", "--python", sys.executable] if uv else ["python3", "-m", "pip", "install"]
    subprocess.run([*pip, "-q", "--target", str(FOLDER), *VERSIONS], check=True)  # noqa: S603 - our own command


def workclock(off: Sequence[date]) -> Rival:
    library: Any = importlib.import_module("workclock")
    schedule = library.Schedule(
        [library.WorkDay(time(9), time(18)), library.Break(time(13), time(14)), library.Holidays(off)],
        time_zone="Europe/Moscow",
    )
    work = timedelta(seconds=WORK)
    return Rival(
        "workclock", library.__version__, lambda at: schedule.add(at, work),
        lambda a, b: schedule.between(a, b).total_seconds(), lambda many: schedule.add_many(many, work),
    )  # fmt: skip


def businesstimedelta(off: Sequence[date]) -> Rival:
    library: Any = importlib.import_module("businesstimedelta")
    pytz: Any = importlib.import_module("pytz")
    week: dict[str, Any] = {"working_days": [0, 1, 2, 3, 4], "tz": pytz.timezone("Europe/Moscow")}
    rules = library.Rules([
        library.WorkDayRule(start_time=time(9), end_time=time(18), **week),
        library.LunchTimeRule(start_time=time(13), end_time=time(14), **week),
        library.HolidayRule(dict.fromkeys(off, "off"), tz=week["tz"]),
    ])  # fmt: skip
    work = library.BusinessTimeDelta(rules, seconds=WORK)

    def between(a: datetime, b: datetime) -> float:
        found = rules.difference(a, b)
        return float(found.hours * 3600 + found.seconds)

    return Rival("businesstimedelta", "1.0.1", lambda at: at + work, between)


def compare(rival: Rival, ours: Hours) -> None:
    """Its answers beside ours, then how many times as quick we are."""
    chance = random.Random(5)
    count = MANY if rival.add_many else FEW
    starts = [datetime.fromtimestamp(chance.randrange(SINCE, UNTIL), UTC) for _ in range(count)]
    ends = [one + timedelta(hours=chance.randrange(4, 24 * 90)) for one in starts]
    pairs = list(zip(starts, ends, strict=True))
    same = sum(rival.add(one) == ours.add(one, WORK) for one in starts[:FEW])
    alike = sum(rival.between(a, b) == ours.between(a, b) for a, b in pairs[:FEW])
    print(
        f"  {rival.name} {rival.version}: of {FEW} answers {same} of add and {alike} of between are ours",
        flush=True,
    )
    single, batch = AIMS[rival.name]
    told = f"times as quick as {rival.name}"
    ratio(f"add, datetimes: {told}", lambda: [ours.add(one, WORK) for one in starts],
          lambda: [rival.add(one) for one in starts], single)  # fmt: skip
    ratio(f"between, datetimes: {told}", lambda: [ours.between(a, b) for a, b in pairs],
          lambda: [rival.between(a, b) for a, b in pairs], single)  # fmt: skip
    if many := rival.add_many:
        numbers = np.sort(np.random.default_rng(1).integers(SINCE, UNTIL, BATCH))
        moments = numbers.astype("datetime64[s]").astype("datetime64[us]")
        ratio(f"add_many, sorted: {told}", lambda: ours.add_many(numbers, WORK), lambda: many(moments), batch)


def ratio(name: str, ours: Callable[[], object], theirs: Callable[[], object], aim: float) -> None:
    figures.line(name, best(theirs) / best(ours), "×", aim, lower_is_better=False)


if __name__ == "__main__":
    main()
    figures.finish()
