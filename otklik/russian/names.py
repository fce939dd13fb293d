"""First names in the dative: «Написать Анне». Only where the grammar is sure, else None."""

from typing import Literal

Gender = Literal["f", "m", ""]

# the stem changes: no rule gives these
_ODD = {
    "Павел": "Павлу",
    "Лев": "Льву",
    "Пётр": "Петру",
    "Петр": "Петру",
    "Любовь": "Любови",
    "Нинель": "Нинели",
}
_CONSONANTS = "бвгджзклмнпрстфхцчшщ"
_VOWELS = "аеёиоуыэюя"


def dative(name: str, gender: Gender) -> str | None:
    """«Анна» → «Анне», «Борис» → «Борису»; None for a gender or an ending that is not known. Gender: f, m or ''.

    name: one Russian first name in the nominative. Foreign women's names in a consonant don't bend: «Кармен».
    """
    if not gender or not name or not name.isalpha() or name[-1] not in _CONSONANTS + _VOWELS + "йь":
        return None
    if name in _ODD:
        return _ODD[name]
    if name.endswith("ия"):
        return f"{name[:-1]}и"
    if name[-1] in "ая":
        return f"{name[:-1]}е"
    return _of_man(name) if gender == "m" else _of_woman(name)


def _of_man(name: str) -> str | None:
    if name[-1] in "йь":
        return f"{name[:-1]}ю"
    return f"{name}у" if name[-1] in _CONSONANTS else name


def _of_woman(name: str) -> str | None:
    return None if name[-1] in "йь" else name
