"""One text said in many ways: `[да|хорошо]` chooses, `<рад|рада>` follows the speaker, `{домен}` fills in."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_SPEAKER = re.compile(r"<([А-Яа-яёЁ -]*)\|([А-Яа-яёЁ -]*)>")
_SLOT = re.compile(r"\{([а-яё_ ]+)\}")


def say(text: str, slots: Mapping[str, str], *, she: bool, chance: random.Random) -> str:
    """The text as this person says it here. Raises KeyError for an unknown slot."""
    text = _SPEAKER.sub(
        lambda found: found[2] if she else found[1], text
    )  # first: its sign stands in choices too
    while _CHOICE.search(text):  # the inner ones first
        text = _CHOICE.sub(lambda found: chance.choice(found[1].split("|")), text)
    return _SLOT.sub(lambda found: slots[found[1]], text).strip()
