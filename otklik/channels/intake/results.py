"""Reading Authentication-Results (RFC 8601) so that nothing which the sender chose passes for the server's word.

A mail server writes the sender's own words into comments and quoted strings. Where those end is told by the grammar
of RFC 5322: comments nest, a backslash takes the next character's meaning away. A header whose brackets or quotes do
not close says nothing to us. Nor does a bracket between quotes inside a comment: servers put an address such as
"a) ; dmarc=pass ("@evil.example there as it is, and the bracket of the sender ends the comment of the server.
"""

import re
from dataclasses import dataclass

_SPACED = re.compile(r"\s*([=/])\s*")
_QUOTED = '""'  # what stands for a quoted string


@dataclass(frozen=True, slots=True)
class Result:
    """One «dkim=pass header.d=firm.ru»: method and result in small letters, properties as they stand there."""

    method: str
    result: str
    properties: tuple[tuple[str, str], ...]

    def domains(self, name: str) -> set[str]:
        """Domains that this property names: of «@firm.ru» and of «anna@firm.ru» as well."""
        return {value.rpartition("@")[2].lower() for key, value in self.properties if key == name}


def read(header: str) -> list[Result] | None:
    """The results of an unfolded header in its order; None when its brackets or quotes cannot be trusted."""
    own = _own_words(header)
    if own is None:
        return None
    return [_result(one.split()) for one in _SPACED.sub(r"\1", own).split(";")[1:] if one.strip()]


def _result(words: list[str]) -> Result:
    method, _, result = words[0].lower().partition("=")
    pairs = (word.partition("=") for word in words[1:])
    return Result(method.partition("/")[0], result, tuple((key.lower(), value) for key, _, value in pairs))


def _own_words(header: str) -> str | None:
    """Without comments, quoted strings emptied; None when one of them does not close."""
    own: list[str] = []
    place = 0
    while place < len(header):
        char = header[place]
        if char == "(":
            end, left = _end_of_comment(header, place), " "
        elif char == '"':
            end, left = _end_of_quoted(header, place), _QUOTED
        else:
            end, left = (None, "") if char in ")\\" else (place + 1, char)
        if end is None:
            return None
        own.append(left)
        place = end
    return "".join(own)


def _end_of_quoted(header: str, place: int) -> int | None:
    place += 1
    while place < len(header):
        if header[place] == '"':
            return place + 1
        place += 2 if header[place] == "\\" else 1
    return None


def _end_of_comment(header: str, place: int) -> int | None:
    depth, quoted = 0, False
    while place < len(header):
        char = header[place]
        if char in "()":
            if quoted:
                return None
            depth += 1 if char == "(" else -1
        elif char == '"':
            quoted = not quoted
        if not depth:
            return place + 1
        place += 2 if char == "\\" else 1
    return None
