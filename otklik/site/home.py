"""The folder of one installation: who holds it, its key, the addresses it answers on."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from otklik.env import PREFIX, Env, env

PACKAGE = Path(__file__).resolve().parent.parent
DEMO_MARK = "otklik-demo-"
PORTS_TRIED = 100
EXTERNAL = "database.external"  # there: database.url names a server of somebody else's
RESTORING = "restoring"  # there: a restore began and has not ended


class HomeFault(Exception):
    """The folder can't be used; the text says why and what to do, for a person at a terminal."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the parts listen. Ports are free at the moment of choosing."""

    base_url: str
    live_url: str
    port: int
    live_port: int
    door_port: int  # 0 = off
    practice_port: int = 0  # the clients' mail server of the example; 0 = this is no demo


class Lock:
    """Held by the one supervisor of a folder; the kernel lets go of it however that ends."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Raises HomeFault, with who holds it, when another supervisor runs here."""
        path = self._home / "lock"
        file = path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            told = file.read()
            file.close()
            raise HomeFault(_held(self._home, told)) from None
        self._file = file
        self.say("")

    def say(self, address: str) -> None:
        """Write into the lock, for whoever comes second, who we are and where we answer."""
        assert self._file is not None  # noqa: S101 - take() came before
        self._file.truncate(0)
        self._file.write(json.dumps({"pid": os.getpid(), "address": address}))
        self._file.flush()

    def release(self) -> None:
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None


def _held(home: Path, text: str) -> str:
    try:
        told = json.loads(text)
    except ValueError:
        told = {}
    pid = told.get("pid", "?")
    address = f", адрес {told['address']}" if told.get("address") else ""
    return (
        f"Отклик уже работает с папкой {home}: процесс {pid}{address}.\n"
        f"Остановите его (kill {pid}) или укажите другую папку: --home ПАПКА"
    )


def make(home: Path) -> None:
    """Make the folder with its key. As root others may pass through it: the database runs as another user."""
    if not home.exists():
        try:
            home.mkdir(parents=True)
        except OSError as fault:
            raise HomeFault(
                f"Не получилось создать папку {home}: {fault.strerror}. Укажите другую: --home ПАПКА"
            ) from None
        home.chmod(0o711 if os.geteuid() == 0 else 0o700)
    seen = home.lstat()
    if not home.is_dir() or seen.st_uid != os.geteuid():
        raise HomeFault(f"{home} принадлежит другому пользователю. Укажите свою папку: --home ПАПКА")
    for name in ("files", "static", "log"):
        (home / name).mkdir(mode=0o700, exist_ok=True)
    key = home / "secret.key"
    if not key.exists():
        write_private(key, secrets.token_urlsafe(48))


def is_external(home: Path) -> bool:
    """Whether the database is somebody else's: its address came from a variable, or `otklik move` has left it here."""
    return is_set("DATABASE_URL") or (home / EXTERNAL).exists()


def refuse_half_restored(home: Path) -> None:
    """Raises HomeFault where a restore was cut short: what is here is not whole."""
    if (home / RESTORING).exists():
        raise HomeFault(
            f"В папке {home} лежит незаконченное восстановление из копии.\n"
            "Повторите otklik restore ФАЙЛ: он начнёт заново и доведёт до конца."
        )


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    half = path.with_name(path.name + ".new")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    half.replace(path)


def demo_home() -> Path:
    """The scratch folder of this copy of the program, kept between starts.

    /var/tmp for root, since the database's user must be able to enter; else among the user's own data.
    """
    mark = hashlib.sha256(os.fsencode(PACKAGE)).hexdigest()[:10]
    if os.geteuid() == 0:
        return Path("/var/tmp") / f"{DEMO_MARK}{mark}"  # noqa: S108 - make() refuses one that isn't ours
    return Path.home() / ".local" / "share" / f"{DEMO_MARK}{mark}"


def sweep_demos(kept: Path) -> None:
    """Remove scratch folders of copies of the program that no longer exist; `kept` remembers its own copy."""
    (kept / "made-by").write_text(str(PACKAGE), encoding="utf-8")
    for folder in kept.parent.glob(f"{DEMO_MARK}*"):
        try:
            gone = not Path((folder / "made-by").read_text(encoding="utf-8")).exists()
            if gone and folder.lstat().st_uid == os.geteuid():
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue


def addresses(env: Env, *, demo: bool = False) -> Addresses:
    """Choose ports: the ones that were set, else the first free ones from the usual on.

    Raises HomeFault when a port that the operator set is taken.
    """
    taken: set[int] = set()
    port = _port(env.host, "PORT", env.port, taken)
    live_port = _port(env.host, "LIVE_PORT", env.live_port if is_set("LIVE_PORT") else port + 1, taken)
    door_port = _port(env.door_host, "DOOR_PORT", env.door_port, taken) if env.door_port else 0
    base_url = env.base_url if is_set("BASE_URL") else f"http://localhost:{port}"
    known = is_set("LIVE_URL") or base_url.startswith("https:")
    live_url = env.live_url if known else f"http://localhost:{live_port}/live"
    if not known and is_set("BASE_URL"):
        live_url = env.live_url.replace(f":{env.live_port}/", f":{live_port}/")
    practice_port = (
        _port("127.0.0.1", "PRACTICE_PORT", env.practice_port or door_port + 1, taken) if demo else 0
    )
    return Addresses(base_url, live_url, port, live_port, door_port, practice_port)


def variables(home: Path, chosen: Addresses, database_url: str) -> dict[str, str]:
    """The environment of the child processes: ours, with what was chosen at this start."""
    told = {
        "HOME": str(home),
        "DATABASE_URL": database_url,
        "BASE_URL": chosen.base_url,
        "LIVE_URL": chosen.live_url,
        "PORT": str(chosen.port),
        "LIVE_PORT": str(chosen.live_port),
        "DOOR_PORT": str(chosen.door_port),
        "PRACTICE_PORT": str(chosen.practice_port),
    }
    if chosen.practice_port:  # the example's mail stands on this machine
        told["ALLOW_NETWORKS"] = " ".join([*map(str, env().allow_networks), "127.0.0.1/32", "::1/128"])
    files = {f"{PREFIX}{name}_FILE" for name in told}
    ours = {name: value for name, value in os.environ.items() if name not in files}
    return ours | {PREFIX + name: value for name, value in told.items()} | {"PYTHONUNBUFFERED": "1"}


def is_set(name: str) -> bool:
    return any(os.environ.get(f"{PREFIX}{name}{end}", "").strip() for end in ("", "_FILE"))


def _port(host: str, name: str, wanted: int, taken: set[int]) -> int:
    for port in range(wanted, wanted + PORTS_TRIED):
        if port not in taken and _is_free(host, port):
            taken.add(port)
            return port
        if is_set(name):
            raise HomeFault(f"Порт {port} занят. Освободите его или задайте другой: {PREFIX}{name}=…")
    raise HomeFault(f"Порты {wanted}–{wanted + PORTS_TRIED - 1} заняты. Задайте свободный: {PREFIX}{name}=…")


def _is_free(host: str, port: int) -> bool:
    """Whether we can listen there, and nobody answers on the same port of `localhost` by another address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    for address in ("127.0.0.1", "::1"):
        try:
            socket.create_connection((address, port), timeout=0.5).close()
        except OSError:
            continue
        return False
    return True
