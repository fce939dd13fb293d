"""What the help desk can't do itself: some letters for engineers come to the common address and are passed on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from otklik.site.demo import house
from otklik.site.demo.shifts import Shifts
from otklik.site.demo.talks import Talk, Turn

COMMON: Final = "help"
SHARE: Final = 3  # of seven
LONGEST: Final = timedelta(minutes=40)
TRIED: Final = {
    2: "Что уже пробовали: проверил<|а> оплату и домен, похожего случая в базе знаний нет. Нужен инженер хостинга.",
    3: "Что уже пробовали: проверил<|а> договор и доступы, перезайти не помогло. Нужен инженер серверов.",
}


def passed_on(
    talk: Talk, turns: Sequence[Turn], times: Sequence[datetime], shifts: Shifts
) -> tuple[str, list[Turn], list[datetime]]:
    """The box where the talk begins, its turns and times: with a hand-over before the first answer, where it fits."""
    box = talk.options.get("ящик", COMMON)
    level = house.BOXES[box]
    at = _moment(turns, times)
    if level not in TRIED or at is None or shifts.at_work(at) != at or not _is_chosen(talk, times):
        return box, list(turns), list(times)
    options = {"уровень": str(level), **{key: one for key, one in turns[1].options.items() if key == "кто"}}
    turn = Turn("передать", TRIED[level], None, options)
    return COMMON, [turns[0], turn, *turns[1:]], [times[0], at, *times[1:]]


def _moment(turns: Sequence[Turn], times: Sequence[datetime]) -> datetime | None:
    """A while before the first answer, after the letter."""
    if len(turns) < 2 or turns[1].kind != "ответ":
        return None
    return times[1] - min((times[1] - times[0]) / 2, LONGEST)


def _is_chosen(talk: Talk, times: Sequence[datetime]) -> bool:
    """By the talk and its place in time, so that other chances stay as they are."""
    told = hashlib.sha256(f"{talk.key} {len(times)} {times[0].minute}".encode()).digest()
    return told[0] % 7 < SHARE
