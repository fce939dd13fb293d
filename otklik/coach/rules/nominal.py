"""A verb turned into a noun: an empty verb that carries it, or a chain of such nouns (contract: `nominal`)."""

from collections.abc import Iterator, Sequence

from otklik.coach import emptyverbs, nounphrase, realverbs
from otklik.coach.emptyverbs import Phrase
from otklik.coach.nounphrase import NounPhrase
from otklik.coach.phrases import tables
from otklik.coach.plainer import infinitive_of
from otklik.coach.reading import Reading, Sentence, Word, finding
from otklik.coach.reply import Finding, Severity
from otklik.coach.turning import Turned
from otklik.coach.verbalnouns import deeds, is_made_of_verb

CODE = "nominal"
_CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct")
_LINKS = 3  # so many verbal nouns on one string are a chain without an empty one among them


def find(reading: Reading) -> Iterator[Finding]:
    """One finding for each empty phrase or chain; where both hold the same words, the phrase."""
    empty = frozenset(tables(CODE)["chains"]["empty_nouns"])
    if reading.lemmas.isdisjoint(emptyverbs.lemmas() | empty) and not _many_nouns(reading):
        return
    for sentence in reading.judged_sentences:
        phrases = [_phrase(one, reading.text) for one in emptyverbs.find(sentence)]
        taken = [(one.start, one.end) for one in phrases]
        chains = [_chain(one, reading.text) for one in _chains(sentence, empty)]
        free = [one for one in chains if not any(one.start < end and start < one.end for start, end in taken)]
        yield from sorted((*phrases, *free), key=lambda one: one.start)


def _phrase(phrase: Phrase, text: str) -> Finding:
    words = phrase.words
    suggestions = realverbs.instead(phrase, text)
    # «оказываем поддержку» is a name of the trade by now
    severity: Severity | None = "hint" if phrase.noun.lemma == "поддержка" else None
    return finding(
        CODE, (words[0].start, words[-1].end), _reason("verb"), suggestions=suggestions, severity=severity
    )


def _reason(key: str) -> str:
    return str(tables(CODE)["reasons"][key])


# ---- chains


def _many_nouns(reading: Reading) -> bool:
    return sum(1 for word in reading.words if word.low.endswith(("ия", "ки"))) >= _LINKS - 1


class _Chain:
    """An outer noun with the verbal noun it only carries, in their sentence; `place`: where the outer one stands."""

    def __init__(
        self, words: Sequence[Word], place: int, outer: NounPhrase, inner: NounPhrase | None
    ) -> None:
        self.words = words
        self.place = place
        self.outer = outer
        self.inner = inner


def _chains(sentence: Sentence, empty: frozenset[str]) -> Iterator[_Chain]:
    words, past = sentence.words, 0
    for place, word in enumerate(words):
        if place < past or not word.judged or not word.is_word or word.low[-2:] in {"ый", "ой", "ть"}:
            continue
        found = _empty_chain(words, place) if not word.lemmas.isdisjoint(empty) else _long_chain(words, place)
        if found:
            past = max(found.outer.end, found.inner.end if found.inner else 0)
            yield found


def _empty_chain(words: Sequence[Word], place: int) -> _Chain | None:
    """«проведение обновления базы», «выполнение работ по промывке стояка», «выполнение ремонтных работ»."""
    lists = tables(CODE)["chains"]
    outer = _noun(words, place)
    inner = nounphrase.at(words, place + 1, "gent") if outer else None
    if outer is None or inner is None:
        return None
    if inner.lemma in lists["go_betweens"]:
        carried = emptyverbs.carried(words, inner)
        if carried or inner.head > 0:
            return _Chain(words, place, outer, carried or inner)
        return None
    if inner.lemma in lists["never"] or emptyverbs.is_set_help(inner) or not is_made_of_verb(inner.lemma):
        return None
    return _Chain(words, place, outer, inner)


def _long_chain(words: Sequence[Word], place: int) -> _Chain | None:
    """Three verbal nouns on one string: «подтверждения получения возмещения»."""
    if not _is_link(words[place]):
        return None
    outer = _noun(words, place)
    if outer is None:
        return None
    hollow = tables(CODE)["chains"]["hollow"]
    links = sum(1 for word in outer.words if _is_link(word) or not word.lemmas.isdisjoint(hollow))
    is_chain = links >= _LINKS or _leads(words, place, outer, links)
    return _Chain(words, place, outer, None) if is_chain else None


def _leads(words: Sequence[Word], place: int, outer: NounPhrase, links: int) -> bool:
    """«Для ускорения рассмотрения заявления»: a noun that only says how the next verbal noun goes, with its object."""
    after_preposition = place > 0 and words[place - 1].low in {
        "для",
        "после",
        "до",
        "при",
        "путем",
        "целях",
        "целью",
    }
    listed = outer.lemma in tables(CODE)["chains"]["leading"]
    return after_preposition and listed and links >= _LINKS - 1 and len(outer.words) >= _LINKS


def _is_link(word: Word) -> bool:
    if not word.is_word or not word.low.endswith(
        ("ие", "ия", "ию", "ием", "ии", "ки", "ка", "ку", "ке", "кой")
    ):
        return False
    return any(lemma in deeds() for lemma in word.lemmas) or not word.lemmas.isdisjoint(
        tables(CODE)["chains"]["leading"]
    )


def _noun(words: Sequence[Word], place: int) -> NounPhrase | None:
    """The phrase that begins at the noun itself, in the case that the words before it ask for."""
    before = words[place - 1] if place else None
    cases = _CASES if before is None or not before.is_a("PREP") else ("gent", "datv", "ablt", "loct", "accs")
    return next((one for case in cases if (one := nounphrase.at(words, place, case)) and one.head == 0), None)


def _chain(chain: _Chain, text: str) -> Finding:
    turned = _turned(chain, text)
    return finding(CODE, (turned.start, turned.end), _reason("chain"), suggestions=turned.suggestions)


def _turned(chain: _Chain, text: str) -> Turned:
    words, place, inner = chain.words, chain.place, chain.inner
    begins = place - 1 if place and words[place - 1].low == "для" else place
    end = max(chain.outer.words[-1].end, inner.words[-1].end if inner else 0)
    whole = Turned(words[begins].start, end)
    if inner is None or _is_between(inner):
        return whole
    if begins < place:
        clause = realverbs.purpose(inner, begins, infinitive_of(inner, tuple(words), text), words)
        if clause:
            return clause
    near = words[max(0, place - 25) : place + 25]
    said = realverbs.dropped(chain.outer, inner, near, text)
    return Turned(words[place].start, end, said) if said else whole


def _is_between(inner: NounPhrase) -> bool:
    return inner.lemma in tables(CODE)["chains"]["go_betweens"]
