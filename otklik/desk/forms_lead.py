"""What a lead decides about people: who gets a colleague's requests, who is away until when."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from otklik.accounts.models import User
from otklik.desk.forms import PastedField
from otklik.desk.models import HandOver
from otklik.staff.models import Profile


def _day(label: object, *, required: bool, help_text: object = "") -> forms.DateField:
    return forms.DateField(
        label=label,  # type: ignore[arg-type]  # a lazy translation
        required=required,
        help_text=help_text,  # type: ignore[arg-type]  # the same
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={
            "required": _("Укажите последний день отсутствия."),
            "invalid": _("Не разобрали день. Он выглядит так: 24.11.2026."),
        },
    )


class HandOverAllForm(forms.Form):
    """people: who may be chosen. Nobody chosen is fine only with «в очередь»."""

    way = forms.ChoiceField(choices=[("people", ""), ("queue", "")], initial="people", required=False)
    to = forms.TypedMultipleChoiceField(coerce=int, required=False)
    reason = forms.ChoiceField(label=_("Почему"), choices=HandOver.Reason.choices, widget=forms.RadioSelect)
    until = _day(
        _("Последний день отсутствия"),
        required=False,
        help_text=_("Новые запросы сотрудник снова получит на следующий день. Не знаете — оставьте пустым."),
    )
    words = PastedField(
        label=_("Что важно знать тем, кто возьмёт запросы"),
        required=False,
        max_length=300,
        help_text=_("Прочтут только коллеги, в заметке каждого запроса."),
        error_messages={"max_length": _("Больше 300 знаков. Оставьте главное.")},
    )

    def __init__(
        self, sent: QueryDict | None = None, *, people: Sequence[User], until: date | None = None
    ) -> None:
        way = "people" if people else "queue"
        super().__init__(sent, initial={"reason": HandOver.Reason.ILL, "way": way, "until": until})
        self._people = {one.pk: one for one in people}
        to = self.fields["to"]
        assert isinstance(to, forms.TypedMultipleChoiceField)  # noqa: S101 - declared above
        to.choices = [(pk, one.name) for pk, one in self._people.items()]
        to.error_messages["invalid_choice"] = _("Кто-то из отмеченных сейчас не может взять запросы.")

    @property
    def chosen(self) -> list[int]:
        """As it was sent, for the boxes of the page."""
        sent = self.data.getlist("to") if isinstance(self.data, QueryDict) else []
        return [int(one) for one in sent if one.isascii() and one.isdigit()]

    @property
    def takers(self) -> list[User]:
        """Once valid: who gets them; nobody is the queue."""
        if self.cleaned_data["way"] == "queue":
            return []
        return [self._people[pk] for pk in self.cleaned_data["to"]]

    def clean(self) -> dict[str, object]:
        held = super().clean() or {}
        if held.get("way") != "queue" and not held.get("to") and "to" not in self.errors:
            self.add_error(
                "to", ValidationError(_("Отметьте, кто возьмёт запросы, или верните их в очередь."))
            )
        return held


class AbsenceForm(forms.Form):
    until = _day(_("Последний день отсутствия"), required=True)
    stand_in = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Кто замещает"),
        required=False,
        empty_label=_("никто"),
        help_text=_("К нему вернутся решённые запросы, если клиент напишет снова."),
    )

    def __init__(
        self, sent: QueryDict | None = None, *, people: Sequence[User], absent: Profile | None
    ) -> None:
        now = {"until": absent.away_until, "stand_in": absent.stand_in} if absent else {}
        super().__init__(sent, initial=now)
        field = self.fields["stand_in"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = User.objects.filter(pk__in=[one.pk for one in people]).order_by("name")
