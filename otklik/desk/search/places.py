"""The places where a question is looked for, each a branch of one statement, and rights inside it (invariant 6).

Nothing is cut before it is known whose it is. Where a word, name, address or file name is in more places than can be
read, one's own requests are looked through instead, the latest OWN of them: all, for whoever has no more.
"""

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

from otklik import replica, rows
from otklik.desk.models.tickets import CLOSED_STATES, OPEN_STATES
from otklik.desk.search.asking import Term

Value: TypeAlias = str | int | float | list[int] | list[str]
MOST_COUNTED = 1000
MOST_READ = 10_000  # places of a word that are all read
MOST_NAMES = 2_000  # people, organisations, addresses that have it
OWN = 3_000  # requests of one's own
HALF_LIFE_S = 120 * 86_400

SAID = f"date_part('epoch', m.at) / {HALF_LIFE_S}"
LAST = f"date_part('epoch', t.last_message_at) / {HALF_LIFE_S}"
PLAIN = "ln(0.06)"  # how well a word matches that stands in a message
# {q}: the tsquery. No ts_rank but of a common word: it reads each vector, which took two thirds of the time of 5,000
# hits; what counts is where a word stands.
RANK = "ln(ts_rank('{{0.1,0.1,0.1,1}}', m.search, {q}::tsquery) + 1e-9)"
# our automatic letters repeat subject and team: «сервер» would find all that the team «Серверы» ever got
BY_PEOPLE = "NOT IN ('ack', 'link', 'notice')"
MESSAGES = "SELECT m.ticket_id, {rank} + {said} FROM {where} WHERE m.search @@ {q}::tsquery AND m.kind {human}{above}"
SUBJECTS = "SELECT t.id, ln(0.6) + {last} FROM desk_ticket t WHERE otklik_vector(t.subject) @@ {q}::tsquery"
NOTES = "SELECT m.ticket_id, ln(0.05) + {said} FROM {where} WHERE m.search @@ {q}::tsquery"
ALL_MESSAGES, OWN_MESSAGES = "desk_message m", "mine t JOIN desk_message m ON m.ticket_id = t.id"
ALL_NOTES, OWN_NOTES = "desk_note m", "mine t JOIN desk_note m ON m.ticket_id = t.id"
ELSEWHERE = """ AND EXISTS (
    SELECT FROM desk_message o WHERE o.ticket_id = m.ticket_id AND o.search @@ {q}::tsquery AND o.kind {human}
    OFFSET 0)"""

# OFFSET 0 keeps the planner from beginning at the far end, which it takes for small: at all messages with a file, at
# all clients of a name, at all letters with another word.
_FILE = "NOT inline AND otklik_file_vector(name) @@ {q}::tsquery"
_FILES = """SELECT m.ticket_id, ln(0.2) + {said} FROM files a CROSS JOIN LATERAL (
    SELECT ticket_id, at FROM desk_{kind} WHERE id = a.{kind}_id OFFSET 0) m WHERE NOT {many}"""
_OWN_FILES = """SELECT t.id, ln(0.2) + {said} FROM mine t CROSS JOIN LATERAL (
    SELECT m.at, a.name, a.inline FROM desk_{kind} m JOIN desk_attachment a ON a.{kind}_id = m.id
     WHERE m.ticket_id = t.id OFFSET 0) m WHERE {many} AND {has}"""
# The first rows of {source}: its count tells whether there are more. By row_number() and not by LIMIT, for which the
# planner would read the whole table where it takes a rare word for a common one.
_FIRST = "SELECT {keys} FROM (SELECT {keys}, row_number() OVER () AS n FROM {source}) every WHERE n <= {most}"
_MORE = "(SELECT count(*) FROM {name}) > {most}"
_OF_FIRMS = "(SELECT c.id FROM {firms} f JOIN clients_client c ON c.organisation_id = f.id) theirs"
_THEIR_LATEST = """{people} who CROSS JOIN LATERAL (
    SELECT id, last_message_at FROM desk_ticket WHERE client_id = who.id{seen}
     ORDER BY last_message_at DESC LIMIT {most}) t WHERE NOT {many}"""
_OF_CLIENTS = "SELECT t.id, ln(0.8) + {last} FROM {latest}"
_NAMED = """CROSS JOIN LATERAL (
    SELECT FROM clients_client c LEFT JOIN clients_organisation o ON o.id = c.organisation_id
     WHERE c.id = t.client_id AND ({of_client} OR {of_firm}) OFFSET 0) c"""
_OWN_OF_CLIENTS = "SELECT t.id, ln(0.8) + {last} FROM mine t {named} WHERE {many}"
_OF_ADDRESSES = """SELECT t.id, ln(0.4) + {last} FROM {who} who CROSS JOIN LATERAL (
    SELECT t.id, t.last_message_at FROM desk_participant p JOIN desk_ticket t ON t.id = p.ticket_id{seen}
     WHERE p.identity_id = who.id ORDER BY p.id DESC LIMIT {most}) t WHERE NOT {many}"""
_OWN_OF_ADDRESSES = """SELECT t.id, ln(0.4) + {last} FROM mine t JOIN desk_participant p ON p.ticket_id = t.id
    JOIN clients_identity i ON i.id = p.identity_id WHERE {many} AND {has}"""
_SAID_BY_NAMED = """SELECT m.ticket_id, {rank} + {said} FROM desk_message m CROSS JOIN LATERAL (
    SELECT client_id FROM desk_ticket WHERE id = m.ticket_id{seen} OFFSET 0) t {named}
    WHERE {many} AND m.search @@ {q}::tsquery AND m.kind {human}"""
_THEIRS = "SELECT t.id FROM {latest}"
_LATEST_THEIRS = "SELECT t.id FROM {latest} ORDER BY t.last_message_at DESC LIMIT {own}"
_OF_THEIRS = " AND m.ticket_id IN (SELECT id FROM {theirs})"
_BY_THEIRS = "{theirs} t JOIN desk_message m ON m.ticket_id = t.id"
_OWN_SAID_BY_NAMED = """SELECT m.ticket_id, {rank} + {said} FROM mine t {named}
    JOIN desk_message m ON m.ticket_id = t.id WHERE {many} AND m.search @@ {q}::tsquery AND m.kind {human}"""
_NUMBERED = """SELECT t.id, CASE WHEN t.number = {number} THEN 1000 ELSE ln(0.2) END + {last}
    FROM desk_ticket t WHERE ({ranges}){seen}"""

# One's own requests, the latest first, out of the indexes ticket_team_* or, for who sees all, ticket_open_last and
# ticket_ended_last. Read only where a branch asks for them.
_STRETCH = """(SELECT id, client_id, last_message_at FROM desk_ticket WHERE {team}state IN {states}
    ORDER BY last_message_at DESC, id LIMIT {most})"""
_EACH_TEAM = (
    "SELECT one.* FROM unnest(%(teams)s::bigint[]) AS seen (team) CROSS JOIN LATERAL ({stretches}) one"
)
_MINE = "SELECT * FROM ({stretches}) every ORDER BY last_message_at DESC LIMIT {most}"
_ALL = """
WITH {parts}
hits (ticket_id, score) AS MATERIALIZED ({branches}),
best AS MATERIALIZED (
  SELECT ticket_id, max(score)::float8 AS score FROM hits GROUP BY ticket_id ORDER BY 2 DESC, 1 DESC)
SELECT page.score, page.ticket_id, page.total, told.cut, t.number, t.subject, t.state, t.last_message_at, t.last_words,
       c.name, u.name FROM (SELECT {cut} AS cut) told LEFT JOIN (
 SELECT shown.*, count(*) OVER () AS total FROM (
  SELECT best.ticket_id, best.score FROM best WHERE {after}{visible}
   ORDER BY best.score DESC, best.ticket_id DESC LIMIT {most}
) shown ORDER BY score DESC, ticket_id DESC LIMIT {limit}
) page ON true LEFT JOIN desk_ticket t ON t.id = page.ticket_id LEFT JOIN clients_client c ON c.id = t.client_id
  LEFT JOIN accounts_user u ON u.id = t.owner_id ORDER BY page.score DESC, page.ticket_id DESC
"""


class Statement:
    """One statement put together of branches; values are named as they come.

    teams: whose requests may be seen (staff.queries.seen_teams), None is every team's. has_own: with the branches that
    look through one's own requests; most questions need none of them, and they cost a fifth of the statement.
    """

    def __init__(self, teams: list[int] | None, *, has_own: bool = True) -> None:
        self.teams = teams
        self.has_own = has_own
        self._values: dict[str, Value] = {} if teams is None else {"teams": teams}
        self._parts: list[str] = []
        self._branches: list[str] = []
        self._many: list[str] = []  # conditions, any of which sends the search to one's own requests

    @property
    def is_empty(self) -> bool:
        """There is nothing to look for."""
        return not self._branches

    def given(self, value: Value) -> str:
        """The placeholder of a value."""
        name = f"v{len(self._values)}"
        self._values[name] = value
        return f"%({name})s"

    def add(self, branch: str, **values: object) -> None:
        self._branches.append("(" + branch.format(said=SAID, last=LAST, human=BY_PEOPLE, **values) + ")")

    def add_own(self, branch: str, **values: object) -> None:
        if self.has_own:
            self.add(branch, **values)

    def part(self, name: str, sql: str) -> str:
        """A table of its own; gives its name."""
        self._parts.append(f"{name} AS MATERIALIZED ({sql})")
        return name

    def first(self, name: str, source: str, most: int, keys: str = "id") -> str:
        """A table of the first `most` rows of a source, and one more that tells of others; gives its name."""
        return self.part(name, _FIRST.format(keys=keys, source=source, most=most + 1))

    def too_many(self, most: int, *names: str, is_told: bool = True) -> str:
        """The condition that one of these tables holds more than that. is_told: not all is looked through then."""
        condition = "(" + " OR ".join(_MORE.format(name=name, most=most) for name in names) + ")"
        if is_told:
            self._many.append(condition)
        return condition

    def numbered(self, kind: str) -> str:
        """A name that no other part has."""
        return f"{kind}{len(self._parts)}"

    def seen(self, table: str) -> str:
        """The condition, to stand behind others, that a request may be seen."""
        return "" if self.teams is None else f" AND {table}.team_id = ANY(%(teams)s::bigint[])"

    def ask(
        self, after: tuple[float, int] | None, limit: int, *, cut: str = "", prepared: bool
    ) -> list[tuple[Any, ...]]:  # Any: whatever the columns hold
        """Rows (score, id, total, cut, number, …), at least one: with id None where nothing is found.

        cut: a condition to be told instead of «something is in too many places, and one's own requests are not all
        looked through».
        """
        place = f"({self.given(after[0])}::float8, {self.given(after[1])}::bigint)" if after else ""
        seen = " AND EXISTS (SELECT FROM desk_ticket s WHERE s.id = best.ticket_id{})".format(self.seen("s"))
        parts = [f"mine AS MATERIALIZED ({self._mine()})", *self._parts] if self.has_own else self._parts
        cuts = [f"({' OR '.join(self._many) or 'false'})", *([not_all_mine()] if self.has_own else [])]
        sql = _ALL.format(
            parts="".join(f"{one},\n" for one in parts),
            branches="\nUNION ALL ".join(self._branches),
            cut=cut or " AND ".join(cuts),
            after=f"(best.score, best.ticket_id) < {place}" if after else "true",
            visible="" if self.teams is None else seen,
            most=limit + 1 if after else MOST_COUNTED,
            limit=limit + 1,
        )
        if prepared:
            return rows.ask(sql, self._values, of=replica.connection())
        with replica.connection().cursor() as cursor:
            cursor.execute(sql, self._values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _mine(self) -> str:
        team = "" if self.teams is None else "team_id = seen.team AND "
        stretches = " UNION ALL ".join(
            _STRETCH.format(team=team, states=states, most=OWN + 1) for states in (OPEN_STATES, CLOSED_STATES)
        )
        every = stretches if self.teams is None else _EACH_TEAM.format(stretches=stretches)
        return _MINE.format(stretches=every, most=OWN + 1)


def not_all_mine() -> str:
    """The condition that one's own requests are more than are looked through."""
    return _MORE.format(name="mine", most=OWN)


def add_files(statement: Statement, q: str) -> None:
    has = _FILE.format(q=q)
    files = statement.first("files", f"desk_attachment WHERE {has}", MOST_READ, keys="message_id, note_id")
    many = statement.too_many(MOST_READ, files)
    for kind in ("message", "note"):
        statement.add(_FILES, kind=kind, many=many)
        statement.add_own(_OWN_FILES, kind=kind, many=many, has=has)


def add_people(statement: Statement, terms: Sequence[Term]) -> None:
    """Requests of clients who have all these words in their name, or in the name of their organisation."""
    if any(len(one.stem) < 3 for one in terms):
        return
    people, many = _people(statement, terms)
    statement.add(_OF_CLIENTS, latest=_their_latest(statement, people, many))
    statement.add_own(_OWN_OF_CLIENTS, many=many, named=_named(statement, terms))


def add_addresses(statement: Statement, parts: Sequence[str]) -> None:
    """Requests in which an address or telephone takes part that has all these parts."""
    if any(len(one) < 3 for one in parts):
        return
    threes = " AND ".join(_threes(statement, "value", one) for one in parts)
    has = " AND ".join(f"position({statement.given(one)}::text IN {{0}}value) > 0" for one in parts)
    source = f"clients_identity WHERE {threes} AND {has.format('')}"
    who = statement.first(statement.numbered("addresses"), source, MOST_NAMES)
    many = statement.too_many(MOST_NAMES, who)
    statement.add(_OF_ADDRESSES, who=who, many=many, seen=statement.seen("t"), most=MOST_COUNTED)
    statement.add_own(_OWN_OF_ADDRESSES, many=many, has=has.format("i."))


def add_said_by(statement: Statement, one: Term, query: str, *, is_rare: bool) -> None:
    """Messages with the words of `query` in requests of clients who have this one in their name.

    is_rare: all messages with these words may be read; else those of the latest requests of these clients are.
    """
    if len(one.stem) < 3:
        return
    people, many = _people(statement, [one], is_told=not is_rare)
    latest = _their_latest(statement, people, many)
    named, seen = _named(statement, [one]), statement.seen("desk_ticket")
    said_by = {"q": statement.given(query), "rank": PLAIN, "many": many, "named": named, "seen": seen}
    sql = (_THEIRS if is_rare else _LATEST_THEIRS).format(latest=latest, own=OWN + 1)
    theirs = statement.part(statement.numbered("theirs"), sql)
    if is_rare:
        statement.add(MESSAGES, where=ALL_MESSAGES, above=_OF_THEIRS.format(theirs=theirs), **said_by)
        statement.add(_SAID_BY_NAMED, **said_by)
        return
    statement.too_many(OWN, theirs)
    statement.add(MESSAGES, where=_BY_THEIRS.format(theirs=theirs), above="", **said_by)
    statement.add_own(_OWN_SAID_BY_NAMED, **said_by)


def add_numbered(statement: Statement, number: int) -> None:
    """Requests with this number, and from three digits on those that begin with it: at most 1,111."""
    further = range(4) if number >= 100 else range(1)
    ranges = " OR ".join(
        f"t.number BETWEEN {statement.given(number * 10**more)}::bigint"
        f" AND {statement.given(number * 10**more + 10**more - 1)}::bigint"
        for more in further
        if number * 10**more < 2**62
    )
    if ranges:
        whole = f"{statement.given(number)}::bigint"
        statement.add(_NUMBERED, number=whole, ranges=ranges, seen=statement.seen("t"))


def _people(statement: Statement, terms: Sequence[Term], *, is_told: bool = True) -> tuple[str, str]:
    """The table of clients who are called so, and the condition that they are too many."""
    has = " AND ".join(_threes(statement, "name", one.stem) for one in terms)
    has += f" AND {_begun(statement, terms, 'name')}"
    firms = statement.first(statement.numbered("firms"), f"clients_organisation WHERE {has}", MOST_NAMES)
    both = [
        _FIRST.format(keys="id", source=source, most=MOST_NAMES + 1)
        for source in (f"clients_client WHERE {has}", _OF_FIRMS.format(firms=firms))
    ]
    people = statement.part(statement.numbered("people"), " UNION ".join(both))
    return people, statement.too_many(MOST_NAMES, people, firms, is_told=is_told)


def _their_latest(statement: Statement, people: str, many: str) -> str:
    seen = statement.seen("desk_ticket")
    return _THEIR_LATEST.format(people=people, seen=seen, most=MOST_COUNTED, many=many)


def _named(statement: Statement, terms: Sequence[Term]) -> str:
    of_client, of_firm = (_begun(statement, terms, column) for column in ("c.name", "o.name"))
    return _NAMED.format(of_client=of_client, of_firm=of_firm)


def _begun(statement: Statement, terms: Sequence[Term], column: str) -> str:
    """A word of the column begins so, for each term."""
    folded = f"translate(lower({column}), 'ё', 'е')"
    patterns = (statement.given(rf"\m{re.escape(one.stem)}") for one in terms)
    return "(" + " AND ".join(f"{folded} ~ {pattern}" for pattern in patterns) + ")"


def _threes(statement: Statement, column: str, part: str) -> str:
    """As otklik_parts() of the database, which takes longer to begin than all else of a rare word."""
    threes = sorted({part[place : place + 3] for place in range(len(part) - 2)})
    return f"otklik_parts({column}) @> {statement.given(threes)}::text[]"
