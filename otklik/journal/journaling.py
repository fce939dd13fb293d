"""Writing the journal: every deed writes one entry in its own transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from otklik.accounts.models import User
from otklik.journal.models import Entry


@dataclass(frozen=True, slots=True)
class Line:
    """What one entry will say. teams: ids of the teams that may see it; by=None is actor's own word."""

    ticket_id: int | None
    word: str
    at: datetime
    teams: Sequence[int] = ()
    by: User | None = None
    actor: str = Entry.Actor.SYSTEM
    public: bool = False
    facts: dict[str, object] = field(default_factory=dict)


def write(line: Line) -> Entry:
    return write_many([line])[0]


def write_many(lines: Sequence[Line]) -> list[Entry]:
    """One INSERT for all. The trigger of migration 0002 tells the readers on commit."""
    return Entry.objects.bulk_create([_entry(line) for line in lines])


def _entry(line: Line) -> Entry:
    return Entry(
        ticket_id=line.ticket_id,
        word=line.word,
        at=line.at,
        user=line.by,
        actor=Entry.Actor.AGENT if line.by else line.actor,
        audience=sorted(set(line.teams)),
        public=line.public,
        facts=line.facts,
    )
