"""The live stream as a real process, and those who listen to it."""

import http.client
import json
import os
import signal
import socket
import subprocess
from contextlib import contextmanager

import psycopg

from otklik.accounts.models import User
from otklik.site.role import command
from otklik.web import livetickets
from otklik.web.livetickets import LiveTicket

ORIGIN = "http://localhost:8000"
ANYBODY = LiveTicket(2_000_000_000, client_ticket=1)


def ticket_of(user):
    """As the page asks for it now."""
    user = User.objects.get(pk=user.pk)
    teams = tuple(user.memberships.values_list("team_id", flat=True))
    return LiveTicket(2_000_000_000, user.pk, teams, user.is_admin, epoch=user.access_epoch)


@contextmanager
def serving(database, wait_until):
    """The stream's process on this database; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = {"OTKLIK_DATABASE_URL": database, "OTKLIK_LIVE_PORT": str(port), "OTKLIK_BASE_URL": ORIGIN}
    process = subprocess.Popen(  # noqa: S603 - our own program
        command("live"), env=os.environ | told, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: _listens(port) and _is_ready(port), 30)
        yield port
        process.send_signal(signal.SIGTERM)
        assert process.wait(8) == 0
    finally:
        process.kill()
        process.wait()


def _is_ready(port):
    with Reader(port, ANYBODY) as reader:
        return reader.status == 200 and "id" in reader.first


def _listens(port):
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


class Reader:
    """One open stream. first: the event `ready`; next(): the next event as a dictionary of its fields."""

    def __init__(self, port, ticket, *, last="", origin=ORIGIN):
        signed = ticket if isinstance(ticket, str) else livetickets.sign(ticket)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        headers = {"Origin": origin} | ({"Last-Event-ID": last} if last else {})
        self.connection.request("GET", f"/live?ticket={signed}", headers=headers)
        self.response = self.connection.getresponse()
        self.status = self.response.status
        self.first = self.next() if self.status == 200 and not last else {}

    def next(self):
        fields: dict[str, str] = {}
        while True:
            line = self.response.readline().decode().rstrip("\n")
            if not line and ("event" in fields or self.response.isclosed()):
                return fields
            name, _, value = line.partition(": ")
            fields[name] = value

    def words(self, count):
        return [json.loads(self.next()["data"])["word"] for _ in range(count)]

    def until(self, event, word=""):
        """Events up to the first of this name (with this word), which is the last of them."""
        heard: list[dict[str, str]] = []
        while not heard or heard[-1]["event"] != event or word not in heard[-1]["data"]:
            heard.append(self.next())
        return heard

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        self.close()

    def close(self):
        self.response.close()  # it holds the socket too
        self.connection.close()


def write(connection, word, *, teams=(), ticket=None, public=False):
    connection.execute(
        "INSERT INTO journal_entry (at, actor, ticket_id, word, facts, audience, public)"
        " VALUES (now(), 'system', %s, %s, '{}', %s, %s)",
        [ticket, word, list(teams), public],
    )


def add_person(connection):
    """An administrator where there is no Django; their id."""
    row = connection.execute(
        "INSERT INTO accounts_user (email, name, role, theme, language, is_active, created_at, password)"
        " VALUES ('ada@primer.example', 'Ада', 'admin', 'system', 'ru', true, now(), '') RETURNING id"
    ).fetchone()
    connection.commit()
    return row[0]


@contextmanager
def hand(database):
    """A connection whose transactions end when told."""
    with psycopg.connect(database) as connection:
        yield connection
