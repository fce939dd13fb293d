"""How envelopes end: one UPDATE for a batch. (bulk_update, with its CASE of many parts, took 40 % of the sweep.)"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

_CLOSE = """
    UPDATE channels_envelope SET state = ends.state, decision = ends.decision, reason = ends.reason,
        message_id = ends.message_id, done_at = %s
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[])
        AS ends (id, state, decision, reason, message_id)
    WHERE channels_envelope.id = ends.id
"""


@dataclass(frozen=True, slots=True)
class End:
    """state: of Envelope; decision, reason: '' for a letter that simply became a message."""

    envelope_pk: int
    state: str
    decision: str
    reason: str
    message_pk: int | None


def close(ends: Sequence[End], *, at: datetime) -> None:
    """The caller holds the transaction and the rows' locks."""
    if not ends:
        return
    columns = [
        [one.envelope_pk for one in ends],
        [one.state for one in ends],
        [one.decision for one in ends],
        [one.reason[:500] for one in ends],
        [one.message_pk for one in ends],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [at, *columns])  # type: ignore[list-item]  # lists of scalars
