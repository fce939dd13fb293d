"""`otklik backup FILE`: one file of one moment, while letters come in and people work.

First the rows of a snapshot, then the files that those rows name: a file is on the disk before any row names it, so
none can be missing that was there. The file gets its name when it is whole, and never in place of another unasked.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import psycopg

from otklik.env import Env
from otklik.site.rescue import archive, dumping, manifest, places
from otklik.site.rescue.archive import Header, Secret, Writer
from otklik.site.rescue.census import Count
from otklik.site.rescue.dumping import File, Moment
from otklik.site.rescue.faults import RescueFault
from otklik.site.rescue.manifest import Manifest
from otklik.site.rescue.places import Place
from otklik.site.rescue.progress import Progress

_NOTE = "INSERT INTO otklik_site_backup (at, shows, place, size_bytes, lock, holds_key) VALUES (%s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Wish:
    """target: the file; secret: None leaves it readable; with_key: the secret key goes in; force: over another file."""

    target: Path
    secret: Secret | None = None
    with_key: bool = False
    force: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file holds. untold: why the database does not know of it, '' where it does."""

    manifest: Manifest
    size_bytes: int
    untold: str = ""


def backup(env: Env, wish: Wish) -> Kept:
    """Write the file. Raises RescueFault; then there is no new file, and an old one stays as it was."""
    _check(env, wish)
    with places.source(env) as place, dumping.moment(place.url) as moment:
        half = wish.target.with_name(f"{wish.target.name}.part")
        with _alone(half) as out:
            told = _write(out, env, place, moment, wish)
            size = out.tell()
            _finish(out, half, wish)
        untold = _remember(place, wish, told, size)
    return Kept(told, size, untold)


def _check(env: Env, wish: Wish) -> None:
    if wish.target.exists() and not wish.force:
        raise RescueFault(
            f"Файл {wish.target} уже есть, и я его не трогаю. Назовите другой или добавьте --force: заменю его целиком."
        )
    if not wish.target.parent.is_dir():
        raise RescueFault(f"Папки {wish.target.parent} нет. Создайте её или назовите другую.")
    if wish.with_key and wish.secret is None:
        raise RescueFault(
            "Ключ кладу только в закрытую копию: иначе пароли ящиков прочтёт всякий, у кого она окажется. "
            "Добавьте --encrypt или --key-file."
        )
    if wish.with_key and not env.secret_key:
        raise RescueFault("Ключа нет: ни OTKLIK_SECRET_KEY, ни файла secret.key в папке данных.")


@contextmanager
def _alone(path: Path) -> Iterator[BinaryIO]:
    """The unfinished file, held by one command; what a killed one has left is written anew, what fails is removed."""
    try:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
    except OSError as fault:
        raise RescueFault(f"Не могу писать в {path.parent}: {fault.strerror}.") from fault
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # another command may have finished between the two steps: then this is its copy under its new name
            if not os.path.samestat(os.fstat(file.fileno()), path.stat()):
                raise BlockingIOError
        except OSError:
            raise RescueFault(f"Копию {path.name} уже пишет другая команда. Дождитесь её.") from None
        file.truncate(0)
        try:
            yield file
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def _write(out: BinaryIO, env: Env, place: Place, moment: Moment, wish: Wish) -> Manifest:
    try:
        return _parts(out, env, place, moment, wish)
    except OSError as fault:
        raise RescueFault(
            f"Запись в {wish.target.parent} не удалась: {fault.strerror}. Файла копии нет."
        ) from fault
    except psycopg.Error as fault:
        cause = str(fault).strip().splitlines()[0]
        raise RescueFault(f"База данных перестала отвечать: {cause} Файла копии нет, повторите.") from fault


def _parts(out: BinaryIO, env: Env, place: Place, moment: Moment, wish: Wish) -> Manifest:
    writer = Writer(out, Header(uuid.uuid4().hex, moment.at.isoformat(), manifest.version()), wish.secret)
    progress = Progress("База данных")
    with moment.dump() as pieces:
        writer.part(manifest.DATABASE, progress.through(pieces))
    progress.end()
    counting = Progress("Считаю строки")
    counts = moment.census(lambda _table: None)
    counting.end()
    missing = _files(writer, place, moment.files())
    if wish.with_key:
        writer.part(manifest.KEY, [env.secret_key.encode()])
    told = _manifest(env, moment, counts, moment.files(), missing)
    writer.part(manifest.NAME, [told.text()])
    writer.end()
    return told


def _files(writer: Writer, place: Place, files: list[File]) -> list[str]:
    """Put the stored files in; returns those that are not on the disk as they should be."""
    progress = Progress("Файлы", sum(one.size_bytes for one in files))
    missing = []
    for one in files:
        path = place.files / one.sha256[:2] / one.sha256[2:4] / one.sha256
        try:
            whole = path.stat().st_size == one.size_bytes
        except OSError:
            whole = False
        if (
            not whole
            or writer.part(manifest.FILE + one.sha256, progress.through(_pieces(path))) != one.sha256
        ):
            missing.append(one.sha256)
    progress.end()
    return missing


def _pieces(path: Path) -> Iterator[bytes]:
    """What the disk gives back of it: one bad place on it must not keep all the rest from being copied."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        while piece := file.read(archive.PIECE_BYTES):
            yield piece


def _manifest(
    env: Env, moment: Moment, counts: dict[str, Count], files: list[File], missing: list[str]
) -> Manifest:
    gone = set(missing)
    there = [one for one in files if one.sha256 not in gone]
    return Manifest(
        version=manifest.version(),
        made_at=moment.at.isoformat(),
        postgres=moment.major,
        migrations=moment.migrations(),
        tables=counts,
        files=len(there),
        files_bytes=sum(one.size_bytes for one in there),
        missing=missing[: manifest.MOST_MISSING],
        missing_count=len(missing),
        key=manifest.fingerprint(env.secret_key),
    )


def _finish(out: BinaryIO, half: Path, wish: Wish) -> None:
    """On the disk first, then its name."""
    out.flush()
    os.fsync(out.fileno())
    if wish.target.exists() and not wish.force:
        raise RescueFault(
            f"Пока я писал, появился файл {wish.target}. Его не трогаю; повторите с другим именем."
        )
    half.replace(wish.target)
    folder = os.open(wish.target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _remember(place: Place, wish: Wish, told: Manifest, size: int) -> str:
    """For `otklik doctor`, which tells when the last copy is too old. Older tables have no place for it.

    The file is whole under its name: what goes wrong here is told (returned), and fails nothing.
    """
    lock = wish.secret.kind if wish.secret else ""
    where = f"{socket.gethostname()}:{wish.target}"[:300]
    try:
        with places.connect(place.url, autocommit=True) as connection:
            connection.execute(_NOTE, [datetime.now(UTC), told.made_at, where, size, lock, wish.with_key])
    except psycopg.errors.UndefinedTable:
        return ""
    except (psycopg.Error, RescueFault) as fault:
        return str(fault).strip().splitlines()[0]
    return ""
