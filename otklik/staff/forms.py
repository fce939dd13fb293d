"""Forms about the people who work here, their teams and the company."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from otklik.accounts.forms import LONGEST_PASSWORD, PresentPasswordForm
from otklik.accounts.models import OwnRole, User
from otklik.accounts.rights import Right
from otklik.staff.models import Company, Profile, Team

if TYPE_CHECKING:  # only the stubs know of a form's model
    _OfProfile = forms.ModelForm[Profile]
    _OfTeam = forms.ModelForm[Team]
    _OfRole = forms.ModelForm[OwnRole]
    _OfCompany = forms.ModelForm[Company]
else:
    _OfProfile = _OfTeam = _OfRole = _OfCompany = forms.ModelForm

NO_NAME = _("Напишите имя: его прочтут клиенты.")


class MeForm(_OfProfile):
    """What a person decides about themselves."""

    name = forms.CharField(
        label=_("Имя и фамилия"), max_length=120, help_text=_("Так вас видят клиенты и коллеги."),
        error_messages={"required": NO_NAME},
    )  # fmt: skip
    theme = forms.ChoiceField(label=pgettext_lazy("look", "Тема"), choices=User.Theme.choices)
    language = forms.ChoiceField(label=_("Язык"), choices=User.Language.choices)

    class Meta:
        model = Profile
        fields = ("position", "speech", "signature", "undo_s", "after_send", "mail_assigned", "mail_answered")
        labels: ClassVar = {
            "speech": _("Как о вас говорить клиенту"),
            "undo_s": _("Секунд на отмену отправки"),
            "after_send": _("Когда ответ отправлен"),
        }
        help_texts: ClassVar = {
            "speech": _(
                "«Анна взяла запрос» или «Борис взял запрос». Не указано — скажем «Запрос ведёт Анна»."
            ),
            "signature": _("Стоит под каждым вашим письмом."),
            "undo_s": _("От 0 до 30. Столько письмо ждёт, пока его ещё можно вернуть."),
        }
        widgets: ClassVar = {"signature": forms.Textarea(attrs={"rows": 3})}
        error_messages: ClassVar = {"undo_s": {"max_value": _("Больше 30 секунд письмо не ждёт.")}}

    field_order = (
        "name", "position", "speech", "signature", "undo_s", "after_send", "mail_assigned", "mail_answered", "theme",
        "language",
    )  # fmt: skip

    def clean_undo_s(self) -> int:
        seconds: int = self.cleaned_data["undo_s"]
        if seconds > 30:
            raise ValidationError(_("Больше 30 секунд письмо не ждёт."))
        return seconds


class OwnPasswordForm(PresentPasswordForm):
    fresh = forms.CharField(
        label=_("Новый пароль"), max_length=LONGEST_PASSWORD, strip=False,
        help_text=_("От 10 знаков. Легче всего запомнить несколько слов подряд."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean_fresh(self) -> str:
        password_validation.validate_password(self.cleaned_data["fresh"], self.user)
        return str(self.cleaned_data["fresh"])


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Имя и фамилия"), max_length=120, error_messages={"required": NO_NAME})
    email = forms.EmailField(label=_("Почта для входа"), max_length=254)
    role = forms.ChoiceField(
        label=_("Роль"), initial=User.Role.AGENT,
        help_text=_(
            "Администратор видит все запросы и эти настройки, остальные — запросы своих команд. "
            "«Любой сотрудник» только передаёт слова клиентов."
        ),
    )  # fmt: skip
    teams = forms.ModelMultipleChoiceField(
        Team.objects.all(), label=_("Команды"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: a form's own
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [*User.Role.choices, *((f"own:{one.pk}", one.name) for one in OwnRole.objects.all())]

    def role_of(self) -> tuple[str, OwnRole | None]:
        """The built-in role and the company's own that was chosen over it."""
        chosen = self.cleaned_data["role"]
        if not chosen.startswith("own:"):
            return chosen, None
        own = OwnRole.objects.get(pk=int(chosen.removeprefix("own:")))
        return (User.Role.AGENT if Right.SEE in own.rights else User.Role.LIGHT), own


class RoleForm(_OfRole):
    class Meta:
        model = OwnRole
        fields = ("name", "rights")

    rights = forms.MultipleChoiceField(
        label=_("Что можно"), choices=Right.choices, widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip

    def validate_unique(self) -> None:
        """The deed says it with words of its own (working.RoleTaken)."""


class TeamForm(_OfTeam):
    members = forms.ModelMultipleChoiceField(
        User.objects.filter(is_active=True).select_related("own_role").order_by("name"),
        label=_("Кто в команде"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    level = forms.TypedChoiceField(
        label=_("Уровень"), coerce=int, initial=1,
        choices=[
            (1, _("1 — первая линия")), (2, _("2 — аналитики")), (3, _("3 — разработчики")),
            (4, _("4 — поставщик, другие отделы")),
        ],
    )  # fmt: skip

    class Meta:
        model = Team
        fields = ("name", "level", "automatic_news")
        labels: ClassVar = {
            "automatic_news": _("Писать клиенту автоматически, если новость не успевают написать")
        }
        help_texts: ClassVar = {
            "name": _("Клиент прочтёт его, пока запрос никто не взял: «Команда «Помощь»»."),
            "automatic_news": _(
                "За 10 минут до срока уйдёт письмо: нового пока нет, кто ведёт запрос, когда следующая новость. "
                "Ещё одно уйдёт только после того, как сотрудник что-то сделает в запросе."
            ),
        }

    field_order = ("name", "level", "automatic_news", "members")

    def validate_unique(self) -> None:
        """The deed says it with words of its own (working.NameTaken)."""


class CompanyForm(_OfCompany):
    class Meta:
        model = Company
        fields = ("name", "phone", "phone_hours", "acknowledge")
        labels: ClassVar = {"acknowledge": _("Отвечать клиенту, что письмо пришло")}
        help_texts: ClassVar = {
            "phone": _("Стоит на каждой странице клиента: «Позвать человека»."),
            "phone_hours": _("Например: «круглосуточно» или «будни с 9 до 18»."),
            "acknowledge": _("С номером запроса, командой и временем следующей новости."),
        }
