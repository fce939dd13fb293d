"""Finding requests by words in any form, by number, by the client's name or address. Rights inside the query."""

from dataclasses import dataclass

from django.db import connection

from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.desk.queries import ROW, visible_to
from otklik.staff import queries as staff

SHOWN = 20
MOST_HITS = 1000  # the count says «1000+» from here

# Newest first among all hits; both lists read their GIN index (message_search, note_search).
_HITS = """
WITH wanted AS (SELECT websearch_to_tsquery('pg_catalog.russian', translate(%(text)s, 'ёЁ', 'еЕ')) AS q)
SELECT ticket_id, id, kind FROM (
  SELECT m.ticket_id, m.id, 'message' AS kind, m.at FROM wanted, desk_message m JOIN desk_ticket t ON t.id = m.ticket_id
   WHERE m.search @@ wanted.q AND (%(all)s OR t.team_id = ANY(%(teams)s))
  UNION ALL
  SELECT n.ticket_id, n.id, 'note', n.at FROM wanted, desk_note n JOIN desk_ticket t ON t.id = n.ticket_id
   WHERE n.search @@ wanted.q AND (%(all)s OR t.team_id = ANY(%(teams)s))
) hits ORDER BY at DESC, id DESC LIMIT %(most)s
"""
_START, _END = "\x02", "\x03"  # never in a letter: the reader takes control characters out
_WORDS = """
SELECT ts_headline('pg_catalog.russian', left({column}, 20000),
         websearch_to_tsquery('pg_catalog.russian', translate(%s, 'ёЁ', 'еЕ')),
         'MaxWords=24, MinWords=12, MaxFragments=1, StartSel=' || chr(2) || ', StopSel=' || chr(3)), id
FROM {table} WHERE id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Found:
    """One request with the words around the match as (text, matches) pieces."""

    ticket: Ticket
    words: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found: the first 20 requests, newest word first; total counts up to 1000."""

    found: list[Found]
    total: int


def search(user: User, text: str) -> Answer:
    """text: what a person typed; never raises on any of it."""
    text = " ".join(text.replace("\x00", " ").split())[:200]
    if not text:
        return Answer([], 0)
    hits = _hits(user, text)
    first: dict[int, tuple[str, int]] = {}
    for ticket_id, pk, kind in hits:
        first.setdefault(ticket_id, (kind, pk))
    named = [pk for pk in _named(user, text) if pk not in first]
    order = [*named, *first][:SHOWN]
    tickets = visible_to(user).select_related("client", "owner").only(*ROW).in_bulk(order)
    words = _headlines(text, {pk: first[pk] for pk in order if pk in first})
    found = [
        Found(tickets[pk], words.get(pk) or [(tickets[pk].last_words, False)])
        for pk in order
        if pk in tickets
    ]
    return Answer(found, min(len(first) + len(named), MOST_HITS))


def _hits(user: User, text: str) -> list[tuple[int, int, str]]:
    teams = sorted(staff.team_ids(user))
    with connection.cursor() as cursor:
        cursor.execute(_HITS, {"text": text, "all": user.sees_all, "teams": teams, "most": MOST_HITS})
        return list(cursor.fetchall())


def _named(user: User, text: str) -> list[int]:
    """By number, by a client's name or by an address; a few, the latest first."""
    number = text.lstrip("№#").strip()
    rows = visible_to(user)
    if number.isascii() and number.isdigit() and len(number) < 19:
        return list(rows.filter(number=int(number)).values_list("pk", flat=True))
    if "@" in text:
        rows = rows.filter(participants__identity__value=text.lower())
    else:
        rows = rows.filter(client__name__iexact=text)
    return list(rows.order_by("-last_message_at").values_list("pk", flat=True)[:SHOWN])


def _headlines(text: str, wanted: dict[int, tuple[str, int]]) -> dict[int, list[tuple[str, bool]]]:
    by_kind: dict[str, dict[int, int]] = {}
    for ticket_id, (kind, pk) in wanted.items():
        by_kind.setdefault(kind, {})[pk] = ticket_id
    shown: dict[int, list[tuple[str, bool]]] = {}
    for kind, tickets in by_kind.items():
        table, column = ("desk_message", "reply_text") if kind == "message" else ("desk_note", "text")
        with connection.cursor() as cursor:
            cursor.execute(_WORDS.format(table=table, column=column), [text, list(tickets)])
            shown |= {tickets[pk]: _pieces(line) for line, pk in cursor.fetchall()}
    return shown


def _pieces(line: str) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    for chunk in line.split(_START):
        match, end, rest = chunk.partition(_END)
        pieces += [(match, True), (rest, False)] if end else [(chunk, False)]
    return [(text, is_match) for text, is_match in pieces if text]
