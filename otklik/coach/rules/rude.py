"""Rudeness, sarcasm, contempt, familiarity, insults (contract: `rude`)."""

from collections.abc import Iterator

from otklik.coach import insults, tone
from otklik.coach.phrases import tables
from otklik.coach.reading import Reading, Sentence, Word, finding
from otklik.coach.reply import Finding

CODE = "rude"
REASON_INSULT = "Это оскорбление: клиент запомнит его, а не ответ."
REASON_FAMILIAR = "Вы перешли на «ты»: клиенту пишем на «вы», пока он не попросил иначе."


def find(reading: Reading) -> Iterator[Finding]:
    """Insults, rude turns of speech and «ты» to a client; one finding where they meet."""
    found = [
        *(finding(CODE, place, REASON_INSULT) for place in insults.find(reading)),
        *tone.findings(reading, CODE, CODE),
        *_familiar(reading),
    ]
    past = -1
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if one.start >= past:
            yield one
            past = one.end


def _familiar(reading: Reading) -> Iterator[Finding]:
    """Sentences that say «ты» to the client; one in which somebody else's «ты» is told stays."""
    for sentence in reading.judged_sentences:
        words = [word for word in sentence.words if _is_familiar(word, sentence)]
        if words:
            yield finding(CODE, (sentence.start, sentence.end), REASON_FAMILIAR)


def _is_familiar(word: Word, sentence: Sentence) -> bool:
    """«Твой» with a capital inside a sentence is a name of something."""
    if not word.judged or word.low not in tables(CODE)["familiar"]:
        return False
    return word.text.islower() or word.text.isupper() or word.start == sentence.start
