"""What people send from the desk."""

import re
from datetime import datetime, timedelta
from typing import ClassVar, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from otklik.accounts.models import User
from otklik.clients import identifying
from otklik.desk import belonging
from otklik.desk.models import OPEN_STATES, Ticket
from otklik.staff import queries as staff
from otklik.staff.models import Team

LONGEST_TEXT = 200_000
FURTHEST = timedelta(days=365)
MOST_PEOPLE = 50
_SEPARATOR = re.compile(r'[,;\n](?=(?:[^"]*"[^"]*")*[^"]*$)')  # not those inside a quoted name
_ADDRESS = re.compile(r"^.*<([^<>]*)>\s*$", re.DOTALL)


Form = TypeVar("Form", bound=type[forms.Form])


class _Shared(dict[str, forms.Field]):
    def __deepcopy__(self, _memo: object) -> dict[str, forms.Field]:
        return dict(self)


def shared(form: Form) -> Form:
    """All forms of this class take the same fields: none of them changes one.

    Django copies each with its words and checks for every form, the dearest part of reading an answer.
    """
    form.base_fields = _Shared(form.base_fields)
    return form


class PastedField(forms.CharField):
    """Text as people paste it: a NUL of a broken clipboard, which nobody sees, is dropped and the words stay."""

    def to_python(self, value: object) -> str:
        return super().to_python(str(value or "").replace("\0", "")) or ""


class AddressesField(PastedField):
    """Addresses through commas or semicolons, «Имя <name@company.ru>» too; the value is a tuple of plain addresses."""

    def clean(self, value: object) -> tuple[str, ...]:
        text = str(super().clean(value) or "")
        found = (_ADDRESS.sub(r"\1", part).strip() for part in _SEPARATOR.split(text))
        once = tuple(dict.fromkeys(one for one in found if one))
        for one in once:
            _refuse_bad(one)
        if len(once) > MOST_PEOPLE:
            raise ValidationError(_("Адресов больше 50. Разделите письмо на несколько."))
        return once


def _refuse_bad(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError(
            _("В адресе «%(address)s» ошибка: нужен вид name@company.ru."), params={"address": address}
        ) from None


class WordsForm(forms.Form):
    """What all letters have. The text may be empty when there are files: the deed decides."""

    text = PastedField(
        required=False,
        strip=False,
        max_length=LONGEST_TEXT,
        error_messages={"max_length": _("Письмо длиннее 200 000 знаков. Приложите текст файлом.")},
    )
    to = AddressesField(required=False)
    cc = AddressesField(required=False)
    box = forms.IntegerField(required=False)
    sheet = forms.CharField(required=False, max_length=32)


@shared
class ReplyForm(WordsForm):
    seen = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=2**62,  # no database holds the number of such a message
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            _("Не разобрали, какое сообщение вы видели последним. Обновите страницу."),
        ),
    )
    force = forms.BooleanField(required=False)
    insist = forms.CharField(required=False, max_length=32)  # send what was stopped (stopping.py)
    then = forms.ChoiceField(
        choices=[("wait", ""), ("work", ""), ("solve", "")], required=False, initial="wait"
    )
    result = forms.CharField(
        required=False,
        max_length=300,
        error_messages={"max_length": _("Итог длиннее 300 знаков. Оставьте главное.")},
    )
    news_due_at = (
        forms.DateTimeField(  # in the zone of the page; empty: the rule of the company (sla.following)
            required=False,
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M"],
            error_messages={"invalid": _("Не разобрали время новости. Оно выглядит так: 24.11.2026 14:30.")},
        )
    )

    def clean(self) -> dict[str, object]:
        held = super().clean() or {}
        if held.get("then") == "solve" and not str(held.get("result", "")).strip():
            self.add_error("result", _("Не хватает одной строки: что сделали для клиента."))
        if held.get("then") == "work":
            self._refuse_strange_time(held.get("news_due_at"))
        else:  # the other buttons promise no news: what stands in its field is no reason to hold the letter
            self.errors.pop("news_due_at", None)
            held["news_due_at"] = None
        return held

    def _refuse_strange_time(self, due_at: object) -> None:
        now = timezone.now()
        if isinstance(due_at, datetime) and due_at <= now:
            self.add_error("news_due_at", _("Время новости уже прошло. Выберите время в будущем."))
        elif isinstance(due_at, datetime) and due_at > now + FURTHEST:
            self.add_error(
                "news_due_at", _("До новости больше года. Выберите время, которое клиент дождётся.")
            )


@shared
class LetterForm(WordsForm):
    subject = PastedField(
        label=_("Тема"),
        max_length=500,
        error_messages={"required": _("Напишите тему: по ней письмо узнают.")},
    )
    insist = forms.CharField(required=False, max_length=32)
    to = AddressesField(label=_("Кому"), error_messages={"required": _("Укажите адрес клиента.")})


@shared
class NoteForm(forms.Form):
    text = PastedField(
        required=False,
        strip=False,
        max_length=LONGEST_TEXT,
        error_messages={"max_length": _("Заметка длиннее 200 000 знаков. Приложите текст файлом.")},
    )
    sheet = forms.CharField(required=False, max_length=32)


class HandOverForm(forms.Form):
    """A colleague of this team, or another team with what was tried: a further level is never without (R-A4)."""

    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Сотрудник"), required=False, empty_label=_("вернуть в очередь")
    )
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Команда"), empty_label=None)
    tried = forms.CharField(
        label=_("Что уже пробовали"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Другая команда прочитает это в заметке и не спросит клиента ещё раз."),
    )

    def __init__(self, sent: QueryDict | None = None, *, ticket: Ticket) -> None:
        super().__init__(sent, initial={"owner": ticket.owner_id, "team": ticket.team_id})
        owner, team = self.fields["owner"], self.fields["team"]
        assert isinstance(owner, forms.ModelChoiceField)  # noqa: S101 - declared above
        assert isinstance(team, forms.ModelChoiceField)  # noqa: S101 - the same
        away = staff.away(timezone.localdate()) & ~Q(pk=ticket.owner_id)
        owner.queryset = staff.colleagues(ticket.team_id).exclude(away)
        team.queryset = Team.objects.all()
        self._from = ticket.team

    def clean(self) -> dict[str, object]:
        held = super().clean() or {}
        team = held.get("team")
        if (
            isinstance(team, Team)
            and team.level > self._from.level
            and not str(held.get("tried", "")).strip()
        ):
            words = _(
                "Напишите, что уже пробовали: «%(team)s» начнёт с этого места. Если ничего, так и напишите."
            )
            self.add_error("tried", words % {"team": team.name})
        return held


class StateForm(forms.Form):
    STATES: ClassVar = [(value, label) for value, label in Ticket.State.choices if value in OPEN_STATES]

    state = forms.ChoiceField(label=_("Статус"), choices=STATES)
    priority = forms.TypedChoiceField(label=_("Важность"), choices=Ticket.Priority.choices, coerce=int)


class SolutionForm(forms.Form):
    result = forms.CharField(
        label=_("Что сделали для клиента"),
        max_length=300,
        help_text=_("Одной строкой: «вернули 12 400 ₽», «открыли доступ к базе»."),
        error_messages={
            "required": _("Не хватает одной строки: что сделали для клиента."),
            "max_length": _("Итог длиннее 300 знаков. Оставьте главное."),
        },
    )


class TagForm(forms.Form):
    name = forms.CharField(
        label=_("Новая метка"),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "known-tags", "autocomplete": "off"}),
        error_messages={
            "required": _("Напишите метку."),
            "max_length": _("Метка длиннее 60 знаков. Сократите её."),
        },
    )


class SpamForm(forms.Form):
    block = forms.BooleanField(
        label=_("Не принимать больше писем от этого отправителя"), required=False, initial=True
    )


class OrganisationForm(forms.Form):
    """address: whose domain may be the organisation's own."""

    name = forms.CharField(
        label=_("Организация"), max_length=200, required=False,
        help_text=_("Её тариф и соглашение будут действовать для запросов клиента. Пусто: клиент сам по себе."),
        widget=forms.TextInput(attrs={"list": "known-tags", "autocomplete": "off"}),
    )  # fmt: skip
    everybody = forms.BooleanField(required=False)

    def __init__(self, data: object, *, initial: dict[str, object], address: str) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]  # a QueryDict or None
        if belonging.is_own(address):
            label = gettext("И все, кто пишет с @%s") % identifying.domain_of(address)
            self.fields["everybody"].label = label
        else:
            del self.fields["everybody"]


class JoinForm(forms.Form):
    address = forms.EmailField(
        label=_("Второй адрес этого клиента"),
        help_text=_("Письма с него лягут к этому клиенту, и прошлые запросы тоже."),
        error_messages={
            "required": _("Укажите адрес."),
            "invalid": _("В адресе ошибка: нужен вид name@company.ru."),
        },
    )
