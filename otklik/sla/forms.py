"""A calendar as people write it: «9–18», «9:00–13:00, 14:00–18:00», nothing for a day off; days of their own."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
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
# the neighbours first, then by the alphabet
COUNTRIES = {
    "": _("без праздников"),
    "RU": _("Россия, производственный календарь"),
    "BY": _("Беларусь"),
    "KZ": _("Казахстан"),
    "KG": _("Киргизия"),
    "UZ": _("Узбекистан"),
    "AM": _("Армения"),
    "AZ": _("Азербайджан"),
    "GE": _("Грузия"),
    "MD": _("Молдова"),
    "TJ": _("Таджикистан"),
    "TM": _("Туркмения"),
    "MN": _("Монголия"),
    "GB": _("Великобритания"),
    "DE": _("Германия"),
    "IL": _("Израиль"),
    "IN": _("Индия"),
    "CY": _("Кипр"),
    "CN": _("Китай"),
    "LV": _("Латвия"),
    "LT": _("Литва"),
    "AE": _("ОАЭ"),
    "PL": _("Польша"),
    "RS": _("Сербия"),
    "US": _("США"),
    "TH": _("Таиланд"),
    "TR": _("Турция"),
    "FI": _("Финляндия"),
    "FR": _("Франция"),
    "CZ": _("Чехия"),
    "EE": _("Эстония"),
}
_CLOSED = ("выходной", "закрыто", "day off", "closed")
_MOST_OWN = 500
_OWN = re.compile(r"(?:(\d{4})-(\d\d)-(\d\d)|(\d{1,2})\.(\d{1,2})\.(\d{4}))\s*[:—–-]?\s*(.+)")
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


def own_days(text: str) -> dict[str, list[list[str]]]:
    """«31.12.2026: 9–15» or «08.01.2027 выходной», one a line, by the ISO date. Raises ValueError with the bad line."""
    found: dict[str, list[list[str]]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = _OWN.fullmatch(line)
        if parts is None:
            raise ValueError(line)
        year, month, day = (
            int(one) for one in (parts[1] or parts[6], parts[2] or parts[5], parts[3] or parts[4])
        )
        try:
            key = date(year, month, day).isoformat()
            found[key] = [] if parts[7].casefold() in _CLOSED else shifts(parts[7])
            Hours.from_dict({"tz": "UTC", "days": {key: found[key]}})
        except ValueError as fault:
            raise ValueError(line) from fault
    return found


def shown_own(own: dict[str, list[list[str]]]) -> str:
    """What own_days() reads back."""
    days = ((date.fromisoformat(day), hours) for day, hours in sorted(own.items()))
    return "\n".join(f"{day:%d.%m.%Y}: {shown(hours) or _now('выходной')}" for day, hours in days)


class HoursForm(forms.Form):
    """Gives what a calendar is made of in `made_of()`. A zone that is not in the list is kept as it stands."""

    always = forms.BooleanField(label=_("Круглосуточно, без выходных"), required=False)
    country = forms.ChoiceField(label=_("Праздники и переносы"), choices=COUNTRIES, required=False)
    tz = forms.ChoiceField(label=_("Часовой пояс"), choices=ZONES)
    own = forms.CharField(
        label=_("Особые дни"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "По одному в строке: 31.12.2026: 9–15 или 08.01.2027: выходной. Они важнее праздников и недели."
        ),
    )
    since = forms.DateField(
        label=_("С какого дня"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Пустое поле — прямо сейчас. До этого дня считаем по прежним часам."),
    )
    note = forms.CharField(label=_("Что изменилось"), required=False, max_length=300)

    def __init__(self, data: object, made_of: dict[str, object]) -> None:
        week: dict[str, list[list[str]]] = made_of.get("week") or {}  # type: ignore[assignment]  # the calendar's own JSON
        initial = {name: made_of.get(name) for name in ("always", "country", "tz")}
        initial["own"] = shown_own(made_of.get("own") or {})  # type: ignore[arg-type]  # the same
        super().__init__(data, initial={**initial, **{day: shown(week.get(day, [])) for day in DAYS}})  # type: ignore[arg-type]  # a QueryDict or None
        zone = str(made_of.get("tz") or "Europe/Moscow")
        if zone not in dict(ZONES):
            self.fields["tz"].choices = [(ZoneInfo(zone).key, zone), *ZONES]  # type: ignore[attr-defined]  # a ChoiceField
        for day, label in DAYS.items():
            self.fields[day] = forms.CharField(label=label, required=False, max_length=200)

    def week(self) -> list[forms.BoundField]:
        return [self[day] for day in DAYS]

    def rest(self) -> list[forms.BoundField]:
        return [self["tz"], self["country"], self["own"], self["always"]]

    def when(self) -> list[forms.BoundField]:
        return [self["since"], self["note"]]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        for day in DAYS:
            if day in cleaned:
                self._read(day, cleaned)
        if not self.errors and not cleaned["always"] and not any(cleaned[day] for day in DAYS):
            raise ValidationError(_("Не осталось ни одного рабочего часа. Впишите хотя бы один день."))
        return cleaned

    def clean_own(self) -> dict[str, list[list[str]]]:
        try:
            own = own_days(self.cleaned_data["own"])
        except ValueError as fault:
            line = str(fault)[:60]
            raise ValidationError(
                _now("Не разобрали строку «%s». Напишите так: 31.12.2026: 9–15 или 08.01.2027: выходной.")
                % line
            ) from fault
        if len(own) > _MOST_OWN:
            raise ValidationError(_now("Особых дней больше %s. Оставьте ближайшие годы.") % _MOST_OWN)
        return own

    def _read(self, day: str, cleaned: dict[str, object]) -> None:
        try:
            cleaned[day] = shifts(str(cleaned[day]))
            Hours.from_dict({"tz": "UTC", "week": {day: cleaned[day]}})
        except (ValueError, BadHours):
            self.add_error(day, _("Не разобрали часы. Напишите так: 9:00–13:00, 14:00–18:00."))

    def made_of(self) -> dict[str, object]:
        words = self.cleaned_data
        if words["always"]:
            return {"tz": words["tz"], "always": True}
        week = {day: words[day] for day in DAYS if words[day]}
        return {"tz": words["tz"], "week": week, "country": words["country"], "own": words["own"]}

    def effective_from(self, now: datetime) -> datetime:
        """The chosen day's midnight in the calendar's zone, or now."""
        since = self.cleaned_data["since"]
        return datetime.combine(since, time(), ZoneInfo(self.cleaned_data["tz"])) if since else now


class NewCalendarForm(HoursForm):
    name = forms.CharField(
        label=_("Название"), max_length=120, help_text=_("Например, «Склад в Омске, без выходных».")
    )


def years_known() -> list[tuple[int, russia.Year]]:
    """The production calendar as far as it is known, the latest years."""
    return sorted(russia.years().items())[-4:]
