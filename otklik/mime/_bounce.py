"""Letters about letters that didn't arrive: RFC 3464 and the texts of mail systems that follow no RFC.

No false bounce: without a delivery report a letter counts only when a mail system sent it, it says so in a known
sentence and it names an address. What a person tells of a bounce stays an ordinary letter.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from otklik.mime import _addresses, _bounce_words, _headers
from otklik.mime._headers import Headers
from otklik.mime._strings import valid
from otklik.mime._structure import Part, Tree
from otklik.mime.letter import BouncedFor

_MAX = 100
_REPORT_LIMIT = 200_000  # bytes of a report or a returned header block that are looked at
_DAEMON = re.compile(
    r"mailer[-_]?daemon|mail[-_]?daemon|mail(?:er)?[-_ ]?delivery|mdaemon|mailsystem|mail[-_]system",
    re.IGNORECASE,
)
_POSTMASTER = re.compile(
    r"postmaster|microsoftexchange|mail-?admin|administrator|bounce|antivirus|mail[-_]service|imss",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s<>()\[\]\",;:=]{1,80}@[^\s<>()\[\]\",;:=]{1,120}\.[^\s<>()\[\]\",;:=.]{2,30}")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,2}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.\-])([45])\d\d(?=[\s\-;:)])")
_ID = re.compile(r"^message-id:\s{0,20}(<[^<>\s]{1,500}>)", re.IGNORECASE | re.MULTILINE)


_NAMES_RECIPIENT = ("recipient", "failed recipient", "получател", "адрес")


@dataclass(frozen=True, slots=True)
class Bounce:
    """Whom our letter didn't reach and which letter it was."""

    recipients: tuple[BouncedFor, ...]
    returned_ids: tuple[str, ...]


def find(tree: Tree, text: str, subject: str, from_email: str, from_name: str) -> Bounce | None:
    """The bounce in a letter or None. `text`: the letter's words, for systems without a delivery report."""
    headers = tree.root.headers
    reports = [part for part in walk(tree.root) if part.kind.endswith("delivery-status")]
    sent_by_system = _sent_by_system(headers, from_email, from_name, subject)
    declared = tree.root.parameters.get("report-type", "").lower() == "delivery-status"
    if reports and (declared or sent_by_system or tree.root.kind == "multipart/report"):
        recipients = _from_reports(tree, reports)
        if recipients is None:
            return None  # a report of success: delivered, relayed, expanded
        if recipients:
            return Bounce(recipients, returned_ids(tree, text))
    if not (sent_by_system or declared):
        return None
    recipients = (
        _from_text(headers, text, named_in_words=True)
        or _from_net(tree)
        or _from_text(headers, text, named_in_words=False)
    )
    spoken = _says(text[:20_000], _bounce_words.PHRASES)
    if recipients or (spoken and (declared or _says(subject, _bounce_words.SUBJECTS))):
        return Bounce(recipients, returned_ids(tree, text))
    return None


def _says(words: str, pieces: tuple[str, ...]) -> bool:
    lower = words.lower()
    return any(piece in lower for piece in pieces)


def _sent_by_system(headers: Headers, from_email: str, from_name: str, subject: str) -> bool:
    """A mail system's own name, or an empty return path or a postmaster together with a subject of failure."""
    who = f"{from_email.partition('@')[0]} {from_name}"
    if _DAEMON.search(who) and not headers.has("in-reply-to"):
        return True
    if headers.has("x-failed-recipients"):
        return True
    if not _says(subject, _bounce_words.SUBJECTS) or subject.lower().startswith(("re:", "fwd:", "fw:")):
        return False
    null_path = headers.plain("return-path").strip() in {"<>", "<<>>"}
    generated = headers.plain("auto-submitted").lower().startswith("auto")
    return null_path or generated or (bool(_POSTMASTER.search(who)) and not headers.has("in-reply-to"))


def walk(part: Part) -> Iterator[Part]:
    """The part and all below it, in order; depth is bounded by the tree."""
    yield part
    for child in part.children:
        yield from walk(child)


def _from_reports(tree: Tree, reports: list[Part]) -> tuple[BouncedFor, ...] | None:
    """Recipients of RFC 3464 reports; None when every named one was served."""
    found: dict[str, BouncedFor] = {}
    served = False
    for report in reports[:5]:
        octets = tree.octets(report)[:_REPORT_LIMIT].replace(b"\r\n", b"\n")
        for block in octets.split(b"\n\n")[: _MAX * 2]:
            fields, _ = _headers.parse(block.lstrip(b"\n"))
            action = fields.plain("action").lower().split("(")[0].strip()
            if action in {"delivered", "relayed", "expanded"}:
                served = True
                continue
            one = _recipient(fields, action)
            if one is not None:
                found.setdefault(one.email.lower(), one)
    if served and not found:
        return None
    return tuple(found.values())[:_MAX]


def _recipient(fields: Headers, action: str) -> BouncedFor | None:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        value = fields.plain(name)
        found = _ADDRESS.search(_headers.decode_words(value.partition(";")[2] or value))
        if found:
            email = valid(_addresses.readable(found[0].rstrip(".")))
            spoken = fields.plain("status") or fields.plain("diagnostic-code")
            status = _STATUS.search(spoken)
            code = status[1] if status else ""
            failed = action.startswith("fail") or (not action and not code.startswith("4"))
            return BouncedFor(email, code, permanent=failed)
    return None


def _from_text(headers: Headers, text: str, *, named_in_words: bool) -> tuple[BouncedFor, ...]:
    """Addresses that the words of a mail system name, before the copy of the letter begins.

    Not `named_in_words`: those of «To: …» in what it tells of our letter.
    """
    named = headers.plain("x-failed-recipients")
    lines = text[:60_000].split("\n")[:400]
    pairs = zip(lines, [*lines[1:], ""], strict=True)  # sentences are wrapped: «could not / be delivered»
    spoken = (place for place, two in enumerate(pairs) if _says(" ".join(two)[:800], _bounce_words.PHRASES))
    begin = next(spoken, -1)
    if begin < 0 and not named:
        return ()
    passing = _says(" ".join(lines[:40])[:6_000], _bounce_words.PASSING)
    own = {address.email.lower() for address in _addresses.parse(headers.plain("to"))}
    found: dict[str, BouncedFor] = {}
    for address in _addresses.parse(named):
        found[address.email.lower()] = _told(address.email, lines, 0, passing=passing)
    for place, email in _named_lines(lines, begin) if named_in_words else _addressed_lines(lines):
        known = found.get(email.lower())
        if email.lower() in own or _DAEMON.search(email) or (known and known.status):
            continue
        told = _told(email, lines, place, passing=passing)
        if known is None or told.status:
            found[email.lower()] = told
    return tuple(found.values())[:_MAX]


def _named_lines(lines: list[str], begin: int) -> Iterator[tuple[int, str]]:
    """(line, address) for lines that begin with an address or speak of one in a sentence of failure."""
    for place in range(max(begin - 3, 0), min(begin + 60, len(lines))):
        line = lines[place].strip()[:500]
        if place > begin and _begins_copy(line):
            return
        head = _ADDRESS.match(line.lstrip("*-<\"'> \t•").removeprefix("mailto:"))
        told = _says(line, _bounce_words.PHRASES) or line.lower().startswith(_NAMES_RECIPIENT)
        for found in [head] if head else list(_ADDRESS.finditer(line))[:3] if told else []:
            yield place, _addresses.readable(found[0].strip(".'"))


def _addressed_lines(lines: list[str]) -> Iterator[tuple[int, str]]:
    """«To: …» of the letter that didn't arrive, when nothing else names an address."""
    for place, line in enumerate(lines[:60]):
        found = _ADDRESS.search(line[:500]) if line.strip().lower().startswith(("to:", "кому:")) else None
        if found:
            yield place, _addresses.readable(found[0].strip(".'"))


def _begins_copy(line: str) -> bool:
    """Where a mail system begins to repeat our letter."""
    if line.lower().startswith(_bounce_words.ORIGINAL_STARTS):
        return True
    announces = (
        line[:2] in {"--", "==", "**", "__"} or line[-1:] == ":" or "below" in line or "ниже" in line.lower()
    )
    return announces and _says(line, _bounce_words.ORIGINAL)


def _told(email: str, lines: list[str], place: int, *, passing: bool) -> BouncedFor:
    """Status and finality from the line with the address and the few below it."""
    around = " ".join(lines[place : place + 8])[:2_000]
    status = _STATUS.search(around)
    code = _REPLY_CODE.search(around)
    first = status[1][0] if status else code[1] if code else ""
    permanent = first == "5" or (first != "4" and not passing)
    return BouncedFor(valid(email), status[1] if status else "", permanent=permanent and not passing)


def _from_net(tree: Tree) -> tuple[BouncedFor, ...]:
    """The heuristics of flufl.bounce under our own: only for what a mail system sent, small and shallow."""
    if len(tree.raw) > 200_000 or sum(1 for _ in walk(tree.root)) > 12:
        return ()
    try:
        import email
        import email.policy
        import logging

        from flufl.bounce import all_failures

        logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
        passing, permanent = all_failures(email.message_from_bytes(tree.raw, policy=email.policy.default))
    except Exception:  # noqa: BLE001  # a foreign library on hostile bytes: a net may tear
        return ()
    return (*_as_bounced(permanent, permanent=True), *_as_bounced(passing - permanent, permanent=False))[
        :_MAX
    ]


def _as_bounced(addresses: Iterable[bytes], *, permanent: bool) -> Iterator[BouncedFor]:
    for address in sorted(addresses):
        email = valid(address.decode("utf_8", "replace"))
        if "@" in email:
            yield BouncedFor(_addresses.readable(email), "", permanent=permanent)


def returned_ids(tree: Tree, text: str) -> tuple[str, ...]:
    """Message-IDs of the letters that came back, from the attached copy or from the words."""
    found: dict[str, None] = {}
    for part in walk(tree.root):
        if part.kind in {"message/rfc822", "text/rfc822-headers", "message/global", "message/rfc822-headers"}:
            octets = tree.octets(part)[:_REPORT_LIMIT].lstrip(b"\r\n")
            headers, _ = _headers.parse(octets.replace(b"\r\n", b"\n").split(b"\n\n")[0] + b"\n")
            returned = re.search(r"<[^<>\s]{1,500}>", headers.plain("message-id"))
            if returned:
                found.setdefault(valid(returned[0]))
    if not found:
        found.update(dict.fromkeys(match[1] for match in _ID.finditer(text[:200_000])))
    return tuple(found)[:10]
