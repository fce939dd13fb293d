"""What comes from the composer and from the page of a team's style."""

import re

from django import forms

from otklik.assist.models import Reason, Verdict
from otklik.desk.forms import LONGEST_TEXT
from otklik.promises.forms import NewsForm

KEY = re.compile(r"[a-z-]{3,20}:[0-9a-f]{16}")
MOST_WORDS = 200  # entries of one team
ALWAYS = ("promise", "own")  # no rules to switch off: one has no fault in it, the other is the team's own


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
        return held
