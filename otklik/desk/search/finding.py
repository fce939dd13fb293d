"""Requests that answer a question, best first: rights, words, names and dates in one statement (invariant 6).

A request's score is the logarithm of how well its best place matches plus its date in units of HALF_LIFE_S, so it never
changes with the clock and a page can be continued by the key (score, id). A match in the subject outweighs 276 days.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import EmptyResultSet

from otklik import replica
from otklik.accounts.models import User
from otklik.desk.queries import visible_to
from otklik.desk.search.asking import Asked, Term, query_of

MOST_COUNTED = 1000
MOST_READ = 10_000  # messages; a word that more have is looked for among the latest only
LATEST = 1_500  # that many of them, then ten times as many when too few may be seen
HALF_LIFE_S = 120 * 86_400
MOST_PEOPLE = 300

# The parts of the statement. {q}: the tsquery, as a constant that the planner can weigh; each reads its GIN index.
# No ts_rank: it reads each vector, which took two thirds of the time of 5,000 hits; what counts is where a word stands.
# Of a word of most letters only the latest are read, and there it is cheaper than looking through all subjects.
_MESSAGES = """SELECT m.ticket_id, {rank} + {said} AS score
    FROM desk_message m WHERE m.search @@ {q}::tsquery AND m.id > {floor}"""
_RANK = "ln(ts_rank('{{0.1,0.1,0.1,1}}', m.search, {q}::tsquery) + 1e-9)"
_SUBJECTS = "SELECT m.id, ln(0.6) + {last} FROM desk_ticket m WHERE otklik_vector(m.subject) @@ {q}::tsquery"
# {fence} keeps the planner from walking back through all notes or files because it takes a rare word for a common one.
_NOTES = """(SELECT m.ticket_id, ln(0.05) + {said}
    FROM (SELECT * FROM desk_note WHERE search @@ {q}::tsquery {fence}) m ORDER BY m.id DESC LIMIT {most})"""
_FILES = """(SELECT coalesce(m.ticket_id, n.ticket_id), ln(0.2) + date_part('epoch', coalesce(m.at, n.at)) / {life}
    FROM (SELECT * FROM (SELECT id, message_id, note_id FROM desk_attachment
           WHERE NOT inline AND otklik_file_vector(name) @@ {q}::tsquery OFFSET 0) f ORDER BY id DESC LIMIT {most}) a
    LEFT JOIN desk_message m ON m.id = a.message_id LEFT JOIN desk_note n ON n.id = a.note_id)"""
_ELSEWHERE = """ AND EXISTS (
    SELECT 1 FROM desk_message o WHERE o.ticket_id = m.ticket_id AND o.search @@ {q}::tsquery)"""
_THEIRS = " AND m.ticket_id IN (SELECT id FROM desk_ticket WHERE client_id IN ({people}))"
_OF_CLIENTS = """(SELECT m.id, ln(0.8) + {last} FROM ({people}) who (id) CROSS JOIN LATERAL (
    SELECT id, last_message_at FROM desk_ticket WHERE client_id = who.id ORDER BY last_message_at DESC LIMIT 100) m)"""
_OF_IDENTITIES = """(SELECT m.id, ln(0.4) + {last} FROM (SELECT ticket_id FROM desk_participant
    WHERE identity_id IN (SELECT id FROM clients_identity WHERE {has} LIMIT 300) ORDER BY id DESC LIMIT {most}) p
    JOIN desk_ticket m ON m.id = p.ticket_id)"""
_NUMBERED = """(SELECT m.id, CASE WHEN m.number = {number} THEN 1000 ELSE ln(0.2) END + {last}
    FROM desk_ticket m WHERE {ranges} ORDER BY m.number LIMIT {most})"""
_PEOPLE = """(SELECT id FROM clients_client WHERE {has} LIMIT {most}) UNION (SELECT c.id FROM clients_client c
    JOIN (SELECT id FROM clients_organisation WHERE {has} LIMIT {most}) o ON o.id = c.organisation_id LIMIT {most})"""
_ALL = """
WITH hits (ticket_id, score) AS MATERIALIZED ({branches}),
best AS MATERIALIZED (
  SELECT ticket_id, max(score)::float8 AS score FROM hits GROUP BY ticket_id ORDER BY 2 DESC, 1 DESC)
SELECT page.score, page.ticket_id, page.total, t.number, t.subject, t.state, t.last_message_at, t.last_words, c.name,
       u.name FROM (
 SELECT shown.*, count(*) OVER () AS total FROM (
  SELECT best.ticket_id, best.score FROM best
   WHERE {after} AND EXISTS (SELECT 1 FROM ({visible}) seen WHERE seen.id = best.ticket_id)
   ORDER BY best.score DESC, best.ticket_id DESC LIMIT {most}
) shown ORDER BY score DESC, ticket_id DESC LIMIT {limit}
) page JOIN desk_ticket t ON t.id = page.ticket_id JOIN clients_client c ON c.id = t.client_id
  LEFT JOIN accounts_user u ON u.id = t.owner_id ORDER BY page.score DESC, page.ticket_id DESC
"""
_SAID = f"date_part('epoch', m.at) / {HALF_LIFE_S}"
_LAST = f"date_part('epoch', m.last_message_at) / {HALF_LIFE_S}"


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page ended."""

    score: float
    ticket_id: int

    def __str__(self) -> str:
        return f"{self.score!r}~{self.ticket_id}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A request that was found, as a list shows it."""

    key: Key
    number: int
    subject: str
    state: str
    last_message_at: datetime
    last_words: str
    client: str
    owner: str | None


@dataclass(frozen=True, slots=True)
class Hits:
    """rows: best first; total: of all pages, up to MOST_COUNTED; is_more: there are further ones.

    of_latest: only the latest messages were read, total is of them. What others have is no part of it (invariant 6).
    """

    rows: list[Hit]
    total: int
    is_more: bool = False
    of_latest: bool = False


def find(user: User, asked: Asked, *, after: Key | None = None, limit: int) -> Hits:
    """The requests that `user` may see and that have all that was asked for, in one place of theirs."""
    width = 1
    while True:
        floor = _floor(asked, width)
        statement = _Statement()
        _add_words(statement, asked, floor)
        _add_numbers(statement, asked)
        hits = statement.run(user, after, limit)
        if not floor or len(hits.rows) >= limit or width > 10:
            return replace(hits, of_latest=bool(floor))
        width *= 10


def find_across(user: User, asked: Asked, *, after: Key | None = None, limit: int) -> Hits:
    """As find(), but the words may stand in different messages, or one of them in the client's name."""
    terms = sorted(asked.wanted, key=lambda one: one.count)
    statement = _Statement()
    if 2 <= len(terms) <= 5:
        first, *others = terms
        elsewhere = (_ELSEWHERE.format(q=statement.given(one.query)) for one in others)
        statement.add(_messages(statement, [first], asked.newest) + "".join(elsewhere))
        for one in terms:
            rest = [other for other in terms if other is not one]
            theirs = _THEIRS.format(people=_people(statement, [one]))
            statement.add(_messages(statement, rest, asked.newest) + theirs)
    return statement.run(user, after, limit)


class _Statement:
    """One statement put together of branches; values are named as they come."""

    def __init__(self) -> None:
        self._branches: list[str] = []
        self._values: dict[str, str | int | float] = {}

    def given(self, value: str | int | float) -> str:
        """The placeholder of a value."""
        name = f"v{len(self._values)}"
        self._values[name] = value
        return f"%({name})s"

    def add(self, branch: str) -> None:
        self._branches.append(branch)

    def run(self, user: User, after: Key | None, limit: int) -> Hits:
        if not self._branches:
            return Hits([], 0)
        try:
            visible, rights = visible_to(user).values("id").query.sql_with_params()
        except EmptyResultSet:  # they may see nothing at all
            return Hits([], 0)
        place = f"({self.given(after.score)}::float8, {self.given(after.ticket_id)})" if after else ""
        sql = _ALL.format(
            branches="\nUNION ALL ".join(self._branches),
            after=f"(best.score, best.ticket_id) < {place}" if after else "true",
            visible=visible % tuple(self.given(one) for one in rights),
            most=limit + 1 if after else MOST_COUNTED,
            limit=limit + 1,
        )
        with replica.connection().cursor() as cursor:
            cursor.execute(sql, self._values)
            rows = cursor.fetchall()
        found = [Hit(Key(score, pk), *shown) for score, pk, _total, *shown in rows[:limit]]
        return Hits(found, rows[0][2] if rows else 0, len(rows) > limit)


def _add_words(statement: _Statement, asked: Asked, floor: int) -> None:
    if not asked.wanted:
        return
    q = statement.given(asked.query)
    rank = _RANK.format(q=q) if floor else "ln(0.06)"
    statement.add(_MESSAGES.format(q=q, said=_SAID, floor=floor, rank=rank))
    if len(asked.wanted) < len(asked.terms):
        return  # what must not be there is looked for in the same message only
    if not floor:
        statement.add(_SUBJECTS.format(q=q, last=_LAST))
    statement.add(_NOTES.format(q=q, said=_SAID, most=MOST_COUNTED, fence="" if floor else "OFFSET 0"))
    statement.add(_FILES.format(q=q, life=HALF_LIFE_S, most=MOST_COUNTED))
    people = _people(statement, asked.wanted)
    statement.add(_OF_CLIENTS.format(people=people, last=_LAST))
    has = " AND ".join(_part(statement, "value", one.typed) for one in asked.wanted)
    statement.add(_OF_IDENTITIES.format(has=has, last=_LAST, most=MOST_COUNTED))


def _add_numbers(statement: _Statement, asked: Asked) -> None:
    if asked.number:
        ranges = " OR ".join(
            f"m.number BETWEEN {statement.given(low)} AND {statement.given(high)}"
            for low, high in _ranges(int(asked.number))
        )
        number = statement.given(int(asked.number))
        statement.add(_NUMBERED.format(number=number, ranges=ranges, last=_LAST, most=MOST_COUNTED))
    if len(asked.digits) >= 5:
        has = _part(statement, "value", asked.digits)
        statement.add(_OF_IDENTITIES.format(has=has, last=_LAST, most=MOST_COUNTED))


def _messages(statement: _Statement, terms: Sequence[Term], newest: int) -> str:
    floor = _floor(Asked("", tuple(terms), newest=newest), 1)
    return _MESSAGES.format(q=statement.given(query_of(terms)), said=_SAID, floor=floor, rank="ln(0.06)")


def _people(statement: _Statement, terms: Sequence[Term]) -> str:
    """Clients who have all these words in their name, or in the name of their organisation."""
    has = " AND ".join(_begun(statement, "name", one.stem) for one in terms)
    return _PEOPLE.format(has=has, most=MOST_PEOPLE)


def _begun(statement: _Statement, column: str, stem: str) -> str:
    """A word of the column begins so."""
    begins = rf"\m{re.escape(stem)}"
    folded = f"translate(lower({column}), 'ё', 'е')"
    return f"{_threes(statement, column, stem)} AND {folded} ~ {statement.given(begins)}"


def _part(statement: _Statement, column: str, part: str) -> str:
    """The column has this part; from three letters on."""
    return f"{_threes(statement, column, part)} AND position({statement.given(part)} IN {column}) > 0"


def _threes(statement: _Statement, column: str, part: str) -> str:
    if len(part) < 3:
        return "false"
    return f"otklik_parts({column}) @> otklik_parts({statement.given(part)})"


def _ranges(number: int) -> list[tuple[int, int]]:
    """Numbers that begin with this one: itself, and from three digits on those that are longer by one to three."""
    further = range(4) if number >= 100 else range(1)
    return [(number * 10**more, number * 10**more + 10**more - 1) for more in further]


def _floor(asked: Asked, width: int) -> int:
    """Only messages above this id are read: of a word that stands in most letters the latest will do."""
    if asked.expected <= MOST_READ or not asked.newest:
        return 0
    share = LATEST * width / asked.expected
    return max(0, int(asked.newest * (1 - share)))
