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

# The place of each request that matches best: a message, and only where none does a note or a file. Uses message_thread
# and note_thread.
_PLACES = """
WITH said AS MATERIALIZED (
  SELECT DISTINCT ON (ticket_id) ticket_id, left(text, %(read)s) AS words FROM desk_message
   WHERE ticket_id = ANY(%(tickets)s::bigint[]) AND search @@ %(q)s::tsquery
     AND kind NOT IN ('ack', 'link', 'notice')
   ORDER BY ticket_id, ts_rank(search, %(q)s::tsquery) DESC, id DESC),
silent AS MATERIALIZED (
  SELECT id FROM unnest(%(tickets)s::bigint[]) AS asked (id) WHERE id NOT IN (SELECT ticket_id FROM said))
SELECT ticket_id, words FROM said
UNION ALL
(SELECT DISTINCT ON (id) id, words FROM (
  SELECT t.id, left(n.text, %(read)s) AS words, 1 AS place, n.id AS latest
    FROM silent t JOIN desk_note n ON n.ticket_id = t.id WHERE n.search @@ %(q)s::tsquery
  UNION ALL SELECT t.id, a.name, 2, a.id FROM silent t CROSS JOIN LATERAL (
    SELECT a.name, a.id, a.inline FROM desk_message m JOIN desk_attachment a ON a.message_id = m.id
     WHERE m.ticket_id = t.id OFFSET 0) a WHERE NOT inline AND otklik_file_vector(name) @@ %(q)s::tsquery
 ) beside ORDER BY id, place, latest DESC)
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
    begin = _word_before(text, max(0, start - WIDTH // 3))
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


def _word_before(text: str, place: int) -> int:
    """Where the word at this place begins; the place itself within a word that would fill the window."""
    begin = max(text.rfind(" ", 0, place + 1), text.rfind("\n", 0, place + 1)) + 1
    return begin if place and place - begin < WIDTH // 3 else place


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text)
