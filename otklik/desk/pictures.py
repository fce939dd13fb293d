"""Which files may be shown inside a page: told by their first bytes, never by the name or type they claim."""

from typing import Final

LONGEST_LOOK: Final = 16
_SIGNS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
TYPES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def picture_type(beginning: bytes) -> str:
    """The type to serve a picture under, '' for anything else. SVG is not a picture here: it holds scripts."""
    for sign, type_ in _SIGNS:
        if beginning.startswith(sign):
            return type_
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return "image/webp"
    return ""
