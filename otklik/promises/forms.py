"""When the client hears of us next."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from otklik.promises.promising import FURTHEST


class NewsForm(forms.Form):
    """A moment in the company's zone, later than now and within a year."""

    due_at = forms.DateTimeField(
        label=_("Когда напишем клиенту"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": 300}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Клиент сразу увидит это время на своей странице."),
        error_messages={
            "required": _("Выберите день и час."),
            "invalid": _("Не разобрали время. Оно выглядит так: 24.11.2026 14:30."),
        },
    )

    def clean_due_at(self) -> datetime:
        due_at: datetime = self.cleaned_data["due_at"]
        now = timezone.now()
        if due_at <= now:
            raise ValidationError(_("Это время уже прошло. Выберите время в будущем."))
        if due_at > now + FURTHEST:
            raise ValidationError(_("Это дальше года. Выберите время, которое клиент дождётся."))
        return due_at


class MoveNewsForm(NewsForm):
    """Another time for the next news: what is being done, and whether a letter that says so is drafted."""

    reason = forms.CharField(
        label=_("Что сейчас делаем"),
        required=False,
        max_length=300,
        help_text=_("Одно предложение для клиента: «Проверяем счёт в банке»."),
    )
    word = forms.BooleanField(label=_("Подготовить письмо клиенту"), required=False)


class PromiseForm(NewsForm):
    """The same for something that we promised to do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own
        super().__init__(*args, **kwargs)
        self.fields["due_at"].label = _("К какому времени сделаем")
        self.fields["due_at"].help_text = ""


class MovePromiseForm(PromiseForm):
    """Another time for a promise: why, and the word to the client."""

    reason = forms.CharField(
        label=_("Почему не успеваем"),
        max_length=300,
        help_text=_("Одно предложение для клиента: «Ждём ответа банка»."),
        error_messages={"required": _("Скажите, почему: клиент об этом спросит.")},
    )
    word = forms.BooleanField(label=_("Подготовить письмо клиенту"), required=False, initial=True)


class NotedPromiseForm(PromiseForm):
    """What was promised by telephone or in person."""

    action = forms.CharField(
        label=_("Что обещали"),
        max_length=300,
        help_text=_("Словами, которые слышал клиент: «Пришлём акт за октябрь»."),
        error_messages={"required": _("Напишите, что обещали клиенту.")},
    )
    field_order = ("action", "due_at")
