"""Forms of signing in. Wrong words are said once for the whole form, never beside the address."""

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from otklik.accounts.models import User

LONGEST_PASSWORD = 1000  # argon2 takes time by length
LONGEST_NEW_PASSWORD = 128


class SignInForm(forms.Form):
    email = forms.CharField(
        label=_("Почта"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Пароль"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=_("Почта, с которой вы входите"), max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )  # fmt: skip


class PresentPasswordForm(forms.Form):
    """The present password guards a desk left open. Who comes by a service alone has none to ask for."""

    present = forms.CharField(
        label=_("Нынешний пароль"), max_length=LONGEST_PASSWORD, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip

    def __init__(self, user: User, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or None
        self.user = user
        if not user.has_usable_password():
            del self.fields["present"]

    def clean_present(self) -> str:
        if not self.user.check_password(self.cleaned_data["present"]):
            raise ValidationError(_("Нынешний пароль другой. Проверьте раскладку и Caps Lock."))
        return str(self.cleaned_data["present"])


class CodeForm(forms.Form):
    """The second step of signing in: a code of the app or a recovery code."""

    code = forms.CharField(
        label=_("Код"), max_length=40,
        help_text=_("Шесть цифр из приложения или запасной код."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )  # fmt: skip


class AppForm(PresentPasswordForm):
    code = forms.CharField(
        label=_("Код, который показало приложение"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip
    field_order = ("code", "present")


class CredentialForm(forms.Form):
    """credential: a JSON object of the browser's, as WebAuthn words it."""

    credential = forms.JSONField(widget=forms.HiddenInput)

    def clean_credential(self) -> dict[str, object]:
        told = self.cleaned_data["credential"]
        if not isinstance(told, dict):
            raise ValidationError(_("Браузер прислал не ключ."))
        return told


class KeyForm(PresentPasswordForm, CredentialForm):
    """A new key."""

    name = forms.CharField(
        label=_("Как назвать"), max_length=60, required=False,
        help_text=_("Например: «ноутбук» или «ключ на связке»."),
    )  # fmt: skip
    field_order = ("name", "present", "credential")


class PasswordForm(forms.Form):
    """A new password, typed once: the field can show it, and a link by mail gives another try."""

    password = forms.CharField(
        label=_("Новый пароль"),
        max_length=LONGEST_NEW_PASSWORD,
        strip=False,
        help_text=_("От 12 знаков. Легче всего запомнить несколько слов подряд."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or None
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.user)
        return password


class FirstRunForm(PasswordForm):
    code = forms.CharField(
        label=_("Код из окна, где работает Отклик"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    name = forms.CharField(
        label=_("Ваши имя и фамилия"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Ваша почта"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )

    def clean_password(self) -> str:
        self.user.name, self.user.email = (
            self.cleaned_data.get("name", ""),
            self.cleaned_data.get("email", ""),
        )
        return super().clean_password()

    field_order = ("code", "name", "email", "password")


class PasskeyForm(CredentialForm):
    """What the key signed, with what it was asked."""

    state = forms.CharField(max_length=2000, widget=forms.HiddenInput)
