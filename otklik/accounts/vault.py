"""Secrets at rest: a box's password is readable only with the key from the environment (design §10)."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from otklik.env import env


class Unreadable(Exception):
    """The stored secret was sealed with another key: OTKLIK_SECRET_KEY has changed."""


def _box() -> Fernet:
    key = hashlib.sha256(b"otklik.vault:" + env().secret_key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(secret: str) -> bytes:
    return _box().encrypt(secret.encode())


def unseal(sealed: bytes) -> str:
    """Raises Unreadable when the key is another one."""
    try:
        return _box().decrypt(bytes(sealed)).decode()
    except InvalidToken as e:
        raise Unreadable("sealed with another key, check OTKLIK_SECRET_KEY") from e
