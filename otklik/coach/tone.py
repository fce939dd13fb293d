"""Word lists with conditions: how the rules of tone look for a manner of speech.

A list `coach/data/<rule>.toml` holds, beside what `phrases` knows:
    [words]                      classes of words, named: each may stand in `say` and in conditions as {name}
    duty = "указать~ заполнить~"
    unless = ["…"]               at the top: silent when one of these stands in the sentence, whatever the group
    [[group]]                    phrases with one reason and one set of conditions
    say = ["…", "…"]             the notation of `phrases`
    reason = "…"                 one sentence to the writer
    span = "words"               what to point at: words (the default), clause or sentence
    unless = ["…"]               silent when one of these stands in the sentence
    needs = ["…"]                silent unless one of these stands in the sentence
    also = ["…", "…"]            silent unless all of these stand in the sentence, in any order: with `say` they are
                                 the parts of a construction whose order is free
    beside = ["…", "…"]          silent unless all of these stand in the clause of the phrase, in any order; «^» and «$»
                                 are the clause's own ends, and a word put in between commas («похоже») cuts no clause
    apart = ["…"]                silent when one of these stands in the clause of the phrase
    yields = ["blame"]           silent where the list of one of these rules speaks of the same clause
    kind = "…"                   a word for the rule that tells its groups apart
    complaint = true             only for a reply to a complaint
    scolded = true               only where another sentence of the reply scolds: what may be said kindly
    figures = false              silent where a figure stands in the sentence
    question = false             true: only in a question; false: never in a question
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any, Literal
from weakref import WeakKeyDictionary

from otklik.coach import kindness
from otklik.coach.anchored import Anchored
from otklik.coach.phrases import Match, Phrase, tables
from otklik.coach.reading import Reading, Sentence, Word, finding
from otklik.coach.reply import Finding

Span = Literal["words", "clause", "sentence"]
_BOUNDS = frozenset({",", ";", ":", "—", "–", "-", "(", ")"})
_DASH, _DASHES = "—", "—|–|-"
_ENDLESS = 400  # pieces: no person writes such a sentence, and conditions would look through it all
_ALONE = re.compile(r"<[^<>]+>")
_TONE = frozenset({"rude", "lecture", "blame", "dissuade"})
# further lists of a rule, `<rule>_<name>.toml`: what a sentence does to its reader by its shape; constructions whose
# parts stand in any order; who, what deed and how, anywhere in one clause; what is a fault beside a scolding only
_MORE = {
    "acts": _TONE | {"vague"},
    "frames": _TONE,
    "parts": _TONE | {"vague", "en_blame", "en_vague"},
    "beside": _TONE,
}
# rules that tell a reply that scolds
_SCOLDING = ("rude", "blame", "lecture", "dissuade")
# «вы + a deed» and «one does so»: either alone may be kind, both together are a reproach
_FAINT = {"blame", "lecture"}
_ASIDE = 3  # words of the longest one
_KEPT = 512  # sentences with a rule
_LONGEST = 30  # a longer sentence is pointed at by its clause


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase that stands in a sentence with its conditions met; `reason` is the phrase's own."""

    match: Match
    reason: str
    place: tuple[int, int]
    kind: str
    yields: tuple[str, ...] = ()
    scolded: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    reason: str
    span: Span
    kind: str
    unless: "_Condition | None"
    needs: "_Condition | None"
    also: "tuple[_Condition, ...]"
    beside: "tuple[_Condition, ...]"
    apart: "_Condition | None"
    complaint: bool
    scolded: bool
    question: bool | None
    figures: bool
    yields: tuple[str, ...]

    def allows(self, sentence: Sentence) -> bool:
        if self.question is not None and self.question != sentence.is_question:
            return False
        if not self.figures and any(word.token.kind == "number" for word in sentence.words):
            return False
        if self.unless and self.unless.stands(sentence):
            return False
        if self.needs and not self.needs.stands(sentence):
            return False
        return all(one.stands(sentence) for one in self.also)

    @property
    def reads_clauses(self) -> bool:
        return bool(self.beside or self.apart)

    def allows_in(self, clause: Sentence) -> bool:
        if self.apart and self.apart.stands(clause):
            return False
        return all(one.stands(clause) for one in self.beside)


@dataclass(frozen=True, eq=False)
class _Condition:
    """Phrases of which one must or must not stand in the sentence; some may hold grammemes alone.

    Most conditions of a list are never asked in a process that reads one reply, so they are made ready when asked.
    """

    said: tuple[str, ...]

    def stands(self, sentence: Sentence) -> bool:
        if self._phrases and self._phrases.stands(sentence):
            return True
        # «и», «к» and their like may be read as names of letters
        words = [word for word in sentence.words if word.judged and len(word.low) > 1]
        return any(word.is_a(*tags) for tags in self._grammemes for word in words)

    @cached_property
    def _phrases(self) -> Anchored | None:
        phrases = [Phrase(say) for say in self.said if not _ALONE.fullmatch(say)]
        return Anchored(phrases) if phrases else None

    @cached_property
    def _grammemes(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(say[1:-1].split(",")) for say in self.said if _ALONE.fullmatch(say))


# what each list said of a reading; forgotten with the reading
_SAID: "WeakKeyDictionary[Reading, dict[str, list[tuple[Sentence, list[Hit]]]]]" = WeakKeyDictionary()


def said(reading: Reading, rule: str) -> Iterator[tuple[Sentence, list[Hit]]]:
    """Sentences in which the list of a rule speaks, with all that it found there in order of place.

    Found once for a reading: the rules of sense ask what scolds as well.
    """
    known = _SAID.setdefault(reading, {})
    if rule not in known:
        known[rule] = list(_said(reading, rule))
    yield from known[rule]


def _said(reading: Reading, rule: str) -> Iterator[tuple[Sentence, list[Hit]]]:
    complained = reading.reply.complaint
    for sentence in reading.judged_sentences:
        hits = [
            hit
            for hit in _found(sentence, rule, complained)
            if not _gives_way(hit, complained)
            and (not hit.scolded or _scolds_beside(reading, sentence, rule))
        ]
        if hits and not (rule in _SCOLDING and _is_meant_well(reading, sentence)):
            yield sentence, sorted(hits, key=lambda hit: (hit.place[0], -hit.place[1]))


def _scolds_beside(reading: Reading, sentence: Sentence, rule: str) -> bool:
    """Whether another sentence scolds in words that leave no doubt, or a deed and a norm stand together."""
    return any(
        one is not sentence and (sure or {other, rule} == _FAINT) for one, other, sure in _scolding(reading)
    )


def _is_meant_well(reading: Reading, sentence: Sentence) -> bool:
    """Whether nothing else scolds in a reply that means well."""
    return len(_scolding(reading)) < 2 and kindness.is_kind(reading, sentence)


@lru_cache(4)
def _scolding(reading: Reading) -> tuple[tuple[Sentence, str, bool], ...]:
    """Sentences that scold, by the list of which rule, and whether they surely do."""
    complained = reading.reply.complaint
    return tuple(
        (sentence, rule, any(not hit.scolded for hit in hits))
        for sentence in reading.judged_sentences
        for rule in _SCOLDING
        if (hits := _found(sentence, rule, complained))
    )


@lru_cache(_KEPT)
def _found(sentence: Sentence, rule: str, complained: bool) -> tuple[Hit, ...]:
    """All that the list of a rule finds in one sentence; kept, as rules ask about one another."""
    phrases, groups = _list(rule)
    if len(sentence.words) > _ENDLESS or not phrases.may_stand(sentence):
        return ()
    hits = tuple(_hits(sentence, phrases, groups, complained))
    return () if hits and is_calm(sentence, rule) else hits


def _gives_way(hit: Hit, complained: bool) -> bool:
    """Whether the list of a rule that goes first speaks of the same clause, no fainter than this one."""
    sentence = hit.match.sentence
    start, end = _clause(sentence, hit.match.words)
    return any(
        other[0] < end and start < other[1]
        for rule in hit.yields
        for one in _found(sentence, rule, complained)
        if hit.scolded or not one.scolded
        for other in [_clause(sentence, one.match.words)]
    )


def _hits(sentence: Sentence, phrases: Anchored, groups: list[_Group], complained: bool) -> Iterator[Hit]:
    allowed: dict[int, bool] = {}

    def is_wanted(phrase: Phrase) -> bool:
        return complained or not groups[phrase.more["group"]].complaint

    for match in phrases.every(sentence, is_wanted):
        number = match.phrase.more["group"]
        group = groups[number]
        if number not in allowed:
            allowed[number] = group.allows(sentence)
        if allowed[number] and (place := _place_of(match, group)):
            yield Hit(match, group.reason, place, group.kind, group.yields, group.scolded)


def _place_of(match: Match, group: _Group) -> tuple[int, int] | None:
    """What to point at; None where the clause of the match isn't what the group is for."""
    if not group.reads_clauses:
        return _place(match, group.span)
    clause = _whole_clause(match)
    if not group.allows_in(clause):
        return None
    return (clause.start, clause.end) if group.span == "clause" else _place(match, group.span)


def _whole_clause(match: Match) -> Sentence:
    """The clause of a match with the words put in between commas: «Цветы вы, похоже, не поливали»."""
    words = match.sentence.words
    first, last = _reach(words, match.words)
    while first > 1 and (past := _past_aside(words, first - 1, -1)) is not None:
        first, _ = _reach(words, words[past : past + 1])
    while last + 2 < len(words) and (past := _past_aside(words, last + 1, 1)) is not None:
        _, last = _reach(words, words[past : past + 1])
    return Sentence(words[first : last + 1])


def _past_aside(words: tuple[Word, ...], mark: int, step: int) -> int | None:
    """From the comma at `mark`, the place beyond «, похоже,»; None where something else follows."""
    said: list[str] = []
    here = mark + step
    while 0 <= here < len(words) and words[here].text.strip() != "," and len(said) <= _ASIDE:
        said.append(words[here].low)
        here += step
    beyond = here + step
    if not 0 <= beyond < len(words) or words[here].text.strip() != "," or words[mark].text.strip() != ",":
        return None
    is_aside = " ".join(said[::step]) in _asides()
    return beyond if is_aside and words[beyond].is_word else None


@cache
def _asides() -> frozenset[str]:
    return frozenset(tables("asides")["said"])


def findings(reading: Reading, rule: str, code: str) -> Iterator[Finding]:
    """One finding for each place that the list of a rule points at; places that meet are one."""
    for _, hits in said(reading, rule):
        yield from joined(code, hits)


def joined(code: str, hits: list[Hit]) -> Iterator[Finding]:
    """Findings of hits in order of place; those whose places meet become one, with the first one's reason."""
    waiting: list[Hit] = []
    for hit in hits:
        if waiting and hit.place[0] < max(one.place[1] for one in waiting):
            waiting.append(hit)
            continue
        if waiting:
            yield _as_finding(code, waiting)
        waiting = [hit]
    if waiting:
        yield _as_finding(code, waiting)


def _as_finding(code: str, hits: list[Hit]) -> Finding:
    start, end = hits[0].place[0], max(hit.place[1] for hit in hits)
    return finding(code, (start, end), hits[0].reason)


def _place(match: Match, span: Span) -> tuple[int, int]:
    sentence = match.sentence
    if span == "sentence" and len(sentence.words) <= _LONGEST:
        return sentence.start, sentence.end
    if span == "words":
        return match.place
    return _clause(sentence, match.words)


def _clause(sentence: Sentence, words: tuple[Word, ...]) -> tuple[int, int]:
    """The part of a sentence between its commas and dashes that holds these words."""
    first, last = _reach(sentence.words, words)
    return sentence.words[first].start, sentence.words[last].end


def _reach(all_words: tuple[Word, ...], words: tuple[Word, ...]) -> tuple[int, int]:
    """Numbers of the first and the last word of that part."""
    first = words[0].at - all_words[0].at
    last = first + len(words) - 1
    while first > 0 and _goes_on(all_words[first - 1]):
        first -= 1
    while last + 1 < len(all_words) and _goes_on(all_words[last + 1]):
        last += 1
    return first, last


def _goes_on(word: Word) -> bool:
    return word.text.strip() not in _BOUNDS and word.text[0] not in ".!?…•"


def stands(reading: Reading, rule: str, key: str) -> bool:
    """Whether one of the phrases `[[key]]` of a list stands anywhere in the reply."""
    phrases = _plain_list(rule, key)
    return any(phrases.stands(sentence) for sentence in reading.judged_sentences)


@cache
def _plain_list(rule: str, key: str) -> Anchored:
    return Anchored([Phrase(_both_apostrophes(table["say"])) for table in tables(rule)[key]])


def _sources(rule: str) -> list[dict[str, Any]]:
    """The tables of a rule's lists."""
    names = [rule, *(f"{rule}_{name}" for name, rules in _MORE.items() if rule in rules)]
    return [tables(name) for name in names]


@cache
def _list(rule: str) -> tuple[Anchored, list[_Group]]:
    """The phrases of a rule, each with the number of its group in `more`, and the groups."""
    phrases: list[Phrase] = []
    groups: list[_Group] = []
    for source in _sources(rule):
        words = {name: "|".join(listed.split()) for name, listed in source.get("words", {}).items()}
        for table in source["group"]:
            more = {"group": len(groups)}
            phrases += [Phrase(_both_apostrophes(say.format_map(words)), more=more) for say in table["say"]]
            groups.append(_group(table, words))
    return Anchored(phrases), groups


def is_calm(sentence: Sentence, rule: str) -> bool:
    """Whether the sentence holds what makes it harmless for the lists of a rule."""
    calm = _calm(rule)
    return bool(calm and calm.stands(sentence))


@cache
def _calm(rule: str) -> _Condition | None:
    """What makes a sentence harmless whatever the list of the rule hears in it: `unless` at the top of a list."""
    return _condition([say for source in _sources(rule) for say in source.get("unless", ())], {})


def _group(table: dict[str, Any], words: dict[str, str]) -> _Group:
    return _Group(
        reason=table["reason"],
        span=table.get("span", "words"),
        kind=table.get("kind", ""),
        unless=_condition(table.get("unless"), words),
        needs=_condition(table.get("needs"), words),
        also=tuple(_ways(say.split(" / "), words) for say in table.get("also", ())),
        beside=tuple(_ways(say.split(" / "), words) for say in table.get("beside", ())),
        apart=_condition(table.get("apart"), words),
        complaint=table.get("complaint", False),
        scolded=table.get("scolded", False),
        question=table.get("question"),
        figures=table.get("figures", True),
        yields=tuple(table.get("yields", ())),
    )


def _condition(listed: Sequence[str] | None, words: dict[str, str]) -> _Condition | None:
    return _ways(listed, words) if listed else None


def _ways(listed: Sequence[str], words: dict[str, str]) -> _Condition:
    return _Condition(tuple(_both_apostrophes(say.format_map(words)) for say in listed))


def _both_apostrophes(say: str) -> str:
    """«can't» and «can’t» are one word; lists hold the first. People type a hyphen for a dash."""
    if _DASH in say:
        say = " ".join(_DASHES if part == _DASH else part for part in say.split())
    if "'" not in say:
        return say
    parts = (part.split("|") for part in say.split())
    return " ".join(
        "|".join([*ways, *(way.replace("'", "’") for way in ways if "'" in way)]) for ways in parts
    )
