"""Which requests, and what is supposed otherwise."""

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from otklik.accounts.models import User
from otklik.desk.models import Tag, Ticket
from otklik.sla import spans, wording
from otklik.sla.forms_terms import SpanField
from otklik.sla.models import Agreement, Calendar
from otklik.sla.replay.choosing import DAYS, Chosen
from otklik.sla.replay.wishing import Wish
from otklik.sla.terms import TARGETED, Kind
from otklik.staff import queries as staff
from otklik.staff.models import Team

TAGS: Final = 300  # labels offered at most
MORE: Final = 50
HOURS: Final = [
    ("", gettext_lazy("как было")), ("saturday", gettext_lazy("то же и по субботам")),
    ("longer", gettext_lazy("в рабочие дни с … до …")), ("always", gettext_lazy("круглосуточно")),
    ("calendar", gettext_lazy("по другому календарю")),
]  # fmt: skip


def _spans_of_days() -> list[tuple[int, str]]:
    """In the language of the page that asks."""
    return [(n, ngettext("%s день", "%s дней", n) % n) for n in DAYS]


class ChosenForm(forms.Form):
    """Requests that the asker may see."""

    days = forms.TypedChoiceField(
        label=gettext_lazy("За сколько дней"), coerce=int, choices=_spans_of_days, initial=90
    )
    agreement = forms.ModelChoiceField(
        label=gettext_lazy("Соглашение"), queryset=Agreement.objects.order_by("rank", "name"), required=False,
        empty_label=gettext_lazy("все"),
    )  # fmt: skip
    team = forms.ModelChoiceField(
        label=gettext_lazy("Команда"), queryset=Team.objects.none(), required=False, empty_label=gettext_lazy("все"),
    )  # fmt: skip
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Важность"), coerce=int, empty_value=None, required=False,
        choices=[("", gettext_lazy("любая")), *Ticket.Priority.choices],
    )  # fmt: skip
    tag = forms.ModelChoiceField(
        label=gettext_lazy("Метка"),
        queryset=Tag.objects.none(),
        required=False,
        empty_label=gettext_lazy("любая"),
    )

    def __init__(self, data: object, user: User) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # Form's own
        teams: forms.ModelChoiceField[Team] = self.fields["team"]  # type: ignore[assignment]
        teams.queryset = staff.teams_of(user)
        tags: forms.ModelChoiceField[Tag] = self.fields["tag"]  # type: ignore[assignment]
        tags.queryset = Tag.objects.order_by("name")

    def chosen(self) -> Chosen:
        words = self.cleaned_data
        agreement, team, tag = (
            words[name].pk if words[name] else None for name in ("agreement", "team", "tag")
        )
        return Chosen(words["days"], agreement, team, words["priority"], tag)

    def chosen_fields(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in ("days", "agreement", "team", "priority", "tag"))


class WishForm(ChosenForm):
    """At least one thing is to be otherwise."""

    hours = forms.ChoiceField(label=gettext_lazy("Часы"), choices=HOURS, required=False)
    since = forms.TimeField(
        label=gettext_lazy("С какого часа"), required=False, initial="08:00",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip
    until = forms.TimeField(
        label=gettext_lazy("До какого часа"), required=False, initial="22:00",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip
    calendar = forms.ModelChoiceField(
        label=gettext_lazy("Календарь"), queryset=Calendar.objects.order_by("-is_default", "name"), required=False,
        empty_label=gettext_lazy("не выбран"),
    )  # fmt: skip
    follow = forms.BooleanField(label=gettext_lazy("Люди работают по этим же часам"), required=False)
    more = forms.IntegerField(
        label=gettext_lazy("На сколько людей больше в каждой команде"), required=False, initial=0, min_value=-MORE,
        max_value=MORE, help_text=gettext_lazy("Меньше — со знаком минус: −1."),
    )  # fmt: skip

    def __init__(self, data: object, user: User) -> None:
        super().__init__(data, user)
        for kind in TARGETED:
            for place, name in enumerate(wording.ORDER):
                label = wording.heads()[place]
                self.fields[f"{kind}-{name}"] = SpanField(day_s=8 * spans.HOUR_S, label=label)

    def clean_more(self) -> int:
        return self.cleaned_data["more"] or 0

    def clean(self) -> dict[str, Any]:
        words = super().clean() or self.cleaned_data
        if words.get("hours") == "calendar" and not words.get("calendar"):
            self.add_error("calendar", _("Выберите календарь."))
        since, until = words.get("since"), words.get("until")
        if words.get("hours") == "longer" and (since is None or until is None or since >= until):
            self.add_error("until", _("Впишите оба часа: второй больше первого."))
        if not self.errors and self.wish() == Wish(follow=words["follow"]):
            raise ValidationError(_("Впишите, что поменять: часы, сроки или людей."))
        return words

    def wish(self) -> Wish:
        words = self.cleaned_data
        hours, calendar = words["hours"], words["calendar"]
        is_longer = hours == "longer"
        return Wish(
            hours, calendar.pk if calendar and hours == "calendar" else None,
            f"{words['since']:%H:%M}" if is_longer else "", f"{words['until']:%H:%M}" if is_longer else "",
            self._targets(), words["more"], words["follow"],
        )  # fmt: skip

    def _targets(self) -> dict[Kind, dict[str, int]]:
        found: dict[Kind, dict[str, int]] = {}
        for kind in TARGETED:
            given = {name: self.cleaned_data[f"{kind}-{name}"] for name in wording.ORDER}
            if some := {name: seconds for name, seconds in given.items() if seconds}:
                found[kind] = some
        return found

    def target_rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [
            (wording.kind_name(kind), [self[f"{kind}-{name}"] for name in wording.ORDER]) for kind in TARGETED
        ]

    def people_fields(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in ("more", "follow"))

    def hour_fields(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in ("hours", "since", "until", "calendar"))

    @property
    def targets_open(self) -> bool:
        return any(self.data.get(f"{kind}-{name}") for kind in TARGETED for name in wording.ORDER)
