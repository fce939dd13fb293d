"""Who is told that something falls due (R-E6): the owner, then the leads of the team, then those of the next level.

Nobody who may not see the request, nobody who is away: who stands in for them instead. One Crew serves a whole batch.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from otklik.accounts.models import User
from otklik.accounts.rights import Right
from otklik.staff import queries as staff
from otklik.staff.models import Profile, Team

Stage = Literal["first", "last", "past"]
Thing = Literal["clock", "news", "promise"]


@dataclass(frozen=True, slots=True)
class Matter:
    """What falls due. pk: of the thing; stage: how far it has come; at_night: it may be told at any hour."""

    thing: Thing
    pk: int
    ticket_id: int
    team_id: int
    owner_id: int | None
    due_at: datetime
    share: int
    stage: Stage
    at_night: bool


class Crew:
    """Everybody who works here, with their teams, as they are now. Three queries."""

    def __init__(self, today: date) -> None:
        people = (
            User.objects.filter(is_active=True).select_related("own_role").prefetch_related("memberships")
        )
        self._people = {one.pk: one for one in people}
        self._members: dict[int, list[User]] = {}
        for one in self._people.values():
            one.loaded_teams = tuple(membership.team_id for membership in one.memberships.all())
            for team_id in one.loaded_teams:
                self._members.setdefault(team_id, []).append(one)
        self._levels = dict(Team.objects.values_list("pk", "level"))
        absent = Profile.objects.filter(away_until__gte=today)
        self._absent = dict(absent.values_list("user", "stand_in"))

    def told(self, matter: Matter) -> set[int]:
        """Ids of people; empty where nobody is there."""
        owner = self._here(matter, filter(staff.may_own, self._known(matter.owner_id)))
        found = owner or self._of_team(matter, matter.team_id, anybody=True)
        if matter.stage != "first":
            found |= self._of_team(matter, matter.team_id, anybody=False)
        if matter.stage == "past":
            for team_id in self._above(matter.team_id):
                found |= self._of_team(matter, team_id, anybody=True)
        return found

    def _of_team(self, matter: Matter, team_id: int, *, anybody: bool) -> set[int]:
        """Its leads; where none is there, and anybody may be told, its people."""
        members = self._members.get(team_id, [])
        leads = self._here(matter, (one for one in members if one.may(Right.LEAD)))
        return leads or (self._here(matter, filter(staff.may_own, members)) if anybody else set())

    def _above(self, team_id: int) -> list[int]:
        level = self._levels.get(team_id, 0) + 1
        return [pk for pk, its in self._levels.items() if its == level]

    def _here(self, matter: Matter, people: Iterable[User]) -> set[int]:
        """Of these, or of those who stand in for them, who is here and may see the request."""
        present: list[User] = []
        for one in people:
            present += self._known(self._absent[one.pk]) if one.pk in self._absent else [one]
        return {
            one.pk for one in present if one.pk not in self._absent and self._may_see(one, matter.team_id)
        }

    def _known(self, user_id: int | None) -> list[User]:
        found = self._people.get(user_id) if user_id is not None else None
        return [found] if found else []

    def _may_see(self, user: User, team_id: int) -> bool:
        teams = staff.seen_teams(user)
        return teams is None or team_id in teams
