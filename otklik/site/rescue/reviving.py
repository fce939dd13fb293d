"""The last step of a restore or a move, with Django: tables of this version, and nothing that would be done twice."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from otklik.env import env
from otklik.site import preparing
from otklik.site.rescue import erased, manifest, places
from otklik.site.rescue.faults import RescueFault
from otklik.site.role import command

# Numbers and ids given between the copy and its restore are known outside: to clients, in addresses of bounces, in
# links. They are not given again.
NUMBERS_AHEAD = 1_000
IDS_AHEAD = 1_000_000
NUMBERS = "otklik_ticket_number"
OTHER_KEY = (
    "Секретный ключ не тот, с которым снимали копию. Ссылки клиентов из прежних писем не откроются (новые придут "
    "со следующими письмами). Есть прежний ключ? Положите его в OTKLIK_SECRET_KEY или secret.key, и всё вернётся."
)

REOPENED = (
    "Кто ушёл после копии, снова может войти, и ключи API, отозванные с тех пор, снова действуют. "
    "Проверьте списки: «Сотрудники» и «Ключи API»."
)


def rewound(moment: datetime) -> list[str]:
    """A database that its own server's means brought back to a moment: the same last step, in a process with Django.

    Raises RescueFault.
    """
    told = json.dumps({"made_at": moment.isoformat(), "key": ""})
    done = subprocess.run(command("revive", told), stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - ours
    if done.returncode != 0:
        raise RescueFault("Не вышло, подробности выше. В базе ничего не изменилось.")
    return [str(one) for one in json.loads(done.stdout.splitlines()[-1])]


def tell_steps() -> None:
    """Print, as JSON, every step of the tables that this version knows."""
    from otklik.site.roles import django

    django()
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None)
    replaced = {step for one in loader.disk_migrations.values() for step in one.replaces}
    sys.stdout.write(json.dumps(sorted({*loader.disk_migrations, *replaced})) + "\n")


def run(told: str) -> None:
    """The process `revive`. told: JSON with made_at and key of the copy; `moved` when nothing lies between.

    Prints, as JSON, sentences for the person. The mark of an unfinished restore goes in the same transaction.
    """
    preparing.bring_up()
    from django.db import connection, transaction
    from django.utils import timezone

    from otklik.journal import renumbering

    facts = json.loads(told)
    renumbering.renumber()
    notes: list[str] = []
    with transaction.atomic():
        if not facts.get("moved"):
            notes = _restored(facts, timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {places.MARK}")
    sys.stdout.write(json.dumps(notes, ensure_ascii=False) + "\n")


def _restored(facts: dict[str, str], at: datetime) -> list[str]:
    from otklik.accounts import reviving as ways_in
    from otklik.channels import reviving
    from otklik.journal import journaling
    from otklik.journal.journaling import Line

    made_at = datetime.fromisoformat(facts["made_at"])
    shown = made_at.astimezone(ZoneInfo(env().timezone)).strftime("%d.%m.%Y %H:%M")
    held = reviving.hold_letters(copied_at=shown, at=at)
    reviving.forget_owed(at=at)
    reviving.quieten(at=at)
    ways_in.close(at=at)
    number = _numbers_ahead()
    erased_again = _erase_again()
    journaling.write(Line(None, "desk.restored", at, facts={"made_at": facts["made_at"], "held": held}))
    notes = [
        f"Копия показывает {shown}. Всем придётся войти заново.",
        REOPENED,
        f"Номера новых запросов пойдут с {number}: меньшие клиенты могли получить после копии.",
    ]
    if held:
        notes.append(
            f"Писем, которые тогда ждали отправки: {held}. Сами они не уйдут: что найдётся в «Отправленных», "
            "станет отправленным, о прочих через десять минут спросим в их запросах."
        )
    return notes + erased_again + _of_key(facts["key"], reviving.unreadable())


def _erase_again() -> list[str]:
    """Whoever was erased after the copy is in it still; the marks lie beside the database."""
    place = env().home / erased.NAME
    if place.exists():
        return erased.repeat(place, fresh=timedelta())
    return [
        "Кого-то стирали после этой копии? Тогда до запуска: otklik erase repeat ФАЙЛ (файл erasures прежней папки)."
    ]


def _of_key(told: str, unreadable: list[str]) -> list[str]:
    """told: the fingerprint of the copy's key, '' when nobody knows it."""
    if told == manifest.fingerprint(env().secret_key) or not (told or unreadable):
        return []
    notes = [OTHER_KEY]
    if unreadable:
        notes.append(
            f"Не открывается: {', '.join(unreadable)}. Введите заново пароли ящиков (Настройки → Почта) и "
            "секреты служб входа; второй шаг входа снимает администратор "
            "(себе: otklik admin ПОЧТА --no-second-step)."
        )
    return notes


def _numbers_ahead() -> int:
    """Move all sequences on; returns the next number of a request."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename, last_value, max_value, start_value FROM pg_sequences WHERE schemaname = 'public'"
        )
        rows = cursor.fetchall()
        for name, last, most, start in rows:
            ahead = NUMBERS_AHEAD if name == NUMBERS else IDS_AHEAD
            cursor.execute(
                "SELECT setval(%s::regclass, %s)", [f'public."{name}"', min(most, (last or start) + ahead)]
            )
        cursor.execute("SELECT last_value + 1 FROM otklik_ticket_number")
        return int(cursor.fetchone()[0])
