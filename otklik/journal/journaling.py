"""Writing the journal: every deed writes one entry in its own transaction."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder

from otklik import rows
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


def write(line: Line) -> None:
    write_many([line])


_INSERT = """
    INSERT INTO journal_entry (at, actor, user_id, ticket_id, word, facts, audience, public)
    SELECT at, actor, user_id, ticket_id, word, facts::jsonb, string_to_array(audience, ',')::int[], public
    FROM unnest(%b::timestamptz[], %b::text[], %b::bigint[], %b::bigint[], %b::text[], %b::text[], %b::text[],
        %b::boolean[]) WITH ORDINALITY
        AS line (at, actor, user_id, ticket_id, word, facts, audience, public, place)
    ORDER BY place
"""


def write_many(lines: Sequence[Line]) -> None:
    """One INSERT for all, in their order. The trigger of migration 0002 tells the readers on commit.

    Three lines stand here for each letter that comes: by plain arrays it is five times quicker than by bulk_create.
    """
    if not lines:
        return
    columns = [list(column) for column in zip(*map(_row, lines), strict=True)]
    with rows.binary_cursor() as cursor:
        cursor.execute(_INSERT, columns)


def _row(line: Line) -> tuple[object, ...]:
    return (
        line.at,
        str(Entry.Actor.AGENT if line.by else line.actor),
        line.by.pk if line.by else None,
        line.ticket_id,
        line.word,
        json.dumps(line.facts, cls=DjangoJSONEncoder),
        ",".join(str(team) for team in sorted(set(line.teams))),
        line.public,
    )
