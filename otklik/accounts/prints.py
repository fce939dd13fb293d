"""Keyed fingerprints: what was erased is known again, though nobody can read out of the database what it was.

The key is the environment's (OTKLIK_SECRET_KEY): with the database alone no address can be tried out.
"""

import hashlib
import hmac

from otklik.env import env


def of(kind: str, text: str) -> str:
    """64 hexadecimal characters, by the key of today. kind: what it is of, so that equal texts of two kinds differ."""
    return _of(kind, text, env().secret_key)


def of_letter(key: str) -> str:
    """For Envelope.key of an erased letter, in place of the SHA-256 of its bytes."""
    return of("letter", key)


def of_address(value: str) -> str:
    """value: normalised (clients.identifying.normal)."""
    return of("address", value)


def known_of_letter(key: str) -> tuple[str, ...]:
    """By today's key first, then by each of before: what was erased can't be read, so it is not printed anew."""
    return _known("letter", key)


def known_of_address(value: str) -> tuple[str, ...]:
    return _known("address", value)


def _known(kind: str, text: str) -> tuple[str, ...]:
    return tuple(_of(kind, text, one) for one in (env().secret_key, *env().old_secret_keys))


def _of(kind: str, text: str, secret: str) -> str:
    key = hashlib.sha256(b"otklik.prints:" + secret.encode()).digest()
    return hmac.new(key, f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()
