"""Pages in English hold no Russian of ours, pages in Russian do: every address of the product is looked at."""

import re
from html import unescape

import pytest
from django.db import transaction
from django.test import Client

from tests.web import latintown
from tests.web.latintown import Town

pytestmark = pytest.mark.django_db
RUSSIAN = re.compile(r"[Ѐ-ӿ«»„№][^<>]{0,60}")
# What stays Russian on an English page, each with its reason.
ALWAYS = {
    "По-русски": "so is it on the button before signing in",
    "Русский": "a language is named in itself, so that its speakers find it",
    "Что пишет клиент:": "begins a letter to a vendor: letters are the company's",
}
# a note that is offered to be sent: letters are the company's
LETTERS = re.compile(
    r'<input type="hidden" name="words"[^>]*>|<p class="anywhere[^>]* lang="ru">.*?</p>', re.DOTALL
)


@pytest.fixture
def town() -> Town:
    return latintown.found()


def visitor(language: str, user: object = None) -> Client:
    client = Client()
    client.cookies["django_language"] = language
    if user:
        client.force_login(user)  # type: ignore[arg-type]  # one of the town's
    return client


def russian(text: str) -> list[str]:
    """Russian of ours in a page."""
    for word in ALWAYS:
        text = text.replace(word, "")
    return RUSSIAN.findall(unescape(LETTERS.sub("", text)))


def pages(client: Client, town: Town) -> dict[str, str]:
    """(address, text) of everything this visitor can open that is a page."""
    found: dict[str, str] = {}
    for name, addresses in town.addresses():
        for address in addresses:
            answer = client.get(address, headers={"Accept": "text/html"})
            if answer.status_code == 405:
                break
            content = answer.getvalue()  # a file is closed when it is read
            if content and answer.get("Content-Type", "").startswith("text/html"):
                found[f"{name} {address}"] = content.decode()
    return found


def answers(client: Client, town: Town) -> dict[str, str]:
    """What every deed says to an empty form, with the page that follows; nothing of it lasts."""
    found: dict[str, str] = {}
    for name, addresses in town.addresses():
        for address in addresses if name != "sign-out" else []:
            with transaction.atomic():
                answer = client.post(address, headers={"Accept": "text/html"})
                # whoever is led to sign in gets a page that is read with the others
                while not answer.get("Location", "/sign-in/").startswith("/sign-in/"):
                    answer = client.get(answer["Location"], headers={"Accept": "text/html"})
                found[f"{name} {address}"] = answer.getvalue().decode(errors="ignore")
                transaction.set_rollback(True)
            if answer.status_code == 405:
                break
    return found


def faults(read: dict[str, str]) -> list[str]:
    """What is Russian, each thing once with one page where it stands."""
    found = {words: place for place, text in read.items() for words in russian(text)}
    return [f"{words} @ {place}" for words, place in found.items()]


@pytest.mark.parametrize("who", ["ada", "ann", "nobody"])
def test_no_page_in_english_shows_russian_of_ours(town, who):
    assert faults(pages(visitor("en", getattr(town, who, None)), town)) == []


@pytest.mark.parametrize("who", ["ada", "nobody"])
def test_no_deed_answers_an_english_reader_in_russian(town, who):
    assert faults(answers(visitor("en", getattr(town, who, None)), town)) == []


def test_the_same_pages_in_russian_are_russian(town):
    read = pages(visitor("ru", town.ann), town) | pages(visitor("ru"), town)

    assert len(read) > 100
    assert [place for place, text in read.items() if not russian(text)] == []
