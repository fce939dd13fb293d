"""winmail.dat of Outlook: its files and body, or nothing at all when it is broken."""

import mimetypes
from dataclasses import dataclass, field
from typing import Any

_LIMIT = 30 * 1024 * 1024
_MAX_FILES = 100
_MAX_ATTRIBUTES = 3_000
_SIGNATURE = b"\x78\x9f\x3e\x22"


@dataclass(slots=True)
class Unpacked:
    """What stood inside."""

    files: list[tuple[str, bytes]] = field(default_factory=list)
    plain: str = ""
    html: str = ""


def kind_of(name: str) -> str:
    """A content type by the name, since TNEF carries none."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def unpack(content: bytes) -> Unpacked | None:
    """Files and words of a TNEF stream up to 30 MB; None when it isn't one or can't be read."""
    if not content.startswith(_SIGNATURE) or len(content) > _LIMIT or _is_crowded(content):
        return None
    import logging

    from tnefparse import TNEF

    logging.getLogger("tnef-decode").setLevel(logging.CRITICAL)  # the library speaks of every odd byte
    try:
        read = TNEF(content)
        found = Unpacked(
            plain=_words(getattr(read, "body", None)), html=_words(getattr(read, "htmlbody", None))
        )
        for item in read.attachments[:_MAX_FILES]:
            found.files.append((_name(item), bytes(item.data or b"")))
    except Exception:  # noqa: BLE001  # a foreign parser on hostile bytes: whatever it raises, the file is kept
        return None
    return found if found.files or found.plain or found.html else None


def _is_crowded(content: bytes) -> bool:
    """More attributes than any real one has: the library would make an object of each."""
    place = 6
    for _ in range(_MAX_ATTRIBUTES):
        if place + 9 > len(content):
            return False
        place += 11 + int.from_bytes(content[place + 5 : place + 9], "little")
    return True


# Any: the library has no types
def _name(item: Any) -> str:
    """The long name, else the short one, which the library itself reads only as UTF-8."""
    try:
        return _words(item.long_filename() or item.name)
    except UnicodeDecodeError:
        return _words(getattr(item, "_name", b""))


# Any: the library gives str, bytes or None as the stream has it
def _words(value: Any) -> str:
    if isinstance(value, bytes):
        from otklik.mime import _charsets

        return _charsets.decode(value.strip(b"\x00")).text
    return value.strip("\x00") if isinstance(value, str) else ""
