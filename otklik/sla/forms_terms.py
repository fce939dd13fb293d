"""The terms of an agreement as an administrator writes them: each field a number with its unit, told beside it (R-E2).

What is checked is `sla.terms`; here its faults find their fields, in words.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.sla import forms_money, money_words, spans, wording
from otklik.sla.forms_money import LadderField, number
from otklik.sla.terms import (
    KINDS,
    LEVELS,
    PRIORITIES,
    TARGETED,
    WORDS,
    BadTerms,
    Targets,
    Terms,
)

LONGEST_WORDS: Final = 5000
Label = Any  # a text, or one that is translated when it is shown


class SpanField(forms.CharField):
    """Working seconds out of «4 ч», None where nothing is promised."""

    def __init__(self, *, day_s: int, **rest: Any) -> None:  # Any: CharField's own
        super().__init__(required=False, max_length=60, **rest)
        self.day_s = day_s

    def to_python(self, value: object) -> int | None:  # type: ignore[override]  # a number for a text
        try:
            return spans.read(str(value or "")[:100], self.day_s)
        except spans.BadSpan as fault:
            raise ValidationError(str(fault)) from fault

    def prepare_value(self, value: object) -> object:
        return spans.at_length(value, self.day_s) if isinstance(value, int) else value

    def run_validators(self, value: object) -> None:
        """A number has no length of its own; the text was read already."""


class TermsForm(forms.Form):
    """initial out of Terms, `terms()` back. A fault of the terms stands at its field."""

    warn_at = forms.CharField(
        label=gettext_lazy("Предупреждать, когда прошло, %"), required=False, max_length=60,
        help_text=gettext_lazy("До пяти чисел через запятую: 50, 75, 90. Пусто — не предупреждаем."),
    )  # fmt: skip
    urgent = forms.MultipleChoiceField(
        label=gettext_lazy("Предупреждать и ночью, если важность"), required=False,
        choices=list(wording.PRIORITY_NAMES.items()), widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    reopen_days = forms.IntegerField(
        label=gettext_lazy("Сколько дней клиент может вернуть решённый запрос"),
        min_value=0,
        max_value=365,
        required=False,
    )
    margin = forms.IntegerField(
        label=gettext_lazy("Запас в сроке, который слышит клиент, %"), min_value=0, max_value=90, required=False,
        help_text=gettext_lazy("При 10 и сроке 4 ч клиент услышит о 3 ч 36 мин."),
    )  # fmt: skip
    share = number(gettext_lazy("Какую долю сроков сдерживаем, %"), most=100)
    sample = forms.IntegerField(
        label=gettext_lazy("Считаем долю, если сроков за месяц не меньше"),
        min_value=1,
        max_value=1_000_000,
        required=False,
    )
    penalties = LadderField(
        label=gettext_lazy("Скидки за опоздания"),
        help_text=gettext_lazy("По строке на ступень: доля сдержанных сроков и скидка, 95 — 10."),
    )
    cap = number(gettext_lazy("Скидка за месяц не больше, %"), most=100)
    fee = number(gettext_lazy("Плата, ₽"), most=10**12)
    per = forms.ChoiceField(
        label=gettext_lazy("За какой срок"), choices=list(wording.PERIODS.items()), required=False
    )
    unit = number(gettext_lazy("За единицу сверх платы, ₽"), most=10**12)
    by = forms.ChoiceField(
        label=gettext_lazy("Единица — это"), choices=list(money_words.UNITS.items()), required=False
    )
    included = number(gettext_lazy("Сколько единиц входит в плату"), most=10**9)
    until = forms.DateField(
        label=gettext_lazy("Действует до"), required=False, help_text=gettext_lazy("Пусто — без срока."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, data: object, terms: Terms, day_s: int, **rest: Any) -> None:  # Any: Form's own
        super().__init__(data, initial=_initial(terms), **rest)  # type: ignore[arg-type]  # a QueryDict or None
        for name in (
            f"{kind}-{priority}"
            for kind in (*TARGETED, *_LEVEL_NAMES, *_MOVED_NAMES)
            for priority in PRIORITIES
        ):
            self.fields[name] = SpanField(day_s=day_s, label=wording.PRIORITY_NAMES[name.rpartition("-")[2]])
        self.fields["grace_s"] = SpanField(
            day_s=day_s, label=_("Запас, если важность подняли"),
            help_text=_("Новый срок наступит через столько или позже. Пусто — без запаса."),
        )  # fmt: skip
        for kind in KINDS:
            self.fields[f"pause-{kind}"] = forms.MultipleChoiceField(
                choices=list(wording.REASON_NAMES.items()),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        for name, label in wording.AVAILABILITY_NAMES.items():
            self.fields[name] = number(label, most=100 if name == "percent" else 10**6)
        self.fields.update(forms_money.fields())
        for name, label in wording.WORD_NAMES.items():
            self.fields[name] = forms.CharField(
                label=label,
                required=False,
                max_length=LONGEST_WORDS,
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                cleaned["terms"] = Terms.from_dict(self._spec(cleaned))
            except BadTerms as bad:
                for fault in bad.faults:
                    self.add_error(_field_of(fault.path, self.fields), fault.words)
        return cleaned

    def terms(self) -> Terms:
        terms: Terms = self.cleaned_data["terms"]
        return terms

    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The table of what is promised to clients: name of a row, its fields by priority."""
        return [(wording.kind_name(kind), self._by_priority(kind)) for kind in TARGETED]

    def level_rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(_("Уровень %s") % level, self._by_priority(f"level{level}")) for level in LEVELS]

    def moved_rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [
            (_("После передачи на уровень %s") % level, self._by_priority(f"moved{level}"))
            for level in LEVELS[1:]
        ]

    def levels_open(self) -> bool:
        """Whether the tables of levels are to be seen at once: something stands in them, or is wrong there."""
        rows = [*self.level_rows(), *self.moved_rows()]
        return any(one.value() or one.errors for _name, some in rows for one in some)

    def pauses(self) -> list[tuple[str, forms.BoundField]]:
        return [(wording.kind_name(kind), self[f"pause-{kind}"]) for kind in KINDS]

    def warning_fields(self) -> list[forms.BoundField]:
        return self._some("warn_at", "grace_s", "reopen_days", "margin")

    def service_fields(self) -> list[forms.BoundField]:
        return self._some(*wording.AVAILABILITY_NAMES)

    def counting_fields(self) -> list[forms.BoundField]:
        return self._some(*forms_money.COUNTING[:-1])

    def excluded(self) -> forms.BoundField:
        return self[forms_money.COUNTING[-1]]

    def credit_fields(self) -> list[forms.BoundField]:
        return self._some(*forms_money.CREDITS)

    def credits_open(self) -> bool:
        """Whether credits are to be seen at once: some are agreed, or something is wrong there."""
        some = self._some("credits-steps", "credits-rate")
        return any(one.value() for one in some) or any(one.errors for one in self.credit_fields())

    def late_fields(self) -> list[forms.BoundField]:
        return self._some("share", "sample", "penalties", "cap")

    def money_fields(self) -> list[forms.BoundField]:
        return self._some("fee", "per", "unit", "by", "included", "until")

    def word_fields(self) -> list[forms.BoundField]:
        return self._some(*WORDS)

    def _some(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names]

    def _by_priority(self, row: str) -> list[forms.BoundField]:
        return [self[f"{row}-{priority}"] for priority in wording.ORDER]

    def _spec(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON of sla.terms out of what was written; what was left empty is as usual."""
        told = {name: _plain(cleaned.get(name)) for name in _PLAIN}
        payment = {"per": cleaned["per"] or "month", **_given(cleaned, ("fee", "unit", "included"))}
        if "unit" in payment and cleaned["by"]:
            payment["by"] = cleaned["by"]
        return {
            **{name: value for name, value in told.items() if value is not None},
            "targets": {kind: self._targets(cleaned, kind) for kind in TARGETED},
            "levels": {str(level): one for level in LEVELS if (one := self._targets(cleaned, f"level{level}"))},
            "handovers": {
                str(level): one for level in LEVELS[1:] if (one := self._targets(cleaned, f"moved{level}"))
            },
            "pauses": {kind: cleaned[f"pause-{kind}"] for kind in KINDS},
            "warn_at": self._shares(cleaned["warn_at"]), "urgent": cleaned["urgent"],
            "availability": _given(cleaned, tuple(wording.AVAILABILITY_NAMES)), "penalties": cleaned["penalties"],
            **forms_money.spec(cleaned), "payment": payment,
            "words": {name: cleaned[name] for name in WORDS if cleaned[name]},
            "until": cleaned["until"].isoformat() if cleaned["until"] else None,
        }  # fmt: skip

    def _targets(self, cleaned: Mapping[str, Any], row: str) -> dict[str, int]:
        found = {priority: cleaned[f"{row}-{priority}"] for priority in PRIORITIES}
        return {priority: one for priority, one in found.items() if one is not None}

    def _shares(self, text: str) -> list[int]:
        parts = text.replace("%", " ").replace(",", " ").replace(";", " ").split()
        if not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
            self.add_error("warn_at", _("Напишите числа через запятую: 50, 75, 90."))
            return []
        return [int(part) for part in parts]


class WhenForm(forms.Form):
    """From which day the terms count, and what changed."""

    effective_on = forms.DateField(
        label=gettext_lazy("С какого дня"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Сегодня — значит прямо сейчас, будущий день — с его полуночи."),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("Что меняем и зачем"), max_length=300, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)

    def clean_effective_on(self) -> date:
        day: date = self.cleaned_data["effective_on"]
        if day < timezone.localdate():
            raise ValidationError(_("Этот день уже в прошлом. Назначьте сегодняшний или будущий."))
        return day

    def moment(self, now: datetime) -> datetime:
        """Aware: now for today, the midnight of the company's zone for another day."""
        zone = ZoneInfo(settings.TIME_ZONE)
        day: date = self.cleaned_data["effective_on"]
        return now if day == now.astimezone(zone).date() else datetime.combine(day, time(), zone)


_LEVEL_NAMES: Final = tuple(f"level{level}" for level in LEVELS)
_MOVED_NAMES: Final = tuple(f"moved{level}" for level in LEVELS[1:])
_PLAIN: Final = ("grace_s", "reopen_days", "margin", "share", "sample", "cap")


def _plain(value: Any) -> Any:  # Any: a number of a form
    return value if value is None or isinstance(value, int) else float(value)


def _given(cleaned: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, float]:
    return {name: float(cleaned[name]) for name in names if cleaned.get(name) is not None}


def _initial(terms: Terms) -> dict[str, Any]:
    """What stands in the fields at first."""
    rows: dict[str, Targets] = {
        **{str(kind): one for kind, one in terms.targets.items()},
        **{f"level{level}": one for level, one in terms.levels.items()},
        **{f"moved{level}": one for level, one in terms.handovers.items()},
    }
    by_kind: dict[str, Any] = {f"pause-{kind}": sorted(terms.pauses.get(kind, ())) for kind in KINDS}
    return {
        **{f"{row}-{priority}": seconds for row, one in rows.items() for priority, seconds in one.items()},
        **by_kind, **wording.usual_words(), **terms.words,
        **{name: wording.decimal(one) for name, one in terms.availability.items()},
        **{name: one if isinstance(one, str) else wording.decimal(one) for name, one in terms.payment.items()},
        **forms_money.initial(terms),
        "warn_at": ", ".join(map(str, terms.warn_at)), "urgent": sorted(terms.urgent),
        "grace_s": terms.grace_s or None, "reopen_days": terms.reopen_days, "margin": terms.margin,
        "share": wording.decimal(terms.share), "sample": terms.sample, "penalties": terms.penalties,
        "cap": wording.decimal(terms.cap), "until": terms.until,
    }  # fmt: skip


def _field_of(path: str, fields: Mapping[str, object]) -> str | None:
    """The field that a fault of the terms speaks of: «targets.resolution.high» → «resolution-high»."""
    parts = path.replace("[", ".").split(".")
    row = {"levels": "level", "handovers": "moved"}.get(parts[0], "")
    tries = [
        "-".join(parts[1:3]),
        "-".join(parts[:2]),
        f"{row}{parts[1]}-{parts[2]}" if len(parts) > 2 else "",
        parts[-1],
        parts[0],
    ]
    return next((one for one in tries if one in fields), None)
