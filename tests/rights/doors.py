"""By which door a thing can be seen, and whether a person sees it there: the rows of the first table of docs/rights.md.

A probe tells whether this person finds the thing's own words (or bytes) behind the door.
"""

import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

from otklik.accounts import keys
from otklik.accounts.keys import Wish
from otklik.accounts.models import User
from otklik.accounts.scopes import Scope
from otklik.site.live_hub import Stream
from otklik.site.live_journal import Event, Place
from otklik.web import livetickets
from tests.rights import scene as words
from tests.rights.scene import Scene

DOORS = ("страница", "список", "счёт", "поиск", "лента", "файл", "API", "сводка")
OBJECTS = (
    "запрос", "слова клиента", "заметка", "карточка клиента", "файл письма", "письмо как пришло", "сотрудник",
    "роль", "ящик", "ключ API", "служба входа", "журнал доступа",
)  # fmt: skip
Probe = Callable[[Client, Scene, User | None], bool]


def body(answer: HttpResponseBase) -> str:
    """All of it: a file that is read to its end is closed."""
    if isinstance(answer, StreamingHttpResponse):
        return b"".join(answer).decode(errors="replace")
    return answer.content.decode() if isinstance(answer, HttpResponse) else ""


def on(path: str, sign: str) -> Probe:
    """The words stand on this page. «{number}», «{pk}» … are filled from the scene."""

    def probe(browser: Client, scene: Scene, _user: User | None) -> bool:
        filled = path.format(
            number=scene.ticket.number, message=scene.message.pk, person=scene.person.pk, role=scene.own.pk,
            box=scene.box.pk, service=scene.service.pk, file=scene.file.pk, raw=scene.envelope.pk,
        )  # fmt: skip
        answer = browser.get(filled, follow=True)
        return sign in body(answer)

    return probe


def _counted(browser: Client, _scene: Scene, user: User | None) -> bool:
    """The number beside «Все» of the inbox."""
    page = browser.get("/desk/?view=all")
    return page.status_code == 200 and bool(page.context["counts"]["all"])


def _heard(browser: Client, scene: Scene, _user: User | None) -> bool:
    """An event of the team reaches the stream that this browser's ticket opens."""
    answer = browser.get("/live-ticket/")
    if answer.status_code != 200:
        return False
    text = parse_qs(urlsplit(answer.json()["url"]).query)["ticket"][0]
    stream = Stream(livetickets.verify(text, now=time.time()))
    return stream.may_hear(Event(Place(1, 1), scene.ticket.pk, frozenset({scene.ours.pk}), False, b"x"))


def _by_key(path: str, sign: str) -> Probe:
    """A program with a key of this person. That they may not make one now does not matter: the key is older."""

    def probe(browser: Client, scene: Scene, user: User | None) -> bool:
        if user is None:
            return sign in browser.get(path.format(number=scene.ticket.number)).content.decode()
        text = keys.make(Wish("x", list(Scope)), by=User(role="admin", pk=user.pk), at=timezone.now())[1]
        answer = browser.get(
            path.format(number=scene.ticket.number), headers={"authorization": f"Bearer {text}"}
        )
        return sign in answer.json().get("subject", "") + answer.json().get("client", "")

    return probe


# «×»: there is no such door for it
SEEN: dict[tuple[str, str], Probe] = {
    ("запрос", "страница"): on("/desk/{number}/", words.SUBJECT),
    ("запрос", "список"): on("/desk/list/?view=all", ['data-number="', 'number}"'][0]),
    ("запрос", "счёт"): _counted,
    ("запрос", "поиск"): on("/desk/search/?q=жирафа", words.CLIENT),
    ("запрос", "лента"): _heard,
    ("запрос", "API"): _by_key("/api/v1/requests/{number}", words.SUBJECT),
    ("запрос", "сводка"): on("/desk/lead/", words.SUBJECT),
    ("слова клиента", "страница"): on("/desk/{number}/thread/", words.WORDS),
    ("слова клиента", "список"): on("/desk/list/?view=all", words.CLIENT),
    ("слова клиента", "поиск"): on("/desk/search/?q=кракозябры", words.CLIENT),
    ("слова клиента", "файл"): on("/desk/letters/{message}/", words.WORDS),
    ("заметка", "страница"): on("/desk/{number}/thread/", words.NOTE),
    ("заметка", "поиск"): on("/desk/search/?q=барсучьей", words.CLIENT),
    ("карточка клиента", "страница"): on("/desk/{number}/card/", "vera@yaguar.example"),
    ("карточка клиента", "список"): on("/desk/list/?view=all", words.CLIENT),
    ("карточка клиента", "поиск"): on("/desk/search/?q=vera@yaguar.example", words.CLIENT),
    ("карточка клиента", "API"): _by_key("/api/v1/requests/{number}", words.CLIENT),
    ("карточка клиента", "сводка"): on("/desk/lead/", words.CLIENT),
    ("файл письма", "страница"): on("/desk/{number}/thread/", words.FILE),
    ("файл письма", "файл"): on("/desk/files/{file}/", "words"),
    ("письмо как пришло", "файл"): on("/settings/boxes/letters/{raw}.eml", "raw words"),
    ("сотрудник", "страница"): on("/people/{person}/", "petr@primer.example"),
    ("сотрудник", "список"): on("/people/", "petr@primer.example"),
    ("сотрудник", "сводка"): on("/desk/lead/", words.PERSON),
    ("роль", "страница"): on("/roles/{role}/", words.ROLE),
    ("роль", "список"): on("/roles/", words.ROLE),
    ("ящик", "страница"): on("/settings/boxes/{box}/", "help@primer.example"),
    ("ящик", "список"): on("/settings/boxes/", "help@primer.example"),
    ("ключ API", "список"): on("/keys/", words.KEY),
    ("служба входа", "страница"): on("/services/{service}/", "redirect URI"),
    ("служба входа", "список"): on("/services/", "http://localhost:9"),
    ("журнал доступа", "список"): on("/desk/looks/", words.LOOKED),
}
