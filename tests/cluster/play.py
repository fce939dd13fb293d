"""What happens in the town: people who press buttons, browsers that listen, servers that get letters."""

import http.client
import itertools
import json
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from email.message import EmailMessage

import psycopg

from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.web import livetickets
from otklik.web.livetickets import LiveTicket
from tests.cluster.town import Browser, Town
from tests.site.streams import write

RESEND_LIMIT_S = 30
DOOR = "door@primer.example"


@dataclass
class Load:
    """Agents who read and write through the proxy until stop(); each form that fails is sent again as it is."""

    browsers: list[Browser]
    ticket: Ticket
    gets: list[int] = field(default_factory=list)
    forms: dict[str, list[int]] = field(default_factory=dict)  # words → the statuses of its sendings
    _stopping: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def start(self) -> None:
        for browser in self.browsers:
            thread = threading.Thread(target=self._work, args=(browser,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(RESEND_LIMIT_S)

    @property
    def failed_gets(self) -> list[int]:
        return [status for status in self.gets if status != 200]

    @property
    def faults(self) -> list[str]:
        return [fault for browser in self.browsers for fault in browser.faults]

    @property
    def failed_posts(self) -> int:
        """Sendings that the person saw fail, and sent again."""
        return sum(status not in {200, 302} for sent in self.forms.values() for status in sent)

    def _work(self, browser: Browser) -> None:
        while not self._stopping.is_set():
            for path in ("/desk/", f"/desk/{self.ticket.number}/card/"):
                self.gets.append(browser.get(path)[0])
            self._write(browser)
        browser.close()

    def _write(self, browser: Browser) -> None:
        words = f"Слово {next(self._numbers)} {secrets.token_hex(4)}"
        sent = self.forms.setdefault(words, [])
        form: dict[str, object] = {"text": words, "sheet": secrets.token_hex(16)}
        deadline = time.monotonic() + RESEND_LIMIT_S
        while not sent or (sent[-1] not in {200, 302} and time.monotonic() < deadline):
            sent.append(browser.post(f"/desk/{self.ticket.number}/note/", form))


class Listener:
    """One browser on the live stream behind the proxy: comes back with its place whenever the line ends."""

    def __init__(self, town: Town, user: User, browser: Browser) -> None:
        ticket = LiveTicket(2_000_000_000, user.pk, (), True, epoch=user.access_epoch)
        self._path = f"/live?ticket={livetickets.sign(ticket)}"
        self._browser, self._origin = browser, town.proxy.url
        self._stopping = threading.Event()
        self.ready = threading.Event()
        self.words: list[str] = []
        self.resets = self.lives = 0
        self._last = ""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except (OSError, http.client.HTTPException):
                time.sleep(0.2)

    def _listen(self) -> None:
        headers = {"Origin": self._origin} | ({"Last-Event-ID": self._last} if self._last else {})
        with closing(self._browser.line(timeout_s=1)) as line:
            line.request("GET", self._path, headers=headers)
            answer = line.getresponse()
            if answer.status != 200:
                time.sleep(0.2)
                return
            self.lives += 1
            event: dict[str, str] = {}
            while not self._stopping.is_set():
                said = self._line_of(answer)
                if said:
                    name, _, value = said.partition(": ")
                    event[name] = value
                elif event:
                    self._take(event)
                    event = {}

    def _line_of(self, answer: http.client.HTTPResponse) -> str:
        text = answer.readline()
        if not text:
            raise http.client.IncompleteRead(b"")
        return text.decode().rstrip("\n")

    def _take(self, event: dict[str, str]) -> None:
        self._last = event.get("id", self._last)
        kind = event.get("event", "")
        if kind == "ready":
            self.ready.set()
        elif kind == "reset":
            self.resets += 1
        elif kind == "entry":
            self.words.append(json.loads(event["data"])["word"])


def at_once(*deeds: Callable[[], object]) -> None:
    """All in threads of their own."""
    threads = [threading.Thread(target=deed) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def letter(number: int) -> EmailMessage:
    """To the box DOOR, the same for the same number."""
    made = EmailMessage()
    made["From"], made["To"] = f"client{number}@kvarts.example", DOOR
    made["Subject"], made["Message-ID"] = f"Письмо {number}", f"<{number}@kvarts.example>"
    made.set_content("Здравствуйте! Не открывается база.")
    return made


def watch_jobs(line: psycopg.Connection[tuple[object, ...]]) -> None:
    """From now on the table job_ran has a row each time that a worker begins a job. line: a superuser's."""
    line.execute("CREATE TABLE job_ran (job bigint, worker bigint)")
    line.execute("GRANT ALL ON job_ran TO desk")
    line.execute(
        "CREATE FUNCTION job_ran() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN INSERT INTO job_ran VALUES (NEW.id, NEW.worker_id); RETURN NULL; END $$"
    )
    line.execute(
        "CREATE TRIGGER job_ran AFTER UPDATE OF status ON procrastinate_jobs FOR EACH ROW "
        "WHEN (NEW.status = 'doing') EXECUTE FUNCTION job_ran()"
    )


def write_events(town: Town, count: int) -> list[str]:
    """Entries of two writers at once, one by PgBouncer, whose transactions end in another order than they began."""
    stamp = time.monotonic_ns()
    told = [f"event.{stamp}.{number}" for number in range(count)]
    pooled = psycopg.connect(town.pooler.url, prepare_threshold=None)
    with psycopg.connect(town.primary.url()) as slow, pooled as quick:
        for number, word in enumerate(told):
            write(quick if number % 3 else slow, word)
            if number % 3:
                quick.commit()
            if number % 50 == 49:
                slow.commit()
    return told
