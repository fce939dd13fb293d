"""Pictures that stand in plain words: «[снимок 14-02-33.png]» while somebody writes, «![name](cid:id)» once it is said.

The outbox makes an inline picture of the second form (channels/outbox/htmlpart.py); people never have to read it.
"""

import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from otklik.desk.files import File

SAID = re.compile(r"!\[([^\]\n]{0,200})\]\(cid:([^)\s]{1,100})\)|\[cid:([^\]\s]{1,100})\]")


def place(text: str, files: Iterable[File]) -> str:
    """The words as they are said: the mark of each picture becomes the picture's own address in the letter."""
    for file in files:
        if file.content_id:
            mark = rf"(?<!!)\[{re.escape(file.name)}\](?!\()"
            said = f"![{file.name}](cid:{file.content_id})"
            text = re.sub(mark, lambda _found, said=said: said, text)  # type: ignore[misc]  # a default, not an argument
    return text


def unplace(text: str) -> str:
    """Back to marks, for an editor or one line of words."""
    return SAID.sub(lambda found: f"[{found[1] or _('картинка')}]", text) if "cid:" in text else text


def placed(text: str) -> set[str]:
    """Content-IDs of the pictures that stand in these words."""
    return {found[2] or found[3] for found in SAID.finditer(text)} if "cid:" in text else set()


def own_name(name: str, taken: Sequence[str]) -> str:
    """A name by which a mark finds its picture: without brackets, not that of another file of the draft."""
    plain = name.translate({ord("["): "(", ord("]"): ")", ord("\n"): " "})[:150]
    stem, dot, tail = plain.rpartition(".")
    names = (f"{stem or tail} {number}{dot}{tail if stem else ''}" for number in range(2, len(taken) + 3))
    return next(one for one in (plain, *names) if one not in taken)
