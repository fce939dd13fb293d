"""Whether a reply leaves aside «можно …?», «как …?», «почему …?» or a demand: surer signs than words in common.

Every clause of the reply belongs to some other question, is courtesy, or may be the answer; and a question about a
known field (`fields.py`) is answered by any word of that field. None where nothing sure can be said.
"""

import re
from collections.abc import Iterator, Sequence

from otklik.coach import fields
from otklik.coach.asking import Question, answers, beginnings, requests
from otklik.coach.reading import Reading, Sentence, Word

KINDS = ("leave", "how", "reason")
_CUTS = frozenset(",;:—–()")
_ANY_WORDS = ("leave", "how", "request")  # kinds of which any words may be the answer
_ECHO = 8  # words of a clause that only repeats what the client complains of
_COURTESY = frozenset(
    {"извините", "простите", "будьте", "оставайтесь", "берегите", "пожалуйста", "держитесь"}
)
_NAME = 3  # words of a clause that only names somebody: «дорогая Анна Павловна»
_THEY = frozenset({"он", "она", "оно", "они", "его", "ее", "их", "ему", "ей", "им"})
_JOINED = re.compile(r"(?<!\w)(?:да|конечно|можно|есть) ,? ?(?:и|тоже|также)(?!\w)")
_HOW = frozenset({"как"})


def is_left(reading: Reading, question: Question, asked: Sequence[Question]) -> bool | None:
    """True or False where it is sure, None where the words in common have to decide."""
    others = [one for one in asked if one is not question]
    if reading.client is not None:
        others += requests(reading.client)
    if question.kind == "reason":
        if _gives_no_reason(reading, question):
            return True
        return False if question is asked[0] and _opens_with_a_cause(reading, question, others) else None
    if not others and not _demands(reading):
        return None
    if question.kind == "how":
        return _is_way_left(reading, question, others)
    return _is_thing_left(reading, question, others)


def is_demand_left(reading: Reading, asked: Sequence[Question]) -> bool:
    """Of «переселите нас и верните деньги» the second is not touched by a word."""
    demanded = _demands(reading)
    if len(demanded) + len(asked) < 2:
        return False
    low = _whole(reading)
    return any(not fields.is_met(low, number) for number in demanded)


def is_second_told(reading: Reading, question: Question) -> bool:
    """Whether the second of two things is spoken of in other words."""
    joint = next(at for at, word in enumerate(question.words) if word.low == "и" and at)
    named = fields.asked(question.words[joint + 1 :])
    return any(fields.told(_whole(reading), field) for field in named)


def is_first_untold(reading: Reading, question: Question) -> bool:
    """Whether the first of two things is of a known field, and nothing is said of that field."""
    joint = next(at for at, word in enumerate(question.words) if word.low == "и" and at)
    named = fields.asked(question.words[:joint])
    return bool(named) and not any(fields.told(_whole(reading), field) for field in named)


def speaks_of(sentence: Sentence, question: Question) -> bool:
    """Whether a sentence speaks of what a question is about, in its words or others of the field."""
    if question.touched(beginnings(sentence)):
        return True
    return fields.is_of_money(question.words) and fields.tells_of_money(fields.lows(sentence.words))


def _is_thing_left(reading: Reading, question: Question, others: list[Question]) -> bool | None:
    known: frozenset[str] = frozenset().union(*(beginnings(one) for one in reading.sentences))
    shared = frozenset().union(*(group for one in others for group in one.about))
    own = [group for group in question.about if group.isdisjoint(shared)]
    if any(not group.isdisjoint(known) for group in own):
        return False
    if any(_says_yes_or_no(one) for one in reading.sentences if not _is_theirs(one, others)):
        return False
    if _JOINED.search(_whole(reading)):  # «Да, и чек пришлём»
        return False
    if any(_echoes(one, question) for one in clauses(reading) if not _is_theirs(one, others)):
        return False
    free = list(_free_clauses(reading, others, details=False))
    if any(fields.is_stock(fields.lows(one.words)) for one in free):
        return False
    named = question.fields - frozenset().union(*(one.fields for one in others))
    told = [field for field in named if fields.told(_whole(reading), field)]
    if named and not told:
        return True
    if len(told) == len(question.fields) > 0 or not fields.of_first_thing(question.words).isdisjoint(told):
        return False
    # after «что взять?» any clause may belong to that: the words in common decide
    return False if free and all(one.kind != "how" for one in others) else None


def _is_theirs(sentence: Sentence, others: list[Question]) -> bool:
    """Whether a part of the reply speaks of another question in its own words."""
    return any(speaks_of(sentence, other) for other in others)


def _says_yes_or_no(sentence: Sentence) -> bool:
    return fields.opens_with_yes_or_no(fields.lows(sentence.words))


def _is_way_left(reading: Reading, question: Question, others: list[Question]) -> bool | None:
    """«Как отключить …?»: no word of doing it, no advice, and nothing that might be one."""
    deeds = [word for word in question.words if word.is_a("INFN")]
    if not deeds or _HOW.isdisjoint(word.low for word in question.words):
        return None
    known: frozenset[str] = frozenset().union(*(beginnings(one) for one in reading.sentences))
    if any(lemma[:5] in known for deed in deeds for lemma in deed.lemmas) or fields.shows_how(
        _whole(reading)
    ):
        return False
    if any(word.is_a("VERB", "impr", "plur") and word.low not in _COURTESY for word in reading.words):
        return False
    return not any(True for _ in _free_clauses(reading, others))


def _gives_no_reason(reading: Reading, question: Question) -> bool:
    """Each clause is courtesy, tells that work goes on, or repeats the fact: «карта заблокирована»."""
    if any(answers("reason", one) and not fields.is_courtesy(one) for one in reading.sentences):
        return False
    return all(is_empty(clause) or _repeats(clause, question) for clause in clauses(reading))


def _opens_with_a_cause(reading: Reading, question: Question, others: list[Question]) -> bool:
    """«Замок сломан»: the first thing told is that something happened."""
    first = next((one for one in clauses(reading) if not is_empty(one)), None)
    if first is None or _repeats(first, question) or _is_theirs(first, others):
        return False
    return any(word.is_a("VERB", "past") or word.is_a("PRTS") for word in first.words)


def is_empty(clause: Sentence) -> bool:
    """A word, a name, courtesy, or that the work goes on: nothing is answered."""
    words = [word for word in clause.words if word.is_word]
    has_figure = any(word.token.kind == "number" for word in clause.words)  # «свет дали в 9:40» is no name
    is_name = len(words) <= _NAME and any(word.is_a("Name") for word in words) and not has_figure
    return len(words) <= 1 or is_name or fields.is_process(clause)


def _repeats(clause: Sentence, question: Question) -> bool:
    words = [word for word in clause.words if word.is_word]
    return (
        len(words) <= _ECHO
        and question.touched(beginnings(clause)) > 0
        and any(word.is_a("PRTS") for word in words)
        and not any(word.is_a("VERB") or word.is_a("NOUN", "ablt") for word in words)
    )


def _free_clauses(
    reading: Reading, others: Sequence[Question], *, details: bool = True
) -> Iterator[Sentence]:
    """The clauses that belong to no other question or demand and are no courtesy; details: also verbless ones."""
    goes_on, told = False, None
    for clause in clauses(reading):
        if is_empty(clause):
            continue
        if not details and told is not None and _is_detail(reading, told, clause):
            continue
        is_theirs = meets_a_demand(reading, clause) or any(
            speaks_of(clause, one) or _tells(clause, one) or _answers(clause, one) or _echoes(clause, one)
            for one in others
        )
        if not is_theirs and not (goes_on and any(word.low in _THEY for word in clause.words)):
            yield clause
        goes_on, told = goes_on or is_theirs, clause if is_theirs else None


def _is_detail(reading: Reading, told: Sentence, clause: Sentence) -> bool:
    """«Парковка есть, 200 рублей за сутки»: without a verb it goes on about the clause before it."""
    if reading.sentence_of(told.start) is not reading.sentence_of(clause.start):
        return False
    return not any(
        _is_verb(word) or word.is_a("INFN") or fields.opens_with_yes_or_no(word.low) for word in clause.words
    )


def meets_a_demand(reading: Reading, clause: Sentence) -> bool:
    """Whether a part of the reply is about something that the client demands."""
    low = fields.lows(clause.words)
    return any(fields.is_met(low, number) for number in _demands(reading))


def _tells(clause: Sentence, question: Question) -> bool:
    low = fields.lows(clause.words)
    return any(fields.told(low, field) for field in question.fields)


def _answers(clause: Sentence, question: Question) -> bool:
    return question.kind not in _ANY_WORDS and answers(question.kind, clause)


def _echoes(clause: Sentence, question: Question) -> bool:
    """«Не нужен», «будет»: the verb of the question, however empty."""
    asked = {lemma for word in question.words if _is_verb(word) for lemma in word.lemmas}
    return any(not asked.isdisjoint(word.lemmas) for word in clause.words if word.is_word)


def _is_verb(word: Word) -> bool:
    return any(word.is_a(kind) for kind in ("VERB", "INFN", "ADJS", "PRED", "PRTS")) and word.low != "есть"


def clauses(reading: Reading) -> Iterator[Sentence]:
    """The reply cut at its marks."""
    for sentence in reading.sentences:
        part: list[Word] = []
        for word in sentence.words:
            if word.text.strip() in _CUTS:
                if part:
                    yield Sentence(tuple(part))
                part = []
            else:
                part.append(word)
        if part:
            yield Sentence(tuple(part))


def _demands(reading: Reading) -> list[int]:
    client = reading.client
    return sorted({number for number, _ in fields.demands(client)}) if client is not None else []


def _whole(reading: Reading) -> str:
    return fields.lows(reading.words)
