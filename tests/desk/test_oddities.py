"""Whatever the reader of letters warns of is said to the agent in their language."""

import ast
from pathlib import Path

import pytest

from otklik import mime
from otklik.desk import oddities


def warnings():
    """The beginnings of all warnings in the reader's code."""
    for place in Path(mime.__file__).parent.glob("*.py"):
        for call in ast.walk(ast.parse(place.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "warn":
                words = call.args[0]
                yield "".join(
                    str(one.value) if isinstance(one, ast.Constant) else "7"
                    for one in getattr(words, "values", [words])
                )


@pytest.mark.parametrize("words", sorted(set(warnings())))
def test_a_warning_of_the_reader_is_said_in_russian(words):
    (said,) = oddities.said([words])

    assert said.isascii() is False
    assert words not in said


def test_our_own_words_about_a_letter_stay_and_nothing_is_said_twice():
    ours = "Письмо пришло не на наш адрес"

    assert oddities.said(
        [ours, "boundary missing or wrong: guessed", "no blank line between headers and body"]
    ) == [
        ours,
        oddities.ELSE,
    ]
