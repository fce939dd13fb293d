"""The tail of a reply that is no reply: signatures, «Отправлено с iPhone», disclaimers. Fold, when sure."""

import re
from collections.abc import Sequence

from otklik.mime._lines import Line

_REGARDS = re.compile(
    r"(?:с (?:глубоким |большим |искренним )?уважением|с ув\b\.?|с наилучшими пожеланиями|с пожеланиями|"
    r"всего (?:самого )?(?:доброго|хорошего|наилучшего)|с почтением|искренне ваш[аи]?|з повагою|"
    r"(?:best|kind|warm|with best|with kind)?\s?regards|sincerely(?: yours)?|yours (?:sincerely|faithfully|truly)|"
    r"best wishes|mit freundlichen gr[üu](?:ß|ss)en|viele gr[üu](?:ß|ss)e|cordialement|bien cordialement|"
    r"saludos(?: cordiales)?|cordiali saluti|distinti saluti|met vriendelijke groet(?:en)?|atenciosamente|"
    r"pozdrawiam|z poważaniem)\b",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"(?:отправлено|послано|написано|відправлено|надіслано|sent|gesendet|envoyé|enviado|inviato|verzonden|wysłane)\s"
    r"(?:с|из|через|при помощи|с помощью|from|via|using|von|mit|depuis|de|desde|da|vanaf|z|із|з)\s"
    r"(?!ваш|наш|склад)",
    re.IGNORECASE,
)
_DEVICE_NAME = re.compile(
    r"i-?phone|айфон|ipad|айпад|galaxy|samsung|huawei|honor|xiaomi|redmi|poco|realme|android|андроид|планшет|смартфон|"
    r"мобильн|outlook|mail|почт|яндекс|yandex|gmail|icloud|windows|blackberry|nokia|bluemail|spark|handy|mobile|"
    r"телефон|protonmail|thunderbird|the bat|mymail|aquamail|k-9|фейсбук|tecno|oneplus|pixel|max\b",
    re.IGNORECASE,
)  # fmt: skip
_GET_APP = re.compile(
    r"(?:get|получить|скачать|загрузить|скачайте|загрузите|установите|download)\s(?:beta\s)?(?:<?https?://\S{1,200}>?\s?)?(?:outlook|приложени|mail\.ru|почт|gmail|"
    r"bluemail|аутлук)",
    re.IGNORECASE,
)  # fmt: skip
_CHECKED = re.compile(
    r"(?:без вирусов\b|virus-free\b|(?:это )?(?:письмо|сообщение|this e-?mail).{0,40}(?:проверено|checked for viruses)|"
    r"проверено .{0,20}антивирус|--\s*это сообщение проверено)",
    re.IGNORECASE,
)
_DISCLAIMER_START = re.compile(
    r"[\s*(]{0,4}(?:настоящ|данн|это\s|эта\s|информация|содержание|внимание|конфиденциальн|уведомление|this\s|важно|"
    r"the information|confidential|disclaimer|notice|ce message|diese (?:e-?mail|nachricht)|любое\s|содержащ)",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"конфиденциальн|предназначен\w{0,4} (?:только|исключительно)|confidential|intended (?:only |solely )?for|"
    r"vertraulich|confidentiel|не является (?:офертой|публичной)|привилегированн",
    re.IGNORECASE,
)
_ABOUT_LETTER = re.compile(r"сообщени|письм|электронн|message|e-?mail|переписк|nachricht", re.IGNORECASE)
_NOT_SIGNATURE = re.compile(r"\b(?:p\.?\s?s\.?|ps|з\.?\s?ы\.?)(?=[\s:.,)!]|$)|[?!]\s*$", re.IGNORECASE)
_AFTER_REGARDS = 6
_AFTER_DASHES = 15


def trim(lines: Sequence[Line], start: int, end: int) -> int:
    """Where the reply of lines[start:end] ends once its signature is folded; `end` when there is none."""
    for _ in range(6):
        shorter = _trim_once(lines, start, _last_word(lines, start, end))
        if shorter is None:
            return end
        end = shorter
    return end


def _last_word(lines: Sequence[Line], start: int, end: int) -> int:
    while end > start and not lines[end - 1].words:
        end -= 1
    return end


def _trim_once(lines: Sequence[Line], start: int, end: int) -> int | None:
    """The end without one more signature at it, or None."""
    if end <= start:
        return None
    for find in (_marked, _device, _notice, _dashes, _regards):
        place = find(lines, start, end)
        if place is not None:
            return place
    return None


def _marked(lines: Sequence[Line], start: int, end: int) -> int | None:
    """A signature that the HTML itself names."""
    place = end
    while place > start and (lines[place - 1].mark == "signature" or not lines[place - 1].words):
        place -= 1
    signed = [line for line in lines[place:end] if line.words]
    if not signed or len(signed) > _AFTER_DASHES or any(_NOT_SIGNATURE.search(line.words) for line in signed):
        return None
    return place


def _device(lines: Sequence[Line], _start: int, end: int) -> int | None:
    """«Отправлено с iPhone» as the last line; «Отправлено с вашего склада» is the client's own."""
    words = lines[end - 1].words
    if len(words) > 120:
        return None
    bare = words.strip("-—–*_<>[]() .")
    found = _DEVICE.match(bare)
    named = found and _DEVICE_NAME.search(bare, found.end()) and len(bare) <= 90
    if (named and bare[-1:] not in "?!") or _GET_APP.match(bare):
        return end - 1
    return None


def _notice(lines: Sequence[Line], start: int, end: int) -> int | None:
    """A last paragraph about secrecy or viruses."""
    place = end
    while place > start and lines[place - 1].words and end - place < 12:
        place -= 1
    words = " ".join(line.words for line in lines[place:end])[:3000]
    if _CHECKED.search(words[:200]) and len(words) < 300 and place > start:
        return place
    if len(words) < 80 or not _DISCLAIMER_START.match(words.lstrip("-—_=* ")):
        return None
    if _DISCLAIMER.search(words) and _ABOUT_LETTER.search(words):
        return place
    return None


def _dashes(lines: Sequence[Line], start: int, end: int) -> int | None:
    """The delimiter «-- ». Without its space it counts only before lines that look like a signature."""
    seen = 0
    for place in range(end - 1, start - 1, -1):
        shown = lines[place].shown
        if shown.startswith(("--", "—")) and shown.strip() in {"--", "—", "---"}:
            tail = [line.words for line in lines[place + 1 : end] if line.words]
            exact = shown.rstrip("\r") == "-- "
            if all(_looks_signed(words, 100 if exact else 70) for words in tail):
                return place
            return None
        seen += bool(lines[place].words)
        if seen > _AFTER_DASHES:
            return None
    return None


def _regards(lines: Sequence[Line], start: int, end: int) -> int | None:
    """«С уважением,» and at most six short lines after it."""
    seen = 0
    for place in range(end - 1, start - 1, -1):
        words = lines[place].words
        if not words:
            continue
        found = _REGARDS.match(words.lstrip("-—–*_ "))
        if found and len(words) <= 90:
            tail = [line.words for line in lines[place:end] if line.words]
            return place if all(_looks_signed(words, 90) for words in tail) else None
        seen += 1
        if seen > _AFTER_REGARDS:
            return None
    return None


def _looks_signed(words: str, longest: int) -> bool:
    """Short, asks nothing, and no sentence: a name, a post, a phone, an address."""
    if len(words) > longest or _NOT_SIGNATURE.search(words):
        return False
    is_sentence = words[-1:] == "." and len(words.split()) > 5
    return not is_sentence or any(char.isdigit() for char in words)
