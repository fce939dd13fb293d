"""Questions of other programs, one JSON object a line, each answered by one line in order. No Django here."""

import json
import math
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

LONGEST = 4 * 1024 * 1024  # bytes of one line: forty years of holidays fit a hundred times

JsonObject = dict[str, Any]  # what json.loads gives: its values are checked where they are used


class BadLine(Exception):
    """A line cannot be answered; the words say why."""


def answer_lines(questions: BinaryIO, answers: BinaryIO, answer: Callable[[JsonObject], JsonObject]) -> int:
    """One line out for each line in, at once, in order; blank lines are passed over.

    `answer` gives the fields beside `id`, or raises BadLine. Such a line is answered {"id", "error"}; the number of
    these is returned.
    """
    bad = 0
    for line in _lines(questions):
        if line is None or line.strip():
            said, is_bad = _answered(line, answer)
            bad += is_bad
            answers.write(said)
            answers.flush()
    return bad


def said_in_bytes(said: JsonObject) -> bytes:
    """One object as one line of UTF-8; half a surrogate pair becomes its JSON escape."""
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def show(value: object) -> str:
    """A wrong value for a person, cut short."""
    text = json.dumps(value, ensure_ascii=False)
    return f"«{text if len(text) <= 60 else text[:59] + '…'}»"


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Lines without their end; None for one that is longer than LONGEST, which is read past, not kept."""
    while line := stream.readline(LONGEST):
        if line.endswith(b"\n") or len(line) < LONGEST:
            yield line
            continue
        while rest := stream.readline(LONGEST):
            if rest.endswith(b"\n"):
                break
        yield None


def _answered(line: bytes | None, answer: Callable[[JsonObject], JsonObject]) -> tuple[bytes, bool]:
    """The line that answers, and whether it says a fault."""
    number: object = None
    try:
        question = _question(line)
        number = question.get("id")
        return said_in_bytes({"id": number, **answer(question)}), False
    except BadLine as bad:
        return said_in_bytes({"id": number, "error": str(bad)}), True
    except RecursionError:
        return said_in_bytes({"id": None, "error": "скобки вложены слишком глубоко"}), True


def _question(line: bytes | None) -> JsonObject:
    if line is None:
        raise BadLine(f"строка длиннее {LONGEST} байт")
    try:
        question = json.loads(line.decode("utf-8-sig"), parse_constant=_float, parse_float=_float)
    except UnicodeDecodeError:
        raise BadLine("строка не в UTF-8") from None
    except ValueError as error:
        raise BadLine(f"строка не читается как JSON: {error}") from None
    if not isinstance(question, dict):
        raise BadLine("в строке нужен объект JSON")
    return question


def _float(text: str) -> float:
    """Keeps NaN and infinities out, «1e999» included: they could not be said back in JSON."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} — не число")
    return number
