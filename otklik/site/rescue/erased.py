"""`otklik erase verify` and `otklik erase repeat`: their part with Django, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from otklik.env import Env, env
from otklik.site.rescue import places, restoring
from otklik.site.rescue.faults import RescueFault
from otklik.site.role import command

NAME = "erasures"  # as in otklik.privacy.marks, which needs Django


def call(chosen: Env, told: dict[str, object]) -> int:
    """Run it on the database of this environment; returns 1 when something was found, else 0. Raises RescueFault."""
    with places.source(chosen) as place:
        done = subprocess.run(  # noqa: S603 - our own command
            command("erase"), input=json.dumps(told), text=True, check=False,
            env=restoring.variables(place.url, home=place.home),
        )  # fmt: skip
    if done.returncode not in {0, 1}:
        raise RescueFault("Не вышло, подробности выше.")
    return done.returncode


def run() -> int:
    """The process `erase`. What to do comes by standard input, so that no name stands in the list of processes."""
    from otklik.site.roles import django

    told = json.loads(sys.stdin.read())
    django()
    if "words" in told:
        return _verify(told["words"])
    return _repeat(Path(told["marks"]))


def _verify(words: list[str]) -> int:
    from otklik.privacy import verifying

    logs = [one for one in (env().home / "log", env().home / NAME) if one.exists()]
    found = verifying.find(words, logs=logs)
    for one in found:
        sys.stdout.write(f"{one.place}: «{one.word}», {one.count}\n")
    if not found:
        sys.stdout.write("Ничего не нашлось: ни в базе, ни в файлах, ни в журналах работы.\n")
    return 1 if found else 0


def _repeat(place: Path) -> int:
    for note in repeat(place, fresh=timedelta(minutes=10)):
        sys.stdout.write(f"{note}\n")
    return 0


def repeat(place: Path, *, fresh: timedelta) -> list[str]:
    """Erase again whom these marks name; sentences for a person. With Django."""
    from django.utils import timezone

    from otklik.privacy import marks, working
    from otklik.privacy.models import Erasure

    count = marks.repeat(place, at=timezone.now())
    working.run(at=timezone.now(), fresh=fresh)
    if count:
        notes = [
            f"Стёрли заново по отметкам: {count}. Новые файлы с диска уйдут, когда Отклик поработает десять минут."
        ]
    else:
        notes = ["Отметки о стирании прочитаны: стирать заново некого."]
    if broken := marks.read(place)[1]:
        notes.append(
            f"Строк в {place.name}, которые не прочли: {broken}. Одну последнюю обрывает сбой, больше — файл испорчен:"
            " возьмите целый и повторите `otklik erase repeat ФАЙЛ`."
        )
    if stopped := Erasure.objects.filter(faulted_at__isnull=False, done_at=None).count():
        notes.append(
            f"Из них до конца не стёрли: {stopped}. Отклик продолжит сам; где остановилось, видно в Компания →"
            " «Личные данные»."
        )
    return notes
