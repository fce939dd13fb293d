"""The practice mailbox: letters really go by SMTP and come back, and outside the demo nothing of it exists."""

import itertools
import re
import urllib.request
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from otklik.desk import replying
from otklik.desk.models import Delivery, Message, Ticket
from otklik.desk.receiving import Address
from otklik.desk.replying import Words
from otklik.site.demo import house
from otklik.site.postgres import Embedded
from tests import make
from tests.mailservers import free_port
from tests.running import Running, everything

if TYPE_CHECKING:  # the second Python's environment has no browser in it
    from playwright.sync_api import Page

ADDRESSES = ("/practice/", "/practice/letters/", "/practice/letters/1/machine/", "/practice/letters/1/bounce/",
             "/practice/enter/anna/")  # fmt: skip
Wait = Callable[..., object]
_numbers = itertools.count(1)


class Visitor:
    """A browser without JavaScript at the practice mailbox of a running demo."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}/practice/"
        self.address = f"vera{next(_numbers)}@kvarts.example"  # the fuse minds many letters of one client
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def page(self, **query: str) -> str:
        return self._read(f"{self.url}?{urlencode({'client': self.address, **query})}")

    def post(self, path: str, **words: str) -> str:
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', self.page())
        assert token
        told = {"client": self.address, "name": "Вера Соколова", "csrfmiddlewaretoken": token[1], **words}
        return self._read(f"{self.url}{path}", urlencode(told).encode())

    def _read(self, url: str, content: bytes | None = None) -> str:
        request = urllib.request.Request(url, content, {"Referer": self.url})  # noqa: S310 - our own server
        try:
            with self._browser.open(request, timeout=20) as answer:
                return str(answer.read().decode())
        except HTTPError as fault:
            return str(fault.read().decode())


def key_of(page: str, words: str) -> str:
    """The key of the letter that came with these words."""
    article = next(part for part in page.split("<article")[1:] if words in part)
    found = re.search(r"letters/([^/]+)/bounce/", article)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def demo(postgres: Embedded, django_db_blocker: DjangoDbBlocker) -> Iterator[Running]:
    """All processes with the practice mail server, and one box whose answers go there."""
    port = free_port()
    with django_db_blocker.unblock(), everything(postgres, OTKLIK_PRACTICE_PORT=str(port)) as ours:
        make.box(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
        yield ours


@pytest.fixture
def visitor(demo: Running) -> Visitor:
    return Visitor(demo.url)


def heard(subject: str) -> Ticket | None:
    return Ticket.objects.filter(subject=subject).first()


def answered(ticket: Ticket, text: str) -> Message:
    """An agent's answer to the client, sent at once."""
    agent = make.agent()
    agent.profile.undo_s = 0
    agent.profile.save(update_fields=["undo_s"])
    to = ticket.participants.get(part="requester").identity.shown
    words = Words(text, (Address("to", to, "Вера"),), box_id=ticket.box_id, force=True)
    return replying.reply(ticket, words, by=agent, at=timezone.now())


def test_a_clients_letter_is_answered_and_their_answer_returns_to_the_same_request(
    visitor: Visitor, wait_until: Wait
):
    visitor.post("letters/", to="help@primer.example", subject="Пропал звук", text="Здравствуйте! Нет звука.")
    ticket = wait_until(lambda: heard("Пропал звук"), 20)
    assert isinstance(ticket, Ticket)
    answered(ticket, "Вера, добрый день! Звук включили.")
    opened = re.search(r"open=([\w-]+)", visitor.page())
    assert opened

    wait_until(lambda: "Звук включили" in visitor.page(open=opened[1]), 20)
    visitor.post("letters/", to="help@primer.example", text="Слышу, спасибо!", open=opened[1])

    wait_until(lambda: ticket.messages.filter(reply_text="Слышу, спасибо!").exists(), 20)
    assert Ticket.objects.filter(subject__icontains="Пропал звук").count() == 1


def test_the_acknowledgement_bears_a_link_that_opens_the_clients_page(visitor: Visitor, wait_until: Wait):
    page = visitor.post("letters/", to="help@primer.example", subject="Ссылка", text="Где посмотреть запрос?")
    opened = re.search(r"open=([\w-]+)", page)
    assert opened

    wait_until(lambda: "/r/" in visitor.page(open=opened[1]), 20)
    link = re.search(r'href="http://[^/]+(/r/[^"]+)"', visitor.page(open=opened[1]))

    assert link
    with urllib.request.urlopen(visitor.url.replace("/practice/", link[1]), timeout=20) as answer:  # noqa: S310 - ours
        assert "Где посмотреть запрос?" in answer.read().decode()


def test_a_letter_in_a_lying_charset_is_read_right(visitor: Visitor, wait_until: Wait):
    text = "Проверяем буквы: щука, ёж, подъезд. Если видите кракозябры, скажите нам об этом, пожалуйста."

    visitor.post("letters/", to="help@primer.example", subject="Кодировка", text=text, broken="1")

    ticket = wait_until(lambda: heard("Кодировка"), 20)
    assert isinstance(ticket, Ticket)
    assert ticket.messages.get(direction="in").reply_text == text


def test_a_machine_wakes_nobody_and_a_letter_that_comes_back_opens_its_request_again(
    visitor: Visitor, wait_until: Wait
):
    visitor.post("letters/", to="help@primer.example", subject="Отпуск", text="Напишите мне, пожалуйста.")
    ticket = wait_until(lambda: heard("Отпуск"), 20)
    assert isinstance(ticket, Ticket)
    message = answered(ticket, "Вера, написали.")
    opened = re.search(r"open=([\w-]+)", visitor.page())
    assert opened
    wait_until(lambda: "Вера, написали" in visitor.page(open=opened[1]), 20)
    key = key_of(visitor.page(open=opened[1]), "Вера, написали")

    visitor.post(f"letters/{key}/machine/", open=opened[1])
    wait_until(lambda: ticket.messages.filter(kind=Message.Kind.AUTO).exists(), 20)
    assert Ticket.objects.get(pk=ticket.pk).state == Ticket.State.WAITING_CLIENT

    visitor.post(f"letters/{key}/bounce/", open=opened[1])
    wait_until(lambda: message.deliveries.filter(state=Delivery.State.BOUNCED).exists(), 20)
    assert Ticket.objects.get(pk=ticket.pk).state == Ticket.State.OPEN  # the client has not heard us


@pytest.mark.browser
def test_an_answer_appears_on_the_open_page_by_itself_and_what_is_typed_stays(
    demo: Running, visitor: Visitor, page: "Page", wait_until: Wait
):
    visitor.post("letters/", to="help@primer.example", subject="Придёт сам", text="Жду ответа на странице.")
    ticket = wait_until(lambda: heard("Придёт сам"), 20)
    assert isinstance(ticket, Ticket)
    page.goto(f"{demo.url}/practice/?client={visitor.address}")
    page.fill("textarea[name=text]", "набираю")

    answered(ticket, "Вера, ответ пришёл сам.")

    page.locator(".mailrow__words", has_text="ответ пришёл сам").wait_for()
    assert page.input_value("textarea[name=text]") == "набираю"


def test_what_was_typed_stays_when_the_letter_is_wrong(visitor: Visitor):
    page = visitor.post("letters/", to="help@primer.example", subject="Без текста", text="")

    assert 'value="Без текста"' in page


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_of_it_exists_outside_the_demo(client: Client, settings: Settings, address: str):
    settings.PRACTICE_PORT = 0
    make.agent("Анна Орлова", email=f"anna@{house.DOMAIN}")

    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


@pytest.mark.django_db
def test_in_the_demo_a_visitor_signs_in_as_one_of_its_people(client: Client, settings: Settings):
    settings.PRACTICE_PORT = 2526
    anna = make.agent("Анна Орлова", email=f"anna@{house.DOMAIN}")

    answer = client.post("/practice/enter/anna/")

    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(anna.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["stranger", "boris"])
def test_in_the_demo_nobody_signs_in_as_anybody_else(client: Client, settings: Settings, key: str):
    settings.PRACTICE_PORT = 2526
    make.agent("Борис Ким", email=f"boris@{house.DOMAIN}")

    assert client.post(f"/practice/enter/{key}/").status_code == 404


@pytest.mark.django_db
def test_the_companys_own_address_is_no_clients(client: Client, settings: Settings):
    settings.PRACTICE_PORT = 2526
    make.box()

    answer = client.get("/practice/", {"client": "help@primer.example"})

    assert answer.status_code == 422
    assert "возьмите адрес клиента" in answer.content.decode()
