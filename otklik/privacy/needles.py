"""By what a person is recognised in any text: addresses, and names in every case and order.

One pattern serves Python and PostgreSQL's `~` alike. A name alone says little («Вера»), so in texts of others only two
words of it side by side count, with capital letters, and both must be nobody else's here (rare.py); in requests that
the person took part in each word of it that begins with a capital and is of nobody else there.
"""

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

SIGN = "…"  # what stands in place of a name or an address: never longer than what it takes away
_BEFORE, _AFTER = r"(?<![0-9A-Za-zА-Яа-яЁё_.-])", r"(?![0-9A-Za-zА-Яа-яЁё_-])"
_WORD = re.compile(r"[^\W\d_]+")
_FATHERS = re.compile("[а-яё]{2,}(?:ич|[ое]вна|ична)")
_FORMS = {
    "ооо",
    "оао",
    "зао",
    "пао",
    "ао",
    "ип",
    "нко",
    "тоо",
    "фгуп",
    "гуп",
    "муп",
    "llc",
    "ltd",
    "inc",
    "gmbh",
}
_ENDING = re.compile("(?:[иыо]й|[ая]я|[аеёиоуыэюяйь])$")
_CASES = re.findall(
    "[а-яё]+",
    "а я ы и е у ю ой ей ою ею ом ем ым им ого его ому ему ь й ый ий ая яя ую юю ия ию ии ием ые ие ых их ыми ими",
)
LEAST = 4  # letters of a name's word that counts alone


@dataclass(frozen=True, slots=True)
class Needles:
    """addresses: as they are kept and as the person writes them. names: whole ones that are certainly theirs.

    shared: names that may be somebody else's or no name at all: looked for only where the person took part.
    rare: words that are nobody else's here. wide: a person has seen where the names stand and wants all of them gone.
    """

    addresses: tuple[str, ...]
    names: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    rare: tuple[str, ...] = ()
    wide: bool = False

    def dump(self) -> str:
        return json.dumps([self.addresses, self.names, self.shared, self.rare, self.wide], ensure_ascii=False)

    @classmethod
    def load(cls, text: str) -> "Needles":
        addresses, names, shared, rare, wide = json.loads(text)
        return cls(tuple(addresses), tuple(names), tuple(shared), tuple(rare), wide)

    @property
    def everywhere(self) -> str:
        """A pattern for any text of anybody, where case matters; '' when there is nothing to look for."""
        named = _anyhow((*self.names, *self.shared)) if self.wide else _certain(self.names)
        return _any([*map(_address, self.addresses), *named])

    @property
    def perhaps(self) -> str:
        """What may be the person's or not, whoever else is called so: told, and taken only when somebody says so."""
        return _any(_anyhow((*self.names, *self.shared)))

    @property
    def any(self) -> str:
        """Both."""
        return "|".join(one for one in (self.everywhere, self.perhaps) if one)

    @property
    def spoken(self) -> str:
        """A pattern for what an agent may have typed into the search: addresses, names, words that are theirs alone."""
        alone = [_inflected(word) for word in self.rare]
        return _any([*map(_address, self.addresses), *_anyhow((*self.names, *self.shared)), *alone])

    def cleaned(self, text: str, others: Collection[str] = ()) -> str:
        """A text of a request that the person took part in, without them. others: words of others' names there."""
        for pattern in _near(self, frozenset(others)):
            text = pattern.sub(SIGN, text)
        return text


@lru_cache(maxsize=64)
def _near(known: Needles, others: frozenset[str]) -> tuple[re.Pattern[str], ...]:
    """What is looked for in each text of a request; making it takes longer than the looking."""
    names = (*known.names, *known.shared)
    whole = _any([*map(_address, known.addresses), *_pairs(names, others)])
    singles = [_inflected(word, capital=True) for word in words(names, least=LEAST) if word not in others]
    return tuple(re.compile(one) for one in (whole, _any(singles)) if one)


def words(names: Iterable[str], *, least: int = 2) -> list[str]:
    """In lower case, «ё» as «е»."""
    found = (word.lower().replace("ё", "е") for name in names for word in _WORD.findall(name))
    return list(dict.fromkeys(word for word in found if len(word) >= least))


def core(name: str) -> list[str]:
    """First name and surname: without patronymics, which thousands share, and what companies are called by."""
    return [one for one in words([name]) if not _FATHERS.fullmatch(one) and one not in _FORMS]


def alone(word: str) -> str:
    """A pattern for the word in any case of it, by itself."""
    return _any([_inflected(word)])


def _any(patterns: Iterable[str]) -> str:
    chosen = list(dict.fromkeys(one for one in patterns if one))
    return f"{_BEFORE}(?:{'|'.join(chosen)}){_AFTER}" if chosen else ""


def _address(address: str) -> str:
    """The address, its form in links and in the return paths that some servers make of it; no longer address."""
    local, _at, domain = address.partition("@")
    if not domain:
        return _letters(address)
    return rf"{_letters(local)}(?:@|%40|=){_letters(domain)}(?!\.[0-9A-Za-z])"


def _certain(names: Iterable[str]) -> list[str]:
    """First name and surname side by side, or one with an initial of the other: with capital letters."""
    found: list[str] = []
    for name in names:
        for word, other in permutations(core(name), 2):
            one, initial = _inflected(word, capital=True), _letters(other[0], capital=True)
            found += [_side_by_side(name, word, other, capital=True), *_initials(one, initial, "[A-ZА-ЯЁ]")]
    return found


def _anyhow(names: Iterable[str]) -> list[str]:
    """First name and surname side by side in letters of any case; of a name that has no two such, any two words."""
    return [
        _side_by_side(name, word, other, capital=False)
        for name in names
        for word, other in permutations(core(name) if len(core(name)) > 1 else words([name]), 2)
    ]


def _side_by_side(name: str, word: str, other: str, *, capital: bool) -> str:
    """Two words of a name with its patronymic between them or behind."""
    fathers = [one for one in words([name]) if _FATHERS.fullmatch(one) and one not in {word, other}]
    more = "".join(rf"(?:\s+{_inflected(one, capital=capital)})?" for one in fathers)
    return rf"{_inflected(word, capital=capital)}{more}\s+{_inflected(other, capital=capital)}{more}"


def _pairs(names: Iterable[str], others: Collection[str]) -> list[str]:
    """Any two words of a name side by side, and a word with the initial of another."""
    found: list[str] = []
    for name in names:
        for word, other in permutations(words([name]), 2):
            if word in others and other in others:
                continue
            found.append(rf"{_inflected(word)}\s+{_inflected(other)}")
            if len(word) >= LEAST and word not in others:
                found += _initials(_inflected(word), _letters(other[0]), "[A-Za-zА-Яа-яЁё]")
    return found


def _initials(word: str, initial: str, letter: str) -> list[str]:
    return [rf"{word}\s+{initial}\.(?:\s?{letter}\.)?", rf"{initial}\.\s?(?:{letter}\.\s?)?{word}"]


def _inflected(word: str, *, capital: bool = False) -> str:
    """The word in any case, with endings of nouns and adjectives. capital: its first letter must be one."""
    if not re.fullmatch("[а-яё]{3,}", word):
        return _letters(word, capital=capital)
    stem = _ENDING.sub("", word)
    fled = (
        f"{stem[:-2]}{stem[-1]}" if re.search("[бвгджзклмнпрстфхцчшщ][ео][кцлнрвг]$", stem) else ""
    )  # Павел, Павла
    stems = "|".join(_letters(one, capital=capital) for one in (stem, fled) if one)
    return f"(?:{stems})(?:{'|'.join(map(_letters, _CASES))})?"


def _letters(text: str, *, capital: bool = False) -> str:
    """In any case of each letter; «е» and «ё» are the same to whoever types."""
    return "".join(_letter(one, upper_only=capital and not place) for place, one in enumerate(text))


def _letter(one: str, *, upper_only: bool) -> str:
    small, large = ("её", "ЕЁ") if one in "еёЕЁ" else (one.lower(), one.upper())
    if small == large or len(small) != len(large):
        return re.escape(one)
    return f"[{large}]" if upper_only else f"[{small}{large}]"
