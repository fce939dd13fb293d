"""Secrets at rest: a box's password is readable only with the key from the environment (design §10).

New secrets are sealed with OTKLIK_SECRET_KEY; what the keys in OTKLIK_OLD_SECRET_KEYS sealed still opens until it is
sealed anew (channels/resealing.py).
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from otklik.env import env


class Unreadable(Exception):
    """The stored secret was sealed with a key that we don't have: OTKLIK_SECRET_KEY has changed."""


def seal(secret: str) -> bytes:
    return _box(env().secret_key).encrypt(secret.encode())


def unseal(sealed: bytes) -> str:
    """Raises Unreadable when no key of ours fits."""
    try:
        return MultiFernet([_box(key) for key in all_keys()]).decrypt(bytes(sealed)).decode()
    except InvalidToken as e:
        raise Unreadable("sealed with another key, check OTKLIK_SECRET_KEY") from e


def is_old(sealed: bytes) -> bool:
    """Whether it is sealed with a key of before. Raises Unreadable."""
    try:
        _box(env().secret_key).decrypt(bytes(sealed))
    except InvalidToken:
        unseal(sealed)
        return True
    return False


def all_keys() -> tuple[str, ...]:
    """The key of today first, then those of before."""
    return (env().secret_key, *env().old_secret_keys)


def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"otklik.vault:" + key.encode()).digest()))
