"""A passive turned into the active: «Ваша заявка была передана» → «Мы передали вашу заявку».

The sentence made stands for the subject together with the verb group, so the case of the subject may change. Where
the clause is not wholly understood (two predicates on one subject, a named doer, a denied deed, a question, no
nominative), nothing is offered: «мы» is a claim.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from otklik.coach import claims
from otklik.coach.clauses import (
    Subject,
    agreement,
    find_subject,
    is_adjective,
    is_finite,
    is_preposition,
    named_doers,
    nominatives,
)
from otklik.coach.objects import accusative, in_accusative, is_a_name, phrase_begins
from otklik.coach.passives import FUTURE, PAST, Passive, data, head_of, words_of
from otklik.coach.reading import Reading, Sentence, Word
from otklik.russian import morphology

if TYPE_CHECKING:
    pass

Place = tuple[int, int]
_KEPT = 20_000
_WHO, _VERB = "\ue000", "\ue001"  # where they go in a pattern; the writer's own braces stay his
_LONGEST_TAIL = 9  # words between the subject and its verb
_BEFORE_VERB = frozenset({"вам", "ему", "ей", "им", "вас"})
_DATIVES = frozenset({"вам", "ему", "ей", "им"})
_MOVES_ALONG = _BEFORE_VERB | {"нами", "мной", "мною", "уже"}
_AND = frozenset({"и", "или", "либо", "а", "но", "да", "как", "чем", "затем", "потом"})
_HELPERS = PAST | FUTURE | {"не", "нами", "мной", "мною"}


@dataclass(frozen=True, slots=True)
class Turned:
    """Where the sentences go and how they read, the one with «мы» first."""

    place: Place
    ways: tuple[str, ...]


def turn(reading: Reading, sentence: Sentence, found: Passive) -> Turned | None:
    """The active sentences for a passive, None where none is safe."""
    if sentence.is_question or not _is_safe(found) or not claims.may_be_ours(found, sentence):
        return None
    verbs = _verbs(found, sentence)
    if not verbs or _hangs_on_the_nominative(found):
        return None
    subject = found.subject
    if subject is None:
        made = _without_subject(found)
    elif subject.lemma == "который":
        made = _relative(reading, found, subject)
    elif subject.at < found.first:
        made = _subject_first(reading, found, subject)
    else:
        made = _verb_first(reading, found, subject)
    if made is None:
        return None
    place, pattern = made
    before = [word for word in sentence.words if word.end <= place[0]]
    at_start = not any(word.is_word for word in before)
    if not at_start and _begins_with_a_capital(reading.text[place[0] :]):
        return None  # «Добрый деньь Заказ собран»: where the sentence begins isn't sure
    ways = (_sentence(pattern, who, verb, at_start) for who, verb in verbs)
    loud = reading.text[place[0] : place[1]].isupper()
    return Turned(place, tuple(way.upper() if loud else way for way in ways))


def _begins_with_a_capital(text: str) -> bool:
    """A capital that no name explains."""
    word = text.split(maxsplit=1)[0]
    return word[:1].isupper() and word[1:].islower() and not is_a_name(word)


def _sentence(pattern: str, who: str, verb: str, at_start: bool) -> str:
    made = pattern.replace(_WHO, who, 1).replace(_VERB, verb, 1)
    return made[:1].upper() + made[1:] if at_start else made


# -- what may be turned ------------------------------------------------------------------------------------------


def _is_safe(found: Passive) -> bool:
    if found.time == "other" or any(
        not _is_a_manner(one) for one in named_doers(found.clause, found.first, found.last)
    ):
        return False
    base = found.head.base
    if found.head.kind == "participle":
        if found.is_denied or base in words_of("not_ours") or _is_a_gift_of_the_client(found):
            return False
    elif not _may_reflexive(found):
        return False
    return not (_is_asked(found) or _hangs_on_another(found) or _shares_its_subject(found))


def _may_reflexive(found: Passive) -> bool:
    lemma = found.head.lemma
    if lemma in words_of("not_ours_reflexive") or _is_a_deed_of_the_client(found):
        return False
    return not found.is_denied or lemma in words_of("denied")


def _is_a_manner(one: Subject) -> bool:
    """«письмом», «другим рейсом», and «нами», which becomes «мы»; anything else bare may be who or what did it."""
    return one.lemma in words_of("manners") or one.lemma in {"мы", "я"}


def _is_a_deed_of_the_client(found: Passive) -> bool:
    """«Претензии направляются на юридический адрес»."""
    subject = found.subject
    return (
        found.head.lemma in words_of("clients_deeds")
        and subject is not None
        and subject.lemma in words_of("clients_papers")
    )


def _is_a_gift_of_the_client(found: Passive) -> bool:
    """«Справка предоставлена позже срока»."""
    subject = found.subject
    return (
        found.head.base in words_of("clients_gifts")
        and subject is not None
        and subject.lemma in words_of("clients_proofs")
    )


def _is_asked(found: Passive) -> bool:
    """«Уточните, когда был сделан заказ»."""
    words = found.clause.words
    return any(word.is_a("impr") for word in found.clause.before[-6:]) and words[0].low in words_of("asks")


def _hangs_on_another(found: Passive) -> bool:
    """«на карту, с которой был произведён платёж», «нам сообщено»: it was somebody else."""
    subject = found.subject
    mine = subject.word if subject else None
    return any(
        word.low in {"нам", "мне"} or (word.is_word and "который" in word.lemmas and word is not mine)
        for word in (found.clause.words[at] for at in found.clause.around(found.at))
    )


def _shares_its_subject(found: Passive) -> bool:
    """Another predicate in the clause, or in the next one without a subject of its own."""
    for at in found.clause.around(found.at):
        word = found.clause.words[at]
        if (at < found.first or at > found.last) and word.is_word and _is_predicate(word.text):
            return True
    if found.subject and found.subject.lemma == "который":
        return False
    after = found.clause.after
    for at, word in enumerate(after[:12]):
        if word.is_word and _is_predicate(word.text):
            return not _has_own_subject(after, at, word)
    return False


def _has_own_subject(words: tuple[Word, ...], at: int, word: Word) -> bool:
    parse = morphology.parses(word.text)[0]
    if parse.tag.person in {"1per", "2per"} or "impr" in parse.tag or parse.tag.POS == "PRED":
        return True
    subject = find_subject(words, at, at, agreement(parse), past_joints=True)
    # «ждут мастера»: after the verb it may as well be whom they wait for
    return subject is not None and (subject.at < at or not _may_be_an_object(subject.word.text))


@lru_cache(_KEPT)
def _may_be_an_object(text: str) -> bool:
    return any(parse.tag.case in {"accs", "gent"} for parse in morphology.parses(text))


def _hangs_on_the_nominative(found: Passive) -> bool:
    """«снята как неоплаченная», «вернулась вскрытая»: more than the subject would need the other case."""
    words = (*found.clause.words[found.last + 1 :], *found.clause.after)[:6]
    for at, word in enumerate(words):
        if word.low == "как" and at + 1 < len(words) and is_adjective(words[at + 1].text):
            return True
    after = found.clause.words[found.last + 1 : found.last + 3]
    alone = bool(after) and after[0].is_word and is_adjective(after[0].text) and after[0].is_a("nomn")
    return alone and not (len(after) > 1 and after[1].is_a("NOUN"))


@lru_cache(_KEPT)
def _is_predicate(text: str) -> bool:
    if text.lower() in _HELPERS:
        return False
    head = head_of(text)
    if head and (head.kind == "participle" or head.form in {"present", "past"}):
        return True
    parse = morphology.parses(text)[0]
    return is_finite(text) or parse.tag.POS in {"ADJS", "PRED", "PRTS"} or parse.normal_form == "мочь"


# -- the verb ----------------------------------------------------------------------------------------------------


def _verbs(found: Passive, sentence: Sentence) -> list[tuple[str, str]]:
    """(who, verb in its form): «мы», then «я» where one agent does such things alone."""
    infinitive = _infinitive(found)
    parse = (
        next((one for one in morphology.parses(infinitive) if {"INFN", "tran"} in one.tag), None)
        if infinitive
        else None
    )
    if parse is None:
        return []
    if found.head.form == "infinitive":
        return [("мы", f"будем {infinitive}")] if found.time == "future" else []
    mine = found.doer is not None and found.doer.lemma == "я"  # «мною принято»
    forms = [] if mine else [("мы", *form) for form in _FORMS[found.time][:1]]
    if mine or (_may_be_one_person(found) and claims.may_be_mine(found, sentence)):
        forms += [("я", *form) for form in _FORMS[found.time][1:]]
    made = [(who, morphology.inflect(parse, *form)) for who, *form in forms]
    return [(who, verb) for who, verb in made if verb] if all(verb for _, verb in made) else []


def _may_be_one_person(found: Passive) -> bool:
    if found.subject and found.subject.lemma in words_of("big_things"):
        return False
    return found.head.base in words_of("own_deeds")


_FORMS: dict[str, list[tuple[str, ...]]] = {
    "past": [("past", "plur"), ("past", "masc", "sing"), ("past", "femn", "sing")],
    "future": [("futr", "1per", "plur"), ("futr", "1per", "sing")],
    "present": [("pres", "1per", "plur"), ("pres", "1per", "sing")],
}


def _infinitive(found: Passive) -> str | None:
    head, lists = found.head, data()["rewrite"]
    if head.lemma in words_of("empty"):
        noun = found.subject.lemma if found.subject else ""
        verb = str(lists["empty_with"].get(noun, ""))
        perfect = {"проводить": "провести", "делать": "сделать", "оформлять": "оформить"}
        return (perfect.get(verb) if head.kind == "participle" else verb) or None
    return str(lists["other_verb"].get(head.lemma, head.base))


# -- the sentence ------------------------------------------------------------------------------------------------


def _subject_first(reading: Reading, found: Passive, subject: Subject) -> tuple[Place, str] | None:
    words = found.clause.words
    begin = phrase_begins(words, subject)
    tail = list(words[subject.at + 1 : found.first])
    if begin is None or len(tail) > _LONGEST_TAIL or any(word.low in _AND for word in tail):
        return None
    moved: list[Word] = []
    while tail and (_moves(tail[-1])):
        moved.insert(0, tail.pop())
    thing = accusative(words, begin, subject)
    if _is_named_next(words, subject):
        return None
    if thing is None or any(_is_a_pronoun_subject(word) for word in tail):
        return None
    inner = [word for word in found.words if word.low not in _HELPERS and word is not words[found.at]]
    rest = reading.text[tail[0].start : tail[-1].end] if tail else ""
    front = [word.low for word in moved] + [word.text for word in inner]
    end, told = _told_after(found)
    place = (words[begin].start, end)
    if thing in {"это", "всё"} and rest:  # «всё необходимое»
        return None
    if thing in {"это", "всё"}:
        return place, _join(_WHO, *front, thing, _denial(found), _VERB, told, rest)
    if subject.parse.tag.POS == "NPRO":
        told, thing = thing, told
    return place, _join(_WHO, *front, _denial(found), _VERB, told, thing, rest)


def _told_after(found: Passive) -> tuple[int, str]:
    """«выслан вам»: the pronoun right after goes along, so that it stands by the verb again."""
    words, after = found.clause.words, found.last + 1
    if after < len(words) and words[after].low in _DATIVES:
        return words[after].end, words[after].text
    return found.place[1], ""


def _verb_first(reading: Reading, found: Passive, subject: Subject) -> tuple[Place, str] | None:
    words = found.clause.words
    begin = phrase_begins(words, subject)
    if begin is None or begin <= found.last or begin - found.last > 5 or _goes_on_as_a_list(found, subject):
        return None
    thing = accusative(words, begin, subject)
    if thing is None:
        return None
    between = words[found.last + 1 : begin]
    inner = [word.text for word in found.words if word.low not in _HELPERS and word is not words[found.at]]
    first = _first_of_group(found)
    front = [words[at].low for at in range(first, found.first) if words[at].low not in _HELPERS]
    middle = reading.text[between[0].start : between[-1].end] if between else ""
    place = (words[first].start, subject.word.end)
    return place, _join(_WHO, *front, *inner, _denial(found), _VERB, middle, thing)


def _relative(reading: Reading, found: Passive, subject: Subject) -> tuple[Place, str] | None:
    """«письмо, которое было отправлено» → «письмо, которое мы отправили»."""
    words = found.clause.words
    if subject.at > found.first or (subject.at and is_preposition(words[subject.at - 1].text)):
        return None
    between = words[subject.at + 1 : found.first]
    noun = next(
        (word for word in reversed(found.clause.before[-6:]) if word.is_word and word.is_a("NOUN")), None
    )
    if noun is None or any(word.is_a("NOUN", "anim") for word in found.clause.before[-6:]):
        return None
    parse = morphology.first(subject.word.text, "ADJF", "nomn")
    pronoun = in_accusative(parse, alive=False) if parse else None
    if pronoun is None or len(between) > 4:
        return None
    middle = reading.text[between[0].start : between[-1].end] if between else ""
    return (subject.word.start, found.place[1]), _join(pronoun, _WHO, middle, _denial(found), _VERB)


def _without_subject(found: Passive) -> tuple[Place, str] | None:
    """«вам отказано» → «мы вам отказали»; «установлено, что» → «мы установили, что»."""
    head, words = found.head, found.clause.words
    after = words[found.last + 1 : found.last + 2]
    turned = (
        head.base in words_of("without_subject")
        or head.lemma in words_of("without_subject_reflexive")
        or (
            head.base in words_of("with_clause")
            and bool(found.clause.after)
            and found.clause.after[0].low == "что"
        )
        or (bool(after) and after[0].token.kind == "number")
    )
    if not turned or head.wanted.number != "sing":
        return None
    first = _first_of_group(found)
    front = [words[at].low for at in range(first, found.first) if words[at].low not in _HELPERS]
    inner = [word.text for word in found.words if word.low not in _HELPERS and word is not words[found.at]]
    return (words[first].start, found.place[1]), _join(_WHO, *front, *inner, _denial(found), _VERB)


def _first_of_group(found: Passive) -> int:
    """The group with «вам», «уже» or «нами» right before it: they stand between «мы» and the verb."""
    words, first = found.clause.words, found.first
    while first and words[first - 1].low in _MOVES_ALONG:
        first -= 1
    if first and first < found.first and is_preposition(words[first - 1].text):  # «с вас списано»
        return found.first
    return first


def _moves(word: Word) -> bool:
    return word.low in words_of("adverbs") or word.low in _BEFORE_VERB or word.low == "больше"


def _is_a_pronoun_subject(word: Word) -> bool:
    """A second nominative between the subject and its verb: which of them is the subject is not sure."""
    found = nominatives(word.text) if word.is_word else ()
    return any(one.tag.POS == "NPRO" for one in found)


def _is_named_next(words: tuple[Word, ...], subject: Subject) -> bool:
    """«техник Иванов»: the name would need the case too."""
    after = words[subject.at + 1 : subject.at + 2]
    return subject.is_alive and any(word.is_a("Surn") or word.is_a("Name") for word in after)


def _goes_on_as_a_list(found: Passive, subject: Subject) -> bool:
    """«подготовлены справка, копия и письмо», «справка, подтверждающая …»: more stands in the nominative."""
    words = found.clause.words
    if any(word.low in {"и", "или", "либо"} for word in words[subject.at + 1 : subject.at + 8]):
        return True
    if _is_named_next(words, subject):
        return True
    after = found.clause.after
    if not after or subject.parse.tag.gender != "femn":
        return False
    return after[0].is_word and (is_adjective(after[0].text) or bool(nominatives(after[0].text)))


def _denial(found: Passive) -> str:
    return "не" if found.is_denied else ""


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def ways_and_place(reading: Reading, sentence: Sentence, found: Passive) -> tuple[Place, tuple[str, ...]]:
    """The place to mark and the sentences for it; the verb group alone where nothing is offered."""
    turned = turn(reading, sentence, found)
    return (turned.place, turned.ways) if turned else (found.place, ())
