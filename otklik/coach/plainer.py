"""Plain words for a phrase of official style, in the case, number and order that the sentence asks for.

The ways are named in `data/officialese.toml`. Where a sentence can't be turned surely, no words are offered.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from otklik.coach import being, nounphrase, pointing, turning
from otklik.coach.nounphrase import NounPhrase
from otklik.coach.phrases import Match
from otklik.coach.reading import Word
from otklik.coach.spot import CASES, Spot
from otklik.coach.turning import Turned
from otklik.coach.verbalnouns import deeds, is_made_of_verb
from otklik.russian import morphology

if TYPE_CHECKING:
    from pymorphy3.analyzer import Parse

_VOWELS = "аиоуэы"
_TOOLS_AS_THEY_ARE = frozenset({"звонок", "письмо", "сообщение"})
_UNITS = frozenset({"день", "час", "месяц", "неделя", "сутки", "минута", "год", "рабочий", "календарный"})
# «в связи с вашим обращением» names no cause
_ASKED = frozenset(
    {"обращение", "запрос", "заявка", "заявление", "просьба", "жалоба", "вопрос", "претензия", "письмо"}
)


def turn(match: Match, text: str) -> Turned | None:
    """The place and the plain words for a phrase found; None when it only looks like officialese. text: the reply."""
    spot = Spot(match, text)
    return _WAYS[spot.more.get("way", "")](spot) if _counts(spot) else None


# ---- whether it counts


def _counts(spot: Spot) -> bool:
    more, words = spot.more, spot.words
    if spot.end < len(words) and words[spot.end].low in more.get("silent", ()):
        return False
    if spot.begin and not words[spot.begin - 1].lemmas.isdisjoint(more.get("silent_before", ())):
        return False
    if spot.instead[:1] == ("поэтому",) and spot.end < len(words) and _is_told_of(words[spot.end]):
        return False
    then = more.get("then")
    if then == "number":
        return spot.end < len(words) and words[spot.end].token.kind == "number"
    if not then:
        return True
    after = nounphrase.at(words, spot.end, then)
    if after is None:
        return "heads" not in more and _something_follows(words, spot.end, then)
    return _is_head(after, more.get("heads"))


def _is_head(noun: NounPhrase, wanted: str | list[str] | None) -> bool:
    """Whether the noun after a phrase is one with which it counts; None: with any."""
    if wanted is None:
        return True
    if wanted == "abstract" and noun.lemma.endswith(("ость", "ствие")):
        return True
    return is_made_of_verb(noun.lemma) if wanted in ("verbal", "abstract") else noun.lemma in wanted


def _is_told_of(word: Word) -> bool:
    """«в связи с этим письмом»: the pointing word belongs to a noun."""
    cases = ("gent", "datv", "ablt")
    return any(nounphrase.noun_parse(word, case) for case in cases) and not nounphrase.noun_parse(
        word, "nomn"
    )


def _something_follows(words: tuple[Word, ...], place: int, case: str) -> bool:
    """A number, a name in Latin letters or quotes, a pronoun in that case: «в соответствии с ним»."""
    if place >= len(words):
        return False
    word = words[place]
    if word.token.kind == "number" or word.text == "«":
        return True
    if any(word.is_a(part, case) for part in ("NUMR", "NPRO", "PRTF")):  # «в связи с поступившим от вас …»
        return True
    return word.is_word and (word.low == "у" or word.low.isascii())  # «при наличии у вас чека»


# ---- the ways


def _as_it_stands(spot: Spot) -> Turned:
    if (spot.more.get("then") == "gent" and _counted(spot)) or _lasts(spot):
        return spot.turned()
    start, end = spot.match.place
    after = spot.words[spot.end :][:1]
    if spot.instead[:1] == ("поэтому",) and after and after[0].text == ",":
        end = after[0].end  # «исходя из вышеизложенного, …» stands apart, «поэтому» doesn't
    return Turned(start, end, tuple(morphology.like(said, spot.first.text) for said in spot.instead))


def _counted(spot: Spot) -> bool:
    """«по истечении трёх дней»: a number asks for another turn than a noun does."""
    after = spot.words[spot.end :][:1]
    return bool(after) and (after[0].token.kind == "number" or after[0].is_a("NUMR"))


def _lasts(spot: Spot) -> bool:
    """«в срок до 30 дней» tells how long, not until when: «до» alone would say another thing."""
    units = spot.words[spot.end + 1 : spot.end + 3]
    return spot.instead == ("до",) and any(not one.lemmas.isdisjoint(_UNITS) for one in units)


def _conjunction(spot: Spot) -> Turned:
    said = str(spot.instead[0])
    if turning.opens(spot.words, spot.begin):
        said = str(spot.more.get("opening", said))
    return turning.clause(spot.words, spot.begin, spot.end, said)


def _clause(spot: Spot) -> Turned:
    return _with_noun(spot, "gent")


def _clause_accs(spot: Spot) -> Turned:
    return _with_noun(spot, "accs")


def _if_noun(spot: Spot) -> Turned:
    return _with_noun(spot, "nomn")


def _with_noun(spot: Spot, case: str) -> Turned:
    """«во избежание споров» → «чтобы избежать споров»: the noun in `case`, a comma where the clause ends."""
    noun = nounphrase.at(spot.words, spot.end, "gent")
    said = noun.in_case(case, spot.text) if noun and not noun.is_joined else None
    if noun is None or said is None:
        return spot.turned()
    several = noun.number_and_gender()[0] == "plur"
    opening = spot.more["plural"] if several and "plural" in spot.more else spot.instead
    return turning.closed_clause(spot.words, spot.begin, noun.end, f"{opening[0]} {said}")


def _governs(spot: Spot) -> Turned:
    """A preposition with its own case: «касательно ремонта» → «о ремонте»."""
    noun = nounphrase.at(spot.words, spot.end, spot.more.get("from", "gent"))
    said = _prepositional(noun, spot) if noun and not noun.is_joined else None
    if noun is None or said is None:
        return spot.turned()
    return Turned(spot.first.start, noun.words[-1].end, (morphology.like(said, spot.first.text),))


def _prepositional(noun: NounPhrase, spot: Spot) -> str | None:
    preposition, case = spot.instead[0], spot.more["case"]
    if preposition == "через" and noun.lemma in _TOOLS_AS_THEY_ARE:
        if noun.end < len(spot.words) and spot.words[noun.end].is_a("PREP"):
            return None
        preposition, case = "", "ablt"
    if preposition == "из-за" and noun.lemma in _ASKED:
        preposition, case = "по", "datv"
    said = noun.in_case(case, spot.text)
    by_doing = case == "ablt" and not preposition and len(noun.words) > noun.head + 1
    if said is None or by_doing:  # «путём ввода кода»: «вводом кода» is no better
        return None
    if preposition == "о" and said[0].lower() in _VOWELS:
        preposition = "об"
    return f"{preposition} {said}".strip()


def _noun(spot: Spot) -> Turned:
    """Another noun in the case and number of the words found: «денежных средств» → «денег»."""
    found = next((one for case in CASES if (one := _whole(spot, case))), None)
    head = found.forms[found.head] if found else None
    new = morphology.parses(spot.instead[0])[0]
    if head is None or (_changes_gender(head, new) and _is_agreed_with(spot, head)):
        return spot.turned()
    number = "plur" if new.tag.number == "plur" else str(head.tag.number)
    made = morphology.inflect(new, str(head.tag.case), number)
    return spot.turned(morphology.like(made, spot.first.text)) if made else spot.turned()


def _whole(spot: Spot, case: str) -> NounPhrase | None:
    """The matched words as one noun phrase in a case; a preposition before them rules the nominative out."""
    if case == "nomn" and spot.begin and spot.words[spot.begin - 1].is_a("PREP"):
        return None
    found = nounphrase.at(spot.words, spot.begin, case)
    return found if found and found.head == len(spot.match.words) - 1 else None


def _is_agreed_with(spot: Spot, head: "Parse") -> bool:
    """Whether a word before, or the predicate of a subject, takes its gender from the noun."""
    before = spot.words[spot.begin - 1] if spot.begin else None
    return head.tag.case == "nomn" or (before is not None and before.is_a("ADJF"))


def _changes_gender(old: "Parse", new: "Parse") -> bool:
    return bool(old.tag.number == "sing" and old.tag.gender != new.tag.gender)


def _purpose(spot: Spot) -> Turned:
    """«в целях получения справки» → «чтобы получить справку», else «для …»."""
    noun = nounphrase.at(spot.words, spot.end, "gent")
    plain = spot.turned(morphology.like("для", spot.first.text))
    if noun is None or noun.head or noun.is_joined:
        return plain
    said = infinitive_of(noun, spot.words, spot.text)
    turned = turning.closed_clause(spot.words, spot.begin, noun.end, f"чтобы {said}") if said else plain
    return turned if turned.suggestions else plain


def infinitive_of(noun: NounPhrase, words: tuple[Word, ...], text: str) -> str | None:
    """«получения справки» → «получить справку»; None where there is no object or the verb isn't known."""
    deed = deeds().get(noun.lemma)
    verb = deed.verb("perf") if deed else None
    first = noun.words[0].at - words[0].at
    what = nounphrase.at(words, first + noun.head + 1, "gent")
    if deed is None or verb is None or "keep" in deed.flags or what is None or what.end != noun.end:
        return None
    said = what.in_case("accs", text)
    return f"{verb.word} {said}" if said else None


def _purpose_infinitive(spot: Spot) -> Turned:
    return turning.clause(spot.words, spot.begin, spot.end, f"чтобы {spot.last.text}")


def _ask(spot: Spot) -> Turned | None:
    """«Просьба не опаздывать» → «Пожалуйста, не опаздывайте»; «у меня просьба» is ordinary talk."""
    begin, words = spot.begin, spot.words
    while begin and words[begin - 1].is_a("ADJF", "femn", "nomn"):
        begin -= 1
    if not turning.opens(words, begin) and words[begin - 1].text.strip() not in {",", ":", ";", "—"}:
        return None
    verb = morphology.first(spot.last.text, "INFN")
    told = morphology.inflect(verb, "impr", "plur", "excl") if verb else None
    no = "не " if any(word.low == "не" for word in spot.match.words) else ""
    said = (morphology.like("пожалуйста", words[begin].text) + f", {no}{told}",) if told else ()
    return Turned(words[begin].start, spot.last.end, said)


def _drop_first(spot: Spot) -> Turned:
    return spot.turned(morphology.like(spot.last.text, spot.first.text))


def _by_verb(spot: Spot) -> Turned:
    """«Пришлите в наш адрес» → «пришлите нам»; far from its verb «нам» would bear the stress."""
    before = spot.words[spot.begin - 1] if spot.begin else None
    near = before is not None and any(before.is_a(part) for part in ("VERB", "INFN", "PRTS", "PRTF"))
    return spot.turned(*spot.instead) if near else spot.turned()


_WAYS: dict[str, Callable[[Spot], Turned | None]] = {
    "": _as_it_stands,
    "conjunction": _conjunction,
    "clause": _clause,
    "clause_accs": _clause_accs,
    "if_noun": _if_noun,
    "governs": _governs,
    "noun": _noun,
    "this": pointing.this,
    "is": being.is_something,
    "purpose": _purpose,
    "purpose_inf": _purpose_infinitive,
    "ask": _ask,
    "drop_first": _drop_first,
    "by_verb": _by_verb,
}
