"""`python -m otklik.site.role NAME …`: a process that lives long, without the command line's own libraries.

`otklik web` and its like check their options and turn into this: it saves 25 MB a process and half the start.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

from otklik.env import WrongEnv, env


def spare_drawing() -> None:
    """First thing in a process that nobody looks at: structlog takes rich where it finds it, for coloured tracebacks.

    Five megabytes a process. None among the modules is Python's own way to say that there is none.
    """
    sys.modules.setdefault("rich", None)  # type: ignore[arg-type]  # see above


def become(*arguments: str) -> NoReturn:
    """Replace this process by one that runs a role; it keeps the process id."""
    sys.stdout.flush()
    os.execv(sys.executable, command(*arguments))  # noqa: S606 - our own interpreter, no shell


def command(*arguments: str) -> list[str]:
    """The command line of a role."""
    return [sys.executable, "-m", "otklik.site.role", *arguments]


def _supervise(name: str, home: str) -> int:
    from otklik.site import supervisor

    return supervisor.up(env(), Path(home) if home else None, demo=name == "demo")


def _run(name: str, rest: list[str]) -> int:
    if name in {"up", "demo"}:
        return _supervise(name, *rest)
    if name in {"migrate", "prepare", "prepare-demo"}:
        from otklik.site import preparing

        if name == "migrate":
            preparing.migrate()
        else:
            preparing.prepare(demo=name == "prepare-demo")
        return 0
    if name == "verify-sla":
        from otklik.site import recounting

        return recounting.run(*rest)
    if name in {"steps", "revive", "erase"}:
        return _rescue(name, rest)
    from otklik.site import roles

    if name == "work":
        roles.work(rest)
    else:
        {"web": roles.web, "live": roles.live}[name]()
    return 0


def _rescue(name: str, rest: list[str]) -> int:
    """Parts of `otklik restore` and `otklik move` that need Django."""
    from otklik.site.rescue import reviving

    if name == "erase":
        from otklik.site.rescue import erased

        return erased.run()
    if name == "steps":
        reviving.tell_steps()
    else:
        reviving.run(*rest)
    return 0


if __name__ == "__main__":
    spare_drawing()
    try:
        sys.exit(_run(sys.argv[1], sys.argv[2:]))
    except WrongEnv as fault:
        sys.stderr.write(f"{fault}\n")
        sys.exit(2)
