"""Small forms of an agreement's page: its name and place, whom it covers, a tariff's name, who has it."""

from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.clients.models import Client, Organisation, Tariff
from otklik.desk.models import Tag, Ticket
from otklik.sla.agreeing import HIGHEST_RANK, Covered
from otklik.sla.models import Calendar

KINDS: Final = {
    "tariff": gettext_lazy("Тариф"), "organisation": gettext_lazy("Организация"),
    "client": gettext_lazy("Клиент, по адресу почты"), "tag": gettext_lazy("Метка"),
}  # fmt: skip


class TierForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Название"), max_length=120)
    rank = forms.IntegerField(
        label=gettext_lazy("Ступень"), min_value=1, max_value=HIGHEST_RANK, initial=2,
        help_text=gettext_lazy("Чем она выше, тем быстрее ответ и тем больше плата."),
    )  # fmt: skip


class NewTierForm(TierForm):
    calendar = forms.ModelChoiceField(
        label=gettext_lazy("По каким часам считаем"), queryset=Calendar.objects.none(), empty_label=None
    )

    def __init__(self, *args: object, **rest: object) -> None:
        super().__init__(*args, **rest)  # type: ignore[arg-type]  # Form's own
        calendars: forms.ModelChoiceField[Calendar] = self.fields["calendar"]  # type: ignore[assignment]
        calendars.queryset = Calendar.objects.order_by("-is_default", "name")


class NameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Название"), max_length=120)


class CoverForm(forms.Form):
    """Whom an agreement covers, found by what people call them."""

    kind = forms.ChoiceField(label=gettext_lazy("Кому"), choices=list(KINDS.items()))
    who = forms.CharField(label=gettext_lazy("Название, имя метки или адрес"), max_length=320)
    priorities = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Только запросы такой важности"), choices=Ticket.Priority.choices, coerce=int,
        required=False, widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("Ни одной — любые."),
    )  # fmt: skip

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        kind, who = cleaned.get("kind"), " ".join(str(cleaned.get("who") or "").split())
        if kind and who:
            try:
                cleaned["whom"] = found(str(kind), who)
            except ValidationError as fault:
                self.add_error("who", fault)
        return cleaned


def found(kind: str, who: str) -> Covered:
    """Raises ValidationError where there is none of that name, or several."""
    some = _named(kind, who)
    if not some:
        raise ValidationError(
            _("Не нашли «%s». Проверьте, как это называется в карточке клиента.") % who[:100]
        )
    if len(some) > 1:
        raise ValidationError(_("«%s» у нас несколько. Возьмите клиента по адресу почты.") % who[:100])
    return some[0]


def _named(kind: str, who: str) -> list[Covered]:
    """Two at most."""
    if kind == "tariff":
        return [*Tariff.objects.filter(name__iexact=who)[:2]]
    if kind == "organisation":
        return [*Organisation.objects.filter(name__iexact=who)[:2]]
    if kind == "tag":
        return [*Tag.objects.filter(name=who.lower())[:2]]
    return [*Client.objects.filter(identities__value=who.lower()).distinct()[:2]]


class TariffOfForm(forms.Form):
    """The tariff of a request's client, or of their organisation."""

    whose = forms.ChoiceField(label=gettext_lazy("Чей тариф"), choices=[])
    tariff = forms.ModelChoiceField(
        label=gettext_lazy("Тариф"),
        queryset=Tariff.objects.all(),
        required=False,
        empty_label=gettext_lazy("без тарифа"),
    )

    def __init__(self, data: object, ticket: Ticket) -> None:
        held = ticket.organisation or ticket.client
        initial = {"whose": "organisation" if ticket.organisation_id else "client", "tariff": held.tariff_id}
        super().__init__(data, initial=initial)  # type: ignore[arg-type]  # a QueryDict or None
        self.ticket = ticket
        choices = [("client", _("только у этого клиента: %s") % ticket.client.name)]
        if ticket.organisation:
            choices.insert(0, ("organisation", _("у всей организации: %s") % ticket.organisation.name))
        self.fields["whose"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def whom(self) -> Client | Organisation:
        if self.cleaned_data["whose"] == "organisation" and self.ticket.organisation:
            return self.ticket.organisation
        return self.ticket.client
