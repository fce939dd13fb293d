"""`otklik backup`, `otklik restore`, `otklik move`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from otklik.env import Env, env

if TYPE_CHECKING:
    from otklik.site.rescue.archive import Header, Secret
    from otklik.site.rescue.keeping import Kept

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
File = Annotated[Path, typer.Argument(metavar="ФАЙЛ", help="Файл копии.")]
Home = Annotated[Path | None, typer.Option("--home", help="Папка с данными.", show_default=False)]
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", help="Файл ключа копии, от 32 байт.", show_default=False)
]
Encrypt = Annotated[bool, typer.Option("--encrypt", help="Закрыть копию фразой: спрошу её.")]
WithKey = Annotated[bool, typer.Option("--with-key", help="Положить и секретный ключ (только в закрытую).")]
Force = Annotated[bool, typer.Option("--force", help="Заменить файл, если он есть.")]
LEAST_KEY_BYTES = 32
LEAST_PHRASE = 12


@app.command()
def backup(
    file: File, home: Home = None, encrypt: Encrypt = False, key_file: KeyFile = None,
    with_key: WithKey = False, force: Force = False,
) -> None:  # fmt: skip
    """Копия всего в один файл, не останавливая работы."""
    from otklik.site.rescue import keeping

    with _words():
        secret = _secret(key_file) or (_asked_twice() if encrypt else None)
        kept = keeping.backup(_env(home), keeping.Wish(file.absolute(), secret, with_key, force))
        _tell_kept(file, kept, with_key=with_key, locked=secret is not None)


@app.command()
def restore(file: File, home: Home = None, key_file: KeyFile = None) -> None:
    """Разворачивает копию в пустом месте и сверяет её."""
    from otklik.site.rescue import restoring

    def secret(header: Header) -> Secret:
        return _secret(key_file) or restoring.ask_secret(header)

    with _words():
        done = restoring.restore(_env(home), file.absolute(), secret)
        told = done.manifest
        rows = sum(one.rows for one in told.tables.values())
        _say(f"Восстановлено и сверено: таблиц {len(told.tables)}, строк {rows}, файлов {told.files}.")
        for note in done.notes:
            _say(f"• {note}")
        _say("Запустите otklik up и проверьте: otklik doctor")


@app.command()
def revive(
    moment: Annotated[datetime, typer.Argument(metavar="МОМЕНТ", help="На какой момент вернули базу (UTC).")],
) -> None:
    """После возврата базы на момент времени: чтобы письма не ушли второй раз."""
    from otklik.site.rescue import reviving

    with _words():
        for note in reviving.rewound(moment.replace(tzinfo=UTC)):
            _say(f"• {note}")


@app.command()
def move(
    target: Annotated[str, typer.Argument(
        metavar="КУДА", help="postgresql://… своя база; embedded встроенная; upgrade новая версия встроенной.",
    )],
    home: Home = None,
) -> None:  # fmt: skip
    """Переносит базу: во внешний PostgreSQL, обратно, в новую версию."""
    from otklik.site.rescue import moving, upgrading

    with _words():
        chosen = _env(home)
        notes = upgrading.upgrade(chosen) if target == "upgrade" else moving.move(chosen, target)
        for note in notes:
            _say(note)


def _tell_kept(file: Path, kept: Kept, *, with_key: bool, locked: bool) -> None:
    from otklik.site.rescue.progress import size

    told = kept.manifest
    rows = sum(one.rows for one in told.tables.values())
    _say(
        f"Копия готова: {file}, {size(kept.size_bytes)}. Таблиц {len(told.tables)}, строк {rows}, "
        f"файлов {told.files} ({size(told.files_bytes)})."
    )
    if kept.untold:
        _say(
            f"В базу о копии записать не удалось: {kept.untold} Копия цела, но otklik doctor и страница «Служебная» "
            "о ней не знают и будут напоминать о прежней."
        )
    if told.missing_count:
        _say(f"Файлов, которых на диске нет или они испорчены: {told.missing_count}. Их нет и в копии.")
    if not with_key:
        _say(
            "Секретного ключа в копии нет: сохраните его отдельно (OTKLIK_SECRET_KEY или secret.key). "
            "Без него пароли ящиков придётся ввести заново."
        )
    if not locked:
        _say("Копия не закрыта: в ней письма клиентов. Храните её там, куда чужие не войдут.")


@contextmanager
def _words() -> Iterator[None]:
    """Faults are words for a person, not a traceback."""
    from otklik.site.rescue.faults import RescueFault

    try:
        yield
    except RescueFault as fault:
        sys.stderr.write(f"{fault}\n")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        sys.stderr.write("Остановлено.\n")
        raise typer.Exit(130) from None


def _env(home: Path | None) -> Env:
    """The environment, of another folder if one is named: then its own key and database count."""
    if home is None:
        return env()
    from otklik.env import read

    return read({**os.environ, "OTKLIK_HOME": str(home.expanduser().absolute())})


def _secret(key_file: Path | None) -> Secret | None:
    from otklik.site.rescue.archive import Secret
    from otklik.site.rescue.faults import RescueFault

    if key_file is None:
        return None
    try:
        content = key_file.read_bytes()
    except OSError as fault:
        raise RescueFault(f"Файл {key_file} не читается: {fault.strerror}.") from fault
    if len(content) < LEAST_KEY_BYTES:
        raise RescueFault(
            f"В файле ключа {len(content)} байт, нужно от {LEAST_KEY_BYTES}.\n"
            "Сделайте новый: head -c 64 /dev/urandom > ФАЙЛ"
        )
    return Secret("key", content)


def _asked_twice() -> Secret:
    from otklik.site.rescue.archive import Secret
    from otklik.site.rescue.faults import RescueFault

    typed = str(typer.prompt("Фраза к копии", hide_input=True, confirmation_prompt="Ещё раз"))
    if len(typed) < LEAST_PHRASE:
        raise RescueFault(f"Фраза короткая: нужно от {LEAST_PHRASE} знаков, лучше несколько слов.")
    return Secret("passphrase", typed.encode())


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
