"""The file of a copy: a header in plain words, then named parts in sealed frames, the manifest as the last part.

First line: `OTKLIK BACKUP 1`, so that a person who finds the file knows what it is. Second line: JSON without secrets
(when, by which version, how encrypted). In the frames: records of a kind, a length and bytes; a part is its name, its
pieces, and the SHA-256 of it all. Nothing needs to know a part's length before it is written.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import BinaryIO

from otklik.site.rescue import sealing
from otklik.site.rescue.faults import Damaged, RescueFault, WrongSecret
from otklik.site.rescue.sealing import Checked, Encrypted, Opener, Seal, Sealer

MAGIC = b"OTKLIK BACKUP "
FORMAT = 1
PIECE_BYTES = 1024 * 1024
_RECORD = struct.Struct(">cI")
_NAME, _PIECE, _SUM, _END = b"N", b"P", b"S", b"E"
_HEADER_LIMIT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Header:
    """What stands readable in the file. lock: '', 'passphrase' or 'key'; salt: base64; proof: sealing.proof()."""

    id: str
    made_at: str  # ISO, UTC: the moment that the copy shows
    version: str
    lock: str = ""
    salt: str = ""
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Secret:
    """A passphrase or the content of a key file; kind as in Header.lock."""

    kind: str
    content: bytes

    def key(self, salt: bytes) -> bytes:
        if self.kind == "passphrase":
            return sealing.key_of_passphrase(self.content.decode(), salt)
        return sealing.key_of_file(self.content, salt)


class Writer:
    """Writes a copy into `out`: part() for each, then end()."""

    def __init__(self, out: BinaryIO, header: Header, secret: Secret | None) -> None:
        seal: Seal
        if secret is None:
            line = _line(header)
            seal = Checked(line)
        else:
            salt = os.urandom(sealing.SALT_BYTES)
            key = secret.key(salt)
            named = base64.b64encode(salt).decode()
            told = {**asdict(header), "lock": secret.kind, "salt": named, "proof": sealing.proof(key)}
            line = _line(Header(**told))
            seal = Encrypted(key, line)
        out.write(MAGIC + b"%d\n" % FORMAT + line)
        self._frames = Sealer(out, seal)

    def part(self, name: str, pieces: Iterable[bytes]) -> str:
        """Write one part; returns the SHA-256 of what was written."""
        digest = hashlib.sha256()
        self._record(_NAME, name.encode())
        for piece in pieces:
            digest.update(piece)
            self._record(_PIECE, piece)
        self._record(_SUM, digest.digest())
        return digest.hexdigest()

    def end(self) -> None:
        self._record(_END, b"")
        self._frames.close()

    def _record(self, kind: bytes, content: bytes) -> None:
        self._frames.write(_RECORD.pack(kind, len(content)))
        self._frames.write(content)


class Part:
    """One part while it is read: pieces() once, to its end."""

    def __init__(self, name: str, pieces: Iterator[bytes]) -> None:
        self.name = name
        self.pieces = pieces

    def skip(self) -> None:
        """Read it for its checksum alone."""
        for _piece in self.pieces:
            pass

    def whole(self) -> bytes:
        return b"".join(self.pieces)


class Reader:
    """Reads a copy. Raises RescueFault when it is none of ours, Damaged and WrongSecret."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._begin = source.readline(_HEADER_LIMIT)
        self._line = source.readline(_HEADER_LIMIT)
        self.header = _header(self._begin, self._line)

    def parts(self, secret: Callable[[Header], Secret]) -> Iterator[Part]:
        """The parts in their order, each to be read before the next. secret: asked only if the file is encrypted."""
        frames = Opener(self._source, self._seal(secret))
        while True:
            kind, content = _record(frames)
            if kind == _END:
                frames.end()
                return
            if kind != _NAME:
                raise Damaged("часть без имени")
            part = Part(content.decode(), _pieces(frames))
            yield part
            part.skip()

    def _seal(self, secret: Callable[[Header], Secret]) -> Seal:
        if not self.header.lock:
            return Checked(self._line)
        key = secret(self.header).key(base64.b64decode(self.header.salt))
        if sealing.proof(key) != self.header.proof:
            raise WrongSecret(
                "Фраза не подходит к этой копии. Проверьте раскладку и регистр."
                if self.header.lock == "passphrase"
                else "Файл ключа не подходит к этой копии: она закрыта другим."
            )
        return Encrypted(key, self._line)


def _pieces(frames: Opener) -> Iterator[bytes]:
    digest = hashlib.sha256()
    while True:
        kind, content = _record(frames)
        if kind == _SUM:
            if content != digest.digest():
                raise Damaged("сумма части не сходится")
            return
        if kind != _PIECE:
            raise Damaged("часть не закончена")
        digest.update(content)
        yield content


def _record(frames: Opener) -> tuple[bytes, bytes]:
    kind, length = _RECORD.unpack(frames.read(_RECORD.size))
    return kind, frames.read(length)


def _line(header: Header) -> bytes:
    return json.dumps(asdict(header), ensure_ascii=False).encode() + b"\n"


def _header(begin: bytes, line: bytes) -> Header:
    if not begin.startswith(MAGIC):
        raise RescueFault("Это не копия Отклика: файл начинается не так. Копии делает otklik backup ФАЙЛ.")
    told = begin.removeprefix(MAGIC).strip()
    if not told.isdigit() or int(told) > FORMAT:
        raise RescueFault(
            f"Эту копию сняла более новая версия Отклика (вид файла {told.decode(errors='replace')}, "
            f"эта версия читает {FORMAT}). Поставьте ту же версию или новее."
        )
    try:
        return Header(**json.loads(line))
    except (ValueError, TypeError) as fault:
        raise Damaged("описание в начале не читается") from fault
