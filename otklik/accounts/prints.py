"""Keyed fingerprints: what was erased is known again, though nobody can read out of the database what it was.

The key is the environment's (OTKLIK_SECRET_KEY): with the database alone no address can be tried out.
"""

import hashlib
import hmac

from otklik.env import env


def of(kind: str, text: str) -> str:
    """64 hexadecimal characters. kind: what it is of, so that equal texts of two kinds differ."""
    key = hashlib.sha256(b"otklik.prints:" + env().secret_key.encode()).digest()
    return hmac.new(key, f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()


def of_letter(key: str) -> str:
    """For Envelope.key of an erased letter, in place of the SHA-256 of its bytes."""
    return of("letter", key)


def of_address(value: str) -> str:
    """value: normalised (clients.identifying.normal)."""
    return of("address", value)
