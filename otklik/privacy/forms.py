"""What people fill in on the pages of personal data."""

from datetime import datetime, time
from typing import TYPE_CHECKING

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from otklik.clients.models import Consent
from otklik.privacy.models import Erasure, Keeping


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(label=_("На что согласие"), choices=Consent.Purpose.choices)
    door = forms.ChoiceField(label=_("Как получили"), choices=Consent.Door.choices)
    given_on = forms.DateField(
        label=_("Когда"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    version = forms.CharField(
        label=_("Версия текста"),
        max_length=40,
        required=False,
        help_text=_("Например: «2026-1». Можно не заполнять."),
    )
    text = forms.CharField(
        label=_("Текст согласия"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Слово в слово, как его видел клиент."),
    )  # fmt: skip

    def clean_given_on(self) -> datetime:
        day = self.cleaned_data["given_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Этот день ещё не наступил. Укажите, когда клиент согласился."))
        return timezone.make_aware(datetime.combine(day, time()))


class EraseForm(forms.Form):
    ground = forms.ChoiceField(label=_("Основание"), choices=Erasure.Ground.choices)
    wide = forms.BooleanField(label=_("Убрать имя и там, где так могут звать другого"), required=False)
    typed = forms.CharField(label=_("Имя клиента"), max_length=500)

    def __init__(self, *args: object, name: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Form's own
        self._name = name

    def clean_typed(self) -> str:
        typed = " ".join(str(self.cleaned_data["typed"]).split())
        if typed.casefold() != " ".join(self._name.split()).casefold():
            raise forms.ValidationError(_("Имя не совпало. Впишите его так, как оно стоит выше."))
        return typed


if TYPE_CHECKING:
    _KeepingForm = forms.ModelForm[Keeping]
else:
    _KeepingForm = forms.ModelForm


class KeepingForm(_KeepingForm):
    class Meta:
        model = Keeping
        fields = ("closed", "spam", "looks", "drafts", "exports")
        help_texts = {
            "closed": _(
                "Дней после последнего слова. Письма, заметки и файлы стираем, сам запрос со сроками остаётся."
            ),
            "spam": _("Дней. Спам удаляем целиком."),
            "looks": _("Дней, от 30. 1095 — это три года: столько живёт срок давности."),
            "drafts": _("Дней с последней правки."),
            "exports": _("Дней, от 1 до 90. Потом файл удаляем."),
        }
