"""Whom to believe: what the mail server that brought a letter said of it (notes: only our own border is trusted).

Anybody can write Authentication-Results into their letter, in any name. So only that server counts which an
administrator has named as the one that strips foreign ones (Box.authserv_id), or the border of a known service.
"""

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
_MAY_SAY_SPAM = re.compile(
    rb"(?im)^x-(?:spam|yandex-spam|ms-exchange-)"
)  # one look instead of five at most letters
_DMARC = re.compile(r"\s*dmarc\s*=\s*(\w+)", re.IGNORECASE)
_STRICT = re.compile(r"\b(?:p|policy\.dmarc|action|dis)=(?:reject|quarantine)\b", re.IGNORECASE)
_DKIM = re.compile(r"\s*dkim\s*=\s*pass\s(?:.*?\s)?header\.(?:d|i)=(?:[^\s@]*@)?([\w.-]+)", re.IGNORECASE)
_SAID_BY_OTHERS = re.compile(r'"[^"]*"|\([^()]*\)')  # quoted words and comments hold what the sender chose


def spam_reason(raw: bytes, letter: Letter, box: Box) -> str:
    """What says that it is spam: '' when nothing does."""
    end = _HEAD_END.search(raw, 0, _HEAD_BYTES)
    head = raw[: end.start() if end else _HEAD_BYTES]
    for pattern, words in _SPAM if _MAY_SAY_SPAM.search(head) else ():
        if pattern.search(head):
            return words
    results = _of_our_border(letter, box)
    if _dmarc(results) == "fail" and _STRICT.search(results):
        return "Authentication-Results: dmarc=fail"
    return ""


def is_verified(letter: Letter, box: Box) -> bool:
    """Whether our own border says that the letter is of whom it names: DMARC, or an aligned DKIM signature."""
    results = _of_our_border(letter, box)
    dmarc = _dmarc(results)
    if dmarc:
        return dmarc == "pass"
    domain = letter.from_email.rpartition("@")[2].lower()
    signers = [found[1].lower() for one in _methods(results) if (found := _DKIM.match(one))]
    return any(_same_house(domain, signer) for signer in signers)


def is_doubtful(letter: Letter, box: Box) -> bool:
    """Whether our own border says that the sender's address may be false."""
    return _dmarc(_of_our_border(letter, box)) == "fail"


def _dmarc(results: str) -> str:
    """'pass', 'fail' …; '' when nothing was said of it."""
    return next((found[1].lower() for one in _methods(results) if (found := _DMARC.match(one))), "")


def _methods(results: str) -> list[str]:
    """The results one by one: «dmarc=pass header.from=firm.ru»."""
    return _SAID_BY_OTHERS.sub(" ", results).split(";")[1:]


def _of_our_border(letter: Letter, box: Box) -> str:
    """The topmost results, if it is our mail server that wrote them; a letter may bring others of its own."""
    if not letter.authentication_results:
        return ""
    top = letter.authentication_results[0]
    writer = top.partition(";")[0].split()[0].lower() if top.partition(";")[0].split() else ""
    if box.authserv_id:
        return top if writer == box.authserv_id.lower() else ""
    return top if any(_same_house(writer, house) for house in _BORDERS.get(box.preset, ())) else ""


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
