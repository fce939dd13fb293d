"""A week of working hours as people write it: «9–18», «9:00–13:00, 14:00–18:00», nothing for a day off."""

import re
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from otklik.sla import russia
from otklik.sla.worktime import BadHours, Hours

DAYS = {
    "mon": _("Понедельник"), "tue": _("Вторник"), "wed": _("Среда"), "thu": _("Четверг"), "fri": _("Пятница"),
    "sat": _("Суббота"), "sun": _("Воскресенье"),
}  # fmt: skip
ZONES = (
    ("Europe/Kaliningrad", _("Калининград, МСК−1")), ("Europe/Moscow", _("Москва, МСК")),
    ("Europe/Samara", _("Самара, МСК+1")), ("Asia/Yekaterinburg", _("Екатеринбург, МСК+2")),
    ("Asia/Omsk", _("Омск, МСК+3")), ("Asia/Novosibirsk", _("Новосибирск, МСК+4")),
    ("Asia/Irkutsk", _("Иркутск, МСК+5")), ("Asia/Yakutsk", _("Якутск, МСК+6")),
    ("Asia/Vladivostok", _("Владивосток, МСК+7")), ("Asia/Magadan", _("Магадан, МСК+8")),
    ("Asia/Kamchatka", _("Камчатка, МСК+9")),
)  # fmt: skip
_SHIFT = re.compile(r"(\d{1,2})(?::(\d\d))?\s*[-–—]\s*(\d{1,2})(?::(\d\d))?")


def shifts(text: str) -> list[list[str]]:
    """«9–13, 14:00–18:00» → `[["09:00", "13:00"], ["14:00", "18:00"]]`. Raises ValueError."""
    parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    found = [_SHIFT.fullmatch(part) for part in parts]
    if not all(found):
        raise ValueError(text)
    return [
        [f"{int(a):02d}:{b or '00'}", f"{int(c):02d}:{d or '00'}"]
        for a, b, c, d in (one.groups() for one in found if one)
    ]


def shown(day: list[list[str]]) -> str:
    return ", ".join(f"{start}–{end}" for start, end in day)


def _holidays_help() -> str:
    known = _("Праздники, переносы, рабочие субботы и короткие дни до конца %s года.")
    return str(known) % max(russia.years())


class HoursForm(forms.Form):
    """Gives the JSON of a calendar in `spec()`. A zone that is not in the list is kept as it stands."""

    always = forms.BooleanField(label=_("Круглосуточно, без выходных"), required=False)
    holidays = forms.BooleanField(
        label=_("Выходные по производственному календарю России"),
        required=False,
        help_text=lazy(_holidays_help, str)(),
    )
    tz = forms.ChoiceField(label=_("Часовой пояс"), choices=ZONES)

    def __init__(self, data: object, spec: dict[str, object]) -> None:
        week: dict[str, list[list[str]]] = spec.get("week") or {}  # type: ignore[assignment]  # the calendar's own JSON
        initial = {"always": spec.get("always"), "holidays": bool(spec.get("holidays")), "tz": spec.get("tz")}
        super().__init__(data, initial={**initial, **{day: shown(week.get(day, [])) for day in DAYS}})  # type: ignore[arg-type]  # a QueryDict or None
        zone = str(spec.get("tz") or "Europe/Moscow")
        if zone not in dict(ZONES):
            self.fields["tz"].choices = [(ZoneInfo(zone).key, zone), *ZONES]  # type: ignore[attr-defined]  # a ChoiceField
        for day, label in DAYS.items():
            self.fields[day] = forms.CharField(label=label, required=False, max_length=200)

    def week(self) -> list[forms.BoundField]:
        return [self[day] for day in DAYS]

    def rest(self) -> list[forms.BoundField]:
        return [self["tz"], self["holidays"], self["always"]]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        for day in DAYS:
            if day in cleaned:
                self._read(day, cleaned)
        if not self.errors and not cleaned["always"] and not any(cleaned[day] for day in DAYS):
            raise ValidationError(_("Не осталось ни одного рабочего часа. Впишите хотя бы один день."))
        return cleaned

    def _read(self, day: str, cleaned: dict[str, object]) -> None:
        try:
            cleaned[day] = shifts(str(cleaned[day]))
            Hours.from_dict({"tz": "UTC", "week": {day: cleaned[day]}})
        except (ValueError, BadHours):
            self.add_error(day, _("Не разобрали часы. Напишите так: 9:00–13:00, 14:00–18:00."))

    def spec(self) -> object:
        words = self.cleaned_data
        if words["always"]:
            return {"tz": words["tz"], "always": True}
        week = {day: words[day] for day in DAYS if words[day]}
        if words["holidays"]:
            return russia.spec(week, words["tz"])
        return {"tz": words["tz"], "week": week}
