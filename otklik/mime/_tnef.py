"""winmail.dat of Outlook: its files and body, or nothing at all when it is broken."""

import mimetypes
from dataclasses import dataclass, field
from typing import Any

_LIMIT = 30 * 1024 * 1024
_MAX_FILES = 100
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
    if not content.startswith(_SIGNATURE) or len(content) > _LIMIT:
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
            found.files.append((_words(item.long_filename() or item.name), bytes(item.data or b"")))
    except Exception:  # noqa: BLE001  # a foreign parser on hostile bytes: whatever it raises, the file is kept
        return None
    return found if found.files or found.plain or found.html else None


# Any: the library gives str, bytes or None as the stream has it
def _words(value: Any) -> str:
    if isinstance(value, bytes):
        from otklik.mime import _charsets

        return _charsets.decode(value.strip(b"\x00")).text
    return value.strip("\x00") if isinstance(value, str) else ""
