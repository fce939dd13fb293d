"""The deed of a promise in a few words: «прислать вам новый файл»."""

from collections.abc import Iterator

from otklik.coach.reading import Word
from otklik.coach.rules._promise_clauses import Clause
from otklik.coach.rules._promise_deeds import Deeded
from otklik.coach.rules._promise_words import deed, is_name, listed
from otklik.russian import morphology

_LONGEST = 200
_LEFT_OUT = frozenset(
    {"и", "а", "но", "то", "же", "наш", "наша", "наши", "что", "тогда", "обязательно", "лично"}
)
_PERSONS = frozenset({"я", "мы", "он", "она", "они", "сам", "сама", "сами"})
_NO_TIME = frozenset({"of", "event", "onto", "from"})


def what(parts: list[Clause], made: list[tuple[int, list[Deeded]]]) -> str:
    """Deeds of all clauses that promise: verbs in the infinitive, without times and doers; at most 200 characters."""
    said = [_of_clause(parts[at], deeds) for at, deeds in made]
    whole = ", ".join(one for one in said if one)
    return whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 1].rstrip()}…"


def _of_clause(clause: Clause, deeds: list[Deeded]) -> str:
    hidden = set(_hidden(clause, deeds))
    kept = [number for number in range(len(clause.words)) if number not in hidden]
    if deeds[0].passive:
        return _joined(clause, kept, {})
    verbs = _infinitives(clause, deeds)
    first = min(verbs)
    before, after = [at for at in kept if at < first], [at for at in kept if at > first]
    told = [number for number, at in enumerate(before) if clause.words[at].low == "и"]
    before = before[told[-1] + 1 :] if told else before
    while before and clause.words[before[0]].low in _LEFT_OUT:
        before.pop(0)
    return _joined(clause, [first, *before, *after], verbs)


def _hidden(clause: Clause, deeds: list[Deeded]) -> Iterator[int]:
    """Numbers of the words that are left out: times, who does it, the full stop."""
    doers = [one.doer for one in deeds if one.doer]
    times = [term for term in clause.terms if term.role not in _NO_TIME]
    for number, word in enumerate(clause.words):
        timed = any(term.start <= word.start < term.end for term in times)
        small = (
            word.low in _PERSONS or word.text in {".", "!", "…"} or (number == 0 and word.low in _LEFT_OUT)
        )
        if timed or small:
            yield number
        elif any(word is doer for doer in doers):
            yield from _named(clause, number)


def _named(clause: Clause, number: int) -> Iterator[int]:
    """The doer with the words that belong to the name: «дежурный врач», «сотрудник отдела качества», «мастер Илья»."""
    yield number
    before = number - 1
    while before >= 0 and (_is_attribute(clause.words[before]) or is_name(clause.words[before].text)):
        yield before
        before -= 1
    after = number + 1
    while after < len(clause.words) and _belongs(clause.words[after]):
        yield after
        after += 1


def _belongs(word: Word) -> bool:
    if is_name(word.text) or word.low == "из":
        return True
    first = morphology.parses(word.text)[0].tag if word.is_word else None
    return bool(first and first.POS in {"NOUN", "ADJF"} and "gent" in first)


def _infinitives(clause: Clause, deeds: list[Deeded]) -> dict[int, str]:
    """The verbs that promise, and those that stand beside them in the same form, in the infinitive."""
    places = {one.at for one in deeds}
    forms = {deed(clause.words[at].text) for at in places}
    same = {(form.person, form.plural) for form in forms if form}
    beside = {
        at for at, one in clause.deeds if one.tense in {"future", "both"} and (one.person, one.plural) in same
    }
    whole = any(one.tense == "infinitive" for _, one in clause.deeds)
    return {
        at: _infinitive(clause.words[at].text, empty=whole)
        for at in places | {at for at in beside if at > min(places)}
    }


def _infinitive(verb: str, *, empty: bool) -> str:
    """empty: whether «буду» and «обещаю» stand before the deed itself and say nothing."""
    known = deed(verb)
    parse = next(
        (
            one
            for one in morphology.parses(verb)
            if known and one.normal_form.replace("ё", "е") == known.lemma
        ),
        None,
    )
    form = parse.normal_form if parse else verb.lower()
    return "" if empty and (form == "быть" or form in listed("pledges")) else form


def _joined(clause: Clause, order: list[int], verbs: dict[int, str]) -> str:
    said = ""
    for number, at in enumerate(order):
        word = clause.words[at]
        piece = verbs.get(at, word.text)
        if number == 0 or word is clause.words[0]:
            piece = piece if is_name(piece) or piece[1:].isupper() else piece[:1].lower() + piece[1:]
        touches = number and order[number - 1] == at - 1 and clause.words[at - 1].end == word.start
        said += piece if touches or not said else f" {piece}"
    return said.strip()


def _is_attribute(word: Word) -> bool:
    return word.is_a("ADJF", "nomn") or word.is_a("PRTF", "nomn")
