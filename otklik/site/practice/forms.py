"""What a visitor types in the practice mailbox."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from otklik.channels.models import Box
from otklik.clients.models import Identity
from otklik.site.demo.mailers import Paper
from otklik.site.practice.posting import Client, Written

MOST_FILES = 5
MOST_BYTES = 20 * 2**20


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class ClientForm(forms.Form):
    """Whose mailbox is open: an address, known or new."""

    client = forms.EmailField(
        label=_("Адрес клиента"), max_length=254, widget=forms.EmailInput(attrs={"list": "practice-known"})
    )
    name = forms.CharField(label=_("Имя, если клиент новый"), max_length=120, required=False)

    def clean_client(self) -> str:
        address: str = self.cleaned_data["client"].strip().lower()
        if not address.isascii():
            raise forms.ValidationError(_("В адресе есть русские буквы, нужны латинские."))
        if Box.objects.filter(address=address).exists():
            raise forms.ValidationError(_("Это адрес самой компании, возьмите адрес клиента."))
        return address

    def who(self) -> Client:
        """Call after is_valid(). A known client writes under the name the desk knows."""
        address = self.cleaned_data["client"]
        known = Identity.objects.filter(value=address).values_list("name", flat=True).first()
        typed = " ".join(self.cleaned_data["name"].split())
        return Client(address, typed or known or "")


class LetterForm(forms.Form):
    """A letter of the client."""

    to = forms.ChoiceField(label=_("Кому"))
    subject = forms.CharField(label=_("Тема"), max_length=500, required=False)
    text = forms.CharField(label=_("Письмо"), widget=forms.Textarea(attrs={"rows": 6}), max_length=100_000)
    papers = forms.FileField(label=_("Файлы"), required=False, widget=Files(attrs={"multiple": True}))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Form's own arguments, passed on
        boxes = Box.objects.filter(mode=Box.Mode.ANSWER).order_by("pk").values_list("address", "name")
        self.fields["to"].choices = [  # type: ignore[attr-defined]  # a ChoiceField's
            (address, name or address) for address, name in boxes
        ]

    def clean_papers(self) -> None:
        files = self.files.getlist("papers") if self.files else []
        if len(files) > MOST_FILES or sum(one.size or 0 for one in files) > MOST_BYTES:
            raise forms.ValidationError(_("Можно до 5 файлов, вместе до 20 МБ."))

    def written(self, *, broken: bool) -> Written:
        """Call after is_valid()."""
        words = self.cleaned_data
        papers = tuple(
            Paper(one.name or "файл", one.content_type or "application/octet-stream", one.read())
            for one in (self.files.getlist("papers") if self.files else [])
        )
        return Written(words["to"], words["subject"], words["text"], papers, broken=broken)
