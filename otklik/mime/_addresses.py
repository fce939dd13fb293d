"""Addresses as people and programs write them: one pass over the characters, no recursion, never an exception."""

import re
from typing import NamedTuple

from otklik.mime._headers import decode_words
from otklik.mime._strings import one_line

_BARE = re.compile(r"[^\s<>()\[\]\",;:]{1,200}@[^\s<>()\[\]\",;:]{1,250}")
_MAX = 500  # addresses of one header


class Address(NamedTuple):
    """`email` as shown to people: domain in lower case, IDN readable."""

    email: str
    name: str


def readable(email: str) -> str:
    """The address with its domain in lower case and IDN labels decoded; the local part stays as it is."""
    local, at, domain = email.rpartition("@")
    if not at:
        return email
    domain = domain.lower().rstrip(".")
    if "xn--" in domain:
        domain = ".".join(_label(label) for label in domain.split("."))
    return f"{local}@{domain}"


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        shown = label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label
    return shown if shown and shown.isprintable() and not shown.isascii() else label


def parse(value: str) -> list[Address]:
    """Every address of a header value; a piece without one becomes part of the next one's name."""
    found: list[Address] = []
    pending = ""
    for piece, comment in _pieces(value):
        whole = f"{pending},{piece}" if "=?" in pending else piece  # an encoded word with a bare comma
        one = _one(whole, comment)
        if one is None:
            pending = f"{pending},{piece}" if pending.strip() else piece
            continue
        if pending.strip() and whole is piece:
            lead = one_line(decode_words(pending)).strip(' "')
            one = Address(one.email, f"{lead}, {one.name}" if one.name else lead)
        pending = ""
        found.append(one)
        if len(found) >= _MAX:
            break
    if not found and "@" in value:
        found = [Address(readable(_clean(bare)), "") for bare in _BARE.findall(value)[:_MAX]]
    return found


def author(value: str) -> Address:
    """The one address of From: of several the first with a name, else the last address-like token."""
    found = parse(value)
    if found:
        return next((one for one in found if one.name), found[-1])
    bare = one_line(decode_words(value))
    inner = re.search(r"<([^<>]{1,200})>", bare)
    return Address(inner[1].strip() if inner else bare.strip("<> "), "")


def _pieces(value: str) -> list[tuple[str, str]]:
    """Pieces between commas and semicolons outside quotes, angles and comments; comments stand apart."""
    pieces: list[tuple[str, str]] = []
    text: list[str] = []
    note: list[str] = []
    quoted = angle = skip = False
    depth = 0
    for char in value:
        if skip:
            skip = False
            (note if depth else text).append(char)
            continue
        if char == "\\" and (quoted or depth):
            skip = True
        elif char == '"' and not depth:
            quoted = not quoted
            text.append(char)
        elif quoted:
            text.append(char)
        else:
            depth, angle = _step(char, depth, angle, text, note, pieces)
    pieces.append(("".join(text), "".join(note)))
    return pieces


def _step(
    char: str, depth: int, angle: bool, text: list[str], note: list[str], pieces: list[tuple[str, str]]
) -> tuple[int, bool]:
    """One character outside quotes: the new depth of comments and whether an angle is open."""
    if char == "(" and not angle:
        depth += 1
    elif char == ")" and depth:
        depth -= 1
    elif depth:
        note.append(char)
    elif char in ",;" and not (angle and char == ","):
        pieces.append(("".join(text), "".join(note)))
        text.clear()
        note.clear()
        angle = False
    elif char == ":" and not angle and "@" not in text and "=?" not in "".join(text[-60:]):
        text.clear()  # a group's name, or «mailto:»
    else:
        angle = char == "<" or (angle and char != ">")
        text.append(char)
    return depth, angle


def _one(piece: str, comment: str) -> Address | None:
    if "@" not in piece:
        piece = decode_words(piece) if "=?" in piece else piece
        if "@" not in piece:
            return None
    start, end = piece.rfind("<"), piece.rfind(">")
    inner = piece[start + 1 : end if end > start else len(piece)] if start >= 0 else ""
    if "@" in inner:
        email, name = inner, piece[:start] + (piece[end + 1 :] if end > start else "")
    else:
        found = None
        for found in _BARE.finditer(piece):  # noqa: B007  # the last one is wanted
            pass
        if found is None:
            return None
        email, name = found[0], piece[: found.start()] + piece[found.end() :]
    email = _clean(email)
    name = unquoted(one_line(decode_words(unquoted(one_line(name)))))
    if not name and comment:
        name = one_line(decode_words(comment))
    return Address(readable(email), "" if name.lower() == email.lower() else name)


def unquoted(name: str) -> str:
    """The name without the quotes around the whole of it; those inside («ООО "Вектор"») are its own."""
    name = name.strip(" <>")
    while len(name) > 1 and name[0] == name[-1] and name[0] in "\"'":
        name = name[1:-1].strip()
    if name.count('"') == 1:
        name = name.replace('"', "").strip()
    return name


def _clean(email: str) -> str:
    email = one_line(decode_words(email))
    if ":" in email:
        email = email.rsplit(":", 1)[1]  # a route, or «mailto:»
    return "".join(email.split()).strip("<>'\"")
