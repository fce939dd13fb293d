"""Word lists with conditions: how the rules of tone look for a manner of speech.

A list `coach/data/<rule>.toml` holds, beside what `phrases` knows:
    [words]                      classes of words, named: each may stand in `say` and in conditions as {name}
    duty = "указать~ заполнить~"
    [always]                     conditions for every phrase of the list
    [[group]]                    phrases with one reason and one set of conditions
    say = ["…", "…"]             the notation of `phrases`
    reason = "…"                 one sentence to the writer
    span = "words"               what to point at: words (the default), clause or sentence
    unless = ["…"]               silent when one of these stands in the sentence
    needs = ["…"]                silent unless one of these stands in the sentence
    kind = "…"                   a word for the rule that tells its groups apart
    complaint = true             only for a reply to a complaint
    figures = false              silent where a figure stands in the sentence
    question = false             true: only in a question; false: never in a question
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from otklik.coach.phrases import Match, Phrase, Phrases, tables
from otklik.coach.reading import Reading, Sentence, Word, finding
from otklik.coach.reply import Finding

Span = Literal["words", "clause", "sentence"]
_BOUNDS = frozenset({",", ";", ":", "—", "–", "-", "(", ")"})
_LONGEST = 30  # a longer sentence is pointed at by its clause


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase that stands in a sentence with its conditions met; `reason` is the phrase's own."""

    match: Match
    reason: str
    place: tuple[int, int]
    kind: str


@dataclass(frozen=True, slots=True)
class _Group:
    phrases: Phrases
    reason: str
    span: Span
    kind: str
    unless: Phrases | None
    needs: Phrases | None
    complaint: bool
    question: bool | None
    figures: bool

    def hits(self, sentence: Sentence) -> Iterator[Hit]:
        for match in self.phrases.every(sentence):
            if self._allows(sentence):
                yield Hit(match, self.reason, _place(match, self.span), self.kind)

    def _allows(self, sentence: Sentence) -> bool:
        if self.question is not None and self.question != sentence.is_question:
            return False
        if not self.figures and any(word.token.kind == "number" for word in sentence.words):
            return False
        if self.unless and _stands(self.unless, sentence):
            return False
        return self.needs is None or _stands(self.needs, sentence)


def said(reading: Reading, rule: str) -> Iterator[tuple[Sentence, list[Hit]]]:
    """Sentences in which the list of a rule speaks, with all that it found there; the list says of what."""
    groups, always = _lists(rule)
    complained = reading.reply.complaint
    wanted = [group for group in groups if complained or not group.complaint]
    for sentence in reading.judged_sentences:
        hits = [hit for group in wanted for hit in group.hits(sentence)]
        if hits and not (always and _stands(always, sentence)):
            yield sentence, sorted(hits, key=lambda hit: (hit.place[0], -hit.place[1]))


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


def _stands(phrases: Phrases, sentence: Sentence) -> bool:
    return next(phrases.every(sentence), None) is not None


def _place(match: Match, span: Span) -> tuple[int, int]:
    sentence = match.sentence
    if span == "sentence" and len(sentence.words) <= _LONGEST:
        return sentence.start, sentence.end
    if span == "words":
        return match.place
    return _clause(sentence, match.words)


def _clause(sentence: Sentence, words: tuple[Word, ...]) -> tuple[int, int]:
    """The part of a sentence between its commas and dashes that holds these words."""
    all_words = sentence.words
    first = words[0].at - all_words[0].at
    last = first + len(words) - 1
    while first > 0 and _goes_on(all_words[first - 1]):
        first -= 1
    while last + 1 < len(all_words) and _goes_on(all_words[last + 1]):
        last += 1
    return all_words[first].start, all_words[last].end


def _goes_on(word: Word) -> bool:
    return word.text.strip() not in _BOUNDS and word.text[0] not in ".!?…•"


@cache
def _lists(rule: str) -> tuple[list[_Group], Phrases | None]:
    source = tables(rule)
    words = {name: "|".join(listed.split()) for name, listed in source.get("words", {}).items()}
    groups = [_group(table, words) for table in source["group"]]
    return groups, _phrases(source.get("always", {}).get("unless"), words)


def _group(table: dict[str, Any], words: dict[str, str]) -> _Group:
    phrases = _phrases(table["say"], words)
    if phrases is None:
        raise ValueError(f"a group without phrases: {table}")
    return _Group(
        phrases=phrases,
        reason=table["reason"],
        span=table.get("span", "words"),
        kind=table.get("kind", ""),
        unless=_phrases(table.get("unless"), words),
        needs=_phrases(table.get("needs"), words),
        complaint=table.get("complaint", False),
        question=table.get("question"),
        figures=table.get("figures", True),
    )


def _phrases(listed: list[str] | None, words: dict[str, str]) -> Phrases | None:
    """The phrases of a list, the classes of words put in."""
    return Phrases([Phrase(say.format_map(words)) for say in listed]) if listed else None
