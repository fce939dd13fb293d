"""The variables OTKLIK_* read once into a frozen Env. All faults are told at once, each with the wanted form.

`OTKLIK_X_FILE=/path` gives the value of OTKLIK_X by a file (container secrets). An unknown OTKLIK_ name is
refused: a misspelt variable that is silently ignored costs an evening. What a team may change on a page is a
row of the database, not a variable.
"""
# ruff: noqa: RUF009 - _variable() only makes a dataclass field

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

PREFIX = "OTKLIK_"
T = TypeVar("T")
Network = IPv4Network | IPv6Network


class WrongEnv(Exception):
    """One or more variables are wrong; `faults` holds a Russian sentence for each."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        lines = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(f"Переменные окружения заданы неверно:\n{lines}")


def _text(value: str) -> str:
    return value


def _folder(value: str) -> Path:
    path = Path(value).expanduser()
    if not path.is_absolute():
        raise ValueError
    return path


def _dsn(value: str) -> str:
    if urlsplit(value).scheme not in {"postgresql", "postgres"}:
        raise ValueError
    return value


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise ValueError
    return value.rstrip("/")


def _port(value: str) -> int:
    port = int(value)
    if not 0 <= port <= 65535:
        raise ValueError
    return port


def _secret(value: str) -> str:
    if len(value) < 32:
        raise ValueError
    return value


def _secrets(value: str) -> tuple[str, ...]:
    return tuple(_secret(one) for one in value.split())


def _networks(value: str) -> tuple[Network, ...]:
    return tuple(ip_network(one) for one in value.replace(",", " ").split())


def _flag(value: str) -> bool:
    return {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}[value.lower()]


def _form(value: str) -> str:
    return {"json": "json", "text": "text"}[value.lower()]


def _zone(value: str) -> str:
    return ZoneInfo(value).key


def _variable(default: T, read: Callable[[str], T], form: str, *, shown: bool = True) -> T:
    """A field of Env: its default, the reader of its text, the wanted form, whether repr shows it."""
    return field(default=default, repr=shown, metadata={"read": read, "form": form})


@dataclass(frozen=True, slots=True)
class Env:
    """What the operator set. Field `x_y` is the variable OTKLIK_X_Y; an empty text means «not set»."""

    home: Path = _variable(Path(), _folder, "полный путь к папке, например /var/lib/otklik")
    # '' = the embedded server of `home`
    database_url: str = _variable("", _dsn, "postgresql://user:password@host:5432/otklik", shown=False)
    # straight to PostgreSQL, past PgBouncer, which hears no NOTIFY; '' = the same as database_url
    listen_url: str = _variable("", _dsn, "postgresql://user:password@host:5432/otklik", shown=False)
    # a streaming replica for reads that may lag; '' = there is none
    replica_url: str = _variable("", _dsn, "postgresql://user:password@host:5432/otklik", shown=False)
    # '' = home/secret.key, which `otklik up` makes
    secret_key: str = _variable("", _secret, "случайная строка от 32 знаков", shown=False)
    # keys of before, the newest first: what they sealed still opens (docs/security.md); () = home/secret.key.old
    old_secret_keys: tuple[str, ...] = _variable(
        (), _secrets, "прежние ключи через пробел, каждый от 32 знаков", shown=False
    )
    # networks that we may connect to beside the public ones (outside.py)
    allow_networks: tuple[Network, ...] = _variable(
        (), _networks, "сети через пробел, например 10.0.0.0/8 ::1/128"
    )
    base_url: str = _variable("", _address, "адрес, который видят люди, например https://desk.example.ru")
    host: str = _variable("127.0.0.1", _text, "адрес, например 127.0.0.1 или 0.0.0.0")
    port: int = _variable(8000, _port, "число от 0 до 65535")
    live_port: int = _variable(0, _port, "число от 0 до 65535; 0 = следующий после OTKLIK_PORT")
    live_url: str = _variable("", _address, "адрес живой ленты, например https://desk.example.ru/live")
    door_host: str = _variable("127.0.0.1", _text, "адрес, на котором ждём письма, например 127.0.0.1")
    door_port: int = _variable(2525, _port, "число от 0 до 65535; 0 = приём писем по SMTP выключен")
    lmtp_port: int = _variable(0, _port, "число от 0 до 65535; 0 = приём писем по LMTP выключен")
    # `otklik demo` sets it: the clients' mail server of the practice mailbox; 0 = this is no demo
    practice_port: int = _variable(0, _port, "число от 0 до 65535; задаёт только otklik demo")
    # '' = text on a terminal, JSON elsewhere
    log: str = _variable("", _form, "json или text")
    # who reads /metrics from another machine shows it; '' = nobody does
    metrics_token: str = _variable("", _secret, "случайная строка от 32 знаков", shown=False)
    debug: bool = _variable(False, _flag, "1 или 0")
    timezone: str = _variable("Europe/Moscow", _zone, "часовой пояс, например Asia/Yekaterinburg")


def read(source: Mapping[str, str]) -> Env:
    """Env from a mapping of variables. Raises WrongEnv with every fault in it."""
    known = {PREFIX + spec.name.upper(): spec for spec in fields(Env)}
    faults: list[str] = []
    values: dict[str, object] = {}
    for name, text in sorted(_texts(source, set(known), faults).items()):
        spec = known[name]
        try:
            values[spec.name] = spec.metadata["read"](text)
        except (ValueError, KeyError, OSError):
            faults.append(f"{name}: нужно: {spec.metadata['form']}.")
    if faults:
        raise WrongEnv(faults)
    return Env(**_completed(values))  # type: ignore[arg-type]  # each value came from its own field's reader


def _texts(source: Mapping[str, str], known: set[str], faults: list[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, text in source.items():
        plain = name.removesuffix("_FILE")
        if not name.startswith(PREFIX) or not text.strip():
            continue
        if name in known:
            texts[name] = text.strip()
        elif plain not in known:
            faults.append(f"{name}: такой переменной нет. Есть: {', '.join(sorted(known))}.")
        elif source.get(plain, "").strip():
            faults.append(f"{name}: задана и {plain}; оставьте одну из них.")
        else:
            try:
                texts[plain] = Path(text.strip()).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as fault:
                faults.append(f"{name}: файл {text.strip()} не читается ({fault.__class__.__name__}).")
    return texts


def _completed(values: dict[str, object]) -> dict[str, object]:
    """Fill the defaults that depend on another value, on the user, or on files that `otklik up` made."""
    home = values.setdefault("home", default_home())
    port = values.get("port", 8000)
    assert isinstance(home, Path)  # noqa: S101 - says to the type checker what the reader gave
    assert isinstance(port, int)  # noqa: S101 - the same
    live_port = values.get("live_port") or (port + 1 if port else 0)
    base_url = str(values.setdefault("base_url", f"http://localhost:{port}"))
    parts = urlsplit(base_url)
    # over TLS there is a proxy in front, and it gives the stream a path of the same address
    live_url = base_url if parts.scheme == "https" else f"http://{parts.hostname}:{live_port}"
    defaults = {
        "database_url": _kept(home / "database.url"),
        "secret_key": _kept(home / "secret.key"),
        "old_secret_keys": tuple(_kept(home / "secret.key.old").split()),
        "live_url": f"{live_url}/live",
    }
    made = {**defaults, **values, "live_port": live_port}
    made.setdefault("listen_url", made["database_url"])
    return made


def default_home() -> Path:
    """Where data lie without OTKLIK_HOME: a system folder for root, one in the home of anybody else."""
    if os.geteuid() == 0:
        return Path("/var/lib/otklik")
    return Path.home() / ".local" / "share" / "otklik"


def _kept(path: Path) -> str:
    """What `otklik up` left in its folder: '' when there is nothing or it is not ours to read."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""


@cache
def env() -> Env:
    """The variables of this process, read at the first call. Raises WrongEnv."""
    return read(os.environ)
