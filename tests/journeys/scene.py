"""One request as the client's page meets it: now is the real now, since the page reads the clock itself."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.test import Client
from django.utils import timezone

from otklik.accounts.models import User
from otklik.clients.models import Identity
from otklik.desk import routing
from otklik.desk.models import Message, Ticket
from otklik.desk.receiving import Address
from tests import make

VERA, GLEB = "vera@kvarts.example", "gleb@drugoi.example"


@dataclass
class Scene:
    """Вера wrote an hour ago, Аня took it. `path` is Вера's page, `browser` anybody's."""

    ticket: Ticket
    anna: User
    vera: Identity
    path: str
    now: datetime
    browser: Client = field(default_factory=Client)

    def html(self, tail: str = "") -> str:
        """With plain spaces, so that a test reads like the page."""
        return self.browser.get(self.path + tail).content.decode().replace("\xa0", " ")

    def post(self, tail: str, **data: object) -> int:
        return self.browser.post(self.path + tail, data).status_code

    def write(self, text: str, **data: object) -> int:
        return self.post("words/", text=text, **data)

    def answer(self, text: str, to: str = VERA, *, minutes_ago: int = 30) -> Message:
        at = self.now - timedelta(minutes=minutes_ago)
        return make.reply(self.ticket, text, by=self.anna, at=at, to=(Address("to", to),))


def scene(*, owned: bool = True) -> Scene:
    now = timezone.now()
    anna, vera = make.agent("Анна Орлова"), make.identity(at=now)
    ticket = make.ticket("База не открывается с утра.", at=now - timedelta(hours=1))
    if owned:
        ticket = routing.take(ticket, by=anna, at=now - timedelta(minutes=50))
    return Scene(ticket, anna, vera, make.page(ticket, vera, at=now), now)
