"""What a person may have meant to type: another alphabet, another keyboard, a slip, the way the word is heard.

All of it works on words in lower case with «е» for «ё» (`fold`), as the search's vectors hold them. A stem is what
PostgreSQL's Russian stemmer makes of a word: «серверами» → «сервер».
"""

import re

_LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~{}:\"<>"
_RUSSIAN_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбюЁХЪЖЭБЮ"
_TO_RUSSIAN = str.maketrans(_LATIN_KEYS, _RUSSIAN_KEYS)
_TO_LATIN = str.maketrans(_RUSSIAN_KEYS, _LATIN_KEYS)
# letters that look the same; «1С» and «1C» are told apart by nobody
_LATIN_TWINS, _RUSSIAN_TWINS = "aceopxybkmht", "асеорхувкмнт"
_TWINS_TO_RUSSIAN = str.maketrans(_LATIN_TWINS, _RUSSIAN_TWINS)
_TWINS_TO_LATIN = str.maketrans(_RUSSIAN_TWINS, _LATIN_TWINS)
_LATIN, _RUSSIAN = re.compile("[a-z]"), re.compile("[а-яё]")

# how a word sounds: unstressed vowels and paired consonants are what people mix up
_SOUNDS = str.maketrans("оэыяеюбвгджзщй", "аииииупфктшсши", "ьъ")
_VOWELS = "аеиоуыэюя"
_DOUBLE = re.compile(r"(.)\1+")
_FLEETING = re.compile(rf"([^{_VOWELS}ьйъ])([^{_VOWELS}ьйъ])$")
_FLED = re.compile(rf"([^{_VOWELS}])[ое]([кцнлрвг])$")
# endings of the cases, hard and soft; the longest first
_CASES = [
    "ами",
    "ями",
    "ом",
    "ов",
    "ам",
    "ах",
    "ем",
    "ей",
    "ев",
    "ям",
    "ях",
    "ой",
    "а",
    "у",
    "е",
    "ы",
    "и",
    "ь",
    "я",
    "ю",
    "й",
]
_NOUN = re.compile("[а-я]{3,24}")


def fold(text: str) -> str:
    """Lower case, «е» for «ё»."""
    return text.lower().replace("ё", "е")


def other_layout(text: str) -> str:
    """The same keys on the other keyboard: «ghbdtn» → «привет», «ыуымук» → «server»; '' when it is written in both."""
    lower = text.lower()
    if _RUSSIAN.search(lower):
        return "" if _LATIN.search(lower) else lower.translate(_TO_LATIN)
    return lower.translate(_TO_RUSSIAN) if _LATIN.search(lower) else ""


def twins(word: str) -> list[str]:
    """Other ways to write a folded word by letters that look the same: «сеpвер» → «сервер», «1c» → «1с»."""
    ways = [word.translate(_TWINS_TO_RUSSIAN), word.translate(_TWINS_TO_LATIN)]
    return [way for way in dict.fromkeys(ways) if way != word and _is_one_alphabet(way)]


def is_mixed(word: str) -> bool:
    """Whether letters of two alphabets stand in one word."""
    return bool(_LATIN.search(word)) and bool(_RUSSIAN.search(word))


def _is_one_alphabet(word: str) -> bool:
    return not is_mixed(word)


def kin(stem: str) -> list[str]:
    """Stems of the same word whose vowel comes and goes: «ошибк» ↔ «ошибок», «рынк» ↔ «рынок»."""
    if len(stem) < 4 or not _RUSSIAN.search(stem):
        return []
    if _FLED.search(stem):
        return [_FLED.sub(r"\1\2", stem)]
    last = stem[-1]
    if last in "кцнлрвг" and _FLEETING.search(stem):
        return [f"{stem[:-1]}{vowel}{last}" for vowel in "ое"]
    return []


def cases(word: str) -> list[str]:
    """Forms that a folded noun may have: its bases by every case ending, with a vowel that comes and goes.

    Many are no words, which does no harm. The stemmer cuts «терминал» to «термина» but «терминалами» to «терминал»,
    so all forms are stemmed and any of the stems is looked for. [] for what is no single Russian word.
    """
    if not _NOUN.fullmatch(word):
        return []
    bases = [word, *(word[: -len(one)] for one in _CASES if word.endswith(one) and len(word) - len(one) > 2)]
    bases += [other for base in bases for other in kin(base)]
    return list(dict.fromkeys([*bases, *(base + ending for base in bases for ending in _CASES)]))


def sound(word: str) -> str:
    """How a folded word is heard, roughly: «дагавор» and «договор» are the same."""
    heard = word.replace("тьс", "ц").replace("тс", "ц").translate(_SOUNDS)
    return _DOUBLE.sub(r"\1", heard)


def near_keys(word: str) -> list[str]:
    """Keys such that words one slip apart (a letter more, less, wrong, swapped), heard so or typed so, share one.

    The sound itself and the sound with one letter left out: at most len(word) + 1 keys.
    """
    heard = sound(word)
    left_out = [heard[:place] + heard[place + 1 :] for place in range(len(heard))] if len(heard) > 3 else []
    return list(dict.fromkeys([heard, *left_out]))


def distance(one: str, other: str) -> int:
    """Letters added, left out, replaced or two neighbours swapped (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
