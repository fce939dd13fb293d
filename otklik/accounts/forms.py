"""Forms of signing in. Wrong words are said once for the whole form, never beside the address."""

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from otklik.accounts.models import User

LONGEST_PASSWORD = 1000  # argon2 takes time by length


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


class PasswordForm(forms.Form):
    """A new password, typed once: the field can show it, and a link by mail gives another try."""

    password = forms.CharField(
        label=_("Новый пароль"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        help_text=_("От 10 знаков. Легче всего запомнить несколько слов подряд."),
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
        label=_("Код из окна, где запущен Отклик"),
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
