"""Empty verbs and the verbal nouns they carry: «осуществите перезагрузку», «была произведена замена фильтра»."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from otklik.coach import nounphrase
from otklik.coach.nounphrase import NounPhrase
from otklik.coach.phrases import tables
from otklik.coach.reading import Sentence, Word
from otklik.coach.verbalnouns import is_made_of_verb
from otklik.russian import morphology

if TYPE_CHECKING:
    from pymorphy3.analyzer import Parse

_REACH = 7  # words between the verb and its noun at most
_CLAUSE = 30  # words of a clause that are looked at, before the verb and after it
_STOPS = frozenset({",", ";", ":", "(", ")", "—", "–", "\u00a0—", " —", ".", "!", "?", "…", "«"})
_AUXILIARY = frozenset({"был", "была", "было", "были", "будет", "будут", "быть"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """An empty verb with its noun. `passive`: the noun is the subject."""

    verb: Word
    form: "Parse"
    noun: NounPhrase
    passive: bool
    auxiliary: Word | None
    sentence: Sentence

    @property
    def words(self) -> list[Word]:
        own = [self.verb, *self.noun.words, *([self.auxiliary] if self.auxiliary else [])]
        return sorted(own, key=lambda word: word.at)

    @property
    def aspect(self) -> str:
        return "perf" if "perf" in self.form.tag else "impf"


@cache
def _table(lemma: str) -> dict[str, Any] | None:  # a table of the list as TOML gives it
    return next(
        (one for one in tables("nominal")["empty"] if lemma in {one["perf"], one["impf"], one["itself"]}),
        None,
    )


@cache
def lemmas() -> frozenset[str]:
    """Dictionary forms of all empty verbs."""
    return frozenset(one[key] for one in tables("nominal")["empty"] for key in ("perf", "impf", "itself"))


def find(sentence: Sentence) -> Iterator[Phrase]:
    """The empty phrases of one sentence, in order of their verbs."""
    for place, word in enumerate(sentence.words):
        if word.judged and word.is_word and not word.lemmas.isdisjoint(lemmas()):
            phrase = _phrase(sentence, place)
            if phrase:
                yield phrase


def _phrase(sentence: Sentence, place: int) -> Phrase | None:
    word = sentence.words[place]
    form = _form(word)
    if form is None:
        return None
    lemma = form.normal_form.replace("ё", "е")
    table = _table(lemma)
    if table is None:
        return None
    passive = form.tag.POS == "PRTS" or lemma == table["itself"]
    find_noun = _subject if passive else _object
    noun = find_noun(sentence.words, place, form, table)
    if noun is None or (noun.words[0].at < word.at < noun.words[-1].at):
        return None
    return Phrase(word, form, noun, passive, _auxiliary(sentence.words, place) if passive else None, sentence)


def _form(word: Word) -> "Parse | None":
    """The reading of a word as an empty verb that acts: no participle that only describes."""
    for parse in morphology.parses(word.text):
        lemma = parse.normal_form.replace("ё", "е")
        if lemma not in lemmas() or parse.tag.POS not in {"VERB", "INFN", "GRND", "PRTS"}:
            continue
        table = _table(lemma)
        aspect = "perf" if table and table["perf"] == lemma else "impf"
        if aspect in parse.tag:
            return parse
    return None


def _auxiliary(words: Sequence[Word], place: int) -> Word | None:
    near = [words[n] for n in (place - 1, place + 1, place - 2) if 0 <= n < len(words)]
    return next((word for word in near if word.low in _AUXILIARY), None)


# ---- the noun


def _fits(words: Sequence[Word], noun: NounPhrase, table: dict[str, Any]) -> bool:
    lemma = noun.lemma
    if carried(words, noun):
        return True
    if lemma in table["never"] or is_set_help(noun):
        return False
    if table["nouns"] == "any":
        return True
    return lemma in table["only"] if table["nouns"] == "listed" else is_made_of_verb(lemma)


def carried(words: Sequence[Word], noun: NounPhrase) -> NounPhrase | None:
    """What a noun between says no more than: «работы по замене дисков» → «замене дисков»."""
    place = words.index(noun.noun) + 1
    if noun.lemma not in tables("nominal")["chains"]["go_betweens"] or place + 1 >= len(words):
        return None
    found = nounphrase.at(words, place + 1, "datv") if words[place].low == "по" else None
    return found if found and is_made_of_verb(found.lemma) else None


def is_set_help(noun: NounPhrase) -> bool:
    """«первая помощь», «медицинская помощь»: names of things, no verb is hidden there."""
    told = (form.normal_form for form in noun.forms[: noun.head] if form)
    return noun.lemma == "помощь" and any(one in tables("nominal")["set_help"] for one in told)


def _clause_bounds(words: Sequence[Word], place: int) -> tuple[int, int]:
    begin, end = place, place + 1
    while begin > max(0, place - _CLAUSE) and not _is_stop(words, begin - 1):
        begin -= 1
    while end < min(len(words), place + _CLAUSE) and not _is_stop(words, end):
        end += 1
    return begin, end


def _is_stop(words: Sequence[Word], place: int) -> bool:
    """An end of the clause; «пожалуйста» between commas is none."""
    if words[place].text not in _STOPS:
        return False
    near = words[max(0, place - 1) : place + 2]
    return not any(word.low == "пожалуйста" for word in near)


def _bare(words: Sequence[Word], begin: int, end: int, cases: tuple[str, ...]) -> Iterator[NounPhrase]:
    """Noun phrases between two places that no preposition governs and that stand in one of these cases."""
    place = begin
    while place < end:
        word = words[place]
        if word.is_word and word.is_a("PREP") and morphology.parses(word.text)[0].tag.POS == "PREP":
            place = _past_governed(words, place + 1, end)
            continue
        found = next((one for case in cases if (one := _starts(words, place, case))), None)
        if found:
            yield found
            place = found.end
            continue
        place += 1


def _starts(words: Sequence[Word], place: int, case: str) -> NounPhrase | None:
    return nounphrase.at(words, place, case) if words[place].is_word and words[place].judged else None


def _past_governed(words: Sequence[Word], place: int, end: int) -> int:
    for case in ("gent", "datv", "accs", "ablt", "loct"):
        found = nounphrase.at(words, place, case) if place < end else None
        if found:
            return place + found.head + 1 if case != "gent" else found.end
    return place + 1


def _object(words: Sequence[Word], place: int, form: "Parse", table: dict[str, Any]) -> NounPhrase | None:
    """The noun that an active verb carries: the first bare one after it, else the one before it."""
    begin, end = _clause_bounds(words, place)
    refused = place > 0 and words[place - 1].low == "не"
    cases = ("accs", "gent") if refused else ("accs",)
    for noun in _bare(words, place + 1, min(end, place + 1 + _REACH), cases):
        if _fits(words, noun, table):
            return noun
        if noun.lemma in table["never"] or not (noun.noun.is_a("anim") or noun.noun.is_a("nomn")):
            return None
    for noun in _bare(words, max(begin, place - _REACH), place, ("accs",)):
        told_of = (
            form.tag.POS == "VERB" and form.tag.person not in {"1per", "2per"} and form.tag.mood != "impr"
        )
        may_be_subject = told_of and nounphrase.noun_parse(noun.noun, "nomn") is not None
        if _fits(words, noun, table) and not may_be_subject:
            return noun
    return None


def _subject(words: Sequence[Word], place: int, form: "Parse", table: dict[str, Any]) -> NounPhrase | None:
    """The noun of which a passive verb speaks: after it or before it, in the nominative, of its number and gender."""
    begin, end = _clause_bounds(words, place)
    after = list(_bare(words, place + 1, min(end, place + 1 + _REACH), ("nomn",)))
    before = list(_bare(words, max(begin, place - 2 * _REACH), place, ("nomn",)))
    itself = table.get("never_passive", ()) if form.tag.POS == "PRTS" else ()
    near = [noun for noun in (*after[:1], *before[:2]) if noun.lemma not in itself]
    nouns = [noun for noun in near if _fits(words, noun, table) and _agree(form, noun)]
    made = [noun for noun in nouns if is_made_of_verb(noun.lemma)]
    return next(iter(made or [noun for noun in nouns if noun in before] or nouns), None)


def _agree(form: "Parse", noun: NounPhrase) -> bool:
    number, gender = noun.number_and_gender()
    if form.tag.POS == "INFN" or noun.is_joined:
        return True
    if form.tag.number != number:
        return False
    return number == "plur" or form.tag.gender in {None, gender}
