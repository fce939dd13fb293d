"""The hours of a calendar in a few words: «пн–пт, 9:00–18:00» for a card, its week for the printed agreement."""

from itertools import groupby
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DAYS: Final = {
    "mon": gettext_lazy("пн"), "tue": gettext_lazy("вт"), "wed": gettext_lazy("ср"), "thu": gettext_lazy("чт"),
    "fri": gettext_lazy("пт"), "sat": gettext_lazy("сб"), "sun": gettext_lazy("вс"),
}  # fmt: skip
_CITIES: Final = {
    "Europe/Kaliningrad": "Калининград", "Europe/Moscow": "Москва", "Europe/Samara": "Самара",
    "Asia/Yekaterinburg": "Екатеринбург", "Asia/Omsk": "Омск", "Asia/Novosibirsk": "Новосибирск",
    "Asia/Irkutsk": "Иркутск", "Asia/Yakutsk": "Якутск", "Asia/Vladivostok": "Владивосток",
    "Asia/Magadan": "Магадан", "Asia/Kamchatka": "Камчатка",
}  # fmt: skip
Spec = dict[str, Any]  # the JSON of a calendar: sla.worktime.Hours reads it


def week(spec: Spec) -> list[list[str]]:
    """[["пн–пт", "9:00–13:00, 14:00–18:00"], …]: neighbours of the same hours together; days off are left out."""
    shifts = [(day, _shifts((spec.get("week") or {}).get(day, []))) for day in DAYS]
    runs = [(hours, [day for day, _hours in run]) for hours, run in groupby(shifts, key=lambda one: one[1])]
    return [[_run(days), hours] for hours, days in runs if hours]


def brief(spec: Spec) -> str:
    """«пн–пт, 9:00–18:00; сб, 10:00–14:00», «круглосуточно»."""
    if spec.get("always"):
        return _("круглосуточно")
    return "; ".join(", ".join(part) for part in week(spec))


def zone(spec: Spec) -> str:
    """«Москва»; what has no Russian name here by that of the zone."""
    name = str(spec.get("tz") or "")
    return _CITIES.get(name, name)


def _run(days: list[str]) -> str:
    first, last = str(DAYS[days[0]]), str(DAYS[days[-1]])
    return first if len(days) == 1 else f"{first}, {last}" if len(days) == 2 else f"{first}–{last}"


def _shifts(day: list[list[str]]) -> str:
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in day)


def _clock(text: str) -> str:
    return text.removeprefix("0")
