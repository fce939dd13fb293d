"""Strings that PostgreSQL takes and people can read, and file names that no system can be hurt by."""

import mimetypes
import re
import unicodedata

_BAD = re.compile("[\x00\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]+")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_SPACE = re.compile(r"\s+")
_MAX_NAME = 150
_EXTENSIONS = {
    "text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "message/rfc822": ".eml",
    "message/delivery-status": ".txt", "text/rfc822-headers": ".txt", "message/global": ".eml",
    "image/jpeg": ".jpg", "image/heic": ".heic", "image/webp": ".webp", "text/vcard": ".vcf", "text/x-vcard": ".vcf",
    "application/octet-stream": ".bin", "application/pkcs7-signature": ".p7s", "message/feedback-report": ".txt",
    "application/pgp-signature": ".asc", "application/ms-tnef": ".dat", "text/csv": ".csv", "text/xml": ".xml",
    "application/xml": ".xml", "application/json": ".json", "application/pdf": ".pdf", "application/zip": ".zip",
}  # fmt: skip


def valid(text: str) -> str:
    """The text without NUL, and with � for each lone surrogate."""
    if _BAD.search(text):
        return _BAD.sub(lambda found: "" if found[0] == "\x00" else "\ufffd", text)
    return text


def one_line(text: str) -> str:
    """A header's value for people: no line breaks, no control characters, single spaces."""
    return _SPACE.sub(" ", _CONTROL.sub(" ", valid(text))).strip() if text else ""


def safe_name(name: str) -> str:
    """A bare file name: the last part of a path, no control, bidi or reserved characters; may be empty."""
    name = unicodedata.normalize("NFC", valid(name)).replace("\\", "/")
    name = _CONTROL.sub(" ", name.rstrip("/ ").rsplit("/", 1)[-1])
    name = _SPACE.sub(" ", _FORBIDDEN.sub("_", name)).strip(" .") if name.strip(". ") else ""
    if len(name) > _MAX_NAME:
        stem, dot, extension = name.rpartition(".")
        keep = _MAX_NAME - len(extension) - 1
        name = stem[:keep] + dot + extension if dot and len(extension) <= 12 else name[:_MAX_NAME]
    return name


def extension(kind: str) -> str:
    """An extension with its dot for a content type; «.bin» for one that nobody knows."""
    known = _EXTENSIONS.get(kind)
    return known or mimetypes.guess_extension(kind, strict=False) or ".bin"


class Names:
    """Names already given in one letter: a doubled name gets a number («акт.pdf», «акт (2).pdf»)."""

    def __init__(self) -> None:
        """Begin with no name given."""
        self._seen: dict[str, int] = {}

    def give(self, wanted: str, kind: str, number: int) -> str:
        """A safe name that no other file of the letter has; nameless ones go by type and part number."""
        name = safe_name(wanted) or f"{kind.partition('/')[0] or 'part'}-{number}{extension(kind)}"
        key = name.casefold()
        count = self._seen.get(key, 0)
        while count:
            count += 1
            stem, dot, end = name.rpartition(".")
            fresh = f"{stem} ({count}).{end}" if dot and stem else f"{name} ({count})"
            if fresh.casefold() not in self._seen:
                self._seen[key] = count
                name = fresh
                break
        self._seen[name.casefold()] = 1
        return name
