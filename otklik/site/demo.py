"""The example company of `otklik demo`."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from otklik.accounts.models import User


def fill(progress: Callable[[str], None]) -> str:
    """Make the people of the example in an empty database; returns how to sign in, for the person at the terminal."""
    progress("  завожу администратора")
    password = secrets.token_urlsafe(9)
    User.objects.create_superuser("admin@example.ru", "Анна Смирнова", password)
    return f"Вход: admin@example.ru, пароль {password}"
