"""What a client's letter wants of us, as far as its words show: a deed, a time, a reason, leave, a way."""

from typing import Literal

from otklik.coach import granting
from otklik.coach.phrases import phrases, tables
from otklik.coach.reading import Reading, Sentence, Word

Want = Literal["deed", "time", "reason", "leave", "way"]
_WISHES = frozenset(
    {"прошу", "просим", "требую", "требуем", "хочу", "хотим", "хотел", "хотела", "хотели", "надо", "нужно"}
)
_ASKED: dict[Want, str] = {"time": "when_asked", "reason": "why_asked", "way": "way_asked"}
_ADVICE = frozenset({"ли", "совет", "подсказку", "рекомендацию"})
_REACH = 5  # words from «прошу» to what is asked for


def wants(client: Reading) -> frozenset[Want]:
    """Everything the letter wants; nothing where it only asks for information."""
    found: set[Want] = set()
    for sentence in client.judged_sentences:
        if _wants_a_deed(sentence):
            found.add("deed")
        found.update(
            want for want, key in _ASKED.items() if next(phrases("next-step", key).find_in(sentence), None)
        )
        if sentence.is_question and next(phrases("next-step", "leave_asked").find_in(sentence), None):
            found.add("leave")
    return frozenset(found)


def demands(client: Reading) -> frozenset[str]:
    """Roots of the verbs by which the letter asks for a deed."""
    verbs = (
        word for word in client.words if word.judged and (word.is_a("VERB", "impr") or word.is_a("INFN"))
    )
    return frozenset(granting.root_of(lemma) for word in verbs for lemma in word.lemmas)


def _wants_a_deed(sentence: Sentence) -> bool:
    words = [word for word in sentence.words if word.judged and word.is_word]
    if any(_demands(words, at) for at in range(len(words))):
        return True
    if next(phrases("next-step", "shut_asked").find_in(sentence), None):
        return True
    # «почему не работает?» asks for a reason, «не работает» reports a trouble
    return not sentence.is_question and bool(next(phrases("next-step", "trouble").find_in(sentence), None))


def _demands(words: list[Word], at: int) -> bool:
    word, telling = words[at], tables("next-step")["telling"]
    if any(one.low in _ADVICE for one in words[at + 1 : at + 4]):
        return False  # «надо ли менять масло?», «дайте совет»
    if word.low in _WISHES:
        near = words[at + 1 : at + 1 + _REACH]
        return any(one.is_a("INFN") and one.lemmas.isdisjoint(telling) for one in near) or (
            word.low in ("прошу", "требую", "требуем", "просим")
            and any(one.is_a("NOUN") for one in near)
            and not any(one.is_a("INFN") for one in near)
        )
    return (
        not (at and words[at - 1].low == "вы")  # «а ночью вы возите?»
        and word.is_a("VERB", "impr", "excl", "plur")
        and not word.is_a("NOUN")
        and word.lemmas.isdisjoint(telling)
    )
