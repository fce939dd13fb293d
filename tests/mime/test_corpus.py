"""How well the base letters are read. The figures are printed: `pytest tests/mime/test_corpus.py -s`."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest

from otklik.mime import Letter, read
from tests.mime.compose_letters import compose, stored
from tests.mime.corpus.build import Base

BASES = [base for base, _ in stored()]
RUSSIAN = {"reply", "forward", "prose"}
letter_of = cache(read)
FIELDS = (
    "from_email", "from_name", "to", "subject", "date", "in_reply_to", "references", "html", "attachments", "kind",
    "charset_repaired", "auto", "invited", "warnings", "text",
)  # fmt: skip


def right(letter: Letter, key: str, wanted: Any) -> bool:  # Any: values of JSON
    """Whether one expected key is read right; words are compared without regard for line breaks."""
    found = letter.invitation
    got = {
        "auto": lambda: letter.auto,
        "invited": lambda: found and [found.method, found.summary, found.starts and found.starts.isoformat()],
        "attachments": lambda: [file.name for file in letter.attachments],
        "bounced_for": lambda: sorted([one.email, one.status, one.permanent] for one in letter.bounced_for),
        "warnings": lambda: [word for word in wanted if any(word in warning for warning in letter.warnings)],
    }.get(key, lambda: letter.as_dict()[key])
    return _same_words(got(), sorted(wanted) if key == "bounced_for" else wanted)


def _same_words(got: Any, wanted: Any) -> bool:  # Any: values of JSON
    if isinstance(got, dict) and isinstance(wanted, dict):
        return all(_same_words(got[key], value) for key, value in wanted.items())
    if isinstance(got, str) and isinstance(wanted, str):
        return got.split() == wanted.split()
    return bool(got == wanted)


def share(bases: Iterable[Base], keys: Iterable[str], title: str) -> float:
    """Share of (letter, key) pairs read right, printed with the names of the wrong ones."""
    pairs = [(base, key, base.expected[key]) for base in bases for key in keys if key in base.expected]
    wrong = [
        f"{base.name}.{key}" for base, key, wanted in pairs if not right(letter_of(base.raw), key, wanted)
    ]
    figure = 1 - len(wrong) / len(pairs)
    print(f"\n{title}: {figure:.1%} of {len(pairs)}" + (f"; wrong: {', '.join(wrong)}" if wrong else ""))
    return figure


def test_two_hundred_letters_of_many_shapes_are_kept_as_composed():
    shapes = Counter(base.shape for base in BASES)
    programs = {base.name.split("-", 2)[2] for base in BASES}

    assert len(BASES) >= 200
    assert len(shapes) >= 9
    assert len(programs) >= 12
    assert [(base.name, base.raw, base.line()) for base in compose()] == [
        (base.name, base.raw, base.line()) for base in BASES
    ]


def test_fields_are_read_right_in_nearly_every_letter():
    assert share(BASES, FIELDS, "fields") >= 0.95


def test_replies_and_forwards_of_russian_programs_are_cut_right():
    russian = [base for base in BASES if base.shape in RUSSIAN]

    assert share(russian, ("reply_text", "forwarded"), "reply and forward, Russian") >= 0.95


def test_replies_of_other_programs_are_cut_right():
    others = [base for base in BASES if base.shape not in RUSSIAN]

    assert share(others, ("reply_text", "forwarded"), "reply and forward, others") >= 0.80


def test_bounces_are_found_with_their_addresses():
    bounces = [base for base in BASES if base.expected.get("kind") == "bounce"]

    assert share(bounces, ("kind", "bounced_for"), "bounces") >= 0.95


def test_no_other_letter_is_taken_for_a_bounce():
    others = [base for base in BASES if base.expected.get("kind", "normal") != "bounce"]

    assert [base.name for base in others if letter_of(base.raw).kind == "bounce"] == []


@pytest.mark.parametrize("kind", ["rfc3464", "exim", "text"])
def test_a_bounce_names_the_letter_that_came_back(kind):
    name = {"rfc3464": "postfix", "exim": "exim", "text": "qmail"}[kind]
    base = next(base for base in BASES if base.shape == "bounce" and base.name.endswith(f"-{name}"))

    assert read(base.raw).returned_message_ids == ("<t7.m42@firma-demo.example>",)


@pytest.mark.parametrize("base", BASES, ids=lambda base: base.name)
def test_no_word_of_the_text_is_lost_between_reply_and_quote(base):
    letter = letter_of(base.raw)

    said = Counter(letter.reply_text.split()) + Counter(letter.quoted_text.split())
    assert not Counter(letter.text.split()) - said
