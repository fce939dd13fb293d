"""The live stream under 2,000 browsers: memory, nothing lost, and the time from commit to screen (design §8)."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench import figures
from bench.desk import SCRATCH, pss_mb

BROWSERS = 2000
TEAMS = 20  # an entry is for the 100 browsers of one team
ENTRIES = 200
PAUSE_S = 0.05


@contextmanager
def database() -> Iterator[str]:
    """An embedded server with the tables of the product."""
    import shutil

    from otklik.site.postgres import Embedded

    home = Path(tempfile.mkdtemp(prefix="otklik-bench-", dir=SCRATCH))
    home.chmod(0o711)
    server = Embedded(home)
    try:
        os.environ.update(
            OTKLIK_HOME=str(home), OTKLIK_DATABASE_URL=server.start(), OTKLIK_SECRET_KEY="b" * 40
        )
        subprocess.run([sys.executable, "-m", "otklik", "migrate"], check=True)
        yield server.url
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


async def listen(address: str, port: int, heard: list[list[float]], ready: asyncio.Semaphore) -> None:
    """One browser: notes for each entry how long after its commit it came."""
    async with ready:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {address} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        await reader.readuntil(b"event: ready")
    mine: list[float] = []
    heard.append(mine)
    while len(mine) < ENTRIES // TEAMS:
        line = await reader.readline()
        if not line:
            break
        if line.startswith(b'data: {"ticket"'):
            mine.append(time.time() - float(json.loads(line[6:])["word"].split(":", 1)[1]))
    writer.close()


async def crowd(url: str, port: int, pid: int) -> None:
    from otklik.web.livetickets import LiveTicket, sign

    before = pss_mb(pid)
    heard: list[list[float]] = []
    gate = asyncio.Semaphore(50)
    people = await asyncio.to_thread(add_people, url)
    tickets = [
        sign(LiveTicket(2_000_000_000, user_id=one, teams=(n % TEAMS,))) for n, one in enumerate(people)
    ]
    browsers = [asyncio.create_task(listen(f"/live?ticket={one}", port, heard, gate)) for one in tickets]
    async with asyncio.timeout(120):
        while len(heard) < BROWSERS:
            await asyncio.sleep(0.1)
    figures.line("live: memory of 2,000 browsers", pss_mb(pid) - before, "MB", 300)
    await asyncio.to_thread(write, url)
    await asyncio.wait(browsers, timeout=30)
    lost = sum(ENTRIES // TEAMS - len(one) for one in heard)
    figures.line("live: events lost of 20,000", lost, "", 0)
    late = sorted(seconds * 1000 for one in heard for seconds in one)
    figures.line("live: commit to browser, p50", statistics.median(late), "ms", 200)
    figures.line("live: commit to browser, p95", late[int(len(late) * 0.95)], "ms", 500)
    for task in browsers:
        task.cancel()


def add_people(url: str) -> list[int]:
    """As many as there are browsers; their ids."""
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute(
            "INSERT INTO accounts_user (email, name, role, theme, language, is_active, created_at, password)"
            " SELECT n || '@primer.example', 'Аня', 'agent', 'system', 'ru', true, now(), ''"
            " FROM generate_series(1, %s) n RETURNING id",
            [BROWSERS],
        )
        return [row[0] for row in rows]


def write(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for number in range(ENTRIES):
            connection.execute(
                "INSERT INTO journal_entry (at, actor, word, facts, audience, public)"
                " VALUES (now(), 'system', %s, '{}', %s, false)",
                [f"b:{time.time()}", [number % TEAMS]],
            )
            time.sleep(PAUSE_S)


def main() -> None:
    with database() as url, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        os.environ["OTKLIK_LIVE_PORT"] = str(port)
        from otklik.site.role import command

        server = subprocess.Popen(command("live"), stderr=subprocess.DEVNULL)  # noqa: S603 - our own
        try:
            while socket.socket().connect_ex(("127.0.0.1", port)):
                time.sleep(0.1)
            asyncio.run(crowd(url, port, server.pid))
        finally:
            server.terminate()
            server.wait()
    figures.finish()


if __name__ == "__main__":
    main()
