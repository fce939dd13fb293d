"""The client asks something that the reply doesn't touch (contract: `off-question`: better silent than wrong).

A question is left aside when the reply holds neither the kind of its answer (a time, a sum, a place, a cause …)
nor its words. A reply that asks back or promises to find out leaves nothing aside.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from weakref import WeakKeyDictionary

from otklik.coach import fields, fitting, leaving, unmet
from otklik.coach.acts import refused
from otklik.coach.asking import Question, answers, beginnings, questions, requests, speaks_of_money
from otklik.coach.phrases import tables
from otklik.coach.reading import WHOLE, Reading, Sentence, Word, finding
from otklik.coach.reply import Finding
from otklik.coach.waying import is_timed, tells_when

_ANY_WORDS = ("leave", "reason")  # any statement may answer «можно?» or «почему?»: surer signs are needed
_LETTER, _REPLY, _MOST = 600, 1_500, 8  # words of a letter and of a reply, questions: more are not compared
_BOTH = re.compile(r"(?<!\w)(?:то и другое|и то (?:, )?и (?:то|это)|на (?:оба|все) вопрос)")
_BARE = 2  # words of a reply that only says yes or no
CODE = "off-question"
_LEFT: "WeakKeyDictionary[Reading, bool]" = WeakKeyDictionary()  # forgotten with the reading
REASON = (
    "Клиент спросил ещё об одном, а ответа на это нет: ответьте и на этот вопрос или скажите, когда ответите."
)


def find(reading: Reading) -> Iterator[Finding]:
    """One finding about the whole reply when some question stays untouched."""
    if leaves_aside(reading):
        yield finding(CODE, WHOLE, REASON)


def leaves_aside(reading: Reading) -> bool:
    """Whether some question stays untouched; asked once for a reading, as `next-step` wants to know it too."""
    if reading not in _LEFT:
        _LEFT[reading] = _leaves_aside(reading)
    return _LEFT[reading]


def _leaves_aside(reading: Reading) -> bool:
    client = reading.client
    if client is None or len(client.words) > _LETTER or len(reading.words) > _REPLY:
        return False  # nobody could say what of it is answered
    asked = questions(client)
    if len(asked) > _MOST or _looks_further(reading, several=len(asked) > 1):
        return False
    return any(
        (one.has_subject and _is_left(reading, one, asked))
        or unmet.is_unmet(reading, one, asked)
        or (fitting.is_passed_over(reading, one, asked) and not _is_turned_down(reading, one, asked))
        for one in asked
    ) or leaving.is_demand_left(reading, asked)


def _is_left(reading: Reading, question: Question, asked: list[Question]) -> bool:
    if _is_leave_answered(reading, question, asked):
        return False
    if question.kind == "whereabouts" and unmet.points_to_a_place(reading):
        return False
    known: frozenset[str] = frozenset().union(*(beginnings(one) for one in reading.sentences))
    if _is_half_answered(reading, question, known):
        return True
    if question.kind in leaving.KINDS:
        sure = leaving.is_left(reading, question, asked)
        if sure is not None:
            return sure
    if question.kind == "how" or (question.kind in _ANY_WORDS and not _is_sure(reading, question, asked)):
        return False
    if question.kind == "reason" and question.about_money and not speaks_of_money(reading):
        return len(asked) > 1
    touched = question.touched(known)
    if question.kind == "leave" and len(asked) > 1:
        touched = _touched_alone(question, asked, known)
    if question.kind != "price" and touched >= _enough(question, asked):
        return False
    others = [one for one in asked if one is not question]
    answered = sum(_is_answer(reading, one, question, others) for one in reading.sentences)
    return answered <= sum(one.kind == question.kind == "leave" for one in others)


def _is_leave_answered(reading: Reading, question: Question, asked: list[Question]) -> bool:
    """«Успеете до субботы?» — «в пятницу заберёте»; «есть пробное занятие?» — «на первый урок приходите»; a no."""
    if question.kind != "leave":
        return False
    if is_timed(list(question.words)) and any(map(tells_when, reading.sentences)):
        return True
    return _is_turned_down(reading, question, asked) or fitting.grants(reading, question)


def _is_turned_down(reading: Reading, question: Question, asked: list[Question]) -> bool:
    """«Есть ли …?» — «Добрый вечер, нет и не будет»: a no, or a refusal, answers the only question for leave."""
    client = reading.client
    if question.kind != "leave" or len(asked) > 1 or client is None or requests(client):
        return False
    plain = any(fields.opens_with_yes_or_no(fields.lows(one.words)) for one in leaving.clauses(reading))
    return plain or bool(refused(reading))


def _is_half_answered(reading: Reading, question: Question, known: frozenset[str]) -> bool:
    """Of «вход через Google и выгрузку в Excel?» the first is answered, the second not even named."""
    if question.kind != "leave" or not question.second:
        return False
    if any(word.low in _forms("both") for word in reading.words):
        return False
    first = [one for one in question.about if one not in question.second]
    is_second_named = any(not one.isdisjoint(known) for one in question.second)
    is_first_named = any(not one.isdisjoint(known) for one in first)
    if is_first_named and not is_second_named:
        return not leaving.is_second_told(reading, question)
    return is_second_named and not is_first_named and leaving.is_first_untold(reading, question)


def _touched_alone(question: Question, asked: list[Question], known: frozenset[str]) -> int:
    """How many of its own words are spoken of, those that another question has as well left out."""
    shared = frozenset().union(*(group for one in asked if one is not question for group in one.about))
    return sum(one.isdisjoint(shared) and not one.isdisjoint(known) for one in question.about)


def _is_sure(reading: Reading, question: Question, asked: list[Question]) -> bool:
    """Of «можно?» and «почему?»: it names a thing and stands among others, or the reply says nothing at all."""
    client = reading.client
    several = len(asked) > 1 or (client is not None and sum(one.is_question for one in client.sentences) > 1)
    return (question.has_noun and several) or _is_empty(reading)


def _enough(question: Question, asked: list[Question]) -> float:
    """How many of its words show that a question is spoken of: one, or half where it stands among others."""
    alone = len(asked) == 1 or question.kind in _ANY_WORDS
    return 1 if alone else len(question.about) / 2


def _is_answer(reading: Reading, sentence: Sentence, question: Question, others: list[Question]) -> bool:
    """Some part of the sentence between two commas holds such an answer and isn't about another question."""
    if not answers(question.kind, sentence):
        return False
    if question.kind == "who" or not _belongs_to_another(reading, sentence, question, others):
        return True
    parts = [one for one in _parts(sentence) if answers(question.kind, one) and not _points_back(one)]
    return any(not _belongs_to_another(reading, one, question, others) for one in parts)


def _points_back(part: Sentence) -> bool:
    """«…, она входит в абонемент» goes on about the same."""
    return any(word.low in {"она", "он", "оно", "они", "ее", "его", "их", "это"} for word in part.words[:3])


def _parts(sentence: Sentence) -> list[Sentence]:
    cuts = [at for at, word in enumerate(sentence.words) if word.text in {",", ";"}]
    edges = [0, *cuts, len(sentence.words)]
    pieces = (sentence.words[one:after] for one, after in pairwise(edges))
    return [
        Sentence(piece)
        for piece in pieces
        if len(piece) > 1 or any(word.token.kind == "number" for word in piece)
    ]


def _belongs_to_another(
    reading: Reading, sentence: Sentence, question: Question, others: list[Question]
) -> bool:
    """The sentence speaks of another question alone, and that one waits for another kind of answer."""
    if leaving.speaks_of(sentence, question):
        return False
    if leaving.meets_a_demand(reading, sentence) and question.kind in {"time", "place"}:
        return True
    return any(one.kind != question.kind and leaving.speaks_of(sentence, one) for one in others)


def _is_empty(reading: Reading) -> bool:
    """Nothing but courtesy: «Спасибо за вопрос! Ваше мнение важно для нас»."""
    return all(
        any(word.low.startswith(_words("courtesy")) for word in sentence.words)
        and all(word.token.kind != "number" for word in sentence.words)
        for sentence in reading.sentences
    )


def _looks_further(reading: Reading, *, several: bool) -> bool:
    """The reply asks back or promises to find out; of several questions «когда вам удобно?» goes on with one alone."""
    if any(
        one.is_question and not (fields.is_idle(one) or (several and fields.is_closing(one)))
        for one in reading.judged_sentences
    ):
        return True
    if any(_BOTH.search(fields.lows(one.words)) for one in reading.judged_sentences):
        return True
    has_figure = any(word.token.kind == "number" for word in reading.words)
    if (
        not has_figure and sum(word.is_word for word in reading.words) <= _BARE
    ):  # «Да, конечно!» answers all of them
        return True
    pairs = zip(reading.words, [*reading.words[1:], None], strict=False)
    return any(
        word.is_word and word.low.startswith(_words("promises")) and not _is_of_a_thing(word, after)
        for word, after in pairs
    )


def _is_of_a_thing(word: Word, after: Word | None) -> bool:
    """«Сообщим трек-номер» promises that alone, «срок уточняется» nothing."""
    if word.low in {"уточняется", "уточняются"}:
        return True
    if after is None or not word.low.startswith(("сообщ", "напиш", "прилож", "прикреп")):
        return False
    return after.is_a("NOUN", "accs") and not after.low.startswith(_words("answer"))


@cache
def _forms(name: str) -> frozenset[str]:
    return frozenset(tables("off_question")["words"][name])


@cache
def _words(name: str) -> tuple[str, ...]:
    return tuple(tables("off_question")["words"][name])
