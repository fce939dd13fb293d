"""Rudeness, sarcasm, contempt, familiarity, insults (contract: `rude`)."""

from collections.abc import Iterator
from itertools import islice

from otklik.coach import insults, tone
from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, Word, finding
from otklik.coach.reply import Finding

CODE = "rude"
REASON_INSULT = "Это оскорбление: клиент запомнит его, а не ответ."
REASON_FAMILIAR = "Вы перешли на «ты»: клиенту пишем на «вы», пока он не попросил иначе."


def find(reading: Reading) -> Iterator[Finding]:
    """Insults, rude turns of speech, one finding where they meet; «ты» to a client, told once where it is the worst."""
    found = [
        *(finding(CODE, place, REASON_INSULT) for place in insults.find(reading)),
        *tone.findings(reading, CODE, CODE),
    ]
    found += [] if found else islice(_familiar(reading), 1)
    past = -1
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if one.start >= past:
            yield one
            past = one.end


def _familiar(reading: Reading) -> Iterator[Finding]:
    """Sentences that say «ты» to the client; one in which somebody else's «ты» is told stays.

    A house that greets with «Привет» speaks so to all of its people, and a reproach in «ты» is a reproach first.
    """
    said = [
        (one, [word for word in one.words if _is_familiar(word, one)]) for one in reading.judged_sentences
    ]
    if not any(words for _, words in said) or _says_hi(reading):
        return
    blamed = [hit.place for _, hits in tone.said(reading, "blame") for hit in hits]
    for sentence, words in said:
        if any(not any(start <= word.start < end for start, end in blamed) for word in words):
            yield finding(CODE, (sentence.start, sentence.end), REASON_FAMILIAR)


def _says_hi(reading: Reading) -> bool:
    """Whether the reply opens in the tone of a club or a game, and the client did not say «вы» to it."""
    first = next((word for word in reading.words if word.is_word), None)
    if first is None or first.low not in tables(CODE)["hi"]:
        return False
    return reading.client is None or not any(
        word.low in tables(CODE)["polite"] for word in reading.client.words
    )


def _is_familiar(word: Word, sentence: Sentence) -> bool:
    """«Твой» with a capital inside a sentence is a name of something."""
    if not word.judged or word.low not in tables(CODE)["familiar"]:
        return False
    return word.text.islower() or word.text.isupper() or word.start == sentence.start
