"""Reading the journal for the live stream: in the order of transactions, nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

import psycopg
import structlog

from otklik.jobs.pauses import Pauses
from otklik.staff import presence

log = structlog.get_logger()
CHANNEL = "otklik_entry"
LINKS = "otklik_link"  # the id of a client's link that was revoked (migration 0008 of accounts)
ACCESS = "otklik_access"  # the id of a person whose rights have changed (migration 0005 of accounts)
BATCH = 500
STEP_S = 0.05  # notices are taken together: at most 20 reads a second
LONGEST_LOOK_S = 1.0
NET_S = 30.0  # looked at without a notice too
LAST_ID = 2**63 - 1

_AFTER = """
    SELECT tx::text, id, ticket_id, word, audience, public, tx < pg_snapshot_xmin(pg_current_snapshot())
    FROM journal_entry WHERE (tx, id) > (%s::xid8, %s) ORDER BY tx, id LIMIT %s
"""
_BETWEEN = """
    SELECT tx::text, id, ticket_id, word, audience, public, true
    FROM journal_entry WHERE (tx, id) > (%s::xid8, %s) AND (tx, id) <= (%s::xid8, %s) ORDER BY tx, id LIMIT %s
"""


_EPOCHS = "SELECT id, access_epoch FROM accounts_user WHERE id = ANY(%s) AND is_active"
_LIVING = """
    SELECT id FROM accounts_clientlink WHERE id = ANY(%s) AND revoked_at IS NULL AND expires_at > now()
"""


class Listeners(Protocol):
    """Who is told (live_hub.Hub)."""

    def tell(self, events: Iterable[Event]) -> None: ...

    def reset(self) -> None: ...

    def listening(self) -> set[int]: ...

    def withdraw(self, user_ids: Iterable[int], epochs: Mapping[int, int]) -> None: ...

    def listening_links(self) -> set[int]: ...

    def withdraw_links(self, links: Iterable[int], living: Collection[int]) -> None: ...


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the journal. Everything up to it is finished and was told."""

    tx: int
    entry_id: int

    def __str__(self) -> str:
        return f"{self.tx}-{self.entry_id}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """A place out of a Last-Event-ID; None when it isn't one."""
        parts = text.split("-")
        if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 20 for part in parts):
            return None
        place = cls(int(parts[0]), int(parts[1]))
        return place if place.tx < 2**64 and place.entry_id <= LAST_ID else None


NOW = Place(2**64 - 1, LAST_ID)  # of what stands nowhere in the journal


@dataclass(frozen=True, slots=True)
class Event:
    """One entry as the stream tells it, with what decides who may hear of it."""

    place: Place
    ticket_id: int | None
    audience: frozenset[int]
    public: bool
    text: bytes


class Journal:
    """Follows journal_entry from the moment it first reaches the database; comes back when that goes away."""

    def __init__(self, url: str, listeners: Listeners) -> None:
        self.place: Place | None = None  # None until the database was reached
        self._url = url
        self._listeners = listeners
        self._doubted: set[int] = set()  # people whose rights have changed
        self._doubted_links: set[int] = set()  # links of clients that were revoked
        self._present: list[str] = []  # who looks or writes, as it was told
        self._echoes = presence.Echoes()
        self._reader: psycopg.AsyncConnection | None = None
        self._turn = asyncio.Lock()
        self._news = asyncio.Event()

    async def follow(self) -> None:
        """Tell events until cancelled. A fault of the database is waited out; the place is kept."""
        pauses = Pauses()
        while True:
            try:
                await self._follow_connected(pauses)
            except (psycopg.Error, OSError, ExceptionGroup) as fault:
                pause_s = pauses.take()
                cause = str(fault).strip().split("\n", 1)[0]
                log.warning("live: database is away", cause=cause, retry_s=pause_s)
                await asyncio.sleep(pause_s)

    async def between(self, start: Place, end: Place) -> list[Event] | None:
        """Events after `start` up to `end`; None when they are too many or the database is away."""
        async with self._turn:
            if self._reader is None:
                return None
            try:
                values = [str(start.tx), start.entry_id, str(end.tx), end.entry_id, BATCH + 1]
                rows = await (await self._reader.execute(_BETWEEN, values)).fetchall()
            except psycopg.Error:
                return None
        return [_event(row) for row in rows] if len(rows) <= BATCH else None

    async def has_passed(self, place: Place) -> bool:
        """Whether all up to this place is finished in the database, told by us or not yet; False when it is away."""
        async with self._turn:
            try:
                return self._reader is not None and place.tx <= (await _floor(self._reader)).tx
            except psycopg.Error:
                return False

    async def epochs(self, user_ids: set[int]) -> dict[int, int] | None:
        """The epoch of rights of those of them who work here.

        None when they can't be read: then they are looked at again before anything more is told to anybody.
        """
        try:
            return await self._epochs(user_ids)
        except (psycopg.Error, OSError):
            self._doubted |= user_ids
            self._news.set()
            return None

    async def living(self, links: set[int]) -> set[int] | None:
        """Which of these clients' links still open something. None as in epochs()."""
        try:
            return await self._living(links)
        except (psycopg.Error, OSError):
            self._doubted_links |= links
            self._news.set()
            return None

    async def _living(self, links: set[int]) -> set[int]:
        async with self._turn:
            if self._reader is None:
                raise ConnectionError("the database is away")
            rows = await (await self._reader.execute(_LIVING, [list(links)])).fetchall()
        return {int(one[0]) for one in rows}

    async def _epochs(self, user_ids: set[int]) -> dict[int, int]:
        async with self._turn:
            if self._reader is None:
                raise ConnectionError("the database is away")
            return dict(await (await self._reader.execute(_EPOCHS, [list(user_ids)])).fetchall())

    async def _follow_connected(self, pauses: Pauses) -> None:
        async with _connection(self._url) as listener, _connection(self._url) as reader:
            await listener.execute(f"LISTEN {CHANNEL}")
            await listener.execute(f"LISTEN {ACCESS}")
            await listener.execute(f"LISTEN {LINKS}")
            await listener.execute(f"LISTEN {presence.CHANNEL}")
            self._reader = reader
            try:
                floor = await _floor(reader)
                if (
                    self.place is not None and self.place > floor
                ):  # restored: its numbers begin anew, from below
                    self._listeners.reset()
                    self.place = None
                self.place = self.place or floor
                self._news.set()  # what was written, and whose rights changed, while nobody listened
                self._doubted = self._listeners.listening()
                self._doubted_links = self._listeners.listening_links()
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._hear(listener))
                    group.create_task(self._read_on(pauses))
            finally:
                self._reader = None

    async def _hear(self, listener: psycopg.AsyncConnection) -> None:
        async for notice in listener.notifies():
            if notice.channel == ACCESS:
                self._doubted.add(int(notice.payload))
            elif notice.channel == LINKS:
                self._doubted_links.add(int(notice.payload))
            elif notice.channel == presence.CHANNEL:
                self._present.append(notice.payload)
            self._news.set()

    async def _read_on(self, pauses: Pauses) -> None:
        look_s = STEP_S
        while True:
            waits = await self._read_once()
            pauses.reset()  # not before: a database that lets us in and answers nothing is not back
            look_s = min(LONGEST_LOOK_S, look_s * 1.5) if waits else STEP_S
            await asyncio.sleep(STEP_S)
            try:
                await asyncio.wait_for(self._news.wait(), look_s if waits else NET_S)
            except TimeoutError:
                continue

    async def _read_once(self) -> bool:
        """Tell all that is finished; True when something visible still waits for an older transaction to end.

        A row lies above the floor while a transaction that began before it runs: that one may yet write
        entries which belong earlier. The NOTIFY of ours has come already, so we look again by ourselves.
        """
        assert self._reader is not None  # noqa: S101 - set by _follow_connected
        while True:
            self._news.clear()
            place = self.place
            assert place is not None  # noqa: S101 - the same
            async with self._turn:
                cursor = await self._reader.execute(_AFTER, [str(place.tx), place.entry_id, BATCH])
                rows = await cursor.fetchall()
            await (
                self._withdraw()
            )  # from here on nothing waits: who is in doubt later hears nothing read later
            self._tell_presence()
            settled = [_event(row) for row in rows if row[6]]
            if settled:
                self.place = settled[-1].place
                self._listeners.tell(settled)
            if len(settled) < len(rows) or len(rows) < BATCH:
                return len(settled) < len(rows)

    async def _withdraw(self) -> None:
        """Before anything is told: end the streams of those whose rights have changed.

        A fault goes up to `follow`, which starts anew by doubting all who listen: nobody hears anything till then.
        """
        while self._doubted:
            doubted, self._doubted = self._doubted, set()
            self._listeners.withdraw(doubted, await self._epochs(doubted))
        while self._doubted_links:
            links, self._doubted_links = self._doubted_links, set()
            self._listeners.withdraw_links(links, await self._living(links))

    def _tell_presence(self) -> None:
        """After the withdrawal of rights, as all else; kept nowhere: who listens now hears it."""
        present, self._present = self._present, []
        now_s = time.monotonic()
        self._echoes.forget_old(now_s)
        self._listeners.tell([_presence(one) for one in present if not self._is_echo(one, now_s)])

    def _is_echo(self, payload: str, now_s: float) -> bool:
        told = json.loads(payload)
        return self._echoes.is_echo(int(told["user"]), int(told["ticket"]), str(told["doing"]), now_s)


@asynccontextmanager
async def _connection(url: str) -> AsyncIterator[psycopg.AsyncConnection]:
    connection = await psycopg.AsyncConnection.connect(
        url, autocommit=True, connect_timeout=5, application_name="otklik live"
    )
    try:
        yield connection
    finally:
        await connection.close()


async def _floor(reader: psycopg.AsyncConnection) -> Place:
    row = await (await reader.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")).fetchone()
    assert row is not None  # noqa: S101 - a SELECT without FROM gives one row
    return Place(int(row[0]) - 1, LAST_ID)


def _presence(payload: str) -> Event:
    """Without an id: a stream that comes back begins where the journal was. It is news to whoever heard anything."""
    told = json.loads(payload)
    text = f"event: presence\ndata: {payload}\n\n".encode()
    return Event(NOW, int(told["ticket"]), frozenset({int(told["team"])}), False, text)


def _event(row: tuple[object, ...]) -> Event:
    tx, entry_id, ticket_id, word, audience, public, _ = row
    place = Place(int(str(tx)), int(str(entry_id)))
    told = json.dumps({"ticket": ticket_id, "word": word}, separators=(",", ":"))
    text = f"id: {place}\nevent: entry\ndata: {told}\n\n".encode()
    teams = frozenset(int(team) for team in audience) if isinstance(audience, list) else frozenset()
    return Event(place, int(str(ticket_id)) if ticket_id is not None else None, teams, bool(public), text)
