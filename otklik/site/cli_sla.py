"""`otklik sla …`: working time from the command line, without Django and without a database."""

import json
import math
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, BinaryIO

import typer

from otklik.sla.clock import EVENTS
from otklik.sla.worktime import Hours, Instant, Step, WorktimeError, replay

app = typer.Typer(help="Рабочее время: сроки, рабочие секунды, часы запроса.", no_args_is_help=True)

_LONGEST = 4 * 1024 * 1024  # bytes of one line: forty years of holidays fit a hundred times

JsonObject = dict[str, Any]  # what json.loads gives: its values are checked where they are used


class _BadLine(Exception):
    """A line cannot be answered; the words say why."""


@app.callback()
def sla() -> None:
    """Keeps `worktime` a command of its own while it is the only one."""


@app.command()
def worktime(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Объект JSON в строке: вопрос — ответ.")] = False,
) -> None:
    """Считает рабочее время: читает вопросы со стандартного входа, на каждый отвечает строкой.

    {"id", "kind": "add", "calendar", "start", "seconds", "pauses": [[от, до]]} → {"id", "due"}

    {"id", "kind": "between", "calendar", "start", "end", "pauses"} → {"id", "seconds"}

    {"id", "kind": "replay", "calendar", "steps": [{"at", "event", "target"}]} → {"id", "steps"}

    Время — «2026-03-02T09:00:00+03:00» или секунды Unix. На плохую строку — {"id", "error"}.
    """
    if not jsonl:
        typer.echo("Добавьте --jsonl: вопросы читаются по одному объекту JSON в строке.", err=True)
        raise typer.Exit(2)
    try:
        answer_lines(sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:  # the reader has seen enough: keep Python's last flush from complaining
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None


def answer_lines(questions: BinaryIO, answers: BinaryIO) -> None:
    """One answer a question, at once, in order; blank lines are passed over."""
    for line in _lines(questions):
        if line is None or line.strip():
            answers.write(_answer_line(line))
            answers.flush()


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Lines without their end; None for one that is longer than _LONGEST, which is read past, not kept."""
    while line := stream.readline(_LONGEST):
        if line.endswith(b"\n") or len(line) < _LONGEST:
            yield line
            continue
        while rest := stream.readline(_LONGEST):
            if rest.endswith(b"\n"):
                break
        yield None


def _answer_line(line: bytes | None) -> bytes:
    try:
        text = json.dumps(_answer(line), ensure_ascii=False)
    except RecursionError:
        text = json.dumps({"id": None, "error": "скобки вложены слишком глубоко"}, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"  # half a surrogate pair becomes its JSON escape


def _answer(line: bytes | None) -> JsonObject:
    try:
        question = _question(line)
    except _BadLine as bad:
        return {"id": None, "error": str(bad)}
    try:
        return {"id": question.get("id"), **_reply(question)}
    except (_BadLine, WorktimeError) as bad:
        return {"id": question.get("id"), "error": str(bad)}


def _question(line: bytes | None) -> JsonObject:
    if line is None:
        raise _BadLine(f"строка длиннее {_LONGEST} байт")
    try:
        question = json.loads(line.decode("utf-8-sig"), parse_constant=_float, parse_float=_float)
    except UnicodeDecodeError:
        raise _BadLine("строка не в UTF-8") from None
    except ValueError as error:
        raise _BadLine(f"строка не читается как JSON: {error}") from None
    if not isinstance(question, dict):
        raise _BadLine("в строке нужен объект JSON")
    return question


def _float(text: str) -> float:
    """Keeps NaN and infinities out, «1e999» included: they could not be said back in JSON."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} — не число")
    return number


def _reply(question: JsonObject) -> JsonObject:
    kind = question.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise _BadLine(f"kind — одно из {', '.join(_KINDS)}, а не {_show(kind)}")
    return _KINDS[kind](question, _hours(question, "calendar"))


def _add(question: JsonObject, hours: Hours) -> JsonObject:
    start, seconds = _instant(question, "start"), _number(question, "seconds")
    return {"due": _said(hours.add(start, seconds, _pauses(question)))}


def _between(question: JsonObject, hours: Hours) -> JsonObject:
    start, end = _instant(question, "start"), _instant(question, "end")
    return {"seconds": hours.between(start, end, _pauses(question))}


def _replay(question: JsonObject, hours: Hours) -> JsonObject:
    steps = question.get("steps")
    if not isinstance(steps, list):
        raise _BadLine(f"steps — список шагов, а не {_show(steps)}")
    readings = replay([_step(place, step) for place, step in enumerate(steps)], hours)
    return {
        "steps": [
            {"elapsed": reading.elapsed, "due": _said(reading.due), "breached": reading.breached}
            for reading in readings
        ]
    }


def _step(place: int, step: object) -> Step:
    if not isinstance(step, dict):
        raise _BadLine(f"steps[{place}] — объект, а не {_show(step)}")
    event = step.get("event")
    if event not in EVENTS:
        raise _BadLine(f"steps[{place}].event — одно из {', '.join(EVENTS)}, а не {_show(event)}")
    at = _instant(step, "at")
    if event in ("start", "target"):
        return Step(at, event, target=_number(step, "target"))
    return Step(at, event, hours=_hours(step, "calendar") if event == "hours" else None)


def _pauses(question: JsonObject) -> list[tuple[Instant, Instant | None]]:
    pauses = question.get("pauses") or []
    if not isinstance(pauses, list):
        raise _BadLine(f"pauses — список пар «начало, конец», а не {_show(pauses)}")
    return [_pause(pause) for pause in pauses]


def _pause(pause: object) -> tuple[Instant, Instant | None]:
    if not isinstance(pause, list) or len(pause) != 2:
        raise _BadLine(f"пауза — пара «начало, конец», а не {_show(pause)}")
    ends = {"начало паузы": pause[0], "конец паузы": pause[1]}
    return _instant(ends, "начало паузы"), None if pause[1] is None else _instant(ends, "конец паузы")


def _instant(question: JsonObject, key: str) -> Instant:
    """A date and time with its offset, or POSIX seconds."""
    at = question.get(key)
    if isinstance(at, str):
        try:
            return datetime.fromisoformat(at)
        except ValueError:
            pass
    elif isinstance(at, int | float) and not isinstance(at, bool):
        return at
    raise _BadLine(f"{key} — время вида «2026-03-02T09:00:00+03:00» или секунды Unix, а не {_show(at)}")


def _number(question: JsonObject, key: str) -> float:
    number = question.get(key)
    if isinstance(number, int | float) and not isinstance(number, bool):
        return number
    raise _BadLine(f"{key} — число секунд, а не {_show(number)}")


def _hours(question: JsonObject, key: str) -> Hours:
    if key not in question:
        raise _BadLine(f"нет ключа {key}")
    return _read_hours(json.dumps(question[key], sort_keys=True))


@lru_cache(maxsize=64)  # questions come by the thousand with the same few calendars
def _read_hours(calendar: str) -> Hours:
    return Hours.from_dict(json.loads(calendar))


def _said(at: Instant | None) -> str | float | None:
    return at.isoformat() if isinstance(at, datetime) else at


def _show(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return f"«{text if len(text) <= 60 else text[:59] + '…'}»"


_KINDS = {"add": _add, "between": _between, "replay": _replay}
