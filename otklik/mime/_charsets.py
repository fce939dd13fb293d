"""Bytes of an unknown or lying charset → text.

Order: declared (strict) unless the result is unlikely → UTF-8 (strict) → a guess among Cyrillic and what
faust-cchardet says → replacement. Labels follow the WHATWG table where mail programs lie (gb2312 is gb18030).
"""

import codecs
import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

import cchardet

CYRILLIC = ("cp1251", "koi8_r", "iso8859_5", "cp866")
_WESTERN = {"cp1252", "ascii", "latin_1", "iso8859_15"}
_SAMPLE = 6_000  # bytes that a guess looks at: more changes no verdict

_LABELS = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cn-gb": "gb18030", "gb_2312-80": "gb18030",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ms_kanji": "cp932",
    "windows-31j": "cp932", "iso-2022-jp": "iso2022_jp_ext", "iso-2022-jp-ms": "iso2022_jp_ext",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "euc-kr": "cp949", "korean": "cp949",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "iso8859-1": "cp1252", "ascii": "ascii",
    "us-ascii": "ascii", "iso-8859-9": "cp1254", "tis-620": "cp874", "iso-8859-11": "cp874",
    "big5": "big5hkscs", "cp-1251": "cp1251", "win-1251": "cp1251", "windows1251": "cp1251",
    "x-cp1251": "cp1251", "ansi_x3.110-1983": "cp1252", "koi8": "koi8_r", "koi": "koi8_r", "koi8-u": "koi8_u",
    "koi8_u": "koi8_u", "koi8-ru": "koi8_u", "dos-866": "cp866", "ibm866": "cp866", "x-mac-cyrillic": "mac_cyrillic",
    "unicode-1-1-utf-7": "utf_7", "utf8": "utf_8", "utf8mb4": "utf_8", "unicode": "utf_16", "iso-8859-8-i": "iso8859_8",
}  # fmt: skip
_NOT_TEXT = {"base64", "hex", "bz2", "zlib", "rot13", "quopri", "uu", "unicode_escape", "raw_unicode_escape",
             "idna", "punycode", "undefined", "charmap", "mbcs", "oem"}  # fmt: skip

# How much likelier than a flat alphabet a letter is in Russian text (log scale, rounded)
_RUSSIAN = dict(zip("оеаинтсрвлкмдпуяызьбгчйхжшюцщэфъё",
                    (13, 12, 11, 11, 10, 10, 9, 8, 8, 8, 7, 7, 6, 6, 6, 4, 4, 3, 3, 3, 3, 2, 1, 1, 1, 0,
                     0, -2, -3, -3, -4, -9, -4), strict=True))  # fmt: skip
_SWAPPED_CASE = re.compile("[а-яё][А-ЯЁ]")
_WORD_CASE = re.compile("(?<![А-Яа-яЁё])[А-ЯЁ]?[а-яё]+")
_MOJIBAKE = re.compile("[ÐÑ][\x80-\xbf\u0152-\u2122]")


class Decoded(NamedTuple):
    """`repaired`: another charset than the declared one was used. `lossy`: some bytes became �."""

    text: str
    charset: str
    repaired: bool
    lossy: bool = False


@lru_cache(maxsize=512)
def codec(label: str) -> str | None:
    """The Python codec for a charset label as mail programs write it; None when nobody knows it."""
    clean = label.strip(" \t\r\n\"'<>;,").lower().split("\n")[0].split("*")[0].strip()
    known = _LABELS.get(clean)
    if known:
        return known
    try:
        found = codecs.lookup(clean.removeprefix("charset=").removeprefix("x-"))
    except (LookupError, ValueError):
        return None
    name = found.name.replace("-", "_")
    if name in _NOT_TEXT or name.endswith("_codec"):
        return None
    return _LABELS.get(found.name, name)


def decode(octets: bytes, declared: str = "", hint: str = "") -> Decoded:
    """Text of `octets`. declared: label from the part, may be empty or nonsense; hint: a label seen nearby."""
    name = codec(declared) if declared else None
    if octets.isascii() and not _shifts(octets, name):
        return Decoded(octets.decode("ascii"), name or "ascii", repaired=False)
    if name == "utf_8" or name is None:
        return _utf8_or_guess(octets, declared, hint)
    text = _strict(octets, name)
    if text is None:
        return _after_failure(octets, name, hint)
    if name in _WESTERN or name in CYRILLIC or name in {"koi8_u", "mac_cyrillic", "iso8859_2", "cp1250"}:
        return _doubted(octets, name, text)
    return Decoded(text, name, repaired=False)


def _shifts(octets: bytes, name: str | None) -> bool:
    """Whether seven-bit octets may hold more than ASCII: JIS escapes, UTF-7, wide units."""
    if name is None:
        return b"\x1b$" in octets
    return name.startswith(("iso2022", "utf_7", "hz", "utf_16", "utf_32")) or b"\x1b$" in octets


def _strict(octets: bytes, name: str) -> str | None:
    try:
        return octets.decode(name)
    except (UnicodeError, LookupError, ValueError):
        pass
    if (
        name == "iso2022_jp_ext"
    ):  # Microsoft's kind has ① and other NEC signs, which JIS X 0213 keeps in the same place
        return _strict(octets.replace(b"\x1b$B", b"\x1b$(Q"), "iso2022_jp_2004")
    return None


def _utf8_or_guess(octets: bytes, declared: str, hint: str) -> Decoded:
    text = _strict(octets, "utf_8")
    if text is not None:
        fixed = unmojibake(text)
        return Decoded(fixed, "utf_8", repaired=fixed != text or codec(declared) != "utf_8")
    if declared:
        mended = octets.decode("utf_8", "replace")
        if mended.count("\ufffd") <= max(1, len(mended) // 50) and _is_multibyte(mended):
            return Decoded(mended, "utf_8", repaired=False, lossy=True)
    return _guessed(octets, hint)


def _is_multibyte(text: str) -> bool:
    """Whether the text that survived holds real non-ASCII characters, so UTF-8 was no lie."""
    wide = sum(1 for char in text[:_SAMPLE] if char > "\x7f" and char != "\ufffd")
    return wide > text.count("\ufffd", 0, _SAMPLE)


def _after_failure(octets: bytes, name: str, hint: str) -> Decoded:
    """The declared charset doesn't fit. A few bad bytes are the sender's dirt, many are a wrong label."""
    if name not in _WESTERN:
        text = octets.decode(name, "replace")
        if text.count("\ufffd") * 50 <= len(text):
            return Decoded(text, name, repaired=False, lossy=True)
    text = _strict(octets, "utf_8") or ""
    if text:
        return Decoded(text, "utf_8", repaired=True)
    guess = _guessed(octets, hint)
    if name == "cp1252" and guess.charset not in (*CYRILLIC, "utf_8", "gb18030", "cp932", "cp949"):
        return Decoded(octets.decode("latin_1"), "cp1252", repaired=False)
    return guess


def _doubted(octets: bytes, name: str, text: str) -> Decoded:
    """A single-byte charset fits any bytes: keep it only when the text looks like its language."""
    utf8 = _strict(octets, "utf_8")
    if utf8 is not None:
        return Decoded(unmojibake(utf8), "utf_8", repaired=True)
    sample = octets[:_SAMPLE]
    high = sum(map((127).__lt__, sample))
    if high < 4:
        return Decoded(text, name, repaired=False)
    if name in _WESTERN or name in {"iso8859_2", "cp1250"}:
        letters = sum(1 for octet in sample if octet > 127 or chr(octet).isalpha())
        if high * 10 < letters * 5:  # accents are rare in Latin text, Cyrillic text is nearly all high bytes
            return Decoded(text, name, repaired=False)
        own = 0.0
    else:
        own = likely_russian(text[:_SAMPLE])
    best, score = _best_cyrillic(sample)
    if best != name and score > 5.5 and score > own + 2.5:
        return Decoded(octets.decode(best, "replace"), best, repaired=True)
    return Decoded(text, name, repaired=False)


def likely_russian(text: str) -> float:
    """About 8 for Russian, below 5 for Russian read in a wrong charset; only non-ASCII characters count."""
    counts = Counter(text.lower())
    total = weight = 0
    for char, count in counts.items():
        if char > "\x7f" and char not in "«»—–№…\xa0“”„’":
            total += count
            weight += count * _RUSSIAN.get(char, -8)
    if not total:
        return 0.0
    swapped = len(_SWAPPED_CASE.findall(text))
    plain = sum(len(word) for word in _WORD_CASE.findall(text))
    return weight / total - 6 * swapped / total + plain / total


def _best_cyrillic(sample: bytes) -> tuple[str, float]:
    scored = [(likely_russian(sample.decode(name, "replace")), name) for name in CYRILLIC]
    score, name = max(scored)
    return name, score


def _guessed(octets: bytes, hint: str) -> Decoded:
    sample = octets[:_SAMPLE]
    best, score = _best_cyrillic(sample)
    if score > 5.5:
        return _read_as(octets, best)
    near = codec(hint) if hint else None
    if near and near != "ascii" and _strict(octets, near) is not None:
        return _read_as(octets, near)
    found = cchardet.detect(sample).get("encoding") or ""
    name = codec(found) or ("cp1251" if score > 3 else "cp1252")
    return _read_as(octets, "cp1252" if name == "ascii" else name)


def _read_as(octets: bytes, name: str) -> Decoded:
    text = octets.decode(name, "replace")
    return Decoded(text, name, repaired=True, lossy="\ufffd" in text)


def unmojibake(text: str) -> str:
    """Undo UTF-8 that somebody read as Latin-1 and wrote as UTF-8 again («ÐŸÑ€Ð¸» → «При»)."""
    marks = text.count("Ð") + text.count("Ñ")
    if marks < 3 or len(_MOJIBAKE.findall(text)) * 10 < marks * 8:
        return text
    try:
        return text.encode("cp1252", "otklik_as_browsers").decode("utf_8")
    except (UnicodeError, ValueError):
        return text


def _as_browsers(fault: UnicodeError) -> tuple[bytes, int]:
    """The five bytes that cp1252 leaves out go back as in Latin-1; anything beyond Latin-1 is no mojibake."""
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    return fault.object[fault.start : fault.end].encode("latin_1"), fault.end


codecs.register_error("otklik_as_browsers", _as_browsers)
