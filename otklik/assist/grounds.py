"""What the coach is told of a request beside the words, and what its writer has said to findings: one query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db import connection
from django.http import Http404
from django.utils.dateparse import parse_datetime

from otklik import rows
from otklik.accounts.models import User
from otklik.assist.models import Verdict
from otklik.coach import House, OwnWords
from otklik.staff import queries as staff

LONGEST = 20_000  # characters of the client's words

# A reply before this message, or the draft that stands behind all (before is NULL). Uses message_thread,
# style_version_once, verdict_of_draft. The client's words: those since our last reply, the last five messages.
_GROUND = """
SELECT t.id, t.number, t.team_id, ours.at IS NULL,
  (SELECT string_agg(left(said.reply_text, %(longest)s), E'\\n\\n' ORDER BY said.at, said.id) FROM (
     SELECT at, id, reply_text FROM desk_message m WHERE m.ticket_id = t.id AND m.direction = 'in'
        AND m.circle = 'client' AND m.kind = 'words' AND (ours.at IS NULL OR (m.at, m.id) > (ours.at, ours.id))
        AND (%(before)s::bigint IS NULL OR m.id < %(before)s::bigint)
      ORDER BY m.at DESC, m.id DESC LIMIT 5) said),
  EXISTS (SELECT 1 FROM desk_ticket_tags tt JOIN desk_tag g ON g.id = tt.tag_id
           WHERE tt.ticket_id = t.id AND lower(g.name) = 'жалоба'),
  (SELECT json_build_object('id', s.id, 'off', s.off, 'words', s.words, 'apologise', s.apologise)
     FROM assist_style s WHERE s.team_id = t.team_id ORDER BY s.version DESC LIMIT 1),
  ARRAY(SELECT rule FROM assist_mute WHERE user_id = %(user)s),
  (SELECT json_agg(json_build_object('key', v.key, 'what', v.what, 'reason', v.reason, 'due_at', v.due_at)
                   ORDER BY v.id)
     FROM assist_verdict v WHERE v.user_id = %(user)s AND v.ticket_id = t.id AND v.message_id IS NULL
      AND (%(at)s::timestamptz IS NULL OR v.at <= %(at)s::timestamptz))
  FROM desk_ticket t LEFT JOIN LATERAL (
    SELECT at, id FROM desk_message m WHERE m.ticket_id = t.id AND m.direction = 'out' AND m.circle = 'client'
       AND m.kind = 'words' AND (%(before)s::bigint IS NULL OR m.id < %(before)s::bigint)
     ORDER BY m.at DESC, m.id DESC LIMIT 1) ours ON true
 WHERE {which}
"""
_OF_NUMBER = _GROUND.format(
    which="t.number = %(number)s AND (%(teams)s::bigint[] IS NULL OR t.team_id = ANY(%(teams)s::bigint[]))"
)
_OF_TICKET = _GROUND.format(which="t.id = %(ticket)s")


@dataclass(frozen=True, slots=True)
class Said:
    """The last word of the writer on one finding."""

    what: str
    reason: str = ""
    due_at: datetime | None = None


_USUAL = House()


@dataclass(frozen=True, slots=True)
class Ground:
    """first: no reply of ours yet. client_text: what came since the last one. muted: rules this writer doesn't want.

    style_id: None where the team has no style of its own.
    """

    ticket_id: int
    number: int
    team_id: int
    first: bool
    client_text: str | None
    complaint: bool
    style_id: int | None = None
    house: House = _USUAL
    muted: frozenset[str] = frozenset()
    said: Mapping[str, Said] = field(default_factory=dict)

    @property
    def own_house(self) -> House:
        """As this writer wants it."""
        return House(self.house.off | self.muted, self.house.words, self.house.apologise)


def of_number(user: User, number: int) -> Ground:
    """For what this person writes in the request of this number. Raises Http404 for one they may not see."""
    values = {"number": number, "teams": staff.seen_teams(user), "user": user.pk, "before": None, "at": None}
    found = rows.ask(_OF_NUMBER, values | {"longest": LONGEST})
    if not found:
        raise Http404
    return _ground(found[0])


def of_message(ticket_id: int, user_id: int, message_id: int, at: datetime) -> Ground | None:
    """As it was when this message was written; at: when. None when the request is no more."""
    values = {"ticket": ticket_id, "user": user_id, "before": message_id, "at": at, "longest": LONGEST}
    found = rows.ask(_OF_TICKET, values)
    return _ground(found[0]) if found else None


def said(ticket_id: int, user_id: int, at: datetime) -> dict[str, Said]:
    """What this person has said until then to findings in what they write here. Uses verdict_of_draft."""
    mine = Verdict.objects.filter(user=user_id, ticket=ticket_id, message=None, at__lte=at).order_by("pk")
    return {one.key: Said(one.what, one.reason, one.due_at) for one in mine}


def house_of(row: Mapping[str, Any]) -> House:  # Any: columns of assist_style
    ways: dict[str, Literal["fault", "known", "never"]] = {"known": "known", "never": "never"}
    words = tuple(OwnWords(one["say"], tuple(one["instead"]), one["reason"]) for one in row["words"])
    return House(frozenset(row["off"]), words, ways.get(row["apologise"], "fault"))


def house_of_request(number: int) -> House:
    """The style of the team that has the request of this number now; the usual one where it has none."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT s.off, s.words::text, s.apologise FROM assist_style s JOIN desk_ticket t ON t.team_id = s.team_id
                WHERE t.number = %s ORDER BY s.version DESC LIMIT 1""",
            [number],
        )
        row = cursor.fetchone()
    return house_of({"off": row[0], "words": (), "apologise": row[2]}) if row else House()


def _ground(row: Sequence[Any]) -> Ground:  # Any: columns of the statement above
    ticket_id, number, team_id, first, client_text, complaint, style, muted, said = row
    return Ground(
        ticket_id, number, team_id, first, client_text or None, complaint, style["id"] if style else None,
        house_of(style) if style else House(), frozenset(muted), {one["key"]: _said(one) for one in said or ()},
    )  # fmt: skip


def _said(row: Mapping[str, Any]) -> Said:  # Any: what JSON gives
    return Said(row["what"], row["reason"], parse_datetime(row["due_at"]) if row["due_at"] else None)
