"""Those outside: clients who send until they hear 250, agents who press «Отправить» until the page answers, a mail
server that keeps every copy it took.
"""

import http.client
import queue
import random
import smtplib
import threading
import time
from collections import Counter
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from urllib.parse import urlencode

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.chaos.town import Town
from tests.mailservers import free_port

BOX = "help@primer.example"
CSRF = "c" * 32
_FAULTS = (OSError, smtplib.SMTPException, http.client.HTTPException)


class Crowd:
    """Threads that end by themselves when their work is done or `stop` is set."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.stop = threading.Event()
        self.threads: list[threading.Thread] = []

    def begin(self, count: int) -> None:
        for number in range(count):
            thread = threading.Thread(target=self.work, args=(number,), daemon=True)
            thread.start()
            self.threads.append(thread)

    def work(self, number: int) -> None:
        raise NotImplementedError

    @property
    def is_done(self) -> bool:
        return not any(thread.is_alive() for thread in self.threads)


class Clients(Crowd):
    """Each letter is the same bytes at every try, as a mail server's queue would send it."""

    def __init__(self, town: Town, letters: int) -> None:
        super().__init__(town)
        self.acknowledged = 0
        self._lock = threading.Lock()
        self._letters: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in range(letters):
            self._letters.put(number)

    def work(self, number: int) -> None:  # noqa: ARG002 - all are alike
        while not self.stop.is_set():
            try:
                letter = self._letters.get_nowait()
            except queue.Empty:
                return
            self._insist(letter)

    def _insist(self, number: int) -> None:
        raw = _letter(number)
        while not self.stop.is_set():
            try:
                with smtplib.SMTP("127.0.0.1", self.town.door_port, "mx.kvarts.example", timeout=10) as door:
                    door.sendmail(f"client{number // 3}@kvarts.example", [BOX], raw)
            except _FAULTS:
                self.stop.wait(0.1)
                continue
            with self._lock:
                self.acknowledged += 1
            return


def _letter(number: int) -> bytes:
    letter = EmailMessage()
    letter["From"] = f"Клиент {number // 3} <client{number // 3}@kvarts.example>"
    letter["To"], letter["Subject"] = BOX, f"Вопрос {number}"
    letter["Message-ID"] = f"<in.{number}@kvarts.example>"
    letter["Date"] = "Sat, 21 Nov 2026 12:00:00 +0300"
    letter.set_content(f"Здравствуйте! Не открывается база. Метка in-{number}-.")
    if number % 10 == 0:
        letter.add_attachment(
            b"%PDF-1.4 " + str(number).encode() * 500, "application", "pdf", filename="счёт.pdf"
        )
    return letter.as_bytes()


class Agents(Crowd):
    """Each answers requests that nobody has answered, over HTTP, pressing again while the page does not answer."""

    def __init__(self, town: Town, answers: int) -> None:
        super().__init__(town)
        self.answers = answers
        self.accepted = 0
        self.refusals: Counter[int] = Counter()
        self._lock = threading.Lock()

    def work(self, number: int) -> None:
        last = 0
        while not self.stop.is_set():
            todo = self._requests(number, last)
            for pk, ticket, message, address in todo:
                if self.stop.is_set() or not self._may_go_on():
                    return
                self._insist(number, ticket, message, address)
                last = pk
            if not todo:
                self.stop.wait(0.2)

    def _may_go_on(self) -> bool:
        return self.accepted < self.answers

    def _requests(self, number: int, last: int) -> list[tuple[int, int, int, str]]:
        """The next requests of this agent's share: id, number, the message seen, who wrote."""
        sql = """SELECT t.id, t.number, m.id, i.value FROM desk_ticket t JOIN desk_message m ON m.ticket_id = t.id
                 JOIN clients_identity i ON i.id = m.identity_id
                 WHERE m.direction = 'in' AND t.id > %s AND t.id %% 2 = %s ORDER BY t.id LIMIT 20"""
        try:
            return [(pk, ticket, m, str(who)) for pk, ticket, m, who in self.town.rows(sql, last, number % 2)]
        except psycopg.Error:
            return []

    def _insist(self, number: int, ticket: int, message: int, address: str) -> None:
        with self._lock:
            if self.accepted >= self.answers:
                return
            self.accepted += 1
        form = {
            "text": f"Добрый день! Базу открыли. Метка out-{ticket}-.", "to": address, "box": self.town.box,
            "seen": message, "then": "wait",
        }  # fmt: skip
        session = self.town.sessions[number % len(self.town.sessions)]
        while not self.stop.is_set():
            status = self._post(f"/desk/{ticket}/reply/", form, session)
            if status in (200, 302, 409):  # 409: the first press had arrived, its answer had not
                return
            self.refusals[status] += 1
            self.stop.wait(0.1)

    def send_again(self, delivery: int) -> None:
        """«Отправить ещё раз» on the page of an unclear letter."""
        for _ in range(100):
            if self._post(f"/settings/letters/{delivery}/resending/", {}, self.town.sessions[0]) in (
                302,
                409,
            ):
                return
            time.sleep(0.1)

    def _post(self, path: str, form: dict[str, object], session: str) -> int:
        """The status, 0 when there was no answer."""
        head = {
            "Host": f"localhost:{self.town.web_port}", "Cookie": f"sessionid={session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF, "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        line = http.client.HTTPConnection("127.0.0.1", self.town.web_port, timeout=10)
        try:
            line.request("POST", path, urlencode(form), head)
            answer = line.getresponse()
            # led to the sign-in page is no answer to the press
            return 401 if "/sign-in/" in answer.getheader("Location", "") else answer.status
        except _FAULTS:
            return 0
        finally:
            line.close()


class World:
    """The mail server of all clients. Slow after the dot, so that kills fall there; brings copies to the door."""

    def __init__(self, seed: int, slowest_s: float) -> None:
        self.port = free_port()
        self.taken: Counter[tuple[str, str]] = Counter()  # Message-ID and recipient
        self.door_port = 0
        self._random = random.Random(seed)
        self._slowest_s = slowest_s
        self._copies: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=10)

    def start(self) -> None:
        self._controller.start()
        threading.Thread(target=self._bring_copies, daemon=True).start()

    def stop(self) -> None:
        self._stop.set()
        self._controller.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002 - aiosmtpd's
        import asyncio

        raw = envelope.content or b""
        assert isinstance(raw, bytes)
        message_id = str(BytesHeaderParser().parsebytes(raw)["Message-ID"])
        for recipient in envelope.rcpt_tos:
            if recipient == BOX:
                self._copies.put(raw)
            else:
                self.taken[message_id, recipient] += 1
        await asyncio.sleep(self._random.uniform(0, self._slowest_s))
        return "250 2.0.0 taken"

    def _bring_copies(self) -> None:
        """The box's own copies, until the door takes them."""
        while not self._stop.is_set():
            try:
                raw = self._copies.get(timeout=0.2)
            except queue.Empty:
                continue
            while not self._stop.is_set():
                try:
                    with smtplib.SMTP("127.0.0.1", self.door_port, "mx.primer.example", timeout=10) as door:
                        door.sendmail(BOX, [BOX], raw)
                    break
                except (OSError, smtplib.SMTPException):
                    time.sleep(0.1)
