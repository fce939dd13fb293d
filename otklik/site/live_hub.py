"""Who listens to the live stream, and which event goes to whom."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from otklik.site.live_journal import Event, Journal, Place
from otklik.web.livetickets import LiveTicket

MOST_STREAMS = 5000
MOST_OF_ONE = 50  # streams of one agent, or of one request's page
MOST_WAITING = 2000  # events that a slow reader may be behind; the bytes are shared by all streams
RESET = b"event: reset\ndata: {}\n\n"


class Stream:
    """One open connection: what it may hear and what it has yet to be sent."""

    def __init__(self, ticket: LiveTicket, heard: Place | None = None) -> None:
        self.ticket = ticket
        # what it heard elsewhere already: another process of the stream may have been ahead of this one
        self.heard = heard
        self.is_over = False
        self.is_doubted = False  # its rights could not be looked at when it came
        self._teams = frozenset(ticket.teams)
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue(MOST_WAITING)

    def may_hear(self, event: Event) -> bool:
        """A client's page: public entries of its own request. An agent: entries of their teams, or all."""
        if self.heard is not None and event.place <= self.heard:
            return False
        if self.ticket.client_ticket is not None:
            return event.public and event.ticket_id == self.ticket.client_ticket
        return self.ticket.all or not self._teams.isdisjoint(event.audience)

    def give(self, text: bytes) -> None:
        """Put it in line; a reader that doesn't keep up is dropped, and catches up when it comes back."""
        try:
            self._waiting.put_nowait(text)
        except asyncio.QueueFull:
            self.is_over = True

    def end(self) -> None:
        """Nothing more is said, not even what waits; the listener may come back."""
        self.is_over = True
        self.give(b": end\n\n")

    async def next(self, timeout_s: float) -> bytes:
        """All that waits, or b"" when nothing came within `timeout_s`."""
        try:
            texts = [await asyncio.wait_for(self._waiting.get(), timeout_s)]
        except TimeoutError:
            return b""
        while not self._waiting.empty():
            texts.append(self._waiting.get_nowait())
        return b"".join(texts)


class Full(Exception):
    """No room for one more stream; alone tells whether this listener alone has too many."""

    def __init__(self, *, alone: bool) -> None:
        super().__init__()
        self.alone = alone


class Hub:
    """All open streams of this process."""

    def __init__(self, url: str) -> None:
        self.journal = Journal(url, self)
        self._streams: set[Stream] = set()
        self._owners: Counter[tuple[int | None, int | None]] = Counter()

    def open(self, ticket: LiveTicket, last: str = "") -> tuple[Stream, Place | None]:
        """Add a listener, who has heard all up to `last`; the place is where its events begin. Raises Full."""
        owner = (ticket.user_id, ticket.client_ticket)
        alone = self._owners[owner] >= MOST_OF_ONE
        if alone or len(self._streams) >= MOST_STREAMS:
            raise Full(alone=alone)
        stream = Stream(ticket, Place.read(last))
        self._streams.add(stream)
        self._owners[owner] += 1
        return stream, self.journal.place

    def close(self, stream: Stream) -> None:
        self._streams.discard(stream)
        owner = (stream.ticket.user_id, stream.ticket.client_ticket)
        self._owners[owner] -= 1
        if not self._owners[owner]:
            del self._owners[owner]

    def count(self) -> int:
        """Open streams."""
        return len(self._streams)

    def close_all(self) -> None:
        """Tell every listener to come back later: this process ends."""
        for stream in self._streams:
            stream.end()

    async def missed(self, stream: Stream, last: str, end: Place | None) -> bytes:
        """What a returning listener missed between its last event and `end`; a reset when that is too much."""
        start = Place.read(last)
        events = (
            None if start is None or end is None or stream.is_doubted else await self._between(start, end)
        )
        if events is None:
            stream.heard = None
            return RESET
        return b"".join(event.text for event in events if stream.may_hear(event))

    async def _between(self, start: Place, end: Place) -> list[Event] | None:
        if start <= end:
            return await self.journal.between(start, end)
        # this process is a moment behind the one that told of `start`; or a restore came between, and what was seen
        # may never have been
        return [] if await self.journal.has_passed(start) else None

    async def is_welcome(self, stream: Stream) -> bool:
        """Whether its ticket is as new as the rights of its person. When that can't be read nobody is told anything
        before it was: the stream stays, and ends then if it must.
        """
        user_id, link_id = stream.ticket.user_id, stream.ticket.client_link
        if link_id is not None:
            living = await self.journal.living({link_id})
            stream.is_doubted = living is None
            return living is None or link_id in living
        if user_id is None:  # made by a version whose tickets had no link: over within twelve hours
            return True
        epochs = await self.journal.epochs({user_id})
        stream.is_doubted = epochs is None
        return epochs is None or epochs.get(user_id) == stream.ticket.epoch

    def listening(self) -> set[int]:
        """Agents with an open stream."""
        return {user_id for user_id, _client_ticket in self._owners if user_id is not None}

    def listening_links(self) -> set[int]:
        """Clients' links with an open stream."""
        return {link for stream in self._streams if (link := stream.ticket.client_link) is not None}

    def withdraw_links(self, links: Iterable[int], living: Collection[int]) -> None:
        """End the streams of these links that open nothing any more."""
        gone = set(links).difference(living)
        for stream in self._streams:
            if stream.ticket.client_link in gone:
                stream.end()

    def withdraw(self, user_ids: Iterable[int], epochs: Mapping[int, int]) -> None:
        """End the streams of these agents whose tickets are of an older epoch; no epoch: they work here no more."""
        doubted = set(user_ids)
        for stream in self._streams:
            user_id = stream.ticket.user_id
            if user_id in doubted and epochs.get(user_id) != stream.ticket.epoch:
                stream.end()

    def reset(self) -> None:
        """All pages load themselves anew."""
        for stream in self._streams:
            stream.give(RESET)

    def tell(self, events: Iterable[Event]) -> None:
        for event in events:
            for stream in self._streams:
                if not stream.is_over and stream.may_hear(event):
                    stream.give(event.text)
