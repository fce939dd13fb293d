"""`otklik move upgrade`: the embedded database into the version of PostgreSQL that this Otklik brings.

Both servers run side by side, the rows go from one to the other and are compared. The new folder gets its name in two
renames; a start between them finishes the second (Embedded does it), so no instant is without a whole database.
What another try has left beside a standing old folder counts for nothing: people may have worked in that one since.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from otklik.env import Env
from otklik.site import home as homes
from otklik.site.home import HomeFault, Lock
from otklik.site.pgprograms import MAJOR
from otklik.site.postgres import PORT, READY, Embedded, data_major
from otklik.site.rescue import moving, places, restoring
from otklik.site.rescue.faults import RescueFault
from otklik.site.role import command

NEXT = "data.next"


def upgrade(env: Env) -> list[str]:
    """Returns sentences for the person. Raises RescueFault; then the old folder is as it was."""
    folder = env.home / "postgres"
    if homes.is_external(env.home):
        raise RescueFault("База внешняя: её версию обновляет тот, кто ведёт сервер (pg_upgrade).")
    if not (folder / "data").is_dir():
        raise RescueFault(f"В папке {env.home} нет встроенной базы.")
    lock = Lock(env.home)
    try:
        lock.take()
    except HomeFault as fault:
        raise RescueFault(str(fault)) from fault
    try:
        return _upgraded(env.home, folder)
    finally:
        lock.release()


def _upgraded(home: Path, folder: Path) -> list[str]:
    old = data_major(folder / "data")
    if old == MAJOR:
        return [f"Встроенная база уже версии {MAJOR}: делать нечего."]
    shutil.rmtree(folder / NEXT, ignore_errors=True)
    if (folder / READY).is_dir():
        (folder / READY).rename(folder / NEXT)  # half deleted it must not bear this name
        shutil.rmtree(folder / NEXT)
    _carry(home, old)
    (folder / NEXT).rename(folder / READY)
    aside = folder / f"data.pg{old}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    (folder / "data").rename(aside)
    (folder / READY).rename(folder / "data")
    return [
        f"Встроенная база перенесена из PostgreSQL {old} в {MAJOR} и сверена: всё сходится.",
        f"Прежнюю отложил в {aside}: удалите её, когда убедитесь, что всё работает.",
    ]


def _carry(home: Path, old: str) -> None:
    before, after = Embedded(home, major=old, port=PORT + 1), Embedded(home, data=NEXT)
    with places.running(before) as source, places.running(after) as target:
        with places.connect(target) as connection:
            places.mark(connection, "move")
        moving.copy(source, target)
        told = json.dumps({"moved": True})
        variables = restoring.variables(target, home=home)
        done = subprocess.run(command("revive", told), stdout=subprocess.DEVNULL, check=False, env=variables)  # noqa: S603 - ours
        if done.returncode != 0:
            raise RescueFault("Последний шаг не удался, подробности выше. Прежняя база цела.")
