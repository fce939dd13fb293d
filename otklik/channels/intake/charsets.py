"""«Прочитать заново как…»: a letter whose charset a person knows better than its headers."""

import re

CHOICES = ("utf-8", "windows-1251", "koi8-r", "iso-8859-5", "cp866", "x-mac-cyrillic", "koi8-u", "iso-8859-1")

_DECLARED = re.compile(
    rb"(?i)(content-type:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*?charset=)(\"[^\"\r\n]*\"|[^\s;\r\n]+)"
)
_TEXT_WITHOUT = re.compile(
    rb"(?im)^(content-type:[ \t]*text/[a-z0-9.+-]+)[ \t]*(?=\r?$|;(?![^\r\n]*charset))"
)
_HEAD_END = re.compile(rb"\r?\n\r?\n")


def with_charset(raw: bytes, charset: str) -> bytes:
    """The letter with this charset declared for each of its texts; words in headers keep their own.

    charset: one of CHOICES; another leaves the letter as it is.
    """
    if charset not in CHOICES:
        return raw
    name = charset.encode("ascii")
    changed, count = _DECLARED.subn(rb'\g<1>"' + name + rb'"', raw)
    changed, bare = _TEXT_WITHOUT.subn(rb"\g<1>; charset=" + name, changed)
    if count + bare:
        return changed
    head = _HEAD_END.search(raw)
    declaration = b"Content-Type: text/plain; charset=" + name + b"\r\n"
    kept = raw[: head.start()] if head else raw
    return raw if re.search(rb"(?im)^content-type:", kept) else declaration + raw
