"""The few questions of the page: which service, which priority, how sure, by whose hours."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.desk.models import Tag, Ticket
from otklik.sla.advice.subjects import SHARES, USUAL_SHARE, Subject
from otklik.sla.models import Agreement

MOST_TAGS: Final = 300
SURE: Final = {
    85: gettext_lazy("в 17 из 20"),
    90: gettext_lazy("в 9 из 10"),
    95: gettext_lazy("в 19 из 20"),
}  # fmt: skip


class AskForm(forms.Form):
    """Whatever is left out is as usual."""

    what = forms.ChoiceField(
        label=gettext_lazy("Что обещаем"), required=False,
        choices=[("response", gettext_lazy("первый ответ")), ("resolution", gettext_lazy("решение"))],
    )  # fmt: skip
    tag = forms.TypedChoiceField(label=gettext_lazy("Услуга"), required=False, coerce=int, empty_value=None)
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Важность"), coerce=int, choices=Ticket.Priority.choices[::-1]
    )  # fmt: skip
    share = forms.TypedChoiceField(
        label=gettext_lazy("Насколько уверенно"), coerce=int, choices=[(share, SURE[share]) for share in SHARES]
    )  # fmt: skip
    agreement = forms.ModelChoiceField(
        label=gettext_lazy("По часам соглашения"),
        required=False,
        empty_label=None,
        queryset=Agreement.objects.none(),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Минут на один ответ"), required=False, min_value=1, max_value=480,
        help_text=gettext_lazy("Пусто — возьмём из журнала."),
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None, usual: Agreement) -> None:
        """usual: whose hours count where nobody chose. What is missing is as usual, so that the form shows it."""
        first = {"what": "response", "priority": 1, "share": USUAL_SHARE, "agreement": usual.pk}
        super().__init__({**first, **(data or {})}, auto_id="ask_%s")
        self.usual = usual
        standing = Agreement.objects.filter(ended_at=None).select_related("calendar")
        agreements: forms.ModelChoiceField[Agreement] = self.fields["agreement"]  # type: ignore[assignment]
        agreements.queryset = standing.order_by("-is_default", "rank", "name")
        tags = dict(Tag.objects.values_list("pk", "name")[:MOST_TAGS])
        asked = str(self.data.get("tag") or "")
        if asked.isascii() and asked.isdigit() and len(asked) < 19 and int(asked) not in tags:
            tags.update(Tag.objects.filter(pk=asked).values_list("pk", "name"))
        self.fields["tag"].choices = [("", _("любая")), *tags.items()]  # type: ignore[attr-defined]  # a ChoiceField

    def subject(self) -> Subject:
        """Of a form that is valid."""
        told = self.cleaned_data
        tag = Tag.objects.filter(pk=told["tag"]).first() if told["tag"] else None
        return Subject(tag, told["priority"], "resolution" if told["what"] == "resolution" else "response")

    def agreement_told(self) -> Agreement:
        chosen: Agreement | None = self.cleaned_data["agreement"]
        return chosen or self.usual


class TakeForm(AskForm):
    """The same with what was read, and where it is to go."""

    seen = forms.IntegerField(min_value=1)
    into = forms.ChoiceField(choices=[("this", "this"), ("new", "new")])
