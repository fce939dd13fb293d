"""`otklik coach …`: the reply coach from the command line (R-B12), without Django and without a database.

Exit status: 0 nothing above a hint, 1 findings, 2 something could not be read.
"""

import gc
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from otklik import coach
from otklik.site import coach_words, jsonl
from otklik.site.jsonl import BadLine, JsonObject, show

app = typer.Typer(help="Проверка ответа клиенту до отправки.")
FOUND, UNREADABLE = 1, 2
_LONGEST = (
    4 * 1024 * 1024
)  # bytes of one file: a reply is never that long, another file given by mistake may be


class Known(StrEnum):
    """Whether the trouble was on our side."""

    yes = "yes"
    no = "no"
    unknown = "unknown"


FAULT = {Known.yes: True, Known.no: False, Known.unknown: None}


class Lang(StrEnum):
    """Languages of the coach."""

    ru = "ru"
    en = "en"


@dataclass(frozen=True, slots=True)
class _Unreadable(Exception):
    """A file can't be read; the words say which and why."""

    words: str


@app.command()
def check(  # noqa: PLR0913,PLR0917 - typer gives each option by its name
    files: Annotated[
        list[str] | None, typer.Argument(metavar="ФАЙЛ…", help="Тексты ответов; «-» — стандартный вход.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="По объекту JSON на файл.")] = False,
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="Объект JSON в строке: вопрос — ответ.")] = False,
    lsp: Annotated[bool, typer.Option("--lsp", help="Языковой сервер для редакторов, протокол LSP.")] = False,
    first: Annotated[bool, typer.Option("--first/--follow-up", help="Это первый ответ клиенту.")] = True,
    our_fault: Annotated[Known, typer.Option(help="Виноваты ли мы.")] = Known.unknown,
    client_text: Annotated[str | None, typer.Option(metavar="ФАЙЛ", help="Что написал клиент.")] = None,
    complaint: Annotated[bool, typer.Option("--complaint", help="Клиент жалуется.")] = False,
    lang: Annotated[Lang, typer.Option(help="Язык ответа.")] = Lang.ru,
) -> None:
    """Читает ответ так, как прочтёт клиент, и говорит, что в нём поправить, почему и как.

    Код выхода: 0 — всё хорошо, 1 — есть замечания, 2 — что-то не прочиталось.
    """
    try:
        if lsp:
            from otklik.site import coach_lsp

            coach_lsp.serve()
        elif as_jsonl:
            raise typer.Exit(_answer_lines())
        else:
            about = coach.Reply("", first, FAULT[our_fault], None, complaint, _now(), lang.value)
            with _no_collector():
                raise typer.Exit(_check_files(files or [], about, client_text, as_json=as_json))
    except BrokenPipeError:  # the reader has seen enough: keep Python's last flush from complaining
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(FOUND) from None


@contextmanager
def _no_collector() -> Iterator[None]:
    """A few files take a moment: walking dictionary and lists for garbage would be a tenth of it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _check_files(files: list[str], about: coach.Reply, client_text: str | None, *, as_json: bool) -> int:
    if not files:
        typer.echo(
            "Назовите файл с ответом или «-», чтобы читать стандартный вход: otklik coach ответ.txt", err=True
        )
        return UNREADABLE
    try:
        said = _read(client_text) if client_text else None
    except _Unreadable as bad:
        typer.echo(bad.words, err=True)
        return UNREADABLE
    worst = 0
    for file in files:
        try:
            reply = coach.Reply(
                _read(file), about.first, about.our_fault, said, about.complaint, about.now, about.lang
            )
        except _Unreadable as bad:
            typer.echo(bad.words, err=True)
            worst = UNREADABLE
            continue
        found = coach.check(reply)
        _tell(file, reply, found, as_json=as_json)
        worst = max(worst, FOUND if any(one.severity != "hint" for one in found) else 0)
    return worst


def _tell(file: str, reply: coach.Reply, found: list[coach.Finding], *, as_json: bool) -> None:
    if as_json:
        said = jsonl.said_in_bytes({"file": file, "findings": [one.as_json() for one in found]})
    else:
        name = file if file != "-" else ""
        said = coach_words.page(name, reply, found, bright=sys.stdout.isatty()).encode("utf-8", "replace")
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()


def _read(file: str) -> str:
    try:
        if file == "-":
            raw = sys.stdin.buffer.read(_LONGEST + 1)
        else:
            with Path(file).open("rb") as opened:
                raw = opened.read(_LONGEST + 1)
    except OSError as error:
        raise _Unreadable(f"{file}: не открывается ({error.strerror or error}).") from None
    if len(raw) > _LONGEST:
        raise _Unreadable(f"{file}: больше 4 МБ, на ответ клиенту не похоже. Проверьте, тот ли это файл.")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise _Unreadable(
            f"{file}: текст не в UTF-8 (байт {error.start + 1}). Сохраните файл в кодировке UTF-8 и повторите."
        ) from None


def _now() -> datetime:
    return datetime.now().astimezone()


def _answer_lines() -> int:
    """The contract's `--jsonl`: inputs in, findings out, in order."""
    worst = 0

    def answer(question: JsonObject) -> JsonObject:
        nonlocal worst
        found = coach.check(reply_of(question))
        if any(one.severity != "hint" for one in found):
            worst = FOUND
        return {"findings": [one.as_json() for one in found]}

    bad = jsonl.answer_lines(sys.stdin.buffer, sys.stdout.buffer, answer)
    return UNREADABLE if bad else worst


def reply_of(question: JsonObject) -> coach.Reply:
    """The contract's input fields as a Reply; raises BadLine that names the field. Unknown fields are passed over."""
    return coach.Reply(
        text=_text(question, "text", needed=True) or "",
        first=bool(_one_of(question, "first", (True, False), True)),
        our_fault=_fault(question),
        client_text=_text(question, "client_text", needed=False),
        complaint=bool(_one_of(question, "complaint", (True, False), False)),
        now=_moment(question),
        lang="en" if _one_of(question, "lang", ("ru", "en"), "ru") == "en" else "ru",
    )


def _fault(question: JsonObject) -> bool | None:
    fault = _one_of(question, "our_fault", (True, False, None), None)
    return fault if isinstance(fault, bool) else None


def _text(question: JsonObject, key: str, *, needed: bool) -> str | None:
    text = question.get(key)
    if isinstance(text, str) or (text is None and not needed):
        return text
    raise BadLine(f"{key} — строка, а не {show(text)}" if key in question else f"нет ключа {key}")


def _one_of(question: JsonObject, key: str, values: tuple[object, ...], default: object) -> object:
    given = question.get(key, default)
    if any(given is value or (isinstance(value, str) and given == value) for value in values):
        return given
    raise BadLine(f"{key} — одно из {', '.join(json.dumps(value) for value in values)}, а не {show(given)}")


def _moment(question: JsonObject) -> datetime:
    given = question.get("now")
    if given is None:
        return _now()
    try:
        moment = datetime.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadLine(f"now — время со смещением вида «2026-03-02T09:00:00+03:00», а не {show(given)}")
    return moment
