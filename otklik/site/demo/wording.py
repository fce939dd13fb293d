"""One text said in many ways: `[да|хорошо]` chooses, `<рад|рада>` follows the speaker, `{домен}` fills in."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

from otklik.russian.typography import NBSP

_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_SPEAKER = re.compile(r"<([А-Яа-яёЁ -]*)\|([А-Яа-яёЁ -]*)>")
_MONEY = re.compile(r"(?<=\d) (?=\d{3}\b|₽)")
_SLOT = re.compile(r"\{([а-яёa-z ]+)\}")
_OPENS = re.compile(r"(?:^|[.!?…]\s+|\n)\Z")


def say(text: str, slots: Mapping[str, str], *, she: bool, chance: random.Random) -> str:
    """The text as this person says it here. Raises KeyError for an unknown slot."""
    text = _SPEAKER.sub(
        lambda found: found[2] if she else found[1], text
    )  # first: its sign stands in choices too
    while _CHOICE.search(text):  # the inner ones first
        text = _CHOICE.sub(lambda found: chance.choice(found[1].split("|")), text)
    text = _SLOT.sub(lambda found: _filled(slots[found[1]], text[: found.start()]), text)
    return _MONEY.sub(NBSP, text).strip()


def _filled(value: str, before: str) -> str:
    """With a capital where a sentence begins with it; names that are written small stay so."""
    opens = _OPENS.search(before) and re.match(r"[а-яё]", value)
    return value[0].upper() + value[1:] if opens else value
