"""Fields of an agreement's page for its money: how availability is counted, what credits it gives, what is paid."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.sla import money_words, wording
from otklik.sla.terms import Terms

Label = Any  # a text, or one that is translated when it is shown
COUNTING: Final = (
    "uptime-window", "uptime-service", "uptime-planned", "uptime-begins", "uptime-workaround", "uptime-except",
)  # fmt: skip
CREDITS: Final = (
    "credits-kind", "credits-steps", "credits-rate", "credits-rounding", "credits-base", "credits-sum", "credits-cap",
    "credits-least", "credits-claim_windows", "credits-claim_days",
)  # fmt: skip
_NUMBERS: Final = ("rate", "sum", "cap", "least", "claim_windows", "claim_days")


class LadderField(forms.CharField):
    """«ниже 95 — 10», a line each → steps. Empty: no penalties."""

    def __init__(self, **rest: Any) -> None:  # Any: CharField's own
        super().__init__(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), **rest)

    def to_python(self, value: object) -> list[dict[str, float]]:  # type: ignore[override]  # steps for a text
        lines = [line for line in str(value or "").splitlines() if line.strip()]
        return [_step(line) for line in lines]

    def prepare_value(self, value: object) -> object:
        if isinstance(value, (list, tuple)):
            return "\n".join(
                f"{wording.decimal(below)} — {wording.decimal(credit)}" for below, credit in value
            )
        return value

    def run_validators(self, value: object) -> None:
        """Checked by sla.terms."""


def _step(line: str) -> dict[str, float]:
    """«ниже 95 % — 10 %». Raises ValidationError."""
    plain = line.lower().replace("%", " ").replace("ниже", " ").replace("below", " ").replace(",", ".")
    parts = plain.replace("—", " ").replace("–", " ").split()
    try:
        below, credit = (float(part) for part in parts)
    except ValueError:
        raise ValidationError(
            _("Строка «%s» непонятна. Напишите так: 95 — 10.") % line.strip()[:60]
        ) from None
    return {"below": below, "credit": credit}


def number(label: Label, *, most: int, least: int = 0, help_text: Label = "") -> forms.DecimalField:
    """Not required: an empty one is not agreed, or stays as usual."""
    field = forms.DecimalField(
        label=label, min_value=least, max_value=most, decimal_places=4, max_digits=17, required=False,
        help_text=help_text, localize=True,
    )  # fmt: skip
    field.widget.attrs["inputmode"] = "decimal"
    return field


def _choice(label: Label, words: Mapping[str, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(words.items()), required=False)


def fields() -> dict[str, forms.Field]:
    """By names that faults of the terms find: «uptime.planned» is at «uptime-planned»."""
    causes = {name: words for name, words in money_words.CAUSES.items() if name != "ours"}
    return {
        "uptime-window": _choice(gettext_lazy("Доступность считаем"), money_words.WINDOWS),
        "uptime-service": _choice(gettext_lazy("Услуга должна работать"), money_words.SERVICE),
        "uptime-planned": _choice(gettext_lazy("Плановые работы"), money_words.PLANNED),
        "uptime-begins": _choice(gettext_lazy("Перерыв начинается"), money_words.BEGINS),
        "uptime-workaround": _choice(gettext_lazy("Перерыв кончается"), money_words.ENDS),
        "uptime-except": forms.MultipleChoiceField(
            label=gettext_lazy("Не считаем перерыв, если причина"), choices=list(causes.items()), required=False,
            widget=forms.CheckboxSelectMultiple,
        ),
        "credits-kind": _choice(gettext_lazy("Как считаем скидку за перерывы"), money_words.KINDS),
        "credits-steps": LadderField(
            label=gettext_lazy("Ступени доступности"),
            help_text=gettext_lazy("По строке на ступень: доступность и скидка, 99,9 — 10."),
        ),
        "credits-rate": number(
            gettext_lazy("Сколько процентов или дней"), most=366,
            help_text=gettext_lazy("Для скидки за час или сразу. У ступеней проценты свои."),
        ),
        "credits-rounding": _choice(gettext_lazy("Часы перерыва"), money_words.ROUNDINGS),
        "credits-base": _choice(gettext_lazy("От чего скидка"), money_words.BASES),
        "credits-sum": number(gettext_lazy("Отдельная сумма, ₽"), most=10**12),
        "credits-cap": number(gettext_lazy("Скидка за перерывы не больше, %"), most=100),
        "credits-least": number(gettext_lazy("Скидку даём, если она больше, ₽"), most=10**12),
        "credits-claim_windows": number(
            gettext_lazy("Сколько месяцев, кварталов или лет ждём просьбы о скидке"), most=12,
            help_text=gettext_lazy("Оба поля пустые — просить не нужно, скидка будет в счёте сама."),
        ),
        "credits-claim_days": number(gettext_lazy("И сколько дней сверх того"), most=366),
    }  # fmt: skip


def initial(terms: Terms) -> dict[str, Any]:
    how, agreed = terms.uptime, terms.credits
    told = {
        f"credits-{name}": wording.decimal(one) if (one := getattr(agreed, name)) else "" for name in _NUMBERS
    }
    return {
        **told, "uptime-window": how.window, "uptime-service": how.service, "uptime-planned": how.planned,
        "uptime-begins": how.begins, "uptime-workaround": money_words.end_of(how),
        "uptime-except": sorted(how.excluded), "credits-kind": agreed.kind, "credits-steps": agreed.steps,
        "credits-rounding": agreed.rounding, "credits-base": agreed.base,
        "credits-cap": wording.decimal(agreed.cap),
    }  # fmt: skip


def spec(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of sla.terms_money; what was left empty is as usual."""
    names = ("window", "service", "planned", "begins")
    how = {name: one for name in names if (one := cleaned[f"uptime-{name}"])}
    if end := cleaned["uptime-workaround"]:
        how["workaround"] = end == "workaround"
    agreed = {name: one for name in ("kind", "rounding", "base") if (one := cleaned[f"credits-{name}"])}
    numbers = {name: _json(one) for name in _NUMBERS if (one := cleaned[f"credits-{name}"]) is not None}
    return {
        "uptime": {**how, "except": cleaned["uptime-except"]},
        "credits": {**agreed, **numbers, "steps": cleaned["credits-steps"]},
    }


def _json(value: Any) -> float:
    """Any: a Decimal of a form."""
    return int(value) if value == int(value) else float(value)
