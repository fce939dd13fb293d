"""Requests that answer a question, best first: rights, words, names and dates in one statement (invariant 6).

A request's score is the logarithm of how well its best place matches plus its date in units of HALF_LIFE_S, so it never
changes with the clock and a page can be continued by the key (score, id). A match in the subject outweighs 276 days.
The places are places.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from otklik.accounts.models import User
from otklik.desk.search import places
from otklik.desk.search.asking import Asked, query_of
from otklik.desk.search.places import MOST_COUNTED, Statement
from otklik.staff import queries as staff

__all__ = ["MOST_COUNTED", "Hit", "Hits", "Key", "find", "find_across"]
LATEST = (
    1_500  # messages of a word that more than MOST_READ have; then ten times as many when too few may be seen
)
OWN_ALONE = 0
WIDTHS = (1, OWN_ALONE, 10, 100)


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

    of_latest: not all was looked through, total is of what was. What others have is no part of it (invariant 6).
    """

    rows: list[Hit]
    total: int
    is_more: bool = False
    of_latest: bool = False


def find(user: User, asked: Asked, *, after: Key | None = None, limit: int) -> Hits:
    """The requests that `user` may see and that have all that was asked for, in one place of theirs."""

    def fill(statement: Statement, width: int) -> bool:
        floor = _floor(asked.expected, asked.newest, width)
        _add_words(statement, asked, floor, width)
        if asked.number:
            places.add_numbered(statement, int(asked.number))
        if len(asked.digits) >= 5:
            places.add_addresses(statement, [asked.digits])
        return bool(floor)

    return _widening(user, fill, after, limit, prepared=True)


def find_across(user: User, asked: Asked, *, after: Key | None = None, limit: int) -> Hits:
    """As find(), but the words may stand in different messages, or one of them in the client's name."""
    terms = sorted(asked.wanted, key=lambda one: one.count)
    if not 2 <= len(terms) <= 5:
        return Hits([], 0)

    def fill(statement: Statement, width: int) -> bool:
        floor = _floor(terms[0].count, asked.newest, width)
        first, *others = [statement.given(one.query) for one in terms]
        elsewhere = "".join(places.ELSEWHERE.format(q=q, human=places.BY_PEOPLE) for q in others)
        _add_messages(statement, first, floor, width, elsewhere)
        for one in terms:
            rest = [other for other in terms if other is not one]
            is_rare = not _floor(rest[0].count, asked.newest, 1)
            places.add_said_by(statement, one, query_of(rest), is_rare=is_rare)
        return bool(floor)

    return _widening(user, fill, after, limit)


def _widening(
    user: User,
    fill: Callable[[Statement, int], bool],
    after: Key | None,
    limit: int,
    *,
    prepared: bool = False,
) -> Hits:
    """One statement; further ones where something is in too many places to read them all.

    fill: puts the branches of a width into a statement, tells whether it reads the latest messages alone. Where those
    fill no page, all requests of who sees few are read next (OWN_ALONE), however many others have; then more messages.
    """
    teams = staff.seen_teams(user)
    statement = Statement(teams, has_own=False)
    is_bounded = fill(statement, 1)
    if statement.is_empty or (teams is not None and not teams):
        return Hits([], 0)
    if not is_bounded:
        found = _read(statement, after, limit, prepared=prepared)
        if not found.of_latest:
            return found
    for width in WIDTHS:
        if width == OWN_ALONE and teams is None:
            continue
        statement = Statement(teams)
        is_bounded = fill(statement, width)
        cut = "" if not is_bounded else places.not_all_mine() if width == OWN_ALONE else "true"
        found = _read(statement, after, limit, cut=cut, prepared=prepared and not is_bounded)
        if not is_bounded or not found.of_latest or len(found.rows) >= limit:
            break
    return found


def _read(statement: Statement, after: Key | None, limit: int, *, cut: str = "", prepared: bool) -> Hits:
    place = (after.score, after.ticket_id) if after else None
    rows = statement.ask(place, limit, cut=cut, prepared=prepared)
    of_latest = bool(rows[0][3])
    rows = [row for row in rows if row[1] is not None]
    shown = [Hit(Key(score, pk), *more) for score, pk, _total, _cut, *more in rows[:limit]]
    return Hits(shown, rows[0][2] if rows else 0, len(rows) > limit, of_latest)


def _add_words(statement: Statement, asked: Asked, floor: int, width: int) -> None:
    if not asked.wanted:
        return
    q = statement.given(asked.query)
    _add_messages(statement, q, floor, width)
    if len(asked.wanted) < len(asked.terms):
        return  # what must not be there is looked for in the same message only
    if (
        not floor
    ):  # else the latest messages have them, and there it is cheaper than looking through all subjects
        statement.add(places.SUBJECTS, q=q)
    statement.add(places.NOTES, q=q, where=places.OWN_NOTES if floor else places.ALL_NOTES)
    places.add_files(statement, q)
    places.add_people(statement, asked.wanted)
    places.add_addresses(statement, [one.typed for one in asked.wanted])


def _add_messages(statement: Statement, q: str, floor: int, width: int, further: str = "") -> None:
    """Those above the floor, and past the first width those of one's own requests."""
    rank = places.RANK.format(q=q) if floor else places.PLAIN
    if not floor or width != OWN_ALONE:
        above = f" AND m.id > {floor}" if floor else ""
        statement.add(places.MESSAGES, rank=rank, where=places.ALL_MESSAGES, q=q, above=above + further)
    if floor and width != 1 and statement.teams is not None:
        statement.add(places.MESSAGES, rank=rank, where=places.OWN_MESSAGES, q=q, above=further)


def _floor(expected: int, newest: int, width: int) -> int:
    """Only messages above this id are read: of a word that stands in most letters the latest will do."""
    if expected <= places.MOST_READ or not newest:
        return 0
    share = LATEST * max(width, 1) / expected
    return max(0, int(newest * (1 - share)))
