"""`otklik sla …`: working time without Django and without a database; the clocks of a database compared."""

import json
import os
import sys
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from otklik.site import jsonl
from otklik.site.jsonl import BadLine, JsonObject, show
from otklik.sla.clock import EVENTS
from otklik.sla.worktime import Hours, Instant, Step, WorktimeError, replay

app = typer.Typer(help="Рабочее время: сроки, рабочие секунды, часы запроса.", no_args_is_help=True)


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


@app.command()
def verify(
    requests: Annotated[
        int | None, typer.Option("--requests", min=1, help="Столько последних запросов.", show_default=False)
    ] = None,
    home: Annotated[Path | None, typer.Option("--home", help="Папка с данными.", show_default=False)] = None,
) -> None:
    """Считает часы всех запросов заново по журналу и сверяет с тем, что записано.

    Код возврата: 0 — всё сходится, 1 — есть расхождения, 2 — сверить не вышло.
    """
    from otklik.site import recounting
    from otklik.site.cli_rescue import _env

    raise typer.Exit(recounting.call(_env(home), requests))


def answer_lines(questions: BinaryIO, answers: BinaryIO) -> None:
    """One answer a question, at once, in order; blank lines are passed over."""
    jsonl.answer_lines(questions, answers, _reply)


def _reply(question: JsonObject) -> JsonObject:
    kind = question.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise BadLine(f"kind — одно из {', '.join(_KINDS)}, а не {show(kind)}")
    try:
        return _KINDS[kind](question, _hours(question, "calendar"))
    except WorktimeError as bad:
        raise BadLine(str(bad)) from None


def _add(question: JsonObject, hours: Hours) -> JsonObject:
    start, seconds = _instant(question, "start"), _number(question, "seconds")
    return {"due": _said(hours.add(start, seconds, _pauses(question)))}


def _between(question: JsonObject, hours: Hours) -> JsonObject:
    start, end = _instant(question, "start"), _instant(question, "end")
    return {"seconds": hours.between(start, end, _pauses(question))}


def _replay(question: JsonObject, hours: Hours) -> JsonObject:
    steps = question.get("steps")
    if not isinstance(steps, list):
        raise BadLine(f"steps — список шагов, а не {show(steps)}")
    readings = replay([_step(place, step) for place, step in enumerate(steps)], hours)
    return {
        "steps": [
            {"elapsed": reading.elapsed, "due": _said(reading.due), "breached": reading.breached}
            for reading in readings
        ]
    }


def _step(place: int, step: object) -> Step:
    if not isinstance(step, dict):
        raise BadLine(f"steps[{place}] — объект, а не {show(step)}")
    event = step.get("event")
    if event not in EVENTS:
        raise BadLine(f"steps[{place}].event — одно из {', '.join(EVENTS)}, а не {show(event)}")
    at = _instant(step, "at")
    if event in ("start", "target"):
        return Step(at, event, target=_number(step, "target"))
    return Step(at, event, hours=_hours(step, "calendar") if event == "hours" else None)


def _pauses(question: JsonObject) -> list[tuple[Instant, Instant | None]]:
    pauses = question.get("pauses") or []
    if not isinstance(pauses, list):
        raise BadLine(f"pauses — список пар «начало, конец», а не {show(pauses)}")
    return [_pause(pause) for pause in pauses]


def _pause(pause: object) -> tuple[Instant, Instant | None]:
    if not isinstance(pause, list) or len(pause) != 2:
        raise BadLine(f"пауза — пара «начало, конец», а не {show(pause)}")
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
    raise BadLine(f"{key} — время вида «2026-03-02T09:00:00+03:00» или секунды Unix, а не {show(at)}")


def _number(question: JsonObject, key: str) -> float:
    number = question.get(key)
    if isinstance(number, int | float) and not isinstance(number, bool):
        return number
    raise BadLine(f"{key} — число секунд, а не {show(number)}")


def _hours(question: JsonObject, key: str) -> Hours:
    if key not in question:
        raise BadLine(f"нет ключа {key}")
    return _read_hours(json.dumps(question[key], sort_keys=True))


@lru_cache(maxsize=64)  # questions come by the thousand with the same few calendars
def _read_hours(calendar: str) -> Hours:
    return Hours.from_dict(json.loads(calendar))


def _said(at: Instant | None) -> str | float | None:
    return at.isoformat() if isinstance(at, datetime) else at


_KINDS = {"add": _add, "between": _between, "replay": _replay}
