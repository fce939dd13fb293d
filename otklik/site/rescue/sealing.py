"""Bytes in frames: each shows by itself that it is whole and in its place, and the last one that nothing is missing.

Encrypted (ChaCha20-Poly1305) if there is a secret, else with a checksum in the same place, so that damage is found by
the same reading. Frame: 4 bytes of length with the highest bit on the last frame, then the sealed bytes. The nonce is
the frame's number and whether it is the last; each file has its own key, derived from the secret and a random salt.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from otklik.site.rescue.faults import Damaged

FRAME_BYTES = 256 * 1024
SALT_BYTES = 32
_LAST = 1 << 31
_LENGTH = struct.Struct(">I")
# 64 MB and about a fifth of a second for each guess
_SCRYPT = {"n": 2**16, "r": 8, "p": 1, "maxmem": 128 * 2**20}


class Seal(Protocol):
    """How one frame is closed and opened. open() raises ValueError when the bytes are not those that were sealed."""

    def close(self, nonce: bytes, plain: bytes) -> bytes: ...

    def open(self, nonce: bytes, sealed: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Checked:
    """No secret: a checksum of 16 bytes behind the bytes. about: the file's header, which is checked along."""

    about: bytes

    def close(self, nonce: bytes, plain: bytes) -> bytes:
        return plain + self._sum(nonce, plain)

    def open(self, nonce: bytes, sealed: bytes) -> bytes:
        plain, told = sealed[:-16], sealed[-16:]
        if not hmac.compare_digest(self._sum(nonce, plain), told):
            raise ValueError("checksum differs")
        return plain

    def _sum(self, nonce: bytes, plain: bytes) -> bytes:
        digest = hashlib.blake2b(nonce + hashlib.sha256(self.about).digest(), digest_size=16)
        digest.update(plain)
        return digest.digest()


class Encrypted:
    """key: 32 bytes, of this file alone."""

    def __init__(self, key: bytes, about: bytes) -> None:
        self._cipher = ChaCha20Poly1305(key)
        self._about = about

    def close(self, nonce: bytes, plain: bytes) -> bytes:
        return self._cipher.encrypt(nonce, plain, self._about)

    def open(self, nonce: bytes, sealed: bytes) -> bytes:
        try:
            return self._cipher.decrypt(nonce, sealed, self._about)
        except InvalidTag as fault:
            raise ValueError("tag differs") from fault


def key_of_passphrase(passphrase: str, salt: bytes) -> bytes:
    """32 bytes, made slowly on purpose. salt: SALT_BYTES random ones, kept in the file's header."""
    return hashlib.scrypt(passphrase.encode(), salt=salt, dklen=32, **_SCRYPT)


def key_of_file(content: bytes, salt: bytes) -> bytes:
    """32 bytes out of a key file, which is random enough by itself."""
    return HKDF(SHA256(), 32, salt, b"otklik backup").derive(content)


def proof(key: bytes) -> str:
    """By which a wrong secret is known at once, and told apart from damage. Says nothing of the key."""
    return hmac.new(key, b"otklik backup: is this the key", hashlib.sha256).hexdigest()[:32]


class Sealer:
    """Writes frames to `out`. close() ends the stream; without it the file is known to be cut."""

    def __init__(self, out: BinaryIO, seal: Seal) -> None:
        self._out, self._seal = out, seal
        self._waiting = bytearray()
        self._number = 0

    def write(self, content: bytes | memoryview) -> None:
        self._waiting += content
        while len(self._waiting) > FRAME_BYTES:
            self._frame(bytes(self._waiting[:FRAME_BYTES]), last=False)
            del self._waiting[:FRAME_BYTES]

    def close(self) -> None:
        self._frame(bytes(self._waiting), last=True)

    def _frame(self, plain: bytes, *, last: bool) -> None:
        sealed = self._seal.close(_nonce(self._number, last=last), plain)
        self._out.write(_LENGTH.pack(len(sealed) | (_LAST if last else 0)))
        self._out.write(sealed)
        self._number += 1


class Opener:
    """Reads what a Sealer wrote. Raises Damaged at the first frame that is not as it was."""

    def __init__(self, source: BinaryIO, seal: Seal) -> None:
        self._source, self._seal = source, seal
        self._ready = bytearray()
        self._number = 0
        self._ended = False

    def read(self, count: int) -> bytes:
        """Just so many bytes. Raises Damaged when the stream ends before."""
        while len(self._ready) < count:
            if self._ended:
                raise Damaged("он кончается раньше, чем должен")
            self._frame()
        taken = bytes(self._ready[:count])
        del self._ready[:count]
        return taken

    def end(self) -> None:
        """See that nothing follows. Raises Damaged."""
        while not self._ended and not self._ready:
            self._frame()
        if self._ready or self._source.read(1):
            raise Damaged("после конца стоит лишнее")

    def _frame(self) -> None:
        head = self._exactly(_LENGTH.size)
        told = _LENGTH.unpack(head)[0]
        last, length = bool(told & _LAST), told & ~_LAST
        if length > FRAME_BYTES + 64:
            raise Damaged(f"кадр {self._number} невозможной длины")
        try:
            self._ready += self._seal.open(_nonce(self._number, last=last), self._exactly(length))
        except ValueError as fault:
            raise Damaged(f"кадр {self._number} не такой, каким был записан") from fault
        self._ended = last
        self._number += 1

    def _exactly(self, count: int) -> bytes:
        found = self._source.read(count)
        if len(found) != count:
            raise Damaged("он обрывается: записан не до конца")
        return found


def _nonce(number: int, *, last: bool) -> bytes:
    return struct.pack(">QI", number, int(last))
