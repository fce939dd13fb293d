"""The words around a match: the best message, note or file of each found request, and what of it matched."""

import re
from collections.abc import Collection, Iterable, Sequence

from otklik import replica, rows
from otklik.desk.search.asking import Asked, Term
from otklik.russian import spelling

WIDTH = 180
READ = 20_000
Piece = tuple[str, bool]  # text, whether it matched
# one regular expression instead of a look at each word: of the 800 words of a page two dozen begin so
_WORD = r"(?<![\w@.+/-])(?={stems})[\w@.+/-]*\w"

# The place of each request that matches best; uses message_thread and note_thread.
_PLACES = """
SELECT DISTINCT ON (ticket_id) ticket_id, words FROM (
  SELECT m.ticket_id, left(m.text, %(read)s) AS words, ts_rank(m.search, %(q)s::tsquery) AS rank, m.id
    FROM desk_message m WHERE m.ticket_id = ANY(%(tickets)s::bigint[]) AND m.search @@ %(q)s::tsquery
  UNION ALL SELECT n.ticket_id, left(n.text, %(read)s), 0.01, n.id
    FROM desk_note n WHERE n.ticket_id = ANY(%(tickets)s::bigint[]) AND n.search @@ %(q)s::tsquery
  UNION ALL SELECT m.ticket_id, a.name, 0.005, a.id
    FROM desk_message m JOIN desk_attachment a ON a.message_id = m.id
   WHERE m.ticket_id = ANY(%(tickets)s::bigint[]) AND NOT a.inline AND otklik_file_vector(a.name) @@ %(q)s::tsquery
) places ORDER BY ticket_id, rank DESC, id DESC
"""
_MATCHING = """
SELECT word FROM unnest(%(words)s::text[]) AS word
 WHERE to_tsvector('pg_catalog.russian', translate(word, 'ё', 'е')) @@ %(q)s::tsquery
"""


def read(asked: Asked, tickets: Collection[int]) -> dict[int, str]:
    """The text of the best place of each of these requests; those found by a name or number alone have none."""
    if not asked.wanted or not tickets:
        return {}
    values = {"q": _any(asked.wanted), "tickets": list(tickets), "read": READ}
    return dict(rows.ask(_PLACES, values, of=replica.connection()))


def pieces(asked: Asked, texts: Sequence[str]) -> list[list[Piece]]:
    """Each text cut to about WIDTH characters where most words of the question stand, matches told apart."""
    if not asked.wanted:
        return [[(text[:WIDTH], False)] for text in texts]
    begun = _begun(asked.wanted)
    spots = [list(begun.finditer(text)) for text in texts]
    matching = _matching({match.group().lower() for found in spots for match in found}, asked)
    return [
        _cut(text, [match.span() for match in found if match.group().lower() in matching])
        for text, found in zip(texts, spots, strict=True)
    ]


def _begun(terms: Sequence[Term]) -> re.Pattern[str]:
    """Words that may match: a stem of PostgreSQL's is always a beginning of its word."""
    stems = sorted({re.escape(spelling.fold(lexeme)) for one in terms for lexeme in one.lexemes})
    return re.compile(_WORD.format(stems="|".join(stems).replace("е", "[её]")), re.IGNORECASE)


def _matching(words: Collection[str], asked: Asked) -> set[str]:
    """Of words that begin as a lexeme does, those that PostgreSQL takes for it: «кот» is not «который»."""
    if not words:
        return set()
    values = {"words": sorted(words), "q": _any(asked.wanted)}
    return {word for (word,) in rows.ask(_MATCHING, values, of=replica.connection())}


def _any(terms: Iterable[Term]) -> str:
    """Any of the words, for showing; the whole question decided already."""
    return " | ".join(f"({one.query})" for one in terms)


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> list[Piece]:
    start = _best_start(spans)
    begin = max(0, start - WIDTH // 3)
    if begin:
        begin = text.rfind(" ", 0, begin + 1) + 1 or begin
    end = min(len(text), begin + WIDTH)
    if end < len(text):
        end = max(text.rfind(" ", begin, end), begin + WIDTH // 2)
    shown: list[Piece] = [("… ", False)] if begin else []
    place = begin
    for left, right in spans:
        if left >= begin and right <= end:
            shown += [(_line(text[place:left]), False), (text[left:right], True)]
            place = right
    shown += (
        [(_line(text[place:end]), False), ("…", False)]
        if end < len(text)
        else [(_line(text[place:end]), False)]
    )
    return [piece for piece in shown if piece[0]]


def _best_start(spans: Sequence[tuple[int, int]]) -> int:
    """Where a window of WIDTH holds most matches."""
    if not spans:
        return 0
    return max(spans, key=lambda one: sum(one[0] <= other[0] < one[0] + WIDTH for other in spans))[0]


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text)
