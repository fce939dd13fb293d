"""The columns of docs/rights.md: one person a role, in the team itself where that is not the point."""

from collections.abc import Callable

from otklik.accounts.models import OwnRole, User
from otklik.accounts.rights import Right
from otklik.staff.models import Team
from tests import make


def _role(role: str, team: Team) -> User:
    return make.agent(f"Роль {role}", team=team, role=role)


def _own(rights: list[str], team: Team) -> User:
    """With a role of the company's own that has these rights alone."""
    user = make.agent("Своя роль", team=team)
    own = OwnRole.objects.create(name=f"Роль {user.pk}", rights=rights)
    User.objects.filter(pk=user.pk).update(own_role=own)
    return User.objects.select_related("own_role").get(pk=user.pk)


def _left(team: Team) -> User:
    user = make.admin("Ушедший Администратор")
    User.objects.filter(pk=user.pk).update(is_active=False)
    return User.objects.get(pk=user.pk)


def _alone(right: Right) -> Callable[[Team, Team], User]:
    return lambda ours, _theirs: _own([right.value], ours)


# (own team, another team) → a person, None for somebody not signed in
PEOPLE: dict[str, Callable[[Team, Team], User | None]] = {
    "никто": lambda _ours, _theirs: None,
    "ушёл": lambda ours, _theirs: _left(ours),
    "light": lambda ours, _theirs: _role("light", ours),
    "agent": lambda ours, _theirs: _role("agent", ours),
    "agent чужой": lambda _ours, theirs: _role("agent", theirs),
    "lead": lambda ours, _theirs: _role("lead", ours),
    "lead чужой": lambda _ours, theirs: _role("lead", theirs),
    "admin": lambda _ours, _theirs: make.admin(),
    **{f"+{right.value}": _alone(right) for right in Right},
    "+see +see_all": lambda _ours, theirs: _own([Right.SEE, Right.SEE_ALL], theirs),
}  # fmt: skip
