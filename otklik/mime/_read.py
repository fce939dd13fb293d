"""Bytes of a letter → Letter. Never raises; every step below bounds its own work by counts."""

import re
from typing import NamedTuple

from otklik.mime import _addresses, _bodies, _bounce, _calendar, _cut, _dates, _headers, _robots
from otklik.mime._addresses import Address
from otklik.mime._headers import Headers
from otklik.mime._strings import one_line, valid
from otklik.mime._structure import Tree
from otklik.mime.letter import BouncedFor, Kind, Letter

_ID = re.compile(r"<[^<>\s]{1,900}>")
_ENVELOPE = ("delivered-to", "x-original-to", "envelope-to")
_MAX_REFERENCES = 200


def read(raw: bytes) -> Letter:
    """Read a letter of any bytes (contract of the package). Budget: 20 KB ≤ 2 ms, 25 MB ≤ 300 MB of memory."""
    tree = Tree(raw)
    headers, bodies = tree.root.headers, _bodies.collect(tree)
    lines, html = _bodies.as_lines(tree, bodies), _bodies.html_of(tree, bodies)
    subject = one_line(headers.text("subject", bodies.charset))
    cut = _cut.cut(lines, subject)
    author = _author(headers, bodies.charset)
    text = "\n".join(line.shown for line in lines).strip("\n \r\t")
    nature = _nature(tree, text, subject, author)
    return Letter(
        from_email=author.email,
        from_name=author.name,
        to=_emails(headers, "to", bodies.charset),
        cc=_emails(headers, "cc", bodies.charset),
        reply_to=_emails(headers, "reply-to", bodies.charset),
        subject=subject,
        date=_dates.parse(headers.text("date")),
        message_id=_first_id(headers, "message-id"),
        in_reply_to=_first_id(headers, "in-reply-to"),
        references=_ids(headers),
        text=text,
        html=valid(html) if html is not None else None,
        reply_text=cut.reply,
        quoted_text=cut.quoted,
        attachments=tuple(bodies.files),
        kind=nature.kind,
        bounced_for=nature.bounced_for,
        forwarded=cut.forwarded if nature.kind == "normal" else None,
        charset_repaired=bodies.repaired or _headers_repaired(headers),
        warnings=tuple(valid(word) for word in tree.warnings),
        auto=nature.auto,
        returned_message_ids=nature.returned_ids,
        envelope_to=_envelope(headers),
        authentication_results=_authentication(headers),
        list_id=one_line(headers.text("list-id")),
        return_path=_return_path(headers),
        instance=one_line(headers.plain("x-otklik-instance")),
        invitation=_calendar.read(bodies.calendar),
    )


class _Nature(NamedTuple):
    kind: Kind
    auto: bool
    bounced_for: tuple[BouncedFor, ...] = ()
    returned_ids: tuple[str, ...] = ()


def _nature(tree: Tree, text: str, subject: str, author: Address) -> _Nature:
    """Who wrote it: a person, a mail system, an answering machine, a complaint service."""
    headers = tree.root.headers
    report = tree.root.parameters.get("report-type", "").lower()
    if report == "feedback-report" or any(p.kind == "message/feedback-report" for p in tree.root.children):
        return _Nature("feedback", auto=True, returned_ids=_bounce.returned_ids(tree, text))
    bounce = _bounce.find(tree, text, subject, author.email, author.name)
    if bounce is not None:
        return _Nature("bounce", True, bounce.recipients, bounce.returned_ids)
    if tree.root.kind == "multipart/report" or _robots.is_answer(headers, subject):
        return _Nature("auto_reply", auto=True)
    return _Nature("normal", auto=_robots.is_program(headers, author.email))


def _author(headers: Headers, hint: str) -> Address:
    """From; a letter without one goes by Sender, then by the envelope."""
    for name in ("from", "sender", "return-path"):
        value = _headers.unfold(headers.raw(name), hint)
        if value.strip(" <>"):
            found = _addresses.author(value)
            if found.email:
                return Address(valid(found.email), valid(found.name))
    return Address("", "")


def _emails(headers: Headers, name: str, hint: str) -> tuple[str, ...]:
    seen: dict[str, None] = {}
    for raw in headers.all_raw(name)[:20]:
        for address in _addresses.parse(_headers.unfold(raw, hint)):
            seen.setdefault(valid(address.email))
    return tuple(seen)


def _envelope(headers: Headers) -> tuple[str, ...]:
    seen: dict[str, None] = {}
    for name in _ENVELOPE:
        seen.update(dict.fromkeys(_emails(headers, name, "")))
    return tuple(seen)


def _authentication(headers: Headers) -> tuple[str, ...]:
    return tuple(one_line(_headers.unfold(value)) for value in headers.all_raw("authentication-results")[:20])


def _return_path(headers: Headers) -> str:
    value = headers.plain("return-path")
    found = _addresses.parse(value)
    return valid(found[0].email) if found else ""


def _first_id(headers: Headers, name: str) -> str:
    value = valid(headers.plain(name))
    found = _ID.search(value)
    if found:
        return found[0]
    bare = value.split()
    return f"<{bare[0].strip('<>')}>" if bare and "@" in bare[0] else ""


def _ids(headers: Headers) -> tuple[str, ...]:
    """Every id of References in order, each once; of an over-long chain the first and the last ones."""
    found = list(dict.fromkeys(_ID.findall(valid(headers.plain("references")))))
    if len(found) > _MAX_REFERENCES:
        found = found[:1] + found[1 - _MAX_REFERENCES :]
    return tuple(found)


def _headers_repaired(headers: Headers) -> bool:
    for name in ("subject", "from", "to"):
        raw = headers.raw(name)
        if _headers.needs_repair(raw):
            return True
        if b"=?" in raw and _headers.words_repaired(_headers.unfold(raw)):
            return True
    return False
