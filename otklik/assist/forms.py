"""What comes from the composer and from the page of a team's style."""

import re
from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from otklik.assist.models import Reason, Style, Verdict
from otklik.assist.rules import RULES, may_mute, may_switch_off
from otklik.assist.styling import Wanted
from otklik.coach import OwnWords
from otklik.desk.forms import LONGEST_TEXT
from otklik.promises.forms import NewsForm

KEY = re.compile(r"[a-z-]{3,20}:[0-9a-f]{16}")
MOST_WORDS = 200  # entries of one team
# one word of the notation as the page explains it; what the coach's own lists say beyond that is not for people
_WAYS = r"[^\s<>()|~*^$]+~?(?:\|[^\s<>()|~*^$]+~?)*"
_WORD = re.compile(rf"\*|\.\.\.|\^|\$|(?!.*\.\.\.)(?:{_WAYS}|\({_WAYS}\))")


class CheckForm(forms.Form):
    """text: as it stands in the field; seen: keys of findings that were looked at, divided by commas."""

    text = forms.CharField(required=False, strip=False, max_length=LONGEST_TEXT)
    seen = forms.CharField(required=False, max_length=10_000)

    def clean_text(self) -> str:
        """One sign for a line's end, as the field counts; a NUL keeps its place."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\0", "\ufffd")

    def clean_seen(self) -> list[str]:
        return [one for one in str(self.cleaned_data["seen"]).split(",") if KEY.fullmatch(one)]


class WordForm(NewsForm):
    """One verdict. due_at: of a promise, within a year; may be left out."""

    key = forms.RegexField(KEY)
    what = forms.ChoiceField(choices=[(one, one) for one in ("taken", "dismissed")])
    reason = forms.ChoiceField(choices=Reason, required=False)
    words = forms.CharField(max_length=200, required=False)
    wide = forms.ChoiceField(choices=[("me", ""), ("team", "")], required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own
        self.fields["due_at"].required = False

    def clean_due_at(self) -> object:  # type: ignore[override]  # may be left out here
        return super().clean_due_at() if self.cleaned_data["due_at"] else None

    def clean(self) -> dict[str, object]:
        held = super().clean() or {}
        if held.get("what") != Verdict.What.DISMISSED:
            held["reason"] = held["words"] = ""
        rule = str(held.get("key", "")).partition(":")[0]
        may = {"me": may_mute, "team": may_switch_off}.get(str(held.get("wide")))
        if may and not may(rule):
            self.add_error("wide", _("Это правило не отключить."))
        return held


class StyleForm(forms.Form):
    """The whole style of a team: a tick a rule, words line by line, when to apologise."""

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    on = forms.MultipleChoiceField(
        choices=[(one, told.name) for one, told in RULES.items() if may_switch_off(one)], required=False
    )
    apologise = forms.ChoiceField(
        label=_("Когда напоминать об извинении"), choices=Style.Apologise, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("Слова и замены"), required=False, max_length=40_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_(
            "Каждая строка: что находить = чем заменить / ещё вариант # почему. Замену и причину можно не писать."
        ),
    )  # fmt: skip

    def clean_words(self) -> tuple[OwnWords, ...]:
        return read_words(str(self.cleaned_data["words"]))

    def wanted(self) -> Wanted:
        on = set(self.cleaned_data["on"])
        off = frozenset(one for one in RULES if one not in on and may_switch_off(one))
        return Wanted(off, self.cleaned_data["words"], self.cleaned_data["apologise"])


class TryForm(forms.Form):
    """A piece of text on which the words of the page are tried before they are saved."""

    words = forms.CharField(required=False, max_length=40_000, strip=False)
    text = forms.CharField(required=False, max_length=5_000, strip=False)

    def clean_words(self) -> tuple[OwnWords, ...]:
        return read_words(str(self.cleaned_data["words"]))


def read_words(text: str) -> tuple[OwnWords, ...]:
    """«данный момент~ = сейчас / теперь # причина», one a line; blank lines are passed over. Raises ValidationError."""
    lines = [" ".join(line.replace("\0", "").split()) for line in text.splitlines()]
    found = tuple(_entry(line, number) for number, line in enumerate(lines, 1) if line)
    if len(found) > MOST_WORDS:
        raise ValidationError(_("Записей больше 200. Оставьте те, что встречаются чаще."))
    return found


def write_words(words: Sequence[OwnWords]) -> str:
    """The same lines again."""
    return "\n".join(
        one.say
        + (f" = {' / '.join(one.instead)}" if one.instead else "")
        + (f" # {one.reason}" if one.reason else "")
        for one in words
    )


def _entry(line: str, number: int) -> OwnWords:
    rest, _sign, reason = line.partition("#")
    say, _sign, instead = rest.partition("=")
    say = " ".join(say.split())
    ways = tuple(one.strip() for one in instead.split("/") if one.strip())
    if not any(sign.isalpha() for sign in say):
        raise ValidationError(_("Строка %(number)s: напишите, что находить."), params={"number": number})
    if len(say) > 200 or len(reason) > 300 or any(len(one) > 200 for one in ways) or len(ways) > 3:
        raise ValidationError(
            _("Строка %(number)s слишком длинная: до 200 знаков в каждой части и до трёх замен."),
            params={"number": number},
        )
    _refuse_unreadable(say, number)
    if not say[0].isalpha():
        raise ValidationError(_("Строка %(number)s: начните с обычного слова."), params={"number": number})
    if (
        say.count("...") > 2 or say.count("*") + say.count("(") > 6
    ):  # each «...» is tried five ways at each word
        raise ValidationError(
            _("Строка %(number)s: до двух «...» и до шести звёздочек и скобок в одной записи."),
            params={"number": number},
        )
    return OwnWords(say, ways, reason.strip())


def _refuse_unreadable(say: str, number: int) -> None:
    wrong = next((one for one in say.split() if not _WORD.fullmatch(one)), None)
    if wrong:
        raise ValidationError(
            _("Строка %(number)s: «%(word)s» не разобрать. Посмотрите, как записывать слова."),
            params={"number": number, "word": wrong},
        )
