"""Initials and a quiet colour for a person without a picture."""

import unicodedata
import zlib
from functools import lru_cache

TONES = "abcd"


@lru_cache(maxsize=2000)  # people come again and again
def initials(name: str) -> str:
    """«АО» of «Анна Орлова»; «?» where there is no letter at all."""
    words = [letters for word in name.split() if (letters := _letters(word))]
    return "".join(word[0] for word in words[:2]).upper() or "?"


def tone(name: str) -> str:
    """One of a, b, c, d; the same name has the same one everywhere."""
    return TONES[zlib.crc32(name.encode()) % len(TONES)]


def _letters(word: str) -> str:
    return "".join(sign for sign in word if unicodedata.category(sign)[0] in "LN")
