"""Letters from the socket to searchable requests, on top of 100,000 requests (design §8).

    python -m bench.intake [--letters 10000] [--requests 100000] [--sessions 8] [--answering]

Everything runs on this machine: the senders, the product's process, PostgreSQL with its usual safety (fsync on).
The share of each in the processors' time is printed, so the sender's own cost can be told apart.
"""

import argparse
import multiprocessing
import os
import random
import resource
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

import psycopg

from bench import figures
from otklik.site.postgres import Embedded
from otklik.site.role import command

SENDERS = 2  # processes
LETTERS_A_SESSION = 100
BOX = "help@primer.example"
WORDS = (  # noqa: SIM905 - a list of words reads best as words
    "здравствуйте база касса отчёт не открывается ошибка сервер печать накладная договор счёт оплата вчера сегодня "
    "утром после обновления бухгалтер склад номер заказ просим помочь срочно проверьте пожалуйста терминал лицензия "
    "выгрузка баланс сверка доступ пароль почта сайт хостинг домен продление тариф копия восстановить удалили файл"
).split()

FILL = """
    INSERT INTO staff_team (name, level) VALUES ('Помощь', 1);
    INSERT INTO channels_box (address, name, kind, preset, mode, team_id, imap_host, imap_port, imap_security,
        smtp_host, smtp_port, smtp_security, auth, username, keeps_sent, sent_folder, copy_to_self, history_days,
        connected_at, created_at, trouble, fuse_reason, authserv_id)
      SELECT '{box}', '', 'door', '', '{mode}', id, '', 993, 'tls', '', 465, 'tls', 'none', '', false, '', false, 90,
        now(), now(), '', '', '' FROM staff_team;
    INSERT INTO clients_client (name, position, note, created_at)
      SELECT 'Клиент ' || n, '', '', now() FROM generate_series(1, {clients}) n;
    INSERT INTO clients_identity (client_id, kind, value, shown, name, created_at, bad_reason)
      SELECT id, 'email', 'client' || id || '@firm' || mod(id, 997) || '.example', '', '', now(), ''
      FROM clients_client;
    INSERT INTO desk_ticket (subject, client_id, channel, box_id, team_id, state, priority, purpose, result,
        created_at, last_words, last_message_at, last_by, unread, next_due_kind)
      SELECT words.line, 1 + mod(n, {clients}) + (SELECT min(id) - 1 FROM clients_client), 'email',
        (SELECT id FROM channels_box), (SELECT id FROM staff_team),
        CASE mod(n, 20) WHEN 0 THEN 'open' ELSE 'closed' END,
        1, '', '', now() - n * interval '1 minute', words.line, now() - n * interval '1 minute', 'client', false, ''
      FROM generate_series(1, {requests}) n, LATERAL (SELECT string_agg(word, ' ') AS line FROM (
        SELECT (%(words)s::text[])[1 + (random() * {last})::int] AS word FROM generate_series(1, 6 + 0 * n)) w) words;
    INSERT INTO desk_message (ticket_id, direction, circle, kind, channel, box_id, identity_id, author_name, confirmed,
        at, subject, text, html, reply_text, quoted_text, message_id, in_reply_to, "references", odd)
      SELECT t.id, 'in', 'client', 'words', 'email', t.box_id, i.id, '', true, t.created_at, t.subject, body.line, '',
        body.line, '', 'old' || t.id || '@firm.example', '', '', '[]'
      FROM desk_ticket t JOIN clients_identity i ON i.client_id = t.client_id,
        LATERAL (SELECT string_agg(word, ' ') AS line FROM (
          SELECT (%(words)s::text[])[1 + (random() * {last})::int] AS word
          FROM generate_series(1, 60 + 0 * t.id::int)) w) body;
    INSERT INTO desk_participant (ticket_id, identity_id, part, since)
      SELECT t.id, i.id, 'requester', t.created_at FROM desk_ticket t JOIN clients_identity i USING (client_id);
"""


@dataclass
class Run:
    """One measured run; seconds from the first connection."""

    letters: int
    accepted_s: float = 0
    done_s: float = 0
    cpu_s: dict[str, float] = field(default_factory=dict)


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--letters", type=int, default=10_000)
    told.add_argument("--requests", type=int, default=100_000)
    told.add_argument("--sessions", type=int, default=8)
    told.add_argument(
        "--answering", action="store_true", help="the box answers: acknowledgements are written too"
    )
    asked = told.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="otklik-bench-", dir="/var/tmp"))
    folder.chmod(0o711)
    server = Embedded(folder)
    try:
        measure(asked, folder, server.start())
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def measure(asked: argparse.Namespace, folder: Path, url: str) -> None:
    port = _free_port()
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")},
        "OTKLIK_HOME": str(folder), "OTKLIK_DATABASE_URL": url, "OTKLIK_SECRET_KEY": "b" * 50,
        "OTKLIK_DOOR_PORT": str(port), "DJANGO_SETTINGS_MODULE": "otklik.site.settings",
        "OTKLIK_ALLOW_NETWORKS": "127.0.0.0/8 ::1/128",
    }  # fmt: skip
    migrate = [sys.executable, "-m", "django", "migrate", "-v0"]
    subprocess.run(migrate, env=variables, check=True)  # noqa: S603 - our own command
    print(f"filling in {asked.requests:,} requests …", flush=True)
    mode = "answer" if asked.answering else "observe"
    with psycopg.connect(url, autocommit=True) as database:
        sql = FILL.format(
            last=len(WORDS) - 1,
            box=BOX,
            mode=mode,
            clients=max(1000, asked.requests // 20),
            requests=asked.requests,
        )
        for statement in sql.split(";\n"):
            if statement.strip():
                database.execute(statement, {"words": WORDS})
        database.execute("VACUUM ANALYZE")
    product = subprocess.Popen(command("work", "worker", "intake"), env=variables)  # noqa: S603 - our own command
    try:
        _wait_for_port(port)
        tell(run(asked, url, port, product.pid, variables))
    finally:
        product.terminate()
        product.wait(20)


def run(asked: argparse.Namespace, url: str, port: int, product: int, variables: dict[str, str]) -> Run:
    result = Run(asked.letters)
    send(port, 200, 2, "warm")  # the reading child, prepared plans, caches
    _until(lambda: _done(url) >= 200)
    parts = {"the product": product, "PostgreSQL": _postmaster(Path(variables["OTKLIK_HOME"]))}
    print(f"sending {asked.letters:,} letters …", flush=True)
    before = {name: _cpu_s(pid) for name, pid in parts.items()}
    own = _children_s()
    started = time.perf_counter()
    send(port, asked.letters, asked.sessions, "main")
    result.accepted_s = time.perf_counter() - started
    _until(lambda: _done(url) >= asked.letters + 200)
    result.done_s = time.perf_counter() - started
    result.cpu_s = {name: _cpu_s(pid) - before[name] for name, pid in parts.items()}
    result.cpu_s["the senders"] = _children_s() - own
    with psycopg.connect(url) as database:
        found = database.execute(
            "SELECT count(*) FROM desk_message WHERE search @@ websearch_to_tsquery('russian', 'зелёный')"
        ).fetchone()
    assert found is not None
    assert found[0] == 0 or found[0] <= asked.letters + 200, found
    return result


def tell(result: Run) -> None:
    rate = result.letters / result.done_s
    figures.line("letters taken in, socket to search", rate, "a second", 330, lower_is_better=False)
    figures.line("  of it: accepted with 250", result.letters / result.accepted_s, "a second", 330, False)
    figures.line("  the last one searchable after its 250", result.done_s - result.accepted_s, "s", 30)
    cores = os.cpu_count() or 1
    whole = result.done_s * cores
    for name, seconds in result.cpu_s.items():
        share, each = 100 * seconds / whole, 1000 * seconds / result.letters
        print(f"  {name:<46} {share:>12.0f} % of {cores} processors, {each:.2f} ms a letter", flush=True)
    figures.finish()


def send(port: int, letters: int, sessions: int, mark: str) -> None:
    """Send them from two processes, several sessions at a time; ends when each has its 250."""
    start = multiprocessing.get_context("fork")
    share = letters // SENDERS
    senders = [
        start.Process(target=_send, args=(port, share, max(1, sessions // SENDERS), f"{mark}{number}"))
        for number in range(SENDERS)
    ]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
        assert one.exitcode == 0, "a sender failed"


def _send(port: int, letters: int, sessions: int, mark: str) -> None:
    shapes = [letter(number) for number in range(40)]

    def session(first: int) -> None:
        numbers = list(range(first, letters, sessions))
        for start in range(0, len(numbers), LETTERS_A_SESSION):
            with smtplib.SMTP("127.0.0.1", port, local_hostname="mx.example") as smtp:
                for number in numbers[start : start + LETTERS_A_SESSION]:
                    sender = f"client{number % 4000}@firm{number % 997}.example"
                    raw = shapes[number % 40].replace(b"THE-ID", f"{mark}.{number}".encode())
                    smtp.sendmail(sender, [BOX], raw.replace(b"the-sender@firm.example", sender.encode()))

    threads = [threading.Thread(target=session, args=(first,)) for first in range(sessions)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def letter(number: int) -> bytes:
    """Of 40: 14 plain ones of 2 KB, 24 with HTML of 10 KB, 2 with a picture of 40 KB."""
    chance = random.Random(number)
    message = EmailMessage()
    message["From"] = "Вера Соколова <the-sender@firm.example>"
    message["To"] = BOX
    message["Subject"] = " ".join(chance.choices(WORDS, k=5)).capitalize()
    message["Message-ID"] = "<THE-ID@firm.example>"
    message["Date"] = "Fri, 20 Nov 2026 12:00:00 +0300"
    lines = [" ".join(chance.choices(WORDS, k=9)) for _ in range(16)]
    message.set_content("\n".join(lines))
    if number >= 14:
        rows = "".join(
            f'<p style="margin:0 0 8px;font:14px Arial"><span>{line}</span></p>' for line in lines * 2
        )
        message.add_alternative(f"<html><body><div>{rows}</div></body></html>", subtype="html")
    if number >= 38:
        message.add_attachment(
            chance.randbytes(40_000), maintype="image", subtype="png", filename="снимок.png"
        )
    return message.as_bytes()


def _done(url: str) -> int:
    with psycopg.connect(url) as database:
        row = database.execute("SELECT count(*) FROM channels_envelope WHERE state <> 'new'").fetchone()
    assert row is not None
    return int(row[0])


def _until(condition: Callable[[], bool], limit_s: float = 300) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "the letters were not taken in within five minutes"
        time.sleep(0.1)


def _cpu_s(pid: int) -> float:
    """Processor seconds of a process and all below it, the ended ones too."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        tasks = [task for task in Path(f"/proc/{pid}/task").iterdir() if task.name != str(pid)]
        children += [child for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return 0.0
    own = sum(int(one) for one in fields[11:15]) / os.sysconf("SC_CLK_TCK")
    return own + sum(_cpu_s(int(child)) for child in children)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _postmaster(home: Path) -> int:
    return int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def _wait_for_port(port: int) -> None:
    def listens() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            return False
        return True

    _until(listens, 30)


if __name__ == "__main__":
    main()
