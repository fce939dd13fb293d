"""`otklik mail …`: what the reader of letters makes of a file. Starts without Django."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from otklik.mime import Letter, read

app = typer.Typer(help="Письма: как их понимает Отклик.", no_args_is_help=True)


@app.callback()
def _mail() -> None:
    """Письма: как их понимает Отклик."""


@app.command("read")
def read_letter(
    file: Annotated[
        str, typer.Argument(help="Файл письма (.eml) или «-»: письмо со стандартного ввода.")
    ] = "-",
    as_json: Annotated[bool, typer.Option("--json", help="Весь разбор одной записью JSON.")] = False,
) -> None:
    """Разобрать письмо: кто пишет, что нового сказал, что процитировал, что приложил."""
    letter = read(_octets(file))
    if as_json:
        sys.stdout.write(json.dumps(letter.as_dict(), ensure_ascii=False, indent=2) + "\n")
    else:
        _show(letter)


def _octets(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as fault:
        typer.echo(f"Не удалось прочитать файл {file}: {fault.strerror}. Проверьте имя и права.", err=True)
        raise typer.Exit(2) from None


def _show(letter: Letter) -> None:
    """The letter for a person's eyes; the letter's own words are printed without any markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for name, value in _facts(letter):
        if value:
            table.add_row(name, Text(value))
    console.print(table)
    for name, words in (("Новое", letter.reply_text), ("Свёрнуто", letter.quoted_text)):
        if words:
            console.rule(name, align="left")
            console.print(Text(_printable(words)), soft_wrap=True)


def _facts(letter: Letter) -> list[tuple[str, str]]:
    files = "\n".join(f"{file.name}  ({file.type}, {file.size} байт)" for file in letter.attachments)
    bounced = "\n".join(f"{one.email} {one.status} {_finality(one.permanent)}" for one in letter.bounced_for)
    forwarded = letter.forwarded
    facts = [
        ("От", f"{letter.from_name} <{letter.from_email}>".strip()),
        ("Кому", ", ".join(letter.to)),
        ("Копия", ", ".join(letter.cc)),
        ("Ответ на", ", ".join(letter.reply_to)),
        ("Тема", letter.subject),
        ("Дата", letter.date.isoformat(" ") if letter.date else "нет или не читается"),
        ("Вид", _KINDS[letter.kind]),
        ("Не дошло", bounced),
        (
            "Переслано",
            f"{forwarded.from_name} <{forwarded.from_email}>: {forwarded.subject}" if forwarded else "",
        ),
        ("Файлы", files),
        ("Кодировка", "указана неверно, подобрана другая" if letter.charset_repaired else ""),
        ("Странности", "\n".join(letter.warnings)),
    ]
    return [(name, _printable(value)) for name, value in facts]


_KINDS = {
    "normal": "обычное письмо",
    "bounce": "сообщение о недоставке",
    "auto_reply": "автоматический ответ",
    "feedback": "жалоба на спам от почтовой службы",
}


def _finality(permanent: bool) -> str:
    return "окончательно" if permanent else "временно"


def _printable(text: str) -> str:
    """Without escape characters: a letter must not drive the terminal."""
    return "".join(char if char.isprintable() or char in "\n\t" else "�" for char in text)
