"""No text makes the coach raise, and every place it names lies inside the text. The long run: `bench/coach.py`."""

from datetime import UTC, datetime

import pytest

from otklik import coach
from tests.coach import hostile

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def wrong_places(text: str, lang: coach.Language = "ru") -> list[coach.Finding]:
    """Findings whose place isn't a place of the text; the text is the client's too."""
    found = coach.check(coach.Reply(text, client_text=text[:2_000], complaint=True, now=NOW, lang=lang))
    return [one for one in found if not 0 <= one.start <= one.end <= len(text) or (one.start == one.end != 0)]


@pytest.mark.parametrize("number", range(len(list(hostile.huge()))))
def test_huge_texts_are_read(number):
    assert wrong_places(list(hostile.huge())[number]) == []


def test_a_thousand_mixtures_are_read():
    assert [bad for text in hostile.random_texts(1_000, seed=1) for bad in wrong_places(text)] == []
