"""Our own texts pass our own coach: every sentence of the interface, whole letters to clients.

A label of up to three words names a state («Вопрос решён»), it tells nobody what became of whom. Findings about a
reply as a whole, and about what a reply must offer, are for replies: a page has its buttons for that.
"""

import re

import pytest
from babel.messages.pofile import read_po

from otklik import coach
from tests.test_shape import ROOT

CATALOGUE = ROOT / "otklik/locale/en/LC_MESSAGES/django.po"
FOR_REPLIES = frozenset(
    {
        "greeting",
        "thanks",
        "next-step",
        "apology",
        "off-question",
        "unexplained",
        "refusal",
        "price",
        "promise",
    }
)
LABEL_WORDS = 3
# examples of what not to write, shown to people beside the better way
SHOWN = "otklik/assist/rules.py"
_HOLE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
_TAG = re.compile(r"<[^>]+>")


def sentences() -> list[str]:
    """The Russian texts of the interface, holes filled with a number."""
    with CATALOGUE.open("rb") as opened:
        entries = [one for one in read_po(opened) if one.id]
    kept = [one for one in entries if SHOWN not in {place for place, _ in one.locations}]
    texts = [one.id if isinstance(one.id, str) else one.id[-1] for one in kept]
    plain = [_TAG.sub("", _HOLE.sub("5", text)) for text in texts]
    return [text for text in plain if len(text.split()) > LABEL_WORDS]


def test_sentences_of_the_interface_are_said_by_people():
    house = coach.House(off=FOR_REPLIES)
    found = [
        f"{one.rule}: «{text[one.start : one.end]}» in «{text}»"
        for text in sentences()
        for one in coach.check(coach.Reply(text, first=False), house)
        if one.severity != "hint"
    ]

    assert len(sentences()) > 900
    assert found == []


@pytest.mark.parametrize(
    "text", ["Ваша заявка была передана в бухгалтерию.", "В настоящий момент сервер перегружен."]
)
def test_a_sentence_of_papers_would_be_found(text):
    assert coach.check(coach.Reply(text, first=False), coach.House(off=FOR_REPLIES))
