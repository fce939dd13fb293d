"""Forms of the boxes' pages."""

import re
from collections.abc import Mapping

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from otklik.channels.connecting import SERVER_FIELDS, Servers
from otklik.channels.email import finding, presets
from otklik.channels.email.presets import Preset, Server
from otklik.channels.intake import charsets
from otklik.channels.models import Box
from otklik.staff.models import Team

_HOST = RegexValidator(
    r"^[A-Za-zА-Яа-яЁё0-9]([\w.-]*[A-Za-zА-Яа-яЁё0-9])?$", _("Имя сервера выглядит так: imap.firma.ru")
)
_AUTO = ""
HISTORY = ((0, _("Не брать старые письма")), (30, _("За 30 дней")), (90, _("За 90 дней")), (365, _("За год")))


_ADDRESS = RegexValidator(
    r"^[^\s@<>\"(),:;\\\[\]]{1,64}@([\w-]{1,63}\.)+[\w-]{2,63}$", _("Адрес выглядит так: help@firma.ru")
)  # letters of any script: «почта@фирма.рф»


class AddressField(forms.CharField):
    def __init__(self, label: object, **fields: object) -> None:
        widget = forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off", "spellcheck": "false"})
        super().__init__(label=label, max_length=254, validators=[_ADDRESS], widget=widget, **fields)  # type: ignore[arg-type]  # a lazy label, CharField's own fields

    def clean(self, value: object) -> str:
        return str(super().clean(str(value or "").strip().lower()))


class ServersForm(forms.Form):
    """Where a mailbox is read and where its letters leave."""

    imap_host = forms.CharField(
        label=_("Сервер входящих (IMAP)"), max_length=253, required=False, validators=[_HOST]
    )
    imap_port = forms.IntegerField(label=_("Порт"), min_value=1, max_value=65535, initial=993, required=False)
    imap_security = forms.ChoiceField(label=_("Шифрование"), choices=Box.Security.choices, required=False)
    smtp_host = forms.CharField(
        label=_("Сервер исходящих (SMTP)"), max_length=253, required=False, validators=[_HOST]
    )
    smtp_port = forms.IntegerField(label=_("Порт"), min_value=1, max_value=65535, initial=465, required=False)
    smtp_security = forms.ChoiceField(label=_("Шифрование"), choices=Box.Security.choices, required=False)
    username = forms.CharField(
        label=_("Имя для входа"), max_length=254, required=False, help_text=_("Если отличается от адреса.")
    )

    def servers(self) -> Servers:
        words = self.cleaned_data
        return Servers(
            Server(words["imap_host"], words["imap_port"] or 993, words["imap_security"] or "tls"),
            Server(words["smtp_host"], words["smtp_port"] or 465, words["smtp_security"] or "tls"),
            words["username"],
        )


class BoxServersForm(ServersForm):
    """The servers of a box that is known."""

    imap_host = forms.CharField(label=_("Сервер входящих (IMAP)"), max_length=253, validators=[_HOST])

    def __init__(self, box: Box, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data, initial={name: getattr(box, name) for name in SERVER_FIELDS})


class OutgoingForm(forms.Form):
    """Where the answers of a door's address leave."""

    smtp_host = forms.CharField(label=_("Сервер исходящих (SMTP)"), max_length=253, validators=[_HOST])
    smtp_port = forms.IntegerField(label=_("Порт"), min_value=1, max_value=65535, initial=465)
    smtp_security = forms.ChoiceField(label=_("Шифрование"), choices=Box.Security.choices)
    username = forms.CharField(
        label=_("Имя для входа"), max_length=254, required=False, help_text=_("Если отличается от адреса.")
    )
    secret = forms.CharField(
        label=_("Пароль"), max_length=500, required=False, strip=True,
        help_text=_(
            "Оставьте пустым, если сервер пускает без пароля или сервер, порт, шифрование, имя и пароль прежние."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=True),
    )  # fmt: skip


class AddressForm(ServersForm):
    """The first step. A known service needs no more than an address and a password."""

    address = AddressField(_("Адрес ящика"))
    preset = forms.ChoiceField(
        label=_("Где живёт почта"),
        required=False,
        help_text=_(
            "Почта вашего домена может жить на Яндексе, VK, Google или Microsoft: тогда выберите их."
        ),
    )
    secret = forms.CharField(
        label=_("Пароль приложения"),
        max_length=500,
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=True),
        help_text=_(
            "Обычный пароль почты не подойдёт: где взять пароль приложения, подскажем на следующем шаге."
        ),
    )
    field_order = ("address", "preset", "secret")

    def __init__(
        self, data: Mapping[str, object] | None = None, initial: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        choice = self.fields["preset"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - declared above
        choice.choices = [(_AUTO, _("Определить по адресу")), *((one.key, one.name) for one in presets.ALL)]

    def clean(self) -> dict[str, object]:
        words = super().clean() or self.cleaned_data
        address = str(words.get("address", ""))
        if not address or self.errors:
            return words
        chosen = presets.by_key(words["preset"]) if words.get("preset") else presets.guess(address)
        self.chosen: Preset = chosen or presets.OWN
        if self.chosen.imap is None and not words.get("imap_host"):
            self._find(words, address)
        return words

    def _find(self, words: dict[str, object], address: str) -> None:
        found = finding.find(address)
        if found.imap is None:
            self.add_error(
                "imap_host",
                _(
                    "Мы не нашли сервер почты по имени домена. Впишите его имя: его знает администратор почты."
                ),
            )
            return
        words["imap_host"], words["imap_port"], words["imap_security"] = (
            found.imap.host, found.imap.port, found.imap.security,
        )  # fmt: skip
        if found.smtp and not words.get("smtp_host"):
            words["smtp_host"], words["smtp_port"], words["smtp_security"] = (
                found.smtp.host, found.smtp.port, found.smtp.security,
            )  # fmt: skip

    def servers(self) -> Servers:
        """The service's own servers, unless some were typed."""
        typed = super().servers()
        imap = typed.imap if typed.imap.host else self.chosen.imap or typed.imap
        smtp = typed.smtp if typed.smtp.host else self.chosen.smtp or typed.smtp
        return Servers(imap, smtp, typed.username)


class SecretForm(forms.Form):
    secret = forms.CharField(label=_("Пароль приложения"), max_length=500, strip=True)


class GrantForm(forms.Form):
    client_id = forms.CharField(label=_("Идентификатор приложения (Client ID)"), max_length=500)
    client_secret = forms.CharField(
        label=_("Секрет приложения"),
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class HistoryForm(forms.Form):
    history_days = forms.TypedChoiceField(
        label=_("Старые письма"), choices=HISTORY, coerce=int, widget=forms.RadioSelect
    )


class AnswerForm(forms.Form):
    """The last step, and the settings of a box later."""

    team = forms.ModelChoiceField(
        label=_("Кто отвечает"), queryset=Team.objects.all(), empty_label=None,
        help_text=_("Запросы из этого ящика увидит эта команда."),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Имя отправителя"), max_length=120, required=False,
        help_text=_("Его клиент увидит рядом с адресом, например «Поддержка „Пример“»."),
    )  # fmt: skip
    answers = forms.TypedChoiceField(
        label=_("Что делает ящик"),
        choices=(
            ("", _("Только смотрит: читает письма, клиентам не отправляет ничего")),
            ("1", _("Отвечает: подтверждает получение и отправляет ответы сотрудников")),
        ),
        coerce=bool,
        required=False,
        widget=forms.RadioSelect,
    )
    copies = forms.BooleanField(
        label=_("Присылать в этот ящик копию каждого нашего письма — так Отклик узнаёт, что письмо ушло"),
        required=False,
        help_text=_(
            "Нужно там, где почта сама не хранит отправленное: после обрыва связи видно, дошло ли письмо."
        ),
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if re.search(r"[\r\n<>\"]", name):
            raise forms.ValidationError(_('В имени не бывает кавычек " и скобок < >.'))
        return name


class BoxForm(AnswerForm):
    """The settings of a box that is connected."""

    authserv_id = forms.CharField(
        label=_("Чьим проверкам отправителя верим"), max_length=253, required=False,
        validators=[RegexValidator(r"^[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?$", _("Имя сервера выглядит так: mx.firma.ru"))],
        help_text=_(
            "Имя, которым ваш почтовый сервер подписывает заголовок Authentication-Results. Впишите его, если сервер "
            "удаляет такой заголовок из чужих писем. Пусто: верим Яндексу, VK, Google и Microsoft, если почта там, "
            "и больше никому."
        ),
    )  # fmt: skip


class DoorForm(AnswerForm):
    address = AddressField(
        _("Адрес"), help_text=_("На него ваш почтовый сервер передаёт письма по SMTP или LMTP.")
    )
    field_order = ("address", "name", "team", "answers", "copies")


class RereadForm(forms.Form):
    charset = forms.ChoiceField(
        label=_("Кодировка"), required=False,
        choices=[("", _("как сказано в письме")), *((name, name) for name in charsets.CHOICES)],
    )  # fmt: skip


class ModeForm(forms.Form):
    mode = forms.ChoiceField(choices=Box.Mode.choices)
