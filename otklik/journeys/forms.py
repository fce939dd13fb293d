"""What the client's page takes. Hostile values are the usual case here: the address is open to the world."""

import re
import uuid
from collections.abc import Sequence

from django import forms
from django.core.files.uploadedfile import UploadedFile as File
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

LONGEST_TEXT = 50_000
MOST_FILES = 10
MOST_BYTES = 25 * 2**20
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class _ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class _Files(forms.FileField):
    """Several files of one field; at most MOST_FILES and MOST_BYTES together."""

    widget = _ManyFiles

    def clean(self, data: object, _initial: object = None) -> Sequence["File[bytes]"]:
        chosen = data if isinstance(data, list) else [data]
        files = [file for file in chosen if isinstance(file, File)]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                ngettext_lazy(
                    "Мы принимаем до %(n)d файла за раз. Отправьте остальные следующим сообщением.",
                    "Мы принимаем до %(n)d файлов за раз. Отправьте остальные следующим сообщением.",
                    MOST_FILES,
                ) % {"n": MOST_FILES}
            )  # fmt: skip
        if sum(file.size or 0 for file in files) > MOST_BYTES:
            raise forms.ValidationError(
                _("Файлы вместе больше 25 МБ. Отправьте их по одному или сожмите в архив.")
            )
        return files


class _Words(forms.CharField):
    """Text as people paste it: a NUL of a broken clipboard is dropped, the words stay."""

    widget = forms.Textarea

    def to_python(self, value: object) -> str:
        return super().to_python(str(value or "").replace("\0", "")) or ""


class WriteForm(forms.Form):
    """Words or files or both. key: made with the form; the same one twice is one message."""

    text = _Words(required=False)
    attached = _Files(required=False)
    key = forms.CharField(required=False, max_length=64)

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n")
        if len(text) > LONGEST_TEXT:
            raise forms.ValidationError(_("В тексте больше 50 000 знаков. Пришлите его файлом."))
        return text

    def clean_key(self) -> str:
        """A key of ours, or a new one in place of anything else: the message matters more than its key."""
        try:
            return uuid.UUID(self.cleaned_data["key"]).hex
        except ValueError:
            return uuid.uuid4().hex

    def clean(self) -> None:
        if not self.errors and not self.cleaned_data["text"] and not self.cleaned_data["attached"]:
            self.add_error("text", _("Напишите хотя бы слово или приложите файл."))


class CodeForm(forms.Form):
    code = forms.CharField(max_length=40)


class NowForm(forms.Form):
    """What an agent says is being done; nothing takes the line away."""

    words = _Words(
        label=_("Клиент прочтёт слово в слово"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": _("Анна проверяет счёт")}),
        help_text=_("Кто и что делает, одной строкой. Пусто — покажем слова по статусу запроса."),
        error_messages={"max_length": _("Строка длиннее 200 знаков. Оставьте главное.")},
    )


class GiftForm(forms.Form):
    """What the client gets beyond what they asked for, in their words."""

    words = _Words(
        label=_("Что дарим"),
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": _("Месяц хостинга бесплатно")}),
        help_text=_("Клиент прочтёт это на своей странице: «Подарок для вас»."),
        error_messages={
            "required": _("Напишите, что дарите."),
            "max_length": _("Строка длиннее 200 знаков. Оставьте главное."),
        },
    )
    word = forms.BooleanField(label=_("Добавить в письмо клиенту"), required=False, initial=True)


class AskForm(forms.Form):
    address = forms.EmailField(
        label=_("Ваша почта"),
        max_length=320,
        error_messages={
            "required": _("Напишите адрес, с которого вы нам писали."),
            "invalid": _("Адрес выглядит так: anna@example.ru. Проверьте его."),
        },
    )
    token = forms.CharField(required=False, max_length=60)


def safe_name(name: str) -> str:
    """A file's name without control and direction marks, at most 255 characters; «файл» when nothing is left."""
    return _UNSAFE.sub("", name).strip()[-255:] or str(_("файл"))
