"""Who may say «мы» or «я» of a deed that a passive hides: «мы» is a claim, and a false one is worse than none.

Nothing is claimed where the client, another body, a machine or the law may have done it, and nothing where the
words tell a condition or how a thing stands. Lists: `data/claims.toml`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from otklik.coach.passives import Passive, words_of
from otklik.coach.phrases import tables
from otklik.coach.reading import Sentence, Word


@dataclass(frozen=True, slots=True)
class _Others:
    """Deeds that are as often another's; `asked`, `goal`, `to_you`: where they are ours all the same."""

    verbs: frozenset[str]
    things: frozenset[str]
    asked: bool
    goal: bool
    to_you: bool


_ASKED = frozenset({"просьба", "заявка", "заявление", "желание", "запрос", "письмо", "обращение"})
_TO_YOU = frozenset({"вам", "вас", "вашу", "ваш", "отправителю"})
_CURRENCY = frozenset({"рубль", "доллар", "евро", "юань", "валюта"})


def may_be_ours(found: Passive, sentence: Sentence) -> bool:
    """Whether «мы» may stand as the doer."""
    head = found.head
    known = _words("our_deeds") if head.kind == "participle" else _words("our_habits")
    if head.lemma not in known:
        return False
    if _is_supposed(found) or _is_as_often_anothers(found) or _stands_in_a_currency(found):
        return False
    words = found.clause.words
    if _came_about(found) or (any(word.low == "через" for word in words) and is_done_on_a_screen(words)):
        return False
    return not (
        names_another(words, sends=head.lemma in _words("sending"))
        or (head.kind == "reflexive" and _goes_on_by_itself(found, sentence))
    )


def names_another(words: Iterable[Word], *, sends: bool = False) -> bool:
    """Another body («в МФЦ», «по решению банка») or the law beside the deed; `sends`: it goes there."""
    before: list[Word] = []
    for word in words:
        lemmas = word.lemmas if word.is_word else frozenset()
        if not lemmas.isdisjoint(_words("laws")):
            return True
        ours = bool(before) and not before[-1].lemmas.isdisjoint({"наш", "мой"})
        if not ours and not lemmas.isdisjoint(_words("bodies")) and not (sends and _is_goal(before)):
            return True
        if word.low in _words("orders") and before and before[-1].low == "по":
            return True
        before = [*before[-2:], word] if word.is_word else before
    return False


def _is_goal(before: Sequence[Word]) -> bool:
    return any(word.low in {"в", "во", "на", "к", "ко", "вам"} for word in before)


def is_done_on_a_screen(words: Iterable[Word]) -> bool:
    """«через личный кабинет», «нажмите …»: the client does it himself."""
    return any(
        word.is_word and not word.lemmas.isdisjoint(_words("screens") | _words("presses")) for word in words
    )


def is_done_by_a_machine(words: Iterable[Word]) -> bool:
    """«автоматически», «каждую ночь», «системой»."""
    return any(word.is_word and not word.lemmas.isdisjoint(_words("machines")) for word in words)


def may_be_mine(found: Passive, sentence: Sentence) -> bool:
    """Whether «я» may stand beside «мы»: one deed of one day upon this client's matter."""
    words = sentence.words
    if found.head.kind == "reflexive" and not (_is_of_this_client(found) and not _has_a_term(words)):
        return False
    thing = found.subject.lemma if found.subject else ""
    asked = was_asked_for(words)
    return not (
        thing in _words("policies")
        or (found.head.base not in _words("my_deeds") and not asked)
        or (_has_a_cause(words) and not asked)
        or any(word.low in {"мы", "нами", "наша", "наш"} for word in words)
        or is_done_by_a_machine(words)
        or _is_a_sanction(words)
    )


def may_one_do(verb: str, things: Iterable[str], words: Sequence[Word]) -> bool:
    """The same for a verb and the things it is done to («я пересчитал счёт»)."""
    big = _words("policies") | words_of("big_things")
    return verb in _words("my_deeds") and big.isdisjoint(things) and not _is_a_sanction(words)


def was_asked_for(words: Sequence[Word]) -> bool:
    """«по вашей просьбе»: then the deed is surely ours."""
    return any(
        word.low in {"вашей", "вашему", "вашем"} and not after.lemmas.isdisjoint(_ASKED)
        for word, after in pairwise(words)
    )


def _is_supposed(found: Passive) -> bool:
    """«Если заказ отменён», «был бы принят»; «если заявка будет одобрена» waits for a deed of ours."""
    words = found.clause.words
    if any(word.low in {"бы", "б"} for word in words):
        return True
    if found.time == "future":
        return False
    opening = {word.low for word in (*words[:3], *words[max(0, found.first - 1) : found.first])}
    as_soon_as = len(words) > 1 and words[0].low in {"как", "после"} and words[1].low in {"только", "того"}
    return as_soon_as or not opening.isdisjoint(_words("conditions"))


def _is_as_often_anothers(found: Passive) -> bool:
    if found.subject is None:
        return False
    thing, words = _thing(found), found.clause.words
    for one in _others():
        if found.head.lemma in one.verbs and thing in one.things:
            to_you = one.to_you and any(word.low in _TO_YOU for word in words)
            excused = (
                to_you
                or (one.asked and was_asked_for(words))
                or (one.goal and _is_goal(words[found.last + 1 : found.last + 4]))
            )
            if not excused:
                return True
    return False


def _came_about(found: Passive) -> bool:
    """«сформирована неверно», «вышка отключена из-за аварии»: a mishap that nobody claims."""
    words = found.clause.words
    if any(word.low in _words("wrongly") for word in words):
        return True
    by_mishap = any(word.is_word and not word.lemmas.isdisjoint(_words("mishaps")) for word in words)
    return by_mishap and found.head.lemma in _words("broken_off")


def _thing(found: Passive) -> str:
    """Dictionary form of the subject; for «который» of the noun that it tells of."""
    subject = found.subject
    if subject is None or subject.lemma != "который":
        return subject.lemma if subject else ""
    nouns = [word for word in found.clause.before[-6:] if word.is_word and word.is_a("NOUN")]
    return next(iter(nouns[-1].lemmas)) if nouns else ""


def _stands_in_a_currency(found: Passive) -> bool:
    """«Счёт ведётся в рублях»: how it stands."""
    after = found.clause.words[found.last + 1 : found.last + 3]
    return len(after) == 2 and after[0].low == "в" and not after[1].lemmas.isdisjoint(_CURRENCY)


def _goes_on_by_itself(found: Passive, sentence: Sentence) -> bool:
    words = found.clause.words
    return (
        is_done_on_a_screen(sentence.words)
        or is_done_by_a_machine(words)
        or any(word.low in _words("again") for word in words)
    )


def _is_of_this_client(found: Passive) -> bool:
    return any(word.is_word and not word.lemmas.isdisjoint({"ваш", "этот"}) for word in found.clause.words)


def _has_a_term(words: Sequence[Word]) -> bool:
    return any(word.token.kind == "number" or word.is_a("NUMR") for word in words)


def _has_a_cause(words: Sequence[Word]) -> bool:
    return any(
        word.low in _words("causes") or (word.low, after.low) in {("потому", "что"), ("так", "как")}
        for word, after in pairwise(words)
    )


def _is_a_sanction(words: Sequence[Word]) -> bool:
    """«за неуплату», «после трёх неверных вводов»."""
    for word, after in pairwise(words):
        if word.low in {"за", "из-за"} and not after.lemmas.isdisjoint(_words("for_what")):
            return True
        if word.low == "после" and (after.token.kind == "number" or after.is_a("NUMR")):
            return True
    return False


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(tables("claims")[key].split())


@cache
def _others() -> tuple[_Others, ...]:
    return tuple(
        _Others(
            frozenset(one["verbs"].split()),
            frozenset(one["things"].split()),
            one.get("asked", False),
            one.get("goal", False),
            one.get("to_you", False),
        )
        for one in tables("claims")["others"]
    )
