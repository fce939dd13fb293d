"""The first contact with a mailbox of 10,000 letters: all become history, and not one letter leaves (design §5).

    python -m bench.history [--letters 10000]

A real Dovecot, the product's own process, a mail server that counts whatever would be sent.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
from aiosmtpd.controller import Controller

from bench import figures
from bench.intake import letter
from otklik.site.postgres import Embedded
from otklik.site.role import command
from tests.mailservers import Dovecot, free_port

LIMIT_S = 900
CONNECT = """
    INSERT INTO staff_team (name, level) VALUES ('Помощь', 1);
    INSERT INTO channels_box (address, name, kind, preset, mode, team_id, imap_host, imap_port, imap_security,
        smtp_host, smtp_port, smtp_security, auth, username, secret, keeps_sent, sent_folder, copy_to_self,
        history_days, connected_at, created_at, trouble, fuse_reason, authserv_id)
      SELECT %(address)s, '', 'imap', 'own', 'observe', id, '127.0.0.1', %(imap)s, 'none', '127.0.0.1', %(smtp)s,
        'none', 'password', '', %(secret)s, false, '', false, 3650, now(), now(), '', '', '' FROM staff_team;
"""


class Sink:
    """A mail server that only counts who connected."""

    lines = 0

    async def handle_EHLO(  # noqa: N802 - a hook of aiosmtpd
        self, _server: object, session: object, _envelope: object, name: str, answers: list[str]
    ) -> list[str]:
        self.lines += 1
        session.host_name = name  # type: ignore[attr-defined]  # aiosmtpd's Session
        return answers


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--letters", type=int, default=10_000)
    letters = told.parse_args().letters
    folder = Path(tempfile.mkdtemp(prefix="otklik-bench-", dir="/var/tmp"))
    folder.chmod(0o711)
    (folder / "mail").mkdir(mode=0o711)
    server, dovecot = Embedded(folder), Dovecot(folder / "mail")
    try:
        dovecot.start()
        measure(letters, folder, server.start(), dovecot)
    finally:
        dovecot.stop()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def measure(letters: int, folder: Path, url: str, dovecot: Dovecot) -> None:
    account = dovecot.account()
    dovecot.deliver(account, letter(0))  # makes the mailbox
    fill(dovecot.home(account), letters - 1)
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")},
        "OTKLIK_HOME": str(folder), "OTKLIK_DATABASE_URL": url, "OTKLIK_SECRET_KEY": "b" * 50,
        "OTKLIK_DOOR_PORT": str(free_port()), "DJANGO_SETTINGS_MODULE": "otklik.site.settings",
        "OTKLIK_ALLOW_NETWORKS": "127.0.0.0/8 ::1/128",
    }  # fmt: skip
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=variables, check=True)
    sink = Sink()
    world = Controller(sink, hostname="127.0.0.1", port=free_port())
    world.start()
    connect(url, account.address, _sealed(account.password, variables), dovecot.imap_port, world.port)
    started = time.perf_counter()
    product = subprocess.Popen(command("work", "worker", "intake"), env=variables)  # noqa: S603 - our own command
    try:
        while _counted(url, "SELECT count(*) FROM channels_envelope WHERE state = 'done'") < letters:
            assert time.perf_counter() - started < LIMIT_S, "the history did not come in time"
            time.sleep(0.5)
        took_s = time.perf_counter() - started
    finally:
        product.terminate()
        product.wait(20)
        world.stop()
    tell(letters, took_s, url, sink)


def tell(letters: int, took_s: float, url: str, sink: Sink) -> None:
    closed = _counted(url, "SELECT count(*) FROM desk_ticket WHERE state = 'closed'")
    promised = _counted(url, "SELECT count(*) FROM promises_nextnews")
    left = _counted(url, "SELECT count(*) FROM desk_delivery") + sink.lines
    figures.line(f"{letters:,} letters of history, whole", took_s, "s", 120)
    print(f"  requests closed as history: {closed}; times promised: {promised}; letters that left: {left}")
    if left or promised or closed != _counted(url, "SELECT count(*) FROM desk_ticket"):
        sys.exit("old letters must be closed history: no time promised, nothing sent")
    figures.finish()


def fill(maildir: Path, letters: int) -> None:
    """Lay letters into the mailbox as files, quicker than by LMTP; owned as the first one is."""
    owner = next((maildir / "new").iterdir()).stat()
    for number in range(letters):
        raw = letter(number % 40).replace(b"THE-ID", f"old.{number}".encode())
        raw = raw.replace(
            b"the-sender@firm.example", f"client{number % 900}@firm{number % 97}.example".encode()
        )
        file = maildir / "new" / f"1700000000.M{number}P1.bench"
        file.write_bytes(raw)
        os.chown(file, owner.st_uid, owner.st_gid)


def connect(url: str, address: str, secret: bytes, imap: int, smtp: int) -> None:
    values = {"address": address, "secret": secret, "imap": imap, "smtp": smtp}
    with psycopg.connect(url, autocommit=True) as database:
        for statement in CONNECT.split(";\n"):
            if statement.strip():
                database.execute(statement, values)


def _sealed(password: str, variables: dict[str, str]) -> bytes:
    program = (
        "import sys; from otklik.accounts import vault; sys.stdout.buffer.write(vault.seal(sys.argv[1]))"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program, password], env=variables, check=True, capture_output=True
    )
    return done.stdout


def _counted(url: str, query: str) -> int:
    with psycopg.connect(url) as database:
        row = database.execute(query).fetchone()
    assert row is not None
    return int(row[0])


if __name__ == "__main__":
    main()
