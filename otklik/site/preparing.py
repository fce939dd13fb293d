"""Steps of a start that need Django: tables, the example company, the first administrator."""

from __future__ import annotations

import sys

from otklik.env import env
from otklik.site.home import write_private
from otklik.site.roles import django

FIRST_ADMIN = "Вход: создайте первого администратора на странице {url}/first-run/  Код: {code}"


def migrate() -> None:
    """Bring the tables to this version, naming each step; then note how to sign in if nobody can yet."""
    django()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if steps:
        _say(f"  шагов: {len(steps)}")
        call_command("migrate", interactive=False, verbosity=0)
    hint, words = env().home / "sign-in.txt", _first_admin()
    if not _has_users() and env().home.is_dir():
        write_private(hint, words)
    elif hint.exists() and "/first-run/" in hint.read_text(encoding="utf-8"):
        hint.unlink()


def _first_admin() -> str:
    from otklik.accounts import firstrun

    return FIRST_ADMIN.format(url=env().base_url, code=firstrun.code())


def fill_demo() -> None:
    """Put the example company into an empty database and note how to sign in."""
    django()
    if _has_users():
        return
    from otklik.site import demo

    hint = demo.fill(_say)
    write_private(env().home / "sign-in.txt", hint)


def admin(email: str, name: str, password: str) -> None:
    """Make an administrator, or give the one with this address a new password."""
    django()
    from otklik.accounts.models import User

    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        User.objects.create_superuser(email, name, password)
        _say(f"Администратор {email} заведён.")
        return
    user.set_password(password)
    user.name, user.role = name, User.Role.ADMIN
    user.save(update_fields=["password", "name", "role"])
    _say(f"Пароль администратора {email} изменён.")


def _has_users() -> bool:
    from otklik.accounts.models import User

    return User.objects.exists()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
