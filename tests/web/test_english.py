"""Pages in English hold no Russian of ours, pages in Russian do: every address of the product is looked at."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.web import latintown
from tests.web.latintown import Town

pytestmark = pytest.mark.django_db
RUSSIAN = re.compile(r"[Ѐ-ӿ«»„№][^<>]{0,60}")
# What stays Russian on an English page, each with its reason.
ALWAYS = {
    "Русский": "a language is named in itself, so that its speakers find it",
    "Что пишет клиент:": "begins a letter to a vendor: letters are the company's",
}
LOOKS = ("view=mine", "view=unowned", "view=all", "view=waiting", "view=solved", "view=spam", "order=last")


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
    return RUSSIAN.findall(unescape(text))


def pages(client: Client, town: Town) -> dict[str, str]:
    """(address, text) of everything this visitor can open that is a page."""
    found: dict[str, str] = {}
    for name, addresses in town.addresses():
        for address in addresses:
            answer = client.get(address, headers={"Accept": "text/html"})
            if answer.status_code == 405:
                break
            answer.getvalue()  # a file is closed when it is read
            if answer.get("Content-Type", "").startswith("text/html") and not answer.streaming:
                found[f"{name} {address}"] = answer.text
    return found


def faults(read: dict[str, str]) -> list[str]:
    """What is Russian, each thing once with one page where it stands."""
    found = {words: place for place, text in read.items() for words in russian(text)}
    return [f"{words} @ {place}" for words, place in found.items()]


@pytest.mark.parametrize("who", ["ada", "ann", "nobody"])
def test_no_page_in_english_shows_russian_of_ours(town, who):
    assert faults(pages(visitor("en", getattr(town, who, None)), town)) == []
