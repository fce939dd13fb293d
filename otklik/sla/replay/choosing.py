"""Which requests a replay or a picture of time is about, and which of them the asker may see."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from otklik import rows
from otklik.accounts.models import User
from otklik.staff import queries as staff

DAYS: Final = (30, 90, 180, 365)
# the newest are walked by their keys, as far back as `looked`: no index holds created_at
_FROM = """
      FROM (SELECT id, team_id, priority, state, owner_id, created_at FROM desk_ticket
             WHERE created_at <= %(at)s ORDER BY id DESC LIMIT %(looked)s) n
     WHERE n.created_at >= %(since)s AND n.state <> 'spam'
       AND (%(teams)s::bigint[] IS NULL OR n.team_id = ANY(%(teams)s::bigint[]))
       AND (%(team)s::bigint IS NULL OR n.team_id = %(team)s::bigint)
       AND (%(priority)s::smallint IS NULL OR n.priority = %(priority)s::smallint)
       AND (%(tag)s::bigint IS NULL OR EXISTS (
            SELECT FROM desk_ticket_tags g WHERE g.ticket_id = n.id AND g.tag_id = %(tag)s::bigint))
       AND (%(agreement)s::bigint IS NULL OR EXISTS (
            SELECT FROM sla_bond b JOIN sla_agreementversion v ON v.id = b.version_id
             WHERE b.ticket_id = n.id AND b.ended_at IS NULL AND v.agreement_id = %(agreement)s::bigint))
"""
_NEWEST = f"SELECT n.id {_FROM} ORDER BY n.id DESC LIMIT %(most)s"
# the lot of a request is a hash of its key: who looks again sees the same ones
_LOTS = f"""
    SELECT n.id, n.created_at, n.owner_id IS NOT NULL, count(*) OVER () {_FROM}
     ORDER BY hashint8(n.id), n.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was asked about; None: all there are. days: how far back requests came."""

    days: int = 90
    agreement: int | None = None
    team: int | None = None
    priority: int | None = None
    tag: int | None = None

    def to_dict(self) -> dict[str, int | None]:
        return {
            "days": self.days, "agreement": self.agreement, "team": self.team, "priority": self.priority,
            "tag": self.tag,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> "Chosen":  # Any: out of a JSON field that to_dict filled
        return cls(**told)


@dataclass(frozen=True, slots=True)
class Among:
    """Bounds of a read. teams: ids, None is all; looked: newest requests it walks over; most: requests it takes."""

    teams: list[int] | None
    at: datetime
    looked: int
    most: int


def teams_of(user: User) -> list[int] | None:
    """Sorted ids of the teams whose requests this person may see; None: all."""
    teams = staff.seen_teams(user)
    return None if teams is None else sorted(teams)


def newest(chosen: Chosen, among: Among) -> list[int]:
    """Ids, the newest first."""
    return [pk for (pk,) in rows.ask(_NEWEST, _values(chosen, among))]


def by_lot(chosen: Chosen, among: Among) -> tuple[list[tuple[int, datetime, bool]], int]:
    """(id, when it came, whether somebody owns it) of requests drawn by lot, and how many there are in all."""
    found = rows.ask(_LOTS, _values(chosen, among))
    return [(row[0], row[1], row[2]) for row in found], found[0][3] if found else 0


def _values(chosen: Chosen, among: Among) -> dict[str, object]:
    return {
        "at": among.at, "since": among.at - timedelta(days=chosen.days), "looked": among.looked,
        "most": among.most, "teams": among.teams, "team": chosen.team, "priority": chosen.priority,
        "tag": chosen.tag, "agreement": chosen.agreement,
    }  # fmt: skip
