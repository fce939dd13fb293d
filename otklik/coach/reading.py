"""A reply read once for all rules: its words with their forms, its sentences, and what is not to be judged."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from otklik.coach.reply import SEVERITY, Finding, House, Promised, Reply, Severity
from otklik.russian import morphology
from otklik.russian.text import Token, sentences, tokens

# quoted words, code, lines of another's letter: their writer is not the one whom the coach advises
_NOT_JUDGED = re.compile(
    r"«[^«»\n]{0,400}»|„[^„“\n]{0,400}“|“[^“”\n]{0,400}”|(?<!\w)\"[^\"\n]{1,400}\"(?!\w)"
    r"|```.*?(?:```|\Z)|`[^`\n]+`|^[ \t]*>.*$",
    re.DOTALL | re.MULTILINE,
)
# a reply is never that long: what stands beyond is not judged, so that a book pasted by mistake costs no minute
LONGEST_READ = 20_000
_LONGEST_WORD = 60  # longer ones are keys and garbage: the analyser would look for their endings all the same
_BULLETS = frozenset("-–—•*·")
_SIGNATURE = re.compile(r"^(?:--[ \t]*|[СсC] уважением\b.*)$", re.MULTILINE)


class Word:
    """A piece of the reply that knows its forms. `judged` is False inside quotes, code and the signature.

    text, start, end: the token's; low: lower case, «е» for «ё»; plain: the same without the blank before a dash;
    at: its number among the reply's words. All rules read these for every word, so they are no properties.
    """

    __slots__ = ("_lemmas", "at", "end", "is_word", "judged", "low", "plain", "start", "text", "token")

    def __init__(self, token: Token, at: int, *, judged: bool) -> None:
        self.token = token
        self.at = at
        self.judged = judged
        self.text, self.low, self.start, self.end, kind = token
        self.is_word = kind == "word" and self.end - self.start <= _LONGEST_WORD
        self.plain = self.low if self.is_word else self.low.strip()
        self._lemmas: frozenset[str] | None = None

    def __repr__(self) -> str:
        return f"Word({self.text!r}, at={self.at}, judged={self.judged})"

    @property
    def lemmas(self) -> frozenset[str]:
        """Dictionary forms the word may have, «е» for «ё»; empty for what is no word."""
        if self._lemmas is None:
            self._lemmas = morphology.lemmas(self.text) if self.is_word else frozenset()
        return self._lemmas

    def is_a(self, *grammemes: str) -> bool:
        """Whether some reading of the word has all these grammemes (OpenCorpora's)."""
        return self.is_word and morphology.is_a(self.text, *grammemes)


@dataclass(frozen=True)
class Sentence:
    """Words of one sentence and its place without the blanks round it and the bullet before it."""

    words: tuple[Word, ...]

    @cached_property
    def start(self) -> int:
        return next((word.start for word in self.words if word.plain not in _BULLETS), self.words[0].start)

    @property
    def end(self) -> int:
        return self.words[-1].end

    @cached_property
    def is_judged(self) -> bool:
        return any(word.judged and word.is_word for word in self.words)

    @cached_property
    def is_question(self) -> bool:
        return any("?" in word.text for word in self.words[-2:])

    @cached_property
    def lows(self) -> frozenset[str]:
        """What its judged words look like: lists that hold none of these need not look further."""
        judged = [word for word in self.words if word.judged]
        return frozenset([word.low for word in judged] + [word.plain for word in judged])

    @cached_property
    def lemmas(self) -> frozenset[str]:
        """All dictionary forms of its judged words."""
        return frozenset().union(*(word.lemmas for word in self.words if word.judged))

    def has(self, *lemmas: str) -> bool:
        """Whether one of these dictionary forms stands in it, outside quotes."""
        return any(word.judged and not word.lemmas.isdisjoint(lemmas) for word in self.words)


class Reading:
    """One reply, read: what all rules share. Nothing here changes after it is made."""

    def __init__(self, reply: Reply, house: House | None = None) -> None:
        self.reply = reply
        self.house = house or House()
        self.text = reply.text[:LONGEST_READ]
        pieces = tokens(self.text)
        hidden = sorted(match.span() for match in _NOT_JUDGED.finditer(self.text))
        self.body_end = _where_signature_begins(self.text)
        self.words = tuple(_words(pieces, hidden, self.body_end))
        self.sentences = tuple(Sentence(self.words[start:end]) for start, end in sentences(self.text, pieces))

    @cached_property
    def judged_sentences(self) -> tuple[Sentence, ...]:
        return tuple(sentence for sentence in self.sentences if sentence.is_judged)

    @cached_property
    def lemmas(self) -> frozenset[str]:
        """All dictionary forms of the reply's judged words."""
        return frozenset().union(*(sentence.lemmas for sentence in self.sentences))

    @cached_property
    def client(self) -> "Reading | None":
        """What the client wrote, read the same way; None where it isn't known."""
        said = self.reply.client_text
        return Reading(Reply(said, lang=self.reply.lang)) if said and said.strip() else None

    def sentence_of(self, place: int) -> Sentence:
        """The sentence that holds the code point `place`."""
        return next((one for one in self.sentences if place < one.end), self.sentences[-1])


def finding(
    rule: str,
    place: tuple[int, int],
    reason: str,
    *,
    suggestions: tuple[str, ...] = (),
    severity: Severity | None = None,
    promise: Promised | None = None,
) -> Finding:
    """A finding of a rule with the rule's own severity unless it says another."""
    return Finding(rule, *place, severity or SEVERITY[rule], reason, suggestions, promise)


WHOLE = (0, 0)  # the place of a finding about the reply as a whole


def _where_signature_begins(text: str) -> int:
    """Offset of «--» or «С уважением» on a line of its own in the last part of the text, else its length."""
    found = list(_SIGNATURE.finditer(text))
    if found and text[found[-1].start() :].count("\n") <= 6:
        return found[-1].start()
    return len(text)


def _words(pieces: list[Token], hidden: list[tuple[int, int]], body_end: int) -> Iterator[Word]:
    waiting = 0
    for at, piece in enumerate(pieces):
        while waiting < len(hidden) and hidden[waiting][1] <= piece.start:
            waiting += 1
        inside = waiting < len(hidden) and hidden[waiting][0] <= piece.start
        yield Word(piece, at, judged=not inside and piece.start < body_end)
