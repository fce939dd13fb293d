"""Forms of incidents, planned work, and of a period: what people know that the rows don't."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.clients.models import Organisation
from otklik.desk.models import Tag, Ticket
from otklik.sla import penalty
from otklik.sla.penalty import Window
from otklik.sla.uptime.counting import Asked
from otklik.sla.uptime.models import Incident
from otklik.sla.uptime.noting import Told

_FORMATS: Final = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S"]
MOST_FIRMS: Final = 200
Label = Any  # a text, or one that is translated when it is shown


def _moment(label: Label, help_text: Label = "", *, required: bool = False) -> forms.DateTimeField:
    """In the company's zone."""
    return forms.DateTimeField(
        label=label, help_text=help_text, required=required, input_formats=_FORMATS,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1}, format="%Y-%m-%dT%H:%M:%S"),
        error_messages={"invalid": gettext_lazy("Не разобрали время. Оно выглядит так: 24.11.2026 14:30.")},
    )  # fmt: skip


class IncidentForm(forms.Form):
    """What both kinds have. `told()` gives all of it."""

    kind: Incident.Kind
    name = forms.CharField(label=gettext_lazy("Название"), max_length=200)
    told = forms.CharField(
        label=gettext_lazy("Что было"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Название и эти слова прочтёт клиент в отчёте."),
    )  # fmt: skip
    tag = forms.CharField(
        label=gettext_lazy("Услуга, по имени метки"), max_length=60, required=False,
        help_text=gettext_lazy("Пусто — все услуги."),
    )  # fmt: skip
    organisations = forms.CharField(
        label=gettext_lazy("Кого коснулось"), max_length=20_000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("По названию организации на строку. Пусто — всех."),
    )  # fmt: skip
    ticket = forms.IntegerField(label=gettext_lazy("Номер запроса"), min_value=1, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def told_of(self) -> Told:
        words = {name: one for name, one in self.cleaned_data.items() if name != "seen"}
        return Told(**{**words, "kind": self.kind})

    def clean_tag(self) -> Tag | None:
        name = " ".join(self.cleaned_data["tag"].lower().split())
        found = Tag.objects.filter(name=name).first() if name else None
        if name and found is None:
            raise ValidationError(_("Метки «%s» нет. Проверьте имя или оставьте поле пустым.") % name[:60])
        return found

    def clean_organisations(self) -> tuple[Organisation, ...]:
        names = list(
            dict.fromkeys(" ".join(line.split()) for line in self.cleaned_data["organisations"].splitlines())
        )
        names = [name for name in names if name]
        if len(names) > MOST_FIRMS:
            raise ValidationError(
                _("Больше %s организаций мы не запишем. Оставьте поле пустым.") % MOST_FIRMS
            )
        return tuple(organisation(name) for name in names)

    def clean_ticket(self) -> Ticket | None:
        number = self.cleaned_data["ticket"]
        found = Ticket.objects.filter(number=number).first() if number and number < 2**63 else None
        if number and found is None:
            raise ValidationError(_("Запроса с таким номером нет."))
        return found


def organisation(name: str) -> Organisation:
    """Raises ValidationError where there is none of that name, or several."""
    some = list(Organisation.objects.filter(name__iexact=name)[:2])
    if not some:
        raise ValidationError(_("Организации «%s» нет. Возьмите название из карточки клиента.") % name[:100])
    if len(some) > 1:
        raise ValidationError(_("Организаций «%s» у нас несколько. Дайте им разные названия.") % name[:100])
    return some[0]


class OutageForm(IncidentForm):
    kind = Incident.Kind.OUTAGE
    began_at = _moment(gettext_lazy("Когда началось"), required=True)
    source = forms.ChoiceField(label=gettext_lazy("Кто заметил первым"), choices=Incident.Source.choices)
    cause = forms.ChoiceField(label=gettext_lazy("Где причина"), choices=Incident.Cause.choices)
    reported_at = _moment(gettext_lazy("Когда сообщил клиент"))
    accepted_at = _moment(gettext_lazy("Когда мы приняли запрос"))
    workaround_at = _moment(gettext_lazy("Когда нашли обходной путь"))
    ended_at = _moment(gettext_lazy("Когда всё исправили"), gettext_lazy("Пусто — перерыв ещё идёт."))
    field_order = (
        "name", "began_at", "ended_at", "source", "cause", "reported_at", "accepted_at", "workaround_at", "tag",
        "organisations", "ticket", "told", "seen",
    )  # fmt: skip


class WorkForm(IncidentForm):
    kind = Incident.Kind.WORK
    announced_at = _moment(gettext_lazy("Когда предупредили клиентов"), required=True)
    window_began_at = _moment(gettext_lazy("Объявленное начало"), required=True)
    window_ended_at = _moment(gettext_lazy("Объявленный конец"), required=True)
    began_at = _moment(gettext_lazy("Когда начали на деле"), gettext_lazy("Пусто — по объявленному времени."))
    ended_at = _moment(gettext_lazy("Когда закончили на деле"))
    field_order = (
        "name", "announced_at", "window_began_at", "window_ended_at", "began_at", "ended_at", "tag", "organisations",
        "ticket", "told", "seen",
    )  # fmt: skip


FORMS: Final[dict[str, type[IncidentForm]]] = {"outage": OutageForm, "work": WorkForm}


def filled(row: Incident) -> dict[str, Any]:
    """What stands in the fields of a row that is corrected. Runs two queries."""
    names = row.organisations.order_by("name").values_list("name", flat=True)
    own = {name: getattr(row, name) for name in FORMS[row.kind].base_fields if hasattr(row, name)}
    return {
        **own, "tag": row.tag.name if row.tag else "", "ticket": row.ticket.number if row.ticket else None,
        "organisations": "\n".join(names), "seen": row.revision,
    }  # fmt: skip


class PeriodForm(forms.Form):
    """Which period of whom, and what only people know of it."""

    window = forms.ChoiceField(label=gettext_lazy("Срок"), required=False)
    organisation = forms.CharField(
        label=gettext_lazy("Организация"), max_length=200, required=False,
        help_text=gettext_lazy("Пусто — считаем то, что коснулось всех."),
    )  # fmt: skip
    share = forms.DecimalField(
        label=gettext_lazy("Какой части платы коснулось, %"), min_value=0, max_value=100, decimal_places=4,
        required=False, localize=True,
    )  # fmt: skip
    hours = forms.DecimalField(
        label=gettext_lazy("Часов работы"), min_value=0, max_value=100_000, decimal_places=2, required=False,
        localize=True,
    )  # fmt: skip
    since_on = forms.DateField(
        label=gettext_lazy("Соглашение действует с"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    last_on = forms.DateField(
        label=gettext_lazy("По какой день"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    asked_on = forms.DateField(
        label=gettext_lazy("Клиент попросил о скидке"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, data: object, windows: list[tuple[str, str]], zone: str) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or None
        self.zone = zone
        self.fields["window"].choices = windows  # type: ignore[attr-defined]  # a ChoiceField

    def clean_organisation(self) -> Organisation | None:
        name = " ".join(self.cleaned_data["organisation"].split())
        return organisation(name) if name else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("since_on"), cleaned.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("Последний день раньше первого."))
        return cleaned

    def asked(self, usual: Asked, fallback: Window) -> Asked:
        """usual: the agreement. Nothing told: as the rows have it."""
        words = self.cleaned_data if self.is_bound and self.is_valid() else {}
        share, last = words.get("share"), words.get("last_on")
        return Asked(
            usual.agreement, penalty.named(words["window"], self.zone) if words.get("window") else fallback,
            words.get("organisation"), Decimal(1) if share is None else share / 100,
            words.get("hours") or Decimal(0), _midnight(words.get("asked_on"), self.zone),
            words.get("since_on"), _day_behind(last),
        )  # fmt: skip


class CorrectionForm(forms.Form):
    note = forms.CharField(label=gettext_lazy("Что изменилось"), max_length=500)
    asked_on = forms.DateField(
        label=gettext_lazy("Клиент попросил о скидке"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Пусто — как в этом расчёте."),
    )  # fmt: skip

    def asked(self, before: Asked) -> Asked:
        """What the account was asked for, with what became known since."""
        day = self.cleaned_data.get("asked_on")
        return replace(before, asked_at=_midnight(day, before.window.zone) or before.asked_at)


def _midnight(day: date | None, zone: str) -> datetime | None:
    """The beginning of the day: who asked on the last one was in time."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC) if day else None


def _day_behind(day: date | None) -> date | None:
    return date.fromordinal(day.toordinal() + 1) if day and day < date.max else None
