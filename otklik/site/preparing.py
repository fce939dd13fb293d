"""Steps of a start that need Django: tables, the example company, the first administrator."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from otklik.env import env
from otklik.site import readiness
from otklik.site.home import write_private
from otklik.site.roles import django

LOCK = 0x6F746D  # «otm»: the advisory lock of whoever changes the tables
LOOK_S = 0.5

# the supervisor puts in the address that it chose at this start
FIRST_ADMIN = "Вход: создайте первого администратора на странице {{url}}/first-run/  Код: {code}"


def migrate() -> None:
    """Bring the tables to this version, naming how many steps there are.

    Raises SystemExit with words for a person where a restore has not ended: nobody may work with half of a company.
    """
    from otklik.site.rescue import places

    if places.is_half_done_at(env().database_url):
        sys.exit(
            "Восстановление этой базы не закончено. Повторите otklik restore ФАЙЛ: он доведёт его до конца."
        )
    bring_up()


def bring_up() -> None:
    """The same wherever it is. Of several machines that start at once one does it, the others wait and find it done."""
    django()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with _alone():
        executor = MigrationExecutor(connection)
        steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if steps:
            _say(f"  шагов: {len(steps)}")
            call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def _alone() -> Iterator[None]:
    """The lock ends with its line, however this process ends. Asked for again and again: a statement that waits for it
    holds a snapshot, and no index that is made beside people's work gets ready before that ends.
    """
    from otklik.jobs import lines

    with closing(lines.vital(env().listen_url, "otklik tables")) as line:
        ask, is_told = "SELECT pg_try_advisory_lock(%s)", False
        while line.execute(ask, [LOCK]).fetchone() != (True,):
            if not is_told:
                _say("  таблицы готовит другой процесс: жду, пока он закончит")
            is_told = True
            time.sleep(LOOK_S)
        yield


def prepare(*, demo: bool) -> None:
    """All that must be done before the parts start: tables, the example company, how to sign in.

    At the end the database itself remembers that it is ready for this version, so that the next start needs
    no look at it. A restored copy doesn't remember, and is prepared again.
    """
    migrate()
    if demo:
        _fill_demo()
    hint = env().home / "sign-in.txt"
    if not _has_users():
        from otklik.accounts import firstrun

        write_private(hint, FIRST_ADMIN.format(code=firstrun.code()))
        return  # the next start looks again whether somebody is there
    if not demo:
        hint.unlink(missing_ok=True)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(readiness.remember(connection.settings_dict["NAME"], demo=demo))


def _fill_demo() -> None:
    """Raises SystemExit with words for a person where other people work already: a real company is no example."""
    from otklik.site import demo

    if not _has_users():
        _say("  пример компании: заполняю")
    try:
        hint = demo.fill(_say)
    except demo.NotEmpty as fault:
        sys.exit(str(fault))
    write_private(env().home / "sign-in.txt", hint)


def admin(email: str, name: str, password: str, *, no_second_step: bool = False) -> None:
    """Make an administrator, or give the one with this address a new password; their sessions and links end.

    no_second_step: their telephone and codes, or the key that sealed them, are lost. Raises SystemExit with words.
    """
    django()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    from otklik.accounts import factors, invitations
    from otklik.accounts.models import User

    user = User.objects.filter(email__iexact=email).first()
    try:
        validate_password(password, user or User(email=email, name=name))
    except ValidationError as fault:
        sys.exit("\n".join(fault.messages))
    if user is None:
        User.objects.create_superuser(email, name, password)
        _say(f"Администратор {email} заведён.")
        return
    user.name, user.role, user.own_role = name, User.Role.ADMIN, None
    user.save(update_fields=["name", "role", "own_role"])
    invitations.set_password(user, password, at=timezone.now())
    if no_second_step:
        factors.reset(user, at=timezone.now())
    _say(f"Пароль администратора {email} изменён, прежние сеансы закончены.")


def _has_users() -> bool:
    from otklik.accounts.models import User

    return User.objects.exists()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
