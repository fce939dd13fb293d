"""`otklik restore FILE`: a copy into an empty place, verified, begun anew if it was cut short.

The whole file is read and checked before anything is touched. The database carries a mark from the first step to the
last, so that nobody works with half of it, and a second try knows that emptying it is its own business.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO

from otklik.env import PREFIX, Env
from otklik.site import home as homes
from otklik.site.rescue import census, loading, manifest, places
from otklik.site.rescue.archive import Header, Part, Reader, Secret
from otklik.site.rescue.faults import Damaged, RescueFault
from otklik.site.rescue.manifest import Manifest
from otklik.site.rescue.places import Place
from otklik.site.rescue.progress import Progress
from otklik.site.role import command

SecretOf = Callable[[Header], Secret]
DONE_BEFORE = (
    "Эта копия была восстановлена и сверена ещё в прошлый раз, оставалось убрать отметку. Всем придётся войти заново; "
    "что теперь сверить, сказано в docs/administrator.md, «Восстановить»."
)


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that was read to its end and is whole."""

    path: Path
    header: Header
    manifest: Manifest
    secret: SecretOf
    key: str  # the secret key if the copy holds one, else ''


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands there now. notes: what a person must do or know, a sentence each."""

    manifest: Manifest
    notes: list[str]


def restore(env: Env, path: Path, secret: SecretOf) -> Restored:
    """Put the copy into the place of `env`. Raises RescueFault; a place that was begun may be restored into anew."""
    copy = read(path, secret)
    with places.held(env) as place:
        if _is_done(place, copy):
            (place.home / homes.RESTORING).unlink()
            return Restored(copy.manifest, [DONE_BEFORE])
        _check_place(place, copy)
        _begin(place, copy)
        _take_key(place, copy)
        _fill(place, copy)
        _verify(place, copy.manifest)
        notes = _revive(place, copy)
        (place.home / homes.RESTORING).unlink()
    return Restored(copy.manifest, notes)


def read(path: Path, secret: SecretOf) -> Copy:
    """Read it to the end and check every byte. Raises RescueFault, Damaged, WrongSecret."""
    once = _asked_once(secret)
    told, key = None, ""
    with _open(path) as file:
        reader = Reader(file)
        progress = Progress("Проверяю файл", path.stat().st_size)
        for part in reader.parts(once):
            if part.name == manifest.NAME:
                told = manifest.read(part.whole())
            elif part.name == manifest.KEY:
                key = part.whole().decode()
            else:
                for _piece in progress.through(part.pieces):
                    pass
        progress.end()
    if told is None:
        raise Damaged("в нём нет описи")
    return Copy(path, reader.header, told, once, key)


@contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as fault:
        raise RescueFault(f"Файл {path} не читается: {fault.strerror}.") from fault


def _asked_once(secret: SecretOf) -> SecretOf:
    """The file is read twice, a person is asked once."""
    known: list[Secret] = []

    def ask(header: Header) -> Secret:
        if not known:
            known.append(secret(header))
        return known[0]

    return ask


def ask_secret(header: Header) -> Secret:
    """From the terminal. Raises RescueFault when the copy is closed by a key file, which nobody can type."""
    if header.lock == "key":
        raise RescueFault("Копия закрыта файлом ключа. Назовите его: --key-file ФАЙЛ")
    return Secret("passphrase", getpass.getpass("Фраза к копии: ").encode())


def _is_done(place: Place, copy: Copy) -> bool:
    """A try before this one was killed between its last step in the database and its last one in the folder."""
    begun = place.home / homes.RESTORING
    if not begun.exists() or begun.read_text(encoding="utf-8").strip() != copy.header.id:
        return False
    with places.connect(place.url) as connection:
        return bool(places.tables(connection)) and not places.is_half_done(connection)


def _check_place(place: Place, copy: Copy) -> None:
    """Empty, new enough, able to tell Russian letters. Nothing is changed here."""
    unknown = manifest.unknown_steps(copy.manifest.migrations, _known_steps())
    if unknown:
        raise RescueFault(
            f"Копию сняла более новая версия Отклика ({copy.manifest.version}), эта ({manifest.version()}) "
            f"её таблиц не знает: {', '.join(unknown[:3])}. Поставьте ту же версию или новее."
        )
    with places.connect(place.url) as connection:
        names = places.tables(connection)
        if names and not places.is_half_done(connection):
            raise RescueFault(
                f"База не пустая: в ней таблиц {len(names)}. Восстанавливаю только в пустую, чтобы ничего не стереть. "
                "Создайте новую базу или укажите другую папку: --home ПАПКА"
            )
        places.refuse_deaf(connection)
    begun = (place.home / homes.RESTORING).exists()
    if not begun and any(place.files.rglob("*")):
        raise RescueFault(f"В папке {place.files} уже лежат файлы. Укажите пустую папку: --home ПАПКА")


@cache
def _known_steps() -> list[tuple[str, str]]:
    """(room, name) of every step that this version has: asked of Django in a process of its own, without a database."""
    done = subprocess.run(  # noqa: S603 - our own command
        command("steps"),
        capture_output=True,
        text=True,
        check=False,
        env=variables("postgresql://none@localhost/none"),
    )
    if done.returncode != 0:
        raise RescueFault(f"Не узнал, какие таблицы знает эта версия:\n{done.stderr.strip()[-2000:]}")
    return [(app, name) for app, name in json.loads(done.stdout.splitlines()[-1])]


def _begin(place: Place, copy: Copy) -> None:
    """The marks, and emptiness: what a try before this one has left goes."""
    if (place.home / homes.RESTORING).exists():
        shutil.rmtree(place.files)
        place.files.mkdir(mode=0o700)
    homes.write_private(place.home / homes.RESTORING, copy.header.id)
    with places.connect(place.url) as connection:
        places.mark(connection, copy.header.id)
        connection.commit()
        places.wipe(connection)


def _take_key(place: Place, copy: Copy) -> None:
    """The copy's key becomes the installation's, unless the environment gives one."""
    file = place.home / "secret.key"
    if not copy.key or homes.is_set("SECRET_KEY"):
        return
    kept = place.home / "secret.key.before-restore"
    if file.exists() and file.read_text(encoding="utf-8").strip() != copy.key:
        file.replace(
            kept
        )  # made just now by ourselves, or by a start of an empty desk: still nothing is thrown away
    homes.write_private(file, copy.key)


def _fill(place: Place, copy: Copy) -> None:
    with _open(copy.path) as file:
        reader = Reader(file)
        if reader.header != copy.header:
            raise RescueFault(f"Файл {copy.path} подменили, пока я его читал. Повторите.")
        folders: set[Path] = set()
        rows, files = Progress("База данных"), Progress("Файлы", copy.manifest.files_bytes)
        for part in reader.parts(copy.secret):
            if part.name == manifest.DATABASE:
                loading.load(place.url, _major(place), rows.through(part.pieces))
                rows.end()
            elif part.name.startswith(manifest.FILE):
                folders.add(_keep_file(place, part, files))
        files.end()
    for folder in folders:
        _sync(folder)


def _major(place: Place) -> int:
    with places.connect(place.url) as connection:
        return connection.info.server_version // 10000


def _keep_file(place: Place, part: Part, progress: Progress) -> Path:
    """A stored file under its hash, and its folder; one whose bytes are not of that hash was broken before the copy."""
    sha256 = part.name.removeprefix(manifest.FILE)
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise Damaged("имя файла не из наших")
    folder = place.files / sha256[:2] / sha256[2:4]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    handle, half = tempfile.mkstemp(dir=folder, prefix="restoring-")
    with os.fdopen(handle, "wb") as file:
        for piece in progress.through(part.pieces):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() == sha256:
        Path(half).replace(folder / sha256)
    else:
        Path(half).unlink()
    return folder


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _verify(place: Place, told: Manifest) -> None:
    """Rows by count and checksum, files by count and size. Raises RescueFault with what differs."""
    progress = Progress("Сверяю")
    with places.connect(place.url) as connection:
        found = census.take(connection)
    differing = census.differences(told.tables, found)
    sizes = [path.stat().st_size for path in place.files.rglob("*") if len(path.name) == 64]
    if len(sizes) != told.files or sum(sizes) != told.files_bytes:
        differing.append(
            f"файлы: {len(sizes)} на {sum(sizes)} байт, должно быть {told.files} на {told.files_bytes}"
        )
    progress.end()
    if differing:
        raise RescueFault("Восстановленное не сходится с копией:\n  " + "\n  ".join(differing[:20]))


def _revive(place: Place, copy: Copy) -> list[str]:
    """In a process with Django: tables of this version, then what must not go on as if nothing had happened."""
    told = json.dumps({"made_at": copy.manifest.made_at, "key": copy.manifest.key})
    done = subprocess.run(  # noqa: S603 - our own command
        command("revive", told), stdout=subprocess.PIPE, text=True, check=False,
        env=variables(place.url, home=place.home),
    )  # fmt: skip
    if done.returncode != 0:
        raise RescueFault("Последний шаг не удался, подробности выше. Исправьте причину и повторите restore.")
    return [str(one) for one in json.loads(done.stdout.splitlines()[-1])]


def variables(database_url: str, home: Path | None = None) -> dict[str, str]:
    """The environment of a process of ours that works with this database, whatever the caller's said."""
    names = ("DATABASE_URL", "LISTEN_URL", *(["HOME"] if home else []))
    ours = {
        name: value
        for name, value in os.environ.items()
        if name not in {f"{PREFIX}{one}_FILE" for one in names}
    }
    ours |= {f"{PREFIX}{name}": database_url for name in ("DATABASE_URL", "LISTEN_URL")}
    if not home:  # nothing is signed by a process that only tells what it knows
        return ours | {f"{PREFIX}SECRET_KEY": "-" * 32} if not homes.is_set("SECRET_KEY") else ours
    return ours | {f"{PREFIX}HOME": str(home)}
