"""A whole thread in one query, as plain values: by models it took seven queries and ten milliseconds.

What comes by the dozen is a NamedTuple: a frozen dataclass is made four times slower.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from otklik import rows
from otklik.desk.models import Ticket

# What is longer is shown by its beginning; the whole lies in the row.
LONGEST = 20_001
MOST_BESIDE = 500  # notes and events
TOLD = (
    "ticket.opened",
    "ticket.reopened",
    "ticket.assigned",
    "ticket.moved",
    "ticket.state",
    "ticket.solved",
    "ticket.closed",
    "ticket.spam",
    "ticket.tagged",
    "ticket.untagged",
    "ticket.priority",
    "message.undone",
    "message.insisted",
    "news.moved",
    "promise.kept",
    "promise.moved",
    "promise.dropped",
    "delivery.failed",
    "delivery.bounced",
    "delivery.unknown",
    "delivery.settled",
)

# Uses message_thread, note_thread, entry_deed (for which it leaves the words of messages out).
_THREAD = """
WITH said AS (
  SELECT id, direction, circle, kind, channel, confirmed, user_id, identity_id, author_name, at, subject, odd,
         send_after, html <> '' AS has_html, left(quoted_text, %(longest)s) AS quoted,
         left(CASE WHEN reply_text = '' THEN text ELSE reply_text END, %(longest)s) AS words
    FROM desk_message WHERE ticket_id = %(ticket)s AND (%(before)s::bigint IS NULL OR (at, id) <
         (SELECT at, id FROM desk_message WHERE ticket_id = %(ticket)s AND id = %(before)s::bigint))
   ORDER BY at DESC, id DESC LIMIT %(limit)s + 1
), span AS (  -- notes and events belong to the page of the message before them: each is on one page
  SELECT CASE WHEN count(*) > %(limit)s THEN min(at) ELSE '-infinity' END AS since,
         CASE WHEN %(before)s::bigint IS NULL THEN 'infinity' ELSE max(at) END AS until FROM said
)
SELECT
  (SELECT json_agg(json_build_object('pk', s.id, 'direction', s.direction, 'circle', s.circle, 'kind', s.kind,
     'channel', s.channel, 'confirmed', s.confirmed, 'user_id', s.user_id, 'writer', u.name,
     'sender', coalesce(nullif(i.name, ''), i.shown), 'author_name', s.author_name, 'at', s.at, 'subject', s.subject,
     'text', s.words, 'quoted', s.quoted, 'odd', s.odd, 'send_after', s.send_after, 'has_html', s.has_html,
     -- one reader is whom one expects: their row is not read, that they are alone stands in the index recipient_once
     'readers', CASE WHEN s.circle = 'vendor' OR EXISTS (
         SELECT FROM desk_recipient o WHERE o.message_id = s.id OFFSET 1) THEN
       (SELECT json_agg(json_build_array(r.line, r.address, r.name) ORDER BY r.id)
          FROM desk_recipient r WHERE r.message_id = s.id) END,
     'deliveries', (SELECT json_agg(json_build_array(d.state, d.address, d.reason, coalesce(d.ended_at, d.next_at))
                                   ORDER BY d.id)
        FROM desk_delivery d WHERE d.message_id = s.id),
     'attachments', (SELECT json_agg(json_build_array(a.id, a.name, f.size_bytes, a.inline, a.content_id, a.type,
                                                      a.file_id)
                                    ORDER BY a.id)
        FROM desk_attachment a JOIN desk_storedfile f ON f.sha256 = a.file_id WHERE a.message_id = s.id))
     ORDER BY s.at, s.id)
   FROM said s LEFT JOIN accounts_user u ON u.id = s.user_id LEFT JOIN clients_identity i ON i.id = s.identity_id),
  (SELECT json_agg(n.row ORDER BY n.at, n.id) FROM (
     SELECT n.id, n.at, json_build_array(n.id, u.name, n.at, left(n.text, %(longest)s),
       (SELECT json_agg(json_build_array(a.id, a.name, f.size_bytes, a.inline, a.content_id, a.type, a.file_id)
                        ORDER BY a.id)
          FROM desk_attachment a JOIN desk_storedfile f ON f.sha256 = a.file_id WHERE a.note_id = n.id)) AS row
       FROM desk_note n LEFT JOIN accounts_user u ON u.id = n.user_id, span
      WHERE n.ticket_id = %(ticket)s AND n.at >= span.since AND n.at < span.until
      ORDER BY n.at DESC, n.id DESC LIMIT %(beside)s) n),
  (SELECT json_agg(e.row ORDER BY e.id) FROM (
     SELECT e.id, json_build_array(e.id, e.word, e.at, e.actor, u.name, e.facts,
       CASE e.word WHEN 'ticket.assigned' THEN
              (SELECT name FROM accounts_user WHERE id = (e.facts->>'to')::bigint)
            WHEN 'ticket.moved' THEN
              (SELECT name FROM staff_team WHERE id = (e.facts->>'to')::bigint) END) AS row
       FROM journal_entry e LEFT JOIN accounts_user u ON u.id = e.user_id, span
      WHERE e.ticket_id = %(ticket)s AND e.word NOT IN ('message.received', 'message.written')
        AND e.word = ANY(%(told)s) AND e.at >= span.since AND e.at < span.until
      ORDER BY e.id DESC LIMIT %(beside)s) e),
  -- colleagues' names, only where a note may call one: longer names first
  (SELECT array_agg(u.name ORDER BY length(u.name) DESC) FROM accounts_user u WHERE u.name <> '' AND EXISTS
     (SELECT 1 FROM desk_note n WHERE n.ticket_id = %(ticket)s AND position('@' IN n.text) > 0))
"""


class Reader(NamedTuple):
    line: str
    address: str
    name: str


class Sent(NamedTuple):
    """One delivery. at: when it ended, or when it will be tried."""

    state: str
    address: str
    reason: str
    at: datetime | None


class Attached(NamedTuple):
    pk: int
    name: str
    size_bytes: int
    inline: bool
    content_id: str
    type: str
    sha256: str


class Said(NamedTuple):
    """A message. text: the reply part, or all of it where nothing was cut; writer: of us; sender: of them.

    readers: of a vendor's letter, and where there are several; else none is read.
    """

    pk: int
    direction: str
    circle: str
    kind: str
    channel: str
    confirmed: bool
    user_id: int | None
    writer: str | None
    sender: str | None
    author_name: str
    at: datetime
    subject: str
    text: str
    quoted: str
    odd: list[Any]  # Any: the reader's warnings, of any shape
    send_after: datetime | None
    has_html: bool
    readers: list[Reader]
    deliveries: list[Sent]
    attachments: list[Attached]


class Noted(NamedTuple):
    pk: int
    writer: str | None
    at: datetime
    text: str
    attachments: list[Attached]


class Done(NamedTuple):
    """An entry of the journal. named: the person or team that its `to` means."""

    pk: int
    word: str
    at: datetime
    actor: str
    by: str | None
    facts: dict[str, Any]  # Any: each word has facts of its own
    named: str | None


@dataclass(frozen=True, slots=True)
class Thread:
    """Everything said and done in a request, each list oldest first; earlier: there is more above."""

    messages: list[Said]
    notes: list[Noted]
    events: list[Done]
    earlier: bool
    names: Sequence[str] = ()  # of colleagues whom a note may call by «@»


def read(ticket: Ticket, *, before: int | None = None, limit: int = 100) -> Thread:
    """The last `limit` messages with what happened among them; one query.

    before: the id of a message of this request: those said earlier than it, nothing when there is no such message.
    """
    values = {
        "ticket": ticket.pk, "before": before, "limit": limit, "longest": LONGEST, "beside": MOST_BESIDE,
        "told": list(TOLD),
    }  # fmt: skip
    [(said, noted, done, names)] = rows.ask(_THREAD, values)
    messages = [_said(row) for row in said or ()]
    return Thread(
        messages[-limit:],
        [Noted(row[0], row[1], _at(row[2]), row[3], _files(row[4])) for row in noted or ()],
        [Done(row[0], row[1], _at(row[2]), *row[3:]) for row in done or ()],
        len(messages) > limit,
        names or (),
    )


def _said(row: dict[str, Any]) -> Said:  # Any: an object of the query's JSON, its keys are the fields
    row["at"] = _at(row["at"])
    row["send_after"] = _at(row["send_after"]) if row["send_after"] else None
    row["readers"] = [Reader(*one) for one in row["readers"] or ()]
    row["deliveries"] = [_sent(one) for one in row["deliveries"] or ()]
    row["attachments"] = _files(row["attachments"])
    return Said(**row)


def _sent(row: list[Any]) -> Sent:  # Any: the same
    state, address, reason, at = row
    return Sent(state, address, reason, _at(at) if at else None)


def _files(rows: list[Any] | None) -> list[Attached]:  # Any: the same
    return [Attached(*one) for one in rows or ()]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
