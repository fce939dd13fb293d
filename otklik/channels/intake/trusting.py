"""Whom to believe: what the mail server that brought a letter said of it (notes: only our own border is trusted)."""

import re

from otklik.channels.models import Box
from otklik.mime import Letter

_HEAD_BYTES = 64 * 1024
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_SPAM = (
    (re.compile(rb"(?im)^x-spam-flag:[ \t]*yes\b"), "X-Spam-Flag: YES"),
    (re.compile(rb"(?im)^x-spam-status:[ \t]*yes\b"), "X-Spam-Status: Yes"),
    (re.compile(rb"(?im)^x-spam:[ \t]*(?:yes|true)\b"), "X-Spam: Yes"),
    (re.compile(rb"(?im)^x-yandex-spam:[ \t]*4\b"), "X-Yandex-Spam: 4"),
    (re.compile(rb"(?im)^x-ms-exchange-organization-scl:[ \t]*[5-9]\b"), "X-MS-Exchange-Organization-SCL"),
)
_DMARC = re.compile(r"\bdmarc=(\w+)")
_STRICT = re.compile(r"\b(?:p|policy\.dmarc|action|dis)=(?:reject|quarantine)\b", re.IGNORECASE)
_DKIM = re.compile(r"\bdkim=pass\b[^;]*?\bheader\.(?:d|i)=@?([\w.-]+)", re.IGNORECASE)


def spam_reason(raw: bytes, letter: Letter, box: Box) -> str:
    """What says that it is spam: '' when nothing does."""
    end = _HEAD_END.search(raw, 0, _HEAD_BYTES)
    head = raw[: end.start() if end else _HEAD_BYTES]
    for pattern, words in _SPAM:
        if pattern.search(head):
            return words
    results = _of_our_border(letter, box)
    found = _DMARC.search(results)
    if found and found[1].lower() == "fail" and _STRICT.search(results):
        return f"Authentication-Results: {found[0]}"
    return ""


def is_verified(letter: Letter, box: Box) -> bool:
    """Whether our own border says that the letter is of whom it names: DMARC, or an aligned DKIM signature."""
    results = _of_our_border(letter, box)
    found = _DMARC.search(results)
    if found:
        return found[1].lower() == "pass"
    domain = letter.from_email.rpartition("@")[2].lower()
    return any(_same_house(domain, signer.lower()) for signer in _DKIM.findall(results))


def is_doubtful(letter: Letter, box: Box) -> bool:
    """Whether our own border says that the sender's address may be false."""
    found = _DMARC.search(_of_our_border(letter, box))
    return bool(found and found[1].lower() == "fail")


def _of_our_border(letter: Letter, box: Box) -> str:
    """The topmost results, if it is our mail server that wrote them; a letter may bring others of its own."""
    if not letter.authentication_results:
        return ""
    top = letter.authentication_results[0]
    writer = top.partition(";")[0].split()[0].lower() if top.partition(";")[0].split() else ""
    ours = (box.imap_host.lower(), box.address.rpartition("@")[2].lower(), *_BORDERS.get(box.preset, ()))
    return top if any(_same_house(writer, house) for house in ours if house) else ""


_BORDERS = {
    "google": ("mx.google.com",),
    "microsoft": ("protection.outlook.com", "outlook.com"),
    "yandex": ("yandex.ru", "yandex.net"),
    "mailru": ("mail.ru",),
}


def _same_house(one: str, other: str) -> bool:
    """Whether one domain is the other or lies under it; «mx.firm.ru» and «imap.firm.ru» share «firm.ru»."""
    if not one or not other:
        return False
    short = ".".join(other.split(".")[-2:]) if other.count(".") > 1 else other
    return one in {other, short} or one.endswith((f".{other}", f".{short}"))
