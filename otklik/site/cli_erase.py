"""`otklik erase …`: is anything left of a person, and erasures repeated after a restore."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from otklik.site.cli_rescue import Home, _env, _words

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Стёртые люди: проверить и стереть заново после копии."
)


@app.command()
def verify(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="СЛОВА", help="Имя, адрес: каждое в кавычках. Без них читаю строки с ввода."),
    ] = None,
    home: Home = None,
) -> None:  # fmt: skip
    """Ищет слова во всей базе, в файлах и журналах работы. Код возврата 1, если что-то нашлось."""
    from otklik.site.rescue import erased

    wanted = words or [line.strip() for line in sys.stdin if line.strip()]
    with _words():
        raise typer.Exit(erased.call(_env(home), {"words": wanted}))


@app.command()
def repeat(
    file: Annotated[
        Path | None, typer.Argument(metavar="ФАЙЛ", help="Файл erasures.", show_default=False)
    ] = None,
    home: Home = None,
) -> None:
    """После восстановления: стирает заново тех, кого стёрли уже после копии."""
    from otklik.site.rescue import erased
    from otklik.site.rescue.faults import RescueFault

    with _words():
        chosen = _env(home)
        place = (file or chosen.home / erased.NAME).absolute()
        if not place.exists():
            raise RescueFault(f"Файла {place} нет. Он лежит в папке данных рядом с базой: {erased.NAME}.")
        erased.call(chosen, {"marks": str(place)})
