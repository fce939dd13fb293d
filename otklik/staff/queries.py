"""Reads of who works where."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from otklik.accounts.models import OwnRole, User
from otklik.accounts.rights import OF_ROLE, Right
from otklik.staff.models import Company, Membership, Profile, Team


def seen_teams(user: User) -> list[int] | None:
    """Whose requests this person may see: ids of their teams; None is every team's. The one place of this rule.

    No query for whoever a page is for: their teams came with their session.
    """
    if not user.may(Right.SEE):
        return []
    if user.sees_all:
        return None
    if user.loaded_teams is not None:
        return list(user.loaded_teams)
    return list(Membership.objects.filter(user=user).values_list("team_id", flat=True))


def team_ids(user: User) -> frozenset[int]:
    """The same with the ids of every team for who sees them all."""
    teams = seen_teams(user)
    return frozenset(Team.objects.values_list("pk", flat=True) if teams is None else teams)


def teams_of(user: User) -> QuerySet[Team]:
    return Team.objects.all() if user.sees_all else Team.objects.filter(memberships__user=user)


def colleagues(team_id: int) -> QuerySet[User]:
    """Active people of a team by name."""
    return User.objects.filter(memberships__team=team_id, is_active=True).order_by("name", "pk")


def people() -> QuerySet[User]:
    """Everybody with their teams, those who work here first. Two queries."""
    people = User.objects.select_related("own_role").order_by("-is_active", "name", "pk")
    return people.prefetch_related("teams")


def roles() -> QuerySet[OwnRole]:
    """Roles that the company made, with how many people have each."""
    return OwnRole.objects.annotate(holders=Count("people", filter=Q(people__is_active=True)))


def built_in_roles() -> list[tuple[str, list[str], int]]:
    """(name, what it may, how many people have it) of the four that are always there."""
    plain = User.objects.filter(is_active=True, own_role=None).order_by()
    holders = dict(plain.values_list("role").annotate(Count("pk")))
    return [
        (
            str(role.label),
            [str(one.label) for one in Right if one in OF_ROLE[role.value]],
            holders.get(role.value, 0),
        )
        for role in User.Role
    ]


def teams() -> QuerySet[Team]:
    """All teams with how many people work in each."""
    active = Count("memberships", filter=Q(memberships__user__is_active=True))
    return Team.objects.annotate(people=active)


def away(on: date) -> Q:
    """Of people: those who are away that day."""
    return Q(profile__away_until__gte=on)


def absence(user: User, on: date) -> Profile | None:
    """The profile, with who stands in, of a person who is away that day."""
    return Profile.objects.filter(user=user, away_until__gte=on).select_related("stand_in").first()


def led_by(user: User) -> QuerySet[User]:
    """Active people whose requests this lead gives out: those of their teams, of all with the right to see all.

    With profile, who stands in, own role and teams; by name.
    """
    if not user.may(Right.LEAD):
        return User.objects.none()
    teams = Membership.objects.filter(user=OuterRef("pk"), team__in=team_ids(user))
    people = User.objects.filter(Exists(teams), is_active=True).order_by("name", "pk")
    return people.select_related("profile__stand_in", "own_role").prefetch_related("teams")


def may_own(user: User) -> bool:
    """Whether requests can be theirs: they work here and may work with requests."""
    return user.is_active and user.may(Right.WORK)


def works_in(user: User, team_id: int) -> bool:
    return user.is_active and Membership.objects.filter(user=user, team=team_id).exists()


def company() -> Company:
    """The one company. Made empty-handed at the first call, so that no page stands without it."""
    return (
        Company.objects.first() or Company.objects.get_or_create(only=True, defaults={"name": "Компания"})[0]
    )


def profile(user: User) -> Profile:
    return Profile.objects.get_or_create(user=user)[0]
