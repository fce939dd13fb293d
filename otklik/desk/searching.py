"""Finding requests by words in any form, by parts of names, addresses and numbers. Rights inside the query (R-A13)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from otklik.accounts.models import User
from otklik.desk.search import asking, excerpts, finding, vocabulary
from otklik.desk.search.asking import Asked
from otklik.desk.search.excerpts import Piece
from otklik.desk.search.finding import MOST_COUNTED as MOST_HITS
from otklik.desk.search.finding import Hit, Hits, Key
from otklik.russian import spelling

__all__ = ["MOST_HITS", "SHOWN", "Answer", "Found", "Key", "key", "search"]
SHOWN = 20
FEW = 3  # so few requests found, and we ask whether another word was meant
OFFERS = 3
TRIED = 4  # near words of each word


@dataclass(frozen=True, slots=True)
class Found:
    """One request with the words around the match as (text, matches) pieces."""

    hit: Hit
    words: list[Piece]

    @property
    def number(self) -> int:
        return self.hit.number


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of what was found, best first; total counts up to MOST_HITS, of_latest: of the latest letters only.

    instead: what was looked for where nothing has the words as typed (the other keyboard); offers: «возможно, вы
    искали»; each of them finds something that this person may see.
    """

    found: list[Found]
    total: int
    more: Key | None = None
    of_latest: bool = False
    instead: str = ""
    offers: tuple[str, ...] = ()


def key(text: str) -> Key | None:
    """The place of a page as its address has it, «21.5~1042»; None for anything strange."""
    score, tilde, ticket_id = text.partition("~")
    if (
        not tilde
        or not re.fullmatch(r"-?\d{1,9}(\.\d{1,20})?", score)
        or not re.fullmatch(r"\d{1,18}", ticket_id)
    ):
        return None
    return Key(float(score), int(ticket_id))


def search(user: User, text: str, after: Key | None = None) -> Answer:
    """text: what a person typed; never raises on any of it. after: where the last page ended."""
    asked = asking.read(text)
    hits = finding.find(user, asked, after=after, limit=SHOWN)
    if hits.rows and (after or hits.total > FEW):
        return _answer(asked, hits)
    if not hits.rows:
        asked, hits = _further(user, asked, after)
    if after:
        return _answer(asked, hits)
    instead = asked.text if asked.text != " ".join(text.split())[: asking.LONGEST] else ""
    offers = () if instead else _offers(user, asked, hits.total)
    return replace(_answer(asked, hits), instead=instead, offers=offers)


def _further(user: User, asked: Asked, after: Key | None) -> tuple[Asked, Hits]:
    """Nothing has all words in one place as they were typed: other ways, the closest first."""
    ways: list[Callable[[], tuple[Asked | None, Callable[[Asked], Hits]]]] = [
        lambda: (asked, lambda one: finding.find_across(user, one, after=after, limit=SHOWN)),
        lambda: (asking.begun(asked), lambda one: finding.find(user, one, after=after, limit=SHOWN)),
        lambda: (_other_layout(asked), lambda one: finding.find(user, one, after=after, limit=SHOWN)),
    ]
    for way in ways:
        meant, find = way()
        if meant and (hits := find(meant)).rows:
            return meant, hits
    return asked, Hits([], 0)


def _other_layout(asked: Asked) -> Asked | None:
    typed = spelling.other_layout(asked.text)
    return asking.read(typed) if typed else None


def _offers(user: User, asked: Asked, total: int) -> tuple[str, ...]:
    """The question with one word replaced by a near one that this person's requests have more often."""
    found: list[str] = []
    for term in asked.wanted:
        if len(term.ways[0]) > 1 or term.typed not in spelling.fold(asked.text):
            continue
        for near in vocabulary.near(term.stem)[:TRIED]:
            other = near.lexeme + term.typed[len(term.stem) :]
            text = spelling.fold(asked.text).replace(term.typed, other)
            if near.count > 2 * term.count and finding.find(user, asking.read(text), limit=FEW).total > total:
                found.append(text)
            if len(found) == OFFERS:
                return tuple(found)
    return tuple(found)


def _answer(asked: Asked, hits: Hits) -> Answer:
    texts = excerpts.read(asked, [one.key.ticket_id for one in hits.rows])
    shown = [texts.get(one.key.ticket_id) or one.last_words for one in hits.rows]
    words = excerpts.pieces(asked, shown) if shown else []
    found = [Found(hit, pieces) for hit, pieces in zip(hits.rows, words, strict=True)]
    return Answer(found, hits.total, hits.rows[-1].key if hits.is_more else None, hits.of_latest)
