"""Reads of who works where."""

from django.db.models import Count, Q, QuerySet

from otklik.accounts.models import OwnRole, User
from otklik.accounts.rights import OF_ROLE, Right
from otklik.staff.models import Company, Membership, Profile, Team


def team_ids(user: User) -> frozenset[int]:
    """Teams whose requests this person may see: their own, or all with that right. Runs a query."""
    if not user.may(Right.SEE):
        return frozenset()
    if user.sees_all:
        return frozenset(Team.objects.values_list("pk", flat=True))
    return frozenset(Membership.objects.filter(user=user).values_list("team_id", flat=True))


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
    return OwnRole.objects.annotate(holders=Count("people"))


def built_in_roles() -> list[tuple[str, list[str]]]:
    """(name, what it may) of the four that are always there."""
    return [
        (str(role.label), [str(one.label) for one in Right if one in OF_ROLE[role.value]])
        for role in User.Role
    ]


def teams() -> QuerySet[Team]:
    """All teams with how many people work in each."""
    active = Count("memberships", filter=Q(memberships__user__is_active=True))
    return Team.objects.annotate(people=active)


def works_in(user: User, team_id: int) -> bool:
    return user.is_active and Membership.objects.filter(user=user, team=team_id).exists()


def company() -> Company:
    """The one company. Made empty-handed at the first call, so that no page stands without it."""
    return (
        Company.objects.first() or Company.objects.get_or_create(only=True, defaults={"name": "Компания"})[0]
    )


def profile(user: User) -> Profile:
    return Profile.objects.get_or_create(user=user)[0]
