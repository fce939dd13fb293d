"""An answer with everything that belongs to it, by two statements: what it stands on, then all of its rows.

By Django's own way the same took twenty statements, most of them planned anew each time.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.http import Http404

from otklik import rows, tracing
from otklik.accounts.models import User
from otklik.desk import composing, drafting
from otklik.desk.boxes import From
from otklik.desk.composing import Desk
from otklik.desk.models import Message, Ticket
from otklik.desk.receiving import Address
from otklik.journal.journaling import Line
from otklik.staff import queries as staff

MOST_REFERENCES = 20
_FIELDS = Ticket._meta.concrete_fields  # noqa: SLF001 - a documented name of Django

_COLUMNS = f"""b.id, b.address, b.name, b.team_id, b.mode, coalesce(p.undo_s, 10),
       EXISTS (SELECT 1 FROM staff_membership m WHERE m.user_id = %(user)s AND m.team_id = t.team_id),
       (SELECT c.erased_at IS NOT NULL FROM clients_client c WHERE c.id = t.client_id),
       {", ".join(f't."{field.column}"' for field in _FIELDS)}"""  # noqa: S608 - names of columns
# EXISTS is answered first: the sheet is locked before the request, and a sheet that was sent locks none.
_UNSENT = "(%(sheet)s = '' OR EXISTS (SELECT FROM spent)) FOR UPDATE OF t"
_GROUND = f"""
{drafting.SPENT}
SELECT {_COLUMNS}
  FROM desk_ticket t LEFT JOIN channels_box b ON b.id = %(box)s::bigint
       LEFT JOIN staff_profile p ON p.user_id = %(user)s
 WHERE t.id = %(ticket)s AND {_UNSENT}
"""  # noqa: S608 - texts of ours
_HELD = f"""
{drafting.SPENT}
SELECT {composing.DESK}, {_COLUMNS}
  FROM desk_ticket t LEFT JOIN channels_box b ON b.id = {composing.CHOSEN}
       LEFT JOIN staff_profile p ON p.user_id = %(user)s
 WHERE t.number = %(number)s AND {composing.SEES} AND {_UNSENT}
"""  # noqa: S608 - the same

# Nothing is written when something newer came than the writer has seen. Uses message_thread.
_WRITE = """
WITH former AS (
  SELECT id, message_id, "references" FROM desk_message
   WHERE ticket_id = %(ticket)s AND circle = %(circle)s AND message_id <> '' ORDER BY at DESC, id DESC LIMIT 1
), said AS (
  INSERT INTO desk_message (ticket_id, direction, circle, kind, channel, box_id, user_id, author_name, confirmed, at,
    subject, text, html, reply_text, quoted_text, message_id, in_reply_to, "references", odd, answers_id, send_after)
  SELECT %(ticket)s, 'out', %(circle)s, 'words', 'email', %(box)s::bigint, %(user)s, %(author)s, true,
    %(at)s::timestamptz,
    CASE WHEN former.id IS NULL THEN %(subject)s::text ELSE left('Re: ' || %(subject)s::text, 1000) END,
    %(text)s, '', %(text)s, '', %(message_id)s, coalesce(former.message_id, ''),
    coalesce((SELECT string_agg(one, ' ' ORDER BY place) FROM (
       SELECT one, place FROM unnest(string_to_array(former."references", ' ') || former.message_id::text)
              WITH ORDINALITY AS chain (one, place) WHERE one <> '' ORDER BY place DESC LIMIT %(most)s) last), ''),
    '[]', former.id, %(send_after)s
    FROM (SELECT) once LEFT JOIN former ON true
   WHERE %(seen)s::bigint IS NULL OR NOT EXISTS (SELECT 1 FROM desk_message WHERE ticket_id = %(ticket)s
         AND id > %(seen)s::bigint AND kind NOT IN ('ack', 'link', 'notice'))
  RETURNING id, subject, in_reply_to, "references", answers_id
), addressed AS (
  INSERT INTO desk_recipient (message_id, line, address, name)
  SELECT said.id, one.line, one.address, one.name FROM said,
    unnest(%(lines)s::text[], %(addresses)s::text[], %(names)s::text[])
      WITH ORDINALITY AS one (line, address, name, place)
   ORDER BY place
), sent AS (
  INSERT INTO desk_delivery (message_id, address, state, attempts, next_at, reason, evidence, trace_id)
  SELECT said.id, one.address, 'waiting', 0, %(send_after)s, '', '', %(trace)s FROM said,
    unnest(%(addresses)s::text[]) WITH ORDINALITY AS one (address, place) ORDER BY place
), shown AS (
  UPDATE desk_ticket SET last_message_at = greatest(%(at)s::timestamptz, created_at), last_by = 'agent', unread = false,
    state = %(state)s, last_words = coalesce(%(last_words)s, last_words),
    owner_id = coalesce(%(owner)s::bigint, owner_id),
    result = coalesce(%(result)s, result)
    FROM said WHERE desk_ticket.id = %(ticket)s
), draft AS (
  SELECT d.id FROM desk_draft d, said WHERE d.user_id = %(user)s AND d.ticket_id = %(ticket)s AND d.mode = %(mode)s
), files AS (
  DELETE FROM desk_draftfile USING draft WHERE draft_id = draft.id
), dropped AS (
  DELETE FROM desk_draft USING draft WHERE desk_draft.id = draft.id
), told AS (
  INSERT INTO journal_entry (at, actor, user_id, ticket_id, word, facts, audience, public)
  SELECT %(at)s::timestamptz, 'agent', %(user)s, %(ticket)s, line->>'word',
    CASE WHEN line->>'word' IN ('message.written', 'message.insisted')
      THEN (line->'facts') || jsonb_build_object('message', said.id) ELSE line->'facts' END,
    %(teams)s::int[], (line->>'public')::boolean
    FROM said, jsonb_array_elements(%(told)s::jsonb) WITH ORDINALITY AS each (line, place) ORDER BY place
)
SELECT id, subject, in_reply_to, "references", answers_id, pg_notify('otklik_work', 'outbox')::text FROM said
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """What an answer stands on, true until the transaction ends: the request is locked. undo_s: the writer's choice."""

    ticket: Ticket
    box: From | None
    undo_s: int
    works_here: bool  # the writer is a member of the request's team
    is_erased: bool  # who wrote was erased: there is nobody to answer


@dataclass(frozen=True, slots=True)
class After:
    """How the request stands after the answer. None leaves what was; mode: whose draft goes."""

    state: str
    mode: str
    last_words: str | None = None
    owner_id: int | None = None
    result: str | None = None


def ground(
    ticket_id: int, box_id: int | None, *, by: User, at: datetime, sheet: str = "", typed: str = ""
) -> Ground:
    """Spend the sheet as drafting.spend() does, lock the request and read. First in the transaction of the deed.

    Raises AlreadySent, Ticket.DoesNotExist.
    """
    asked = {"ticket": ticket_id, "box": box_id, "user": by.pk}
    found = rows.ask(_GROUND, asked | drafting.spent(sheet, typed, at=at), binary=True)
    if not found:
        drafting.refuse_sent(sheet, typed)
        raise Ticket.DoesNotExist
    return _ground(found[0], by)


@dataclass(frozen=True, slots=True)
class Form:
    """What a composer's form says before its words are read. box_id: the wished one; said: as composing.desk()."""

    box_id: int | None
    sheet: str
    typed: str
    said: bool = False


def held(number: int, form: Form, *, by: User, at: datetime) -> tuple[Desk, Ground]:
    """ground() of a request by its number, with what lies on the writing desk: one way to the server less.

    First in the transaction of the deed. Raises AlreadySent, Http404 for a request that this person may not see.
    """
    asked = {
        "number": number,
        "wished": form.box_id,
        "said": form.said,
        "user": by.pk,
        "teams": staff.seen_teams(by),
    }
    found = rows.ask(_HELD, asked | drafting.spent(form.sheet, form.typed, at=at), binary=True)
    if not found:
        drafting.refuse_sent(form.sheet, form.typed)
        raise Http404
    laid, *rest = found[0]
    ground = _ground(rest, by)
    return composing.read(ground.ticket.pk, ground.ticket.box_id, laid), ground


def _ground(row: Sequence[Any], by: User) -> Ground:  # Any: what the columns hold
    box, (undo_s, works_here, is_erased, *ticket) = row[:5], row[5:]
    return Ground(
        Ticket.from_db(connection.alias, [field.attname for field in _FIELDS], ticket),
        From(*box) if box[0] else None,
        undo_s,
        bool(works_here and by.is_active),
        is_erased,
    )


def write(
    said: Message, readers: Sequence[Address], after: After, lines: Sequence[Line], *, seen: int | None
) -> bool:
    """Every row of an answer, the caller holding its request; what the database adds is filled into `said`, how the
    request stands now into its ticket.

    readers: each address once, as the deliveries bear it. lines: for the journal, of one request and moment, in their
    order. seen: the last message that the writer knows; False, and nothing written, when a newer one is there. None
    asks nothing.
    """
    values = {
        "ticket": said.ticket_id, "circle": str(said.circle), "box": said.box_id, "user": said.user_id,
        "author": said.author_name, "at": said.at, "subject": said.subject, "text": said.text,
        "message_id": said.message_id, "send_after": said.send_after, "most": MOST_REFERENCES, "seen": seen,
        "trace": tracing.current(),
        "lines": [one.line for one in readers], "addresses": [one.address for one in readers],
        "names": [one.name for one in readers], "state": str(after.state), "mode": str(after.mode),
        "last_words": after.last_words, "owner": after.owner_id, "result": after.result,
        "teams": sorted({team for line in lines for team in line.teams}), "told": _entries(lines),
    }  # fmt: skip
    written = rows.ask(_WRITE, values)
    if not written:
        return False
    said.pk, said.subject, said.in_reply_to, said.references, said.answers_id, _told = written[0]
    _show(said, after)
    said._state.adding, said._state.db = False, connection.alias  # noqa: SLF001 - Django's own mark of a saved row
    return True


def _entries(lines: Sequence[Line]) -> str:
    told = [{"word": line.word, "facts": line.facts, "public": line.public} for line in lines]
    return json.dumps(told, cls=DjangoJSONEncoder)


def _show(said: Message, after: After) -> None:
    ticket = said.ticket
    ticket.state, ticket.unread, ticket.last_by = after.state, False, Ticket.Last.AGENT
    ticket.last_message_at = max(said.at, ticket.created_at)
    ticket.last_words = ticket.last_words if after.last_words is None else after.last_words
    ticket.owner_id = after.owner_id or ticket.owner_id
    ticket.result = ticket.result if after.result is None else after.result
