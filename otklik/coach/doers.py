"""Which verb groups in the passive hide who acts.

What is a state, a thing that goes by itself or a fixed turn hides nobody. Word lists: `data/passive.toml`.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from otklik.coach.clauses import REACH, Subject, Wanted, clauses, find_subject, instrumentals
from otklik.coach.passives import Passive, data, head_of, read, words_of
from otklik.coach.reading import Sentence, Word
from otklik.russian import morphology

_KEPT = 20_000


def passives(sentence: Sentence) -> Iterator[Passive]:
    """All of a sentence, in order."""
    if not any(word.judged and head_of(word.text) for word in sentence.words):
        return
    for clause in clauses(sentence):
        for at, word in enumerate(clause.words):
            if not word.judged or not word.is_word:
                continue
            head = head_of(word.text)
            if head is None:
                continue
            found = read(clause, at, head)
            if found and _hides(found, asked=sentence.is_question):
                yield found


def _hides(found: Passive, *, asked: bool) -> bool:
    if found.head.kind == "reflexive":
        return _reflexive_hides(found)
    if asked and not found.has_copula:  # «кот привит?»: asks about the client's own things
        return False
    return _participle_hides(found)


# -- participles -------------------------------------------------------------------------------------------------


def _participle_hides(found: Passive) -> bool:
    base = found.head.base
    unless = data()["state_unless"].get(base)
    if unless is not None and (found.subject is None or found.subject.lemma not in unless.split()):
        return False
    if base in words_of("states") or _is_idiom(found) or _is_state_by_neighbours(found):
        return False
    if base in words_of("harm") and not found.has_copula:
        return False
    if base in words_of("states_of_people") and found.subject and found.subject.is_alive:
        return found.first != found.at and found.time == "future"
    if base in words_of("opened"):
        return _is_opened_thing(found)
    return not (
        _stands_so(found) or _is_technical(found) or _is_looked_at(found) or _is_held_by_a_thing(found)
    )


def _is_idiom(found: Passive) -> bool:
    """«Принято здороваться», «как указано выше», «не исключено», «на коробке написано», «Принято!»"""
    words, at = found.clause.words, found.at
    low = words[at].low
    if low in words_of("idiom_words") and not found.subject:
        return True
    after = next((word for word in words[at + 1 : at + 3] if word.is_word), None)
    if low in words_of("idiom_with_infinitive") and after is not None and after.is_a("INFN"):
        return True
    turns = data()["idiom_after"].get(low, "").split()
    if turns and not found.subject and any(word.low in turns for word in words[max(0, at - 4) : at]):
        return True
    return len(words) == 1 and low in words_of("one_word_answers")


def _is_state_by_neighbours(found: Passive) -> bool:
    words, at = found.clause.words, found.at
    for verbs, prepositions, nouns in _states_before():
        if found.head.base not in verbs:
            continue
        near = (
            range(max(0, at - 6), min(len(words), at + 5))
            if nouns
            else range(at + 1, min(len(words), at + 2))
        )
        for place in near:
            if words[place].low in prepositions and (
                not nouns or _has_any(words[place + 1 : place + 5], nouns)
            ):
                return True
    return False


def _has_any(words: tuple[Word, ...], lemmas: frozenset[str]) -> bool:
    return any(word.is_word and not word.lemmas.isdisjoint(lemmas) for word in words)


def _stands_so(found: Passive) -> bool:
    """«У вас подключена услуга», said without «был»."""
    if found.has_copula or found.head.base not in words_of("standing"):
        return False
    words = found.clause.words[max(0, found.at - 6) : found.at + 5]
    return any(one.low == "у" and two.low in {"вас", "него", "нее", "них"} for one, two in pairwise(words))


def _is_open_until(found: Passive) -> bool:
    """«Доступ открыт до 30 числа»: hours and days tell how it stands, not who did it."""
    after = found.clause.words[found.at + 1 : found.at + 3]
    return (
        not found.has_copula
        and len(after) > 1
        and after[0].low in {"до", "с", "по"}
        and after[1].token.kind == "number"
    )


def _is_opened_thing(found: Passive) -> bool:
    if _is_open_until(found):
        return False
    if found.doer and found.doer.is_alive:
        return True
    subject, words = found.subject, found.clause.words
    if subject is None:  # «все 12 заявок закрыты»
        return _has_any(words[max(0, found.first - 3) : found.first], words_of("opened_things"))
    if subject.lemma not in words_of("opened_things"):
        return False
    owner = words[subject.at + 1] if subject.at + 1 < len(words) else None
    return owner is None or not owner.is_a("NOUN", "anim", "gent")  # «счёт получателя закрыт»: not by us


def _is_technical(found: Passive) -> bool:
    """«Сервер выключен», «не запущена служба»: said without «был», the state of a machine."""
    if found.time != "past" or (found.first != found.at and not found.is_denied) or found.has_copula:
        return False
    wanted = words_of("technical_states_denied" if found.is_denied else "technical_states")
    if found.head.base not in wanted:
        return False
    return _is_of_technology(found)


def _is_of_technology(found: Passive) -> bool:
    if found.subject is None:
        return found.head.wanted.gender != "neut"  # «дефектов не обнаружено» is no state of a machine
    return found.subject.lemma in words_of("technical_things")


def _is_looked_at(found: Passive) -> bool:
    """«Если кабель вставлен», «проверьте, что адрес указан верно»."""
    if found.head.base not in words_of("looked_at_states") or found.has_copula:
        return False
    before = (*found.clause.before[:6], *found.clause.words[max(0, found.first - REACH) : found.first])
    if any(word.low in words_of("told_to_look") for word in found.clause.opening):
        return True
    return any(word.low in words_of("looked_at") for word in before)


def _is_held_by_a_thing(found: Passive) -> bool:
    """«Закреплено ремнём», «закрыт брандмауэром»: a bare thing in the instrumental right after, without «был»."""
    if found.has_copula or found.doer or found.head.base in words_of("with_predicative"):
        return False
    if found.subject and found.subject.lemma in office_things():  # «заявка одобрена советом»: a hint
        return False
    after = found.clause.words[found.at + 1 : found.at + 2]
    things_ = instrumentals(after[0].text) if after and after[0].is_word else ()
    return bool(things_) and things_[0].normal_form.replace("ё", "е") not in words_of("manners")


# -- reflexives --------------------------------------------------------------------------------------------------


def _reflexive_hides(found: Passive) -> bool:
    subject, lemma = _who(found), found.head.lemma
    if subject and subject.is_alive:
        return _is_done_to_people(found, subject)
    if _goes_by_itself(found, subject):
        return False
    if lemma in words_of("office") or lemma in words_of("passive_of"):
        return True
    if _is_done_with_a_thing(found):
        return False
    groups = data()["by_subject"].get(lemma)
    if subject and groups is not None:
        return any(subject.lemma in things(group) for group in groups) or _has_doer(found)
    return subject is not None and (_has_doer(found) or _is_deed_upon_a_thing(found, subject))


def _is_done_with_a_thing(found: Passive) -> bool:
    """«отправляется кнопкой справа»: the client's own hand."""
    after = found.clause.words[found.last + 1 : found.last + 2]
    tools = instrumentals(after[0].text) if after and after[0].is_word else ()
    return (
        bool(tools) and not found.doer and tools[0].normal_form.replace("ё", "е") not in words_of("manners")
    )


def _who(found: Passive) -> Subject | None:
    """The subject; for «который» the noun before the comma, for a verb after «и» the subject of its neighbour."""
    subject = found.subject
    if subject and subject.lemma == "который":
        return _noun_before(found.clause.before)
    if subject is None:
        return _subject_of(
            found.clause.words[max(0, found.first - REACH) : found.first], found.head.wanted
        ) or _subject_of(found.clause.before, found.head.wanted)
    return subject


def _noun_before(words: tuple[Word, ...]) -> Subject | None:
    for at in range(len(words) - 1, max(-1, len(words) - 12), -1):
        parses = morphology.parses(words[at].text) if words[at].is_word else ()
        if parses and parses[0].tag.POS == "NOUN":
            return Subject(at, words[at], parses[0])
    return None


def _subject_of(words: tuple[Word, ...], wanted: Wanted) -> Subject | None:
    """The subject of the neighbour to which «и» or a comma joins the verb."""
    return find_subject(words, len(words), len(words) - 1, wanted, past_joints=True)


def _is_done_to_people(found: Passive, subject: Subject) -> bool:
    """«Пациенты принимаются по записи», «водители проверяются врачом»."""
    if subject.is_speaker_or_client:
        return subject.lemma == "вы" and found.head.lemma in words_of("done_to_you")
    return found.head.lemma in words_of("passive_of") or _has_doer(found)


def _goes_by_itself(found: Passive, subject: Subject | None) -> bool:
    """«Формируется автоматически», «чек не печатается»; money and fees are always somebody's deed."""
    lemma = found.head.lemma
    if found.doer or lemma in words_of("never_by_itself"):
        return False
    if found.is_denied and lemma in words_of("fails"):
        return True
    if subject and subject.lemma in data()["by_itself_with"].get(lemma, "").split():
        return True
    if lemma in words_of("furnished") and _is_done_with_a_thing(found):
        return True
    after = found.clause.words[found.last + 1 : found.last + 2]
    if lemma == "готовиться" and after and (after[0].token.kind == "number" or after[0].is_a("NUMR")):
        return True  # «готовится пятнадцать минут»
    near = found.clause.words[max(0, found.first - 6) : found.last + 6]
    return any(word.low in words_of("by_itself") for word in near)


def _has_doer(found: Passive) -> bool:
    return (
        found.doer is not None
        and found.head.lemma not in words_of("with_instrumental")
        and _is_transitive(found.head.base)
    )


def _is_deed_upon_a_thing(found: Passive, subject: Subject) -> bool:
    """A verb no list knows: made from a transitive one that tells work, upon a thing of the office."""
    lemma = found.head.lemma
    if lemma in words_of("spontaneous") or lemma in data()["by_subject"]:
        return False
    works = lemma.endswith(("ироваться", "ываться", "иваться", "ёвываться"))
    return works and subject.lemma in office_things() and _is_transitive(found.head.base)


@lru_cache(_KEPT)
def _is_transitive(base: str) -> bool:
    return any({"INFN", "tran"} in parse.tag for parse in morphology.parses(base))


@cache
def things(group: str) -> frozenset[str]:
    return frozenset(data()["things"][group].split())


@cache
def office_things() -> frozenset[str]:
    """Everything that goes through an office's hands."""
    return frozenset().union(*(things(group) for group in data()["things"]))


@cache
def _states_before() -> tuple[tuple[frozenset[str], frozenset[str], frozenset[str]], ...]:
    return tuple(
        (frozenset(one["verbs"].split()), frozenset(one["words"].split()), frozenset(one["nouns"].split()))
        for one in data()["state_before"]
    )
