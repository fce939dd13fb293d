"""A negative wording with a plain positive twin: «раньше 8:00 не откроется», «без чека не примут» (`negative`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from otklik.coach import moments, nounphrase, positive
from otklik.coach.phrases import tables
from otklik.coach.positive import Clause, Twin
from otklik.coach.reading import Reading, Sentence, Word, finding
from otklik.coach.reply import Finding
from otklik.russian import morphology

CODE = "negative"
_STOPS = frozenset({",", ";", ":", "(", ")", "—", "–", " —", "\u00a0—", ".", "!", "?", "…"})
_CLOSED = frozenset(
    {"закрыт", "закрыта", "закрыто", "закрыты", "недоступен", "недоступна", "недоступно", "недоступны"}
)
_BARRED = frozenset({"нельзя", "невозможно", "невозможен", "невозможна", "невозможны", "нет"})
_CONDITIONS = frozenset(
    {"если", "когда", "раз", "хотя", "что", "чтобы", "почему", "который", "пока", "как", "где"}
)
_NOTHING = ("ничего", "никто", "никуда", "нигде", "никогда", "никому", "ничем", "никак", "ни")
_HELPERS = ("буд", "стан")  # «меняться она не будет»
_EARLIER, _LATER = frozenset({"раньше", "ранее"}), frozenset({"позже", "позднее", "после"})


@dataclass(frozen=True, slots=True)
class _Found:
    """A place in words of a sentence, what kind of reason it has, and its twin where there is one."""

    begin: int
    end: int
    reason: str
    twin: Twin | None = None


def find(reading: Reading) -> Iterator[Finding]:
    """One finding a clause."""
    reasons = tables(CODE)["reasons"]
    for sentence in reading.judged_sentences:
        if sentence.is_question or not _may_deny(sentence):
            continue
        for one in _in_sentence(sentence, reading.text):
            words = sentence.words[one.begin : one.end]
            twins = positive.said(one.twin, words[0]) if one.twin else ()
            yield finding(CODE, (words[0].start, words[-1].end), reasons[one.reason], suggestions=twins)


def _may_deny(sentence: Sentence) -> bool:
    return any(word.low == "не" or word.low in _BARRED or word.low in _CLOSED for word in sentence.words)


def _in_sentence(sentence: Sentence, text: str) -> Iterator[_Found]:
    words = sentence.words
    if any(word.low in tables(CODE)["calming"] for word in words):
        return
    clauses = [Clause(words, begin, end, text) for begin, end in _clauses(words)]
    whole = _until_done(clauses)
    if whole:
        yield whole
        return
    for clause in clauses:
        found = _in_clause(clause)
        if found:
            yield found


def _clauses(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    begin = 0
    for place, word in enumerate(words):
        if word.text in _STOPS and not _is_than(words, place):
            if begin < place:
                yield begin, place
            begin = place + 1
    if begin < len(words):
        yield begin, len(words)


def _is_than(words: Sequence[Word], place: int) -> bool:
    """«раньше, чем через два дня»: this comma divides nothing."""
    return place + 1 < len(words) and words[place + 1].low == "чем"


def _in_clause(clause: Clause) -> _Found | None:
    words = clause.words
    if not all(word.judged for word in words) or _is_harmless(words):
        return None
    plain = _not_earlier(clause)
    if plain:
        return plain
    if any(word.low in _CONDITIONS for word in words[:2]):
        return None
    return _by_time(clause) or _by_condition(clause)


def _is_harmless(words: Sequence[Word]) -> bool:
    """Nothing is lost, nobody is troubled, something is spared: «ничего не спишем», «ехать не нужно»."""
    data = tables(CODE)
    if any(word.low in _NOTHING or word.low.startswith("никак") for word in words):
        return True
    for place, word in enumerate(words[:-1]):
        after = words[place + 1]
        if word.low == "не" and (after.low in data["spared"] or not after.lemmas.isdisjoint(data["calm"])):
            return True
        if word.low == "не" and after.low.startswith(_HELPERS):
            return any(one.is_a("INFN") and not one.lemmas.isdisjoint(data["calm"]) for one in words)
        if word.low == "не" and not after.lemmas.isdisjoint(data["takes"]):
            return any(not one.lemmas.isdisjoint(data["money"]) for one in words)
    return False


# ---- «не раньше вторника»


def _not_earlier(clause: Clause) -> _Found | None:
    words = clause.words
    for place in range(len(words) - 2):
        if words[place].low != "не" or words[place + 1].low not in _EARLIER:
            continue
        after = place + 2 + (words[place + 2].low == "чем")
        moment = moments.read(words, after, clause.text)
        end = moment.end if moment else _after_than(words, place + 2, after)
        if end is None:
            continue
        begin = place - 1 if place and words[place - 1].low == "только" else place
        at = positive.earliest(words, after, moment, clause.text) if _has_verb(words[:begin]) else None
        return _Found(clause.begin + begin, clause.begin + end, "time", at)
    return None


def _has_verb(words: Sequence[Word]) -> bool:
    return any(word.is_a("VERB") or word.is_a("INFN") for word in words)


def _after_than(words: Sequence[Word], place: int, after: int) -> int | None:
    """«не раньше чем через неделю», «не ранее приезда мастера»: anything may follow."""
    if after > place:
        return len(words)
    noun = nounphrase.at(words, place, "gent")
    return noun.end if noun else None


# ---- «до 8:00 не отвечает», «после 25 числа не примем», «товара нет до пятницы»


def _by_time(clause: Clause) -> _Found | None:
    words = clause.words
    denial = _denial(words)
    if denial is None:
        return None
    for place, word in enumerate(words[:-1]):
        kind = "until" if word.low == "до" or word.low in _EARLIER else "after" if word.low in _LATER else ""
        moment = _moment(words, place + 1, clause.text) if kind else None
        if moment is None or _is_span(words, place) or (place and words[place - 1].low == "не"):
            continue
        if kind == "after" and not _serves(words, denial, moment):
            continue
        if _is_order(words, denial) and (kind == "until" or moment.is_event):
            continue
        twin = positive.by_time(clause, place, moment, denial, is_after=kind == "after")
        return _Found(clause.begin, clause.end, "time", twin)
    return None


def _moment(words: Sequence[Word], place: int, text: str) -> moments.Moment | None:
    """A time, or «чем» with anything: «раньше чем через сутки»."""
    place += words[place].text == ","
    if place + 1 < len(words) and words[place].low == "чем":
        return moments.Moment(place + 1)
    return moments.read(words, place, text)


def _denial(words: Sequence[Word]) -> int | None:
    """Where it is denied: «не» before a verb that isn't past, «нет», «нельзя», «закрыт»."""
    for place, word in enumerate(words):
        if word.low in _BARRED or word.low in _CLOSED:
            return place
        if word.low == "не" and place + 1 < len(words) and _is_present(words[place + 1]):
            return place
    return _impossible(words)


def _impossible(words: Sequence[Word]) -> int | None:
    """«без ключа сейф не открыть»: an infinitive alone, with nothing that makes it advice."""
    verbs = [
        word for word in words if word.is_word and morphology.parses(word.text)[0].tag.POS in {"VERB", "PRED"}
    ]
    last = len(words) - 1
    alone = not verbs and last > 0 and words[last - 1].low == "не" and words[last].is_a("INFN")
    return last - 1 if alone else None


def _is_present(word: Word) -> bool:
    tag = morphology.parses(word.text)[0].tag
    return word.is_word and tag.POS == "VERB" and tag.tense != "past"


def _is_span(words: Sequence[Word], place: int) -> bool:
    """«с 13 до 14», «с понедельника до среды»."""
    return any(word.low in {"с", "со"} for word in words[max(0, place - 3) : place])


def _serves(words: Sequence[Word], denial: int, moment: moments.Moment) -> bool:
    """Whether it is our service that ends then: «после 25 числа не учтём», «после вскрытия не принимаем»."""
    if words[denial].low != "не":
        return words[denial].low != "нет" and not moment.is_event
    verb, data = words[denial + 1], tables(CODE)
    ours = verb.is_a("VERB", "1per", "plur") or not verb.lemmas.isdisjoint(data["serving"])
    return ours or (not moment.is_event and not verb.lemmas.isdisjoint(data["helpless"]))


def _is_order(words: Sequence[Word], denial: int) -> bool:
    return (
        words[denial].low == "не"
        and words[denial + 1].is_a("VERB", "impr")
        and not words[denial + 1].is_a("1per")
    )


# ---- «без чека не примут», «пока не подпишете, не откроем»


def _by_condition(clause: Clause) -> _Found | None:
    words = clause.words
    denial = _denial(words)
    if denial is None or words[denial].low in _CLOSED or _is_order(words, denial):
        return None
    for place, word in enumerate(words[:-1]):
        if word.low != "без" or (place and words[place - 1].low == "не"):
            continue
        noun = nounphrase.at(words, place + 1, "gent")
        if noun is None and _is_short_name(words[place + 1]):
            return _Found(clause.begin, clause.end, "condition")
        if noun is None or noun.lemma in tables(CODE)["good_without"]:
            continue
        return _Found(
            clause.begin, clause.end, "condition", positive.by_condition(clause, place, noun, denial)
        )
    return None


def _is_short_name(word: Word) -> bool:
    """«без СНИЛС», «без QR-кода»."""
    return word.is_word and (word.text.isupper() or not word.lemmas.isdisjoint(tables(CODE)["by_paper"]))


def _until_done(clauses: Sequence[Clause]) -> _Found | None:
    """«пока не подпишете договор, доступ не откроем» and the other way round."""
    for one, other in pairwise(clauses):
        condition, main = (one, other) if _is_condition(one) else (other, one)
        denial = _denial(main.words)
        if not _is_condition(condition) or _is_condition(main) or denial is None or _is_promise(condition):
            continue
        if main.words[denial].low not in {"не", "нельзя", "невозможно"}:
            continue
        if _is_harmless(main.words) or _is_order(main.words, denial) or one.words[0].low in {"если", "что"}:
            continue
        return _Found(one.begin, other.end, "condition", positive.as_soon_as(condition, main, denial))
    return None


def _is_promise(condition: Clause) -> bool:
    """«пока не поможем»: it is we who will do it."""
    helping = tables(CODE)["helping"]
    return any(word.is_a("1per") and not word.lemmas.isdisjoint(helping) for word in condition.words)


def _is_condition(clause: Clause) -> bool:
    words = clause.words
    if words[0].low != "пока":
        return False
    return any(
        (word.low == "не" and any(after.is_a(part) for part in ("VERB", "PRTS", "ADJS"))) or word.low == "нет"
        for word, after in pairwise(words[1:])
    )
