"""Whom to believe: what the mail server that brought a letter said of it (notes: only our own border is trusted).

Anybody can write Authentication-Results into their letter, in any name. So only that server counts which an
administrator has named as the one that strips foreign ones (Box.authserv_id), or the border of a known service.
"""

import re

from otklik.channels.intake import results
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
_SAYS_FAIL = re.compile(r"\bdmarc\s*=\s*fail\b", re.IGNORECASE)
_STRICT = re.compile(r"\b(?:p|policy\.dmarc|action|dis)=(?:reject|quarantine)\b", re.IGNORECASE)


def spam_reason(raw: bytes, letter: Letter, box: Box) -> str:
    """What says that it is spam: '' when nothing does."""
    end = _HEAD_END.search(raw, 0, _HEAD_BYTES)
    head = raw[: end.start() if end else _HEAD_BYTES]
    for pattern, words in _SPAM if _MAY_SAY_SPAM.search(head) else ():
        if pattern.search(head):
            return words
    said = _of_our_border(letter, box)
    if _fails(said) and _STRICT.search(said):
        return "Authentication-Results: dmarc=fail"
    return ""


def is_verified(letter: Letter, box: Box) -> bool:
    """Whether our own border says that the letter is of whom it names: DMARC, or a signature of that very domain.

    A signature counts for its own domain alone (the strict alignment of RFC 7489). That evil.msk.ru is no kin of
    victim.msk.ru, while mail.firm.ru is of firm.ru, only a list of public suffixes tells, and we keep none: who signs
    for a domain above or below theirs is vouched for by DMARC.
    """
    found = results.read(_of_our_border(letter, box)) or []
    dmarc = {one.result for one in found if one.method == "dmarc"}
    if dmarc:  # several: one of them may be of the sender's making
        return dmarc == {"pass"}
    domain = letter.from_email.rpartition("@")[2].lower()
    signatures = [one for one in found if (one.method, one.result) == ("dkim", "pass")]
    return bool(domain) and any(
        (one.domains("header.d") or one.domains("header.i")) == {domain} for one in signatures
    )


def is_doubtful(letter: Letter, box: Box) -> bool:
    """Whether our own border says that the sender's address may be false."""
    return _fails(_of_our_border(letter, box))


def _fails(said: str) -> bool:
    """Of what cannot be read any «dmarc=fail» counts: a crooked address would else silence it."""
    found = results.read(said)
    if found is None:
        return _SAYS_FAIL.search(said) is not None
    return any((one.method, one.result) == ("dmarc", "fail") for one in found)


def _of_our_border(letter: Letter, box: Box) -> str:
    """The topmost results, if it is our mail server that wrote them; a letter may bring others of its own."""
    if not letter.authentication_results:
        return ""
    top = letter.authentication_results[0]
    writer = top.partition(";")[0].split()[0].lower() if top.partition(";")[0].split() else ""
    if box.authserv_id:
        return top if writer == box.authserv_id.lower() else ""
    return top if any(_lies_under(writer, house) for house in _BORDERS.get(box.preset, ())) else ""


_BORDERS = {
    "google": ("google.com",),
    "microsoft": ("outlook.com",),
    "yandex": ("yandex.ru", "yandex.net"),
    "mailru": ("mail.ru",),
}


def _lies_under(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}")
