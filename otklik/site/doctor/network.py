"""Who answers on our addresses: it must be us."""

from __future__ import annotations

import http.client
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

from otklik.env import Env
from otklik.site.doctor.finding import Finding

LIMIT_S = 3


def ports(env: Env) -> Iterator[Finding]:
    yield _page("Страницы", env.host, env.port, "/healthz", "ok")
    yield _page("Живая лента", env.host, env.live_port, "/doctor", "/live")
    doors = {"Приём писем по SMTP": env.door_port, "Приём писем по LMTP": env.lmtp_port}
    for name, port in doors.items():
        if port:
            yield _door(name, env.door_host, port)


def _page(name: str, host: str, port: int, path: str, said: str) -> Finding:
    """A process that listens but says nothing is as good as none; another program's answer is worse."""
    place = f"{name}, {host}:{port}"
    try:
        with closing(http.client.HTTPConnection(_reachable(host), port, timeout=LIMIT_S)) as line:
            line.request("GET", path, headers={"Host": "localhost"})
            answer = line.getresponse()
            body = answer.read(2000).decode(errors="replace")
    except TimeoutError:
        return Finding(False, f"{place}: соединение есть, ответа нет.", "Процесс завис: перезапустите его.")
    except (OSError, http.client.HTTPException):
        return Finding(
            False, f"{place}: никто не отвечает.",
            "Запустите otklik up; если он выбрал другой порт, адрес стоит в его первых строках.",
        )  # fmt: skip
    ours = said in body
    return Finding(
        ours, f"{place}: {'отвечает' if ours else f'отвечает не Отклик (код {answer.status})'}.",
        "Порт занят другой программой, или страницы не достают до базы. Посмотрите, кто его держит (ss -ltnp), "
        "освободите или задайте OTKLIK_PORT, OTKLIK_LIVE_PORT.",
    )  # fmt: skip


def _door(name: str, host: str, port: int) -> Finding:
    place = f"{name}, {host}:{port}"
    try:
        with socket.create_connection((_reachable(host), port), timeout=LIMIT_S) as line:
            said = line.recv(200)
    except OSError:
        return Finding(
            False,
            f"{place}: никто не отвечает.",
            "Запустите otklik up или otklik intake: письма ждут у отправителей.",
        )
    ours = said.startswith(b"220")
    return Finding(
        ours, f"{place}: {'отвечает' if ours else 'отвечает не почтовая программа'}.",
        "Порт занят другой программой: освободите его или задайте OTKLIK_DOOR_PORT, OTKLIK_LMTP_PORT.",
    )  # fmt: skip


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def address(env: Env) -> Iterator[Finding]:
    """The address that people see leads here: links in letters are built of it."""
    parts = urlsplit(env.base_url)
    if parts.hostname in {"localhost", "127.0.0.1"} and parts.port == env.port:
        return  # ports() has told
    try:
        with urllib.request.urlopen(f"{env.base_url}/healthz", timeout=LIMIT_S) as answer:  # noqa: S310 - Env lets http(s) alone in
            ours = answer.read(100).strip() == b"ok"
        said = "ведёт сюда" if ours else "ведёт не в Отклик"
    except (urllib.error.URLError, OSError, http.client.HTTPException) as fault:
        ours, said = False, f"не открывается ({getattr(fault, 'reason', fault)})"
    yield Finding(
        ours, f"Адрес для людей {env.base_url} {said}.",
        "Проверьте имя в DNS, прокси и сертификат или исправьте OTKLIK_BASE_URL: по нему строятся ссылки в письмах.",
    )  # fmt: skip
