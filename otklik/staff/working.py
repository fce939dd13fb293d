"""Who works here: adding people, changing them, letting them go; teams and the company (R-A3, R-A4).

LastAdmin    nobody would be left to do this
AddressTaken somebody signs in by this address already
NameTaken    a team of this name is there already
TeamBusy     a team that still has requests or boxes can't go
AboveYou     nobody gives rights, or a way in, beyond what they have themselves
NotYourTeam  nor a team: who is in it reads its requests, and so does whoever may sign in as one of its people
RoleTaken    a role of this name is there already
RoleBusy     a role that people have can't go
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from otklik.accounts import factors, invitations, sessions
from otklik.accounts.models import ApiKey, OwnRole, User
from otklik.accounts.rights import OF_ROLE, Right
from otklik.errors import NotAllowed, Refusal
from otklik.jobs import wakeups
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.staff import queries
from otklik.staff.models import Company, Departure, Membership, Profile, Team


class LastAdmin(Refusal):
    code = "person.last_admin"


class AddressTaken(Refusal):
    code = "person.address_taken"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class AboveYou(NotAllowed):
    code = "person.above_you"


class NotYourTeam(NotAllowed):
    code = "person.not_your_team"


class RoleTaken(Refusal):
    code = "role.taken"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class RoleBusy(Refusal):
    code = "role.busy"


class NameTaken(Refusal):
    code = "team.name_taken"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TeamBusy(Refusal):
    code = "team.busy"


@dataclass(frozen=True, slots=True)
class Person:
    """What an administrator decides about a person; the rest is their own."""

    email: str
    name: str
    role: str
    teams: Sequence[Team] = ()
    own_role: OwnRole | None = None  # its rights take the place of the role's


def add_person(person: Person, *, by: User, at: datetime) -> User:
    """Somebody new, without a password: a letter with a link lets them set it.

    Raises AddressTaken, AboveYou, NotYourTeam.
    """
    _refuse_above(by, _rights(person))
    _refuse_foreign(by, {team.pk for team in person.teams})
    try:
        with transaction.atomic():
            user = User.objects.create_user(person.email, person.name, None, person.role)
            User.objects.filter(pk=user.pk).update(own_role=person.own_role)
            Profile.objects.create(user=user)
            _join(user, person.teams)
            _tell("person.added", by, at, user=user.pk, role=person.role, own_role=_named(person.own_role))
            invitations.invite(user, at=at)
    except IntegrityError as fault:
        raise AddressTaken(
            _("С адресом %s уже кто-то входит.") % person.email, _("Укажите другой или найдите его в списке.")
        ) from fault
    return user


def change_person(user: User, person: Person, *, by: User, at: datetime) -> None:
    """Name, address, role, teams. Requests in a team they leave go back to its queue.

    Raises AddressTaken, LastAdmin, AboveYou, NotYourTeam.
    """
    _refuse_above(by, user.rights | _rights(person))
    _refuse_foreign(by, {team.pk for team in person.teams} | _teams_of(user))
    try:
        with transaction.atomic():
            if person.role != User.Role.ADMIN:
                _refuse_last_admin(user)
            changed = User.objects.filter(pk=user.pk)
            changed.update(email=person.email, name=person.name, role=person.role, own_role=person.own_role)
            kept = {team.pk for team in person.teams}
            left = Membership.objects.filter(user=user).exclude(team__in=kept)
            _depart(user, left.values_list("team_id", flat=True), by, at)
            left.delete()
            _join(user, person.teams)
            facts = {"role": person.role, "own_role": _named(person.own_role), "teams": sorted(kept)}
            _tell("person.changed", by, at, user=user.pk, **facts)
    except IntegrityError as fault:
        raise AddressTaken(
            _("С адресом %s уже кто-то входит.") % person.email, _("Укажите другой.")
        ) from fault


def leave(user: User, *, by: User, at: datetime) -> None:
    """They sign in no more from now on; what they own goes back to the queue. Raises LastAdmin and refuse_above's."""
    refuse_above(user, by=by)
    with transaction.atomic():
        _refuse_last_admin(user)
        if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
            sessions.end_all(user)
            _depart(user, [None], by, at)
            _tell("person.left", by, at, user=user.pk)


def come_back(user: User, *, by: User, at: datetime) -> None:
    """They may sign in again, with the teams they had. Raises AboveYou, NotYourTeam."""
    refuse_above(user, by=by)
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        _tell("person.returned", by, at, user=user.pk)


def refuse_above(user: User, *, by: User) -> None:
    """Whoever could change the address or the password of somebody above them would become them.

    Above is who has a right or a team more. Raises AboveYou, NotYourTeam.
    """
    _refuse_above(by, _ever(user))
    _refuse_foreign(by, _teams_of(user))


def save_role(role: OwnRole, *, by: User, at: datetime) -> OwnRole:
    """A new or changed role; the people who have it live by it at once. Raises RoleTaken, AboveYou."""
    held = OwnRole.objects.filter(pk=role.pk).first()
    _refuse_above(by, _own(role) | _own(held))
    try:
        with transaction.atomic():
            role.save()
            _tell("role.changed", by, at, role=role.pk, name=role.name, rights=sorted(role.rights))
    except IntegrityError as fault:
        raise RoleTaken(_("Роль «%s» уже есть.") % role.name, _("Назовите эту иначе.")) from fault
    return role


def remove_role(role: OwnRole, *, by: User, at: datetime) -> None:
    """A role that nobody has goes. Raises RoleBusy, AboveYou."""
    _refuse_above(by, _own(role))
    try:
        with transaction.atomic():
            _tell("role.removed", by, at, role=role.pk, name=role.name)
            role.delete()
    except ProtectedError as fault:
        raise RoleBusy(
            _("Роль «%s» у кого-то есть.") % role.name, _("Дайте этим людям другую и повторите.")
        ) from fault


def sign_out(user: User, *, by: User, at: datetime) -> None:
    """Their sessions and the keys of their programs end."""
    with transaction.atomic():
        sessions.end_all(user)
        ApiKey.objects.filter(user=user, revoked_at=None).update(revoked_at=at, revoked_by=by)
        _tell("person.signed_out", by, at, user=user.pk)


def drop_factors(user: User, *, by: User, at: datetime) -> None:
    """The password alone is enough from now on; their person is told by letter."""
    with transaction.atomic():
        factors.reset(user, at=at)
        _tell("person.factors_dropped", by, at, user=user.pk)


def _refuse_above(by: User, rights: frozenset[Right]) -> None:
    beyond = rights - by.rights
    if beyond:
        raise AboveYou(
            _("Прав больше, чем у вас, дать или сменить нельзя: %s.")
            % ", ".join(sorted(str(one.label) for one in beyond)),
            _("Попросите администратора."),
        )


def _refuse_foreign(by: User, team_ids: set[int]) -> None:
    """Teams are had by who works in them, and all of them by who sees the requests of all."""
    foreign = team_ids - _teams_of(by) if team_ids and not by.sees_all else None
    if foreign:
        names = Team.objects.filter(pk__in=foreign).values_list("name", flat=True)
        raise NotYourTeam(
            _("Вас нет в команде, и людей в ней меняете не вы: %s.") % ", ".join(names),
            _("Попросите администратора."),
        )


def _teams_of(user: User) -> set[int]:
    return set(Membership.objects.filter(user=user).values_list("team_id", flat=True))


def _ever(user: User) -> frozenset[Right]:
    """What they may, or might again if they came back."""
    return user.rights if user.is_active else OF_ROLE[user.role] | _own(user.own_role)


def _rights(person: Person) -> frozenset[Right]:
    return _own(person.own_role) if person.own_role else OF_ROLE[person.role]


def _own(role: OwnRole | None) -> frozenset[Right]:
    return frozenset(Right(one) for one in role.rights) if role else frozenset()


def _named(role: OwnRole | None) -> str:
    return role.name if role else ""


def save_team(team: Team, *, members: Iterable[User] | None = None, by: User, at: datetime) -> Team:
    """A new or changed team; members=None leaves them. Who leaves gives their requests back.

    Whoever makes a team chooses its first people; then those choose who are in it. Raises NameTaken, AboveYou,
    NotYourTeam.
    """
    chosen = None if members is None else {user.pk: user for user in members}
    if chosen is not None:
        _refuse_members(team.pk, chosen, by)
    try:
        with transaction.atomic():
            allowed = (
                Team.objects.filter(pk=team.pk).values_list("automatic_news", flat=True).first() or False
            )
            team.save()
            if allowed != team.automatic_news:
                _tell("team.automatic_news", by, at, team=team.pk, allowed=team.automatic_news)
            if chosen is not None:
                _set_members(team, chosen.values(), by, at)
            _tell("team.changed", by, at, team=team.pk, name=team.name, level=team.level)
    except IntegrityError as fault:
        raise NameTaken(
            _("Команда «%s» уже есть.") % team.name, _("Назовите эту иначе: клиент читает название.")
        ) from fault
    return team


def _refuse_members(team_id: int | None, chosen: dict[int, User], by: User) -> None:
    """Of who would join or leave nobody has more rights than who decides, and the team is theirs or new (None)."""
    present: dict[int, User] = {}
    if team_id is not None:
        working = User.objects.filter(memberships__team=team_id, is_active=True)
        present = {user.pk: user for user in working.select_related("own_role")}
    changed = [user for pk, user in (present | chosen).items() if (pk in present) != (pk in chosen)]
    if changed and team_id is not None:
        _refuse_foreign(by, {team_id})
    for user in changed:
        _refuse_above(by, _ever(user))


def remove_team(team: Team, *, by: User, at: datetime) -> None:
    """A team without requests and boxes goes. Raises TeamBusy."""
    try:
        with transaction.atomic():
            _tell("team.removed", by, at, team=team.pk, name=team.name)
            team.delete()
    except ProtectedError as fault:
        raise TeamBusy(
            _("У команды «%s» есть запросы или ящики.") % team.name,
            _("Передайте их другой команде и повторите."),
        ) from fault


def save_company(company: Company, *, by: User, at: datetime) -> None:
    """What clients read of us."""
    with transaction.atomic():
        company.save()
        _tell("company.changed", by, at, name=company.name)


def keep_raw(days: int, *, by: User, at: datetime) -> None:
    """How many days letters are kept as they came; 0 is for ever."""
    with transaction.atomic():
        company = Company.objects.select_for_update().get(pk=queries.company().pk)
        was, company.raw_kept_days = company.raw_kept_days, days
        company.save(update_fields=["raw_kept_days"])
        _tell("keeping.changed", by, at, kind="raw", was=was, to=days)


def _set_members(team: Team, members: Iterable[User], by: User, at: datetime) -> None:
    wanted = {user.pk for user in members}
    left = Membership.objects.filter(team=team).exclude(user__in=wanted).select_related("user")
    for membership in list(left):
        _depart(membership.user, [team.pk], by, at)
        membership.delete()
    Membership.objects.bulk_create(
        [Membership(team=team, user_id=pk) for pk in sorted(wanted)], ignore_conflicts=True
    )


def _join(user: User, teams: Sequence[Team]) -> None:
    rows = [Membership(user=user, team=team) for team in teams]
    Membership.objects.bulk_create(rows, ignore_conflicts=True)


def _depart(user: User, team_ids: Iterable[int | None], by: User, at: datetime) -> None:
    left = [Departure(user=user, team_id=team_id, by=by, at=at) for team_id in team_ids]
    Departure.objects.bulk_create(left)
    if left:
        wakeups.tell("journal")


def _refuse_last_admin(user: User) -> None:
    """All administrators are locked in one order, so that two can't let each other go."""
    admins = User.objects.filter(role=User.Role.ADMIN, is_active=True).order_by("pk")
    active = set(admins.select_for_update().values_list("pk", flat=True))
    if active == {user.pk}:
        raise LastAdmin(
            _("%s — единственный администратор.") % user.name,
            _("Сначала назначьте второго, потом повторите."),
        )


def _tell(word: str, by: User, at: datetime, **facts: object) -> None:
    journaling.write(Line(None, word, at, by=by, facts=facts))
