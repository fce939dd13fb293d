"""By what a person is recognised in any text: addresses, and names in every case and order.

One pattern serves Python and PostgreSQL's `~*` alike. A name alone says little («Вера»), so in texts of others only two
of its words side by side count; in requests that the person took part in each word of it that begins with a capital.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

SIGN = "…"  # what stands in place of a name or an address: never longer than what it takes away
_BEFORE, _AFTER = r"(?<![0-9A-Za-zА-Яа-яЁё_.-])", r"(?![0-9A-Za-zА-Яа-яЁё_-])"
_WORD = re.compile(r"[^\W\d_]+")
_ENDING = "[аеёиоуыэюяйь]"
_CASES = "(?:а|я|ы|и|е|у|ю|ой|ей|ою|ею|ом|ем|ым|им|ого|его|ому|ему|ь|й)?"
LEAST = 4  # letters of a name's word that counts alone


@dataclass(frozen=True, slots=True)
class Needles:
    """addresses: as they are kept and as the person writes them. names: whole ones.

    shared: names that somebody else here has too: looked for only where the person took part.
    """

    addresses: tuple[str, ...]
    names: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()

    def dump(self) -> str:
        return json.dumps([self.addresses, self.names, self.shared], ensure_ascii=False)

    @classmethod
    def load(cls, text: str) -> "Needles":
        return cls(*(tuple(part) for part in json.loads(text)))

    @property
    def everywhere(self) -> str:
        """A pattern for any text of anybody, letters of any case; '' when there is nothing to look for."""
        return _any([*map(_address, self.addresses), *_pairs(self.names)])

    @property
    def spoken(self) -> str:
        """A pattern for what an agent may have typed into the search: each word of the names, and the addresses."""
        singles = [_inflected(word) for word in _words((*self.names, *self.shared), least=3)]
        locals_ = [
            re.escape(one.partition("@")[0]) for one in self.addresses if len(one.partition("@")[0]) > 3
        ]
        return _any([*map(_address, self.addresses), *locals_, *singles])

    def cleaned(self, text: str) -> str:
        """A text of a request that the person took part in, without them."""
        for pattern in self._near():
            text = pattern.sub(SIGN, text)
        return text

    def _near(self) -> list[re.Pattern[str]]:
        names = (*self.names, *self.shared)
        whole = _any([*map(_address, self.addresses), *_pairs(names)])
        singles = [_inflected(word) for word in _words(names, least=LEAST)]
        found = [re.compile(whole, re.IGNORECASE)] if whole else []
        if singles:
            found.append(re.compile(_any([_capital(one) for one in singles])))
        return found


def _any(patterns: Iterable[str]) -> str:
    chosen = list(dict.fromkeys(one for one in patterns if one))
    return f"{_BEFORE}(?:{'|'.join(chosen)}){_AFTER}" if chosen else ""


def _address(address: str) -> str:
    """The address, its form in links and in the return paths that some servers make of it."""
    local, _at, domain = address.partition("@")
    return f"{re.escape(local)}(?:@|%40|=){re.escape(domain)}" if domain else re.escape(address)


def _words(names: Iterable[str], *, least: int) -> list[str]:
    found = (word.lower() for name in names for word in _WORD.findall(name))
    return list(dict.fromkeys(word for word in found if len(word) >= least))


def _pairs(names: Iterable[str]) -> list[str]:
    """Any two words of a name side by side, and a word with the initial of another."""
    found: list[str] = []
    for name in names:
        words = [word.lower() for word in _WORD.findall(name)]
        for word in words:
            for other in words:
                if word != other and len(word) > 1 and len(other) > 1:
                    found.append(rf"{_loose(word)}\s+{_loose(other)}")
                    if len(word) >= LEAST:
                        initial = _letters(other[0])
                        found.append(rf"{_loose(word)}\s+{initial}\.(?:\s?[a-zа-яё]\.)?")
                        found.append(rf"{initial}\.\s?(?:[a-zа-яё]\.\s?)?{_loose(word)}")
    return found


def _loose(word: str) -> str:
    """The word in any case: its stem and up to three letters after it."""
    if not re.fullmatch("[а-яё]{3,}", word):
        return _letters(word)
    return f"{_letters(re.sub(f'{_ENDING}$', '', word))}[а-яё]{{0,3}}"


def _inflected(word: str) -> str:
    """The word in any case, with endings of nouns alone: for a word that stands by itself."""
    if not re.fullmatch("[а-яё]{3,}", word):
        return _letters(word)
    return f"{_letters(re.sub(f'{_ENDING}$', '', word))}{_CASES}"


def _capital(pattern: str) -> str:
    """Of a pattern that begins with a letter, the same with a capital one."""
    return f"[ЕЁ]{pattern[4:]}" if pattern.startswith("[её]") else f"{pattern[:1].upper()}{pattern[1:]}"


def _letters(text: str) -> str:
    """«е» and «ё» are the same to whoever types."""
    return "".join("[её]" if one in "её" else re.escape(one) for one in text)
