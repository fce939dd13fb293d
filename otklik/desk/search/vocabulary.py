"""The words that an installation uses: learnt from the journal in batches, so that taking letters in costs no more.

They serve what the vectors alone can't: words a slip away, words written in two alphabets, parts of numbers and
addresses inside letters, and how many messages a word is in before they are read.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from otklik.desk.models.learning import LONGEST, Word
from otklik.journal import following
from otklik.journal.models import Entry
from otklik.russian import spelling

FOLLOWER = "words"
WORDS = ("message.received", "message.written", "note.written")  # of the journal
NEAR, LOOKS = "~", "="  # the first letter of a key: near by a slip or a sound; the same to the eye
MOST_NEAR = 300
_PLAIN = re.compile(r"[^\W\d_]{3,24}")
_PARTED = re.compile(r"(?=.*[\d@.])[\w@.+/-]{4,40}")  # numbers, addresses, names of computers

_SAID = """
    SELECT lexeme, count(*) FROM (
      SELECT (unnest(search)).lexeme FROM desk_message WHERE id = ANY(%(messages)s)
      UNION ALL SELECT (unnest(otklik_vector(author_name))).lexeme FROM desk_message WHERE id = ANY(%(messages)s)
      UNION ALL SELECT (unnest(search)).lexeme FROM desk_note WHERE id = ANY(%(notes)s)
    ) said WHERE length(lexeme) BETWEEN 3 AND %(longest)s GROUP BY lexeme ORDER BY lexeme
"""
_MORE = """
    UPDATE desk_word SET count = count + said.n FROM unnest(%s::text[], %s::int[]) AS said (lexeme, n)
     WHERE desk_word.lexeme = said.lexeme RETURNING desk_word.lexeme
"""
_GONE = """
    DELETE FROM desk_word WHERE lexeme = ANY(%s)
      AND NOT EXISTS (SELECT 1 FROM desk_message WHERE search @@ quote_literal(desk_word.lexeme)::tsquery)
      AND NOT EXISTS (SELECT 1 FROM desk_note WHERE search @@ quote_literal(desk_word.lexeme)::tsquery)
"""


@dataclass(frozen=True, slots=True)
class Near:
    lexeme: str
    count: int


def follow() -> int:
    """One step of the loop: the words of what was said since the last one; returns how many entries were read."""
    return following.follow(FOLLOWER, _take, words=WORDS)


def _take(entries: Sequence[Entry]) -> None:
    learn(
        messages=[int(one.facts["message"]) for one in entries if "message" in one.facts],
        notes=[int(one.facts["note"]) for one in entries if "note" in one.facts],
    )


def learn(messages: Collection[int] = (), notes: Collection[int] = ()) -> None:
    """Count the words of these messages and notes, by ids. Once each: a second time counts them twice."""
    with connection.cursor() as cursor:
        cursor.execute(_SAID, {"messages": list(messages), "notes": list(notes), "longest": LONGEST})
        said = {lexeme: count for lexeme, count in cursor.fetchall() if is_kept(lexeme)}
        if not said:
            return
        cursor.execute(_MORE, [list(said), list(said.values())])
        known = {lexeme for (lexeme,) in cursor.fetchall()}
    fresh = [Word(lexeme=one, count=n, keys=keys_of(one)) for one, n in said.items() if one not in known]
    Word.objects.bulk_create(fresh, batch_size=2000, ignore_conflicts=True)


def forget(lexemes: Iterable[str]) -> int:
    """Of these words, drop those that no message and no note has any more (a person was erased); returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_GONE, [list(lexemes)])
        return int(cursor.rowcount)


def near(lexeme: str) -> list[Near]:
    """Known words that this one may be a slip of, the nearest first, at most ten. Of all teams."""
    if not _PLAIN.fullmatch(lexeme):
        return []
    keys = [NEAR + key for key in spelling.near_keys(lexeme)]
    found = Word.objects.filter(keys__overlap=keys).exclude(lexeme=lexeme).order_by("-count")
    ranked = sorted(
        (far, -count, other)
        for other, count in found.values_list("lexeme", "count")[:MOST_NEAR]
        if (far := _far(lexeme, other)) <= _furthest(lexeme)
    )
    return [Near(other, -count) for _far_, count, other in ranked[:10]]


def _far(lexeme: str, other: str) -> int:
    """Letters apart; those that sound the same are half as far."""
    apart = spelling.distance(lexeme, other)
    return (apart + 1) // 2 if spelling.sound(lexeme) == spelling.sound(other) else apart


def _furthest(lexeme: str) -> int:
    return 1 if len(lexeme) < 8 else 2


def is_kept(lexeme: str) -> bool:
    return bool(_PLAIN.fullmatch(lexeme) or _PARTED.fullmatch(lexeme))


def keys_of(lexeme: str) -> list[str]:
    """What a word is found by: slips and sounds of a plain one, the threes of letters of a number or an address."""
    if _PLAIN.fullmatch(lexeme):
        looks = [LOOKS + way for way in spelling.twins(lexeme)] if spelling.is_mixed(lexeme) else []
        return [NEAR + key for key in spelling.near_keys(lexeme)] + looks
    return sorted({lexeme[place : place + 3] for place in range(len(lexeme) - 2)})
