"""The file store: bytes under their SHA-256, written and synced with their names before any row names them."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from otklik import rows as bulk  # «rows» is a deed of this module
from otklik.desk.models import StoredFile
from otklik.errors import Refusal

_HASH = re.compile(r"[0-9a-f]{64}")
_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,59}", re.ASCII)
_lasting: set[Path] = set()  # folders whose names this process has synced; there are 65,793 at most


class NoRoom(Refusal):
    code = "file.no_room"


class Gone(Refusal):
    code = "file.gone"


@dataclass(frozen=True, slots=True)
class File:
    """A stored file as one letter or note names it. content_id: without <>; inline: stands in the text."""

    sha256: str
    size_bytes: int
    name: str
    type: str
    content_id: str = ""
    inline: bool = False


def type_said(said: str | None) -> str:
    """What a browser calls a file it sends, where that is a media type at all; the header may hold anything."""
    return said if said and _TYPE.fullmatch(said) else "application/octet-stream"


def path(sha256: str) -> Path:
    """Where these bytes lie. Raises ValueError on anything that is no SHA-256."""
    if not _HASH.fullmatch(sha256):
        raise ValueError(sha256)
    return Path(settings.FILES_ROOT) / sha256[:2] / sha256[2:4] / sha256


def store(content: bytes) -> str:
    """Keep these bytes and return their SHA-256. Outside transactions; safe to repeat. Raises NoRoom."""
    sha256 = hashlib.sha256(content).hexdigest()
    place = path(sha256)
    try:
        if place.exists():
            os.utime(
                place
            )  # whoever deletes what nobody names leaves what was stored just now (privacy.working)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            _write(place, content)
        _sync_names(
            place.parent
        )  # of a file that is there too: perhaps another process has named it just now
    except OSError as fault:
        raise NoRoom(
            _("Мы не сохранили файл: на диске сервера нет места."), _("Скажите администратору и повторите.")
        ) from fault
    return sha256


def _sync_names(folder: Path) -> None:
    """A synced file whose name, or its folder's, is not on the disk yet is lost with the power all the same.

    Whoever made a folder may not have come to syncing it, so each process does that for itself, once.
    """
    _sync_folder(folder)
    root = Path(settings.FILES_ROOT)
    for one in (folder, folder.parent, root):
        if one not in _lasting:
            _sync_folder(one.parent)
            _lasting.add(one)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(place: Path, content: bytes) -> None:
    handle, unfinished = tempfile.mkstemp(dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(place)
    except OSError:
        Path(unfinished).unlink(missing_ok=True)
        raise


def open_stored(sha256: str) -> BinaryIO:
    """Raises Gone when the bytes are not in the store."""
    try:
        return path(sha256).open("rb")
    except FileNotFoundError as fault:
        raise Gone(_("Файла больше нет на сервере."), _("Попросите прислать его ещё раз.")) from fault


def rows(files: Iterable[File], *, at: datetime) -> None:
    """The rows that attachments point to; those already there stay."""
    wanted = {file.sha256: file for file in files}
    bulk.create(
        [
            StoredFile(sha256=sha, size_bytes=file.size_bytes, created_at=at)
            for sha, file in sorted(wanted.items())
        ],
        ignore_conflicts=True,
    )
