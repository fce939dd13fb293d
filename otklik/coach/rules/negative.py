"""A negative wording with a plain positive twin: «раньше 8:00 не откроется», «без чека не примут» (`negative`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from otklik.coach import denying, moments, nounphrase, positive
from otklik.coach.denying import CLOSED, EARLIER, INVALID, calls_off, is_order, listed
from otklik.coach.phrases import tables
from otklik.coach.positive import Clause, Twin
from otklik.coach.reading import Reading, Word, finding
from otklik.coach.reply import Finding

CODE = "negative"
_CONDITIONS = frozenset({"если", "когда", "раз", "чтобы", "почему", "пока", "как", "где"})
_NOTHING = frozenset({"ничего", "никуда", "нигде", "никогда", "никому", "ничем", "ни"})
_NOBODY = frozenset({"никто", "никого"})
_HELPERS = ("буд", "стан")  # «меняться она не будет»
_ABLE = frozenset({"иметь", "мочь", "смочь", "вправе"})
_NEAR = 4  # pieces before «что» where «очевидно» may stand
_LATER = frozenset({"позже", "позднее", "после"})
_THEM = frozenset({"него", "нее", "них", "которого", "которой", "которых"})


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
        if sentence.is_question or not denying.may_deny(sentence.words):
            continue
        for one in _in_sentence(sentence.words, reading.text):
            words = sentence.words[one.begin : one.end]
            twins = positive.said(one.twin, words[0]) if one.twin else ()
            yield finding(CODE, (words[0].start, words[-1].end), reasons[one.reason], suggestions=twins)


def _in_sentence(words: Sequence[Word], text: str) -> Iterator[_Found]:
    if any(word.low in listed("calming") for word in words):
        return
    clauses = denying.clauses(words, text)
    whole = _until_done(clauses)
    if whole:
        yield whole
        return
    for clause in clauses:
        found = _in_clause(clause)
        if found and not _is_told_only(words, found) and not _opens_yet(words, found):
            yield found


def _is_told_only(words: Sequence[Word], found: _Found) -> bool:
    """«Очевидно, что без реквизитов …», «доказать почти невозможно»: how the world is, no condition of ours."""
    if any(word.low in listed("hedges") for word in words[found.begin : found.end]):
        return True
    if words[found.begin].low != "что":
        return False
    return any(word.low in listed("obvious") for word in words[max(0, found.begin - _NEAR) : found.begin])


def _opens_yet(words: Sequence[Word], found: _Found) -> bool:
    """«Ворота после 23:00 закрыты, но охранник откроет»: the way round stands beside it."""
    after = words[found.end : found.end + 2]
    closed = any(word.low in CLOSED for word in words[found.begin : found.end])
    return closed and len(after) > 1 and after[0].text == "," and after[1].low in {"но", "зато", "однако"}


def _in_clause(clause: Clause) -> _Found | None:
    words = clause.words
    if _is_harmless(words):
        return None
    plain = _not_earlier(clause)
    if plain:
        return plain
    if any(word.low in _CONDITIONS for word in words[:2]) and words[0].low not in {"кроме", "иначе"}:
        return None
    denial = denying.where(words)
    if denial is None:
        return None
    return _by_time(clause, denial) or _by_condition(clause, denial) or _only_so(clause)


def _is_harmless(words: Sequence[Word]) -> bool:
    """Nothing is lost, nobody is troubled, something is spared: «ничего не спишем», «ехать не нужно»."""
    if any(_says_nothing(word, words) for word in words):
        return True
    for place, word in enumerate(words[:-1]):
        after = words[place + 1]
        if word.low == "не" and (after.low in listed("spared") or _is_calm(after, words)):
            return True
        if word.low == "не" and after.low.startswith(_HELPERS):
            return any(one.is_a("INFN") and _is_calm(one, words) for one in words)
        if word.low == "не" and not after.lemmas.isdisjoint(_ABLE) and _forsakes(words):
            return True
        if word.low == "не" and not after.lemmas.isdisjoint(listed("takes")):
            return any(not one.lemmas.isdisjoint(listed("money")) for one in words)
    return False


def _forsakes(words: Sequence[Word]) -> bool:
    """«Оставить вас без тепла не имеем права»: what we may not do would have hurt."""
    return any(one.is_a("INFN") and not one.lemmas.isdisjoint(listed("forsaking")) for one in words)


def _says_nothing(word: Word, words: Sequence[Word]) -> bool:
    return word.low in _NOTHING or (word.low.startswith("никак") and word is not words[-1])


def _is_calm(verb: Word, words: Sequence[Word]) -> bool:
    """What doesn't happen is no loss; yet «без справки арест не снимут» holds back what the client wants."""
    if verb.lemmas.isdisjoint(listed("calm")) or _is_told_to_wait(verb):
        return False
    if verb.lemmas.isdisjoint(listed("turns")):
        return True
    return not any(
        one.low == "без" and not after.lemmas.isdisjoint(listed("papers")) for one, after in pairwise(words)
    )


def _is_told_to_wait(verb: Word) -> bool:
    """«до субботы не ждите»"""
    return verb.is_a("VERB", "impr", "excl") and not verb.lemmas.isdisjoint(listed("waiting"))


# ---- «не раньше вторника»


def _not_earlier(clause: Clause) -> _Found | None:
    words = clause.words
    for place in range(len(words) - 2):
        if words[place].low != "не" or words[place + 1].low not in EARLIER or not words[place].judged:
            continue
        than = place + 2 + (words[place + 2].text == ",")
        after = than + (than < len(words) and words[than].low == "чем")
        moment = moments.read(words, after, clause.text)
        end = moment.end if moment else _after_than(words, than, after)
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
    moment = moments.anything(words, place)
    return moment.end if moment else None


# ---- «до 8:00 не отвечает», «после 25 числа не примем», «товара нет до пятницы»


def _by_time(clause: Clause, denial: int) -> _Found | None:
    words = clause.words
    for place, word in enumerate(words[:-1]):
        kind = _kind(word)
        if not kind or (place and words[place - 1].low == "не"):
            continue
        moment = _moment(words, place, clause.text, denial)
        if moment is None or _is_span(words, place) or not _is_wanted(words, denial, kind, moment):
            continue
        plain = clause.is_plain and _may_turn(words, denial)
        is_after = kind == "after"
        twin = positive.by_time(clause, place, moment, denial, is_after=is_after) if plain else None
        return _Found(clause.begin, clause.end, "time", twin)
    return None


def _may_turn(words: Sequence[Word], denial: int) -> bool:
    """Not «никто не приедет», «не попасть», «не готов»: without the denial they say another thing or nothing."""
    if any(word.low == "без" for word in words):
        return False
    if words[denial].low in {"никак", *INVALID} or any(
        word.low in _NOBODY or _is_told_to_wait(word) for word in words
    ):
        return False
    return words[denial].low != "не" or not (words[denial + 1].is_a("INFN") or words[denial + 1].is_a("ADJS"))


def _kind(word: Word) -> str:
    if not word.judged:
        return ""
    return "until" if word.low == "до" or word.low in EARLIER else "after" if word.low in _LATER else ""


def _is_wanted(words: Sequence[Word], denial: int, kind: str, moment: moments.Moment) -> bool:
    """Whether the client is held off: no order of care, no road to somewhere, no «никто» of calm."""
    verb = words[denial + 1] if words[denial].low == "не" else None
    if kind == "after" and not _serves(words, denial, moment):
        return False
    if is_order(words, denial) and not calls_off(words, denial) and (kind == "until" or moment.is_event):
        return False
    if verb is None:
        return True
    if any(word.low in _NOBODY for word in words):
        return not verb.lemmas.isdisjoint(listed("serving") | listed("helpless")) or verb.low == "будет"
    return verb.lemmas.isdisjoint(listed("reaching"))


def _moment(words: Sequence[Word], place: int, text: str, denial: int) -> moments.Moment | None:
    """A time, or «чем» with anything: «раньше чем через сутки»; after «раньше» any event: «раньше курьера»."""
    is_earlier, is_until = words[place].low in EARLIER, words[place].low == "до"
    place += 1
    place += words[place].text == ","
    if place + 1 < len(words) and words[place].low == "чем":
        return moments.Moment(place + 1)
    found = moments.read(words, place, text)
    if found is None and (is_until or is_earlier):
        found = moments.held_by(words, place)
    if found or not is_earlier or words[denial].low == "нет":
        return found
    if words[denial].low == "не" and words[denial + 1].low in {"будет", "бывает"}:
        return None  # «раньше окон не будет»: the noun isn't what it is earlier than
    return moments.anything(words, place)


def _is_span(words: Sequence[Word], place: int) -> bool:
    """«с 13 до 14», «с понедельника до среды»."""
    return any(word.low in {"с", "со"} for word in words[max(0, place - 3) : place])


def _serves(words: Sequence[Word], denial: int, moment: moments.Moment) -> bool:
    """Whether it is our service that ends then: «после 25 числа не учтём», «после вскрытия не принимаем»."""
    if words[denial].low != "не":
        return words[denial].low != "нет" and not moment.is_event
    verb = words[denial + 1]
    ours = verb.is_a("VERB", "1per", "plur") or not verb.lemmas.isdisjoint(listed("serving"))
    helpless = not verb.lemmas.isdisjoint(listed("helpless")) or verb.is_a("INFN")
    return ours or (not moment.is_event and helpless)


# ---- «без чека не примут», «без него не отдадут», «иначе как по записи не принимаем»


def _by_condition(clause: Clause, denial: int) -> _Found | None:
    words = clause.words
    if words[denial].low in CLOSED or any(word.low in _NOBODY for word in words):
        return None
    if is_order(words, denial) and not calls_off(words, denial):
        return None
    for place, word in enumerate(words[:-1]):
        if word.low != "без" or not word.judged or (place and words[place - 1].low == "не"):
            continue
        noun = nounphrase.at(words, place + 1, "gent") if words[place + 1].low not in _THEM else None
        if noun is None and (words[place + 1].low in _THEM or _is_named(words[place + 1])):
            return _Found(clause.begin, clause.end, "condition")
        if noun is None or _is_good_without(noun.lemma, words, denial):
            continue
        plain = clause.is_plain and not is_order(words, denial) and words[denial].low != "никак"
        twin = positive.by_condition(clause, place, noun, denial) if plain else None
        return _Found(clause.begin, clause.end, "condition", twin)
    return None


def _is_good_without(lemma: str, words: Sequence[Word], denial: int) -> bool:
    """«без согласия не опубликуем» spares the client, «без согласия родителей не примем» doesn't; a lift isn't his."""
    if lemma in listed("not_clients"):
        return True
    if lemma not in listed("good_without"):
        return False
    served = words[denial].low == "не" and not words[denial + 1].lemmas.isdisjoint(listed("serving"))
    return not (served and lemma in listed("asked_of_client"))


def _only_so(clause: Clause) -> _Found | None:
    """«вернуть нельзя, кроме как на карту», «иначе как по записи не принимаем»."""
    for word, after in pairwise(clause.words):
        if word.judged and word.low in {"кроме", "иначе"} and after.low == "как":
            return _Found(clause.begin, clause.end, "condition")
    return None


def _is_named(word: Word) -> bool:
    """«без СНИЛС», «без QR-кода», «без этого», «без двух рецензий»."""
    if word.low in {"этого", "двух", "трех", "четырех"} or word.text in {"«", '"'}:
        return True
    return word.is_word and (word.text.isupper() or not word.lemmas.isdisjoint(listed("by_paper")))


def _until_done(clauses: Sequence[Clause]) -> _Found | None:
    """«пока не подпишете договор, доступ не откроем» and the other way round, and with «если» alike."""
    for one, other in pairwise(clauses):
        condition, main = (one, other) if _is_condition(one.words) else (other, one)
        denial = denying.where(main.words)
        if denial is None or not _is_condition(condition.words) or _is_condition(main.words):
            continue
        if not _holds_back(main.words, denial) or one.words[0].low == "что" or _is_promise(condition):
            continue
        is_if = condition.words[0].low == "если"
        if is_if and not _is_asked_for(condition.words, main.words, denial):
            continue
        return _Found(one.begin, other.end, "condition", positive.as_soon_as(condition, main, denial))
    return None


def _holds_back(words: Sequence[Word], denial: int) -> bool:
    if words[denial].low not in {"не", "нельзя", "невозможно"} or _is_harmless(words):
        return False
    if words[0].low == "если" or any(word.low in _NOBODY for word in words):
        return False
    return calls_off(words, denial) or not is_order(words, denial)


def _is_promise(condition: Clause) -> bool:
    """«пока не поможем»: it is we who will do it."""
    helping = listed("helping")
    return any(word.is_a("1per") and not word.lemmas.isdisjoint(helping) for word in condition.words)


def _is_condition(words: Sequence[Word]) -> bool:
    start = 3 if [word.low for word in words[:4]] == ["до", "тех", "пор", "пока"] else 0
    if words[start].low not in {"пока", "если"}:
        return False
    return any(
        (word.low == "не" and any(after.is_a(part) for part in ("VERB", "PRTS", "ADJS"))) or word.low == "нет"
        for word, after in pairwise(words[start + 1 :])
    )


def _is_asked_for(condition: Sequence[Word], main: Sequence[Word], denial: int) -> bool:
    """«если не пришлёте чек, деньги не вернём»: the client's deed or paper, and our or somebody's answer to it."""
    if main[denial].low != "не" or is_order(main, denial):
        return False
    verb = main[denial + 1]
    ours = verb.is_a("VERB", "1per", "plur", "futr") or not verb.lemmas.isdisjoint(listed("helpless"))
    theirs = any(
        (word.low == "не" and after.is_a("VERB", "2per", "perf", "plur"))
        or (word.low == "нет" and not after.lemmas.isdisjoint(listed("papers")))
        for word, after in pairwise(condition)
    )
    return theirs and (ours or verb.is_a("VERB", "3per", "plur", "futr"))
