"""Names in the cases: «Написать Анне», «встреча с Анной Сергеевной». Only where the grammar is sure, else None."""

from typing import Literal

from otklik.russian import morphology

Gender = Literal["f", "m", ""]
Case = Literal["genitive", "dative", "accusative", "instrumental", "prepositional"]

# endings of a patronymic after «-ич» and after «-вн-»; its form settles the gender of the whole name
_OF_FATHER: dict[Case, tuple[str, str]] = {
    "genitive": ("а", "ы"),
    "dative": ("у", "е"),
    "accusative": ("а", "у"),
    "instrumental": ("ем", "ой"),
    "prepositional": ("е", "е"),
}
_GRAMMEMES: dict[Case, str] = {
    "genitive": "gent",
    "dative": "datv",
    "accusative": "accs",
    "instrumental": "ablt",
    "prepositional": "loct",
}
_STRESSED = frozenset({"Ильич", "Кузьмич", "Фомич", "Лукич"})  # «с Ильичом», yet «с Никитичем»
_MOST_PARTS = 3

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


def in_case(name: str, case: Case, gender: Gender = "") -> str | None:
    """«Анна Сергеевна» → «Анне Сергеевне»; None where one word of it isn't known for sure.

    name: first name, with patronymic and family name or without, in the nominative and in any order. gender: needed
    only where no patronymic tells it; one that contradicts the patronymic gives None.
    """
    words = name.split()
    told = gender_of(name)
    if not 1 <= len(words) <= _MOST_PARTS or (told and gender and told != gender):
        return None
    bent = [_bent(word, case, told or gender) for word in words]
    return None if None in bent else " ".join(word for word in bent if word)


def gender_of(name: str) -> Gender:
    """What the patronymic in a name tells: «Анна Сергеевна» f, «Илья Кузьмич» m, «Саша» ''."""
    told: set[Gender] = {_gender_of_patronymic(word) for word in name.split()} - {""}
    return told.pop() if len(told) == 1 else ""


def _gender_of_patronymic(word: str) -> Gender:
    low = word.lower()
    if not low.isalpha() or not word[0].isupper() or not low.endswith(("ич", "вна", "чна")):
        return ""
    if "Patr" not in _tags(low):
        return ""
    return "m" if low.endswith("ич") else "f"


def _tags(word: str) -> str:
    return " ".join(str(one.tag) for one in morphology.parses(word))


def _bent(word: str, case: Case, gender: Gender) -> str | None:
    if not gender or not word.isalpha() or not word[0].isupper():
        return None
    if _gender_of_patronymic(word):
        if case == "instrumental" and word in _STRESSED:
            return f"{word}ом"
        return word + _OF_FATHER[case][0] if gender == "m" else word[:-1] + _OF_FATHER[case][1]
    if case == "dative" and word in _ODD:
        return _ODD[word]
    if not morphology.is_known(word):
        return None
    sex = "masc" if gender == "m" else "femn"
    for kind in ("Name", "Surn"):
        for one in morphology.parses(word):
            tag = str(one.tag)
            if all(part in tag for part in (kind, "sing", "nomn")) and (sex in tag or "ms-f" in tag):
                bent = morphology.inflect(one, "sing", _GRAMMEMES[case])
                return morphology.like(bent, word) if bent else None
    return None


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
