"""The client asks something that the reply doesn't touch (contract: `off-question`: better silent than wrong).

A question is left aside when the reply holds neither the kind of its answer (a time, a sum, a place, a cause …)
nor its words. A reply that asks back or promises to find out leaves nothing aside.
"""

from collections.abc import Iterator
from functools import cache

from otklik.coach.asking import Question, answers, beginnings, questions
from otklik.coach.phrases import tables
from otklik.coach.reading import WHOLE, Reading, Sentence, finding
from otklik.coach.reply import Finding

_ANY_WORDS = ("leave", "reason")  # any statement may answer «можно?» or «почему?»: surer signs are needed
CODE = "off-question"
REASON = (
    "Клиент спросил ещё об одном, а ответа на это нет: ответьте и на этот вопрос или скажите, когда ответите."
)


def find(reading: Reading) -> Iterator[Finding]:
    """One finding about the whole reply when some question stays untouched."""
    client = reading.client
    if client is None or _looks_further(reading):
        return
    asked = questions(client)
    if asked and any(_is_left(reading, one, asked) for one in asked):
        yield finding(CODE, WHOLE, REASON)


def _is_left(reading: Reading, question: Question, asked: list[Question]) -> bool:
    if question.kind == "how" or (question.kind in _ANY_WORDS and not _is_sure(reading, question, asked)):
        return False
    known: frozenset[str] = frozenset().union(*(beginnings(one) for one in reading.sentences))
    touched = question.touched(known)
    if question.kind != "price" and touched >= _enough(question, asked):
        return False
    others = [one for one in asked if one is not question]
    answered = sum(
        answers(question.kind, one)
        and (question.kind == "who" or not _belongs_to_another(one, question, others))
        for one in reading.sentences
    )
    return answered <= sum(one.kind == question.kind == "leave" for one in others)


def _is_sure(reading: Reading, question: Question, asked: list[Question]) -> bool:
    """Of «можно?» and «почему?»: it names a thing and stands among others, or the reply says nothing at all."""
    return (question.has_noun and len(asked) > 1) or _is_empty(reading)


def _enough(question: Question, asked: list[Question]) -> float:
    """How many of its words show that a question is spoken of: one, or half where it stands among others."""
    alone = len(asked) == 1 or question.kind in _ANY_WORDS
    return 1 if alone else len(question.about) / 2


def _belongs_to_another(sentence: Sentence, question: Question, others: list[Question]) -> bool:
    """The sentence speaks of another question alone, and that one waits for another kind of answer."""
    said = beginnings(sentence)
    if question.touched(said):
        return False
    return any(one.touched(said) and one.kind != question.kind for one in others)


def _is_empty(reading: Reading) -> bool:
    """Nothing but courtesy: «Спасибо за вопрос! Ваше мнение важно для нас»."""
    return all(
        any(word.low.startswith(_words("courtesy")) for word in sentence.words)
        and all(word.token.kind != "number" for word in sentence.words)
        for sentence in reading.sentences
    )


def _looks_further(reading: Reading) -> bool:
    """The reply asks back or promises to find out."""
    if any(sentence.is_question for sentence in reading.judged_sentences):
        return True
    return any(word.low.startswith(_words("promises")) for word in reading.words if word.is_word)


@cache
def _words(name: str) -> tuple[str, ...]:
    return tuple(tables("off_question")["words"][name])
