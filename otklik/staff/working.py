"""Who works here: adding people, changing them, letting them go; teams and the company (R-A3, R-A4).

LastAdmin    nobody would be left to do this
AddressTaken somebody signs in by this address already
NameTaken    a team of this name is there already
TeamBusy     a team that still has requests or boxes can't go
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.errors import Refusal
from otklik.jobs import wakeups
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.staff.models import Company, Departure, Membership, Profile, Team


class LastAdmin(Refusal):
    code = "person.last_admin"


class AddressTaken(Refusal):
    code = "person.address_taken"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


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


def add_person(person: Person, *, by: User, at: datetime) -> User:
    """Somebody new, without a password: they set it by a link (accounts.invitations). Raises AddressTaken."""
    try:
        with transaction.atomic():
            user = User.objects.create_user(person.email, person.name, None, person.role)
            Profile.objects.create(user=user)
            _join(user, person.teams)
            _tell("person.added", by, at, user=user.pk, role=person.role)
    except IntegrityError as fault:
        raise AddressTaken(
            _("С адресом %s уже кто-то входит.") % person.email, _("Укажите другой или найдите его в списке.")
        ) from fault
    return user


def change_person(user: User, person: Person, *, by: User, at: datetime) -> None:
    """Name, address, role, teams. Requests in a team they leave go back to its queue.

    Raises AddressTaken, LastAdmin.
    """
    try:
        with transaction.atomic():
            if person.role != User.Role.ADMIN:
                _refuse_last_admin(user)
            changed = User.objects.filter(pk=user.pk)
            changed.update(email=person.email, name=person.name, role=person.role)
            kept = {team.pk for team in person.teams}
            left = Membership.objects.filter(user=user).exclude(team__in=kept)
            _depart(user, left.values_list("team_id", flat=True), by, at)
            left.delete()
            _join(user, person.teams)
            _tell("person.changed", by, at, user=user.pk, role=person.role, teams=sorted(kept))
    except IntegrityError as fault:
        raise AddressTaken(
            _("С адресом %s уже кто-то входит.") % person.email, _("Укажите другой.")
        ) from fault


def leave(user: User, *, by: User, at: datetime) -> None:
    """They sign in no more from now on; what they own goes back to the queue. Raises LastAdmin."""
    with transaction.atomic():
        _refuse_last_admin(user)
        if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
            _depart(user, [None], by, at)
            _tell("person.left", by, at, user=user.pk)


def come_back(user: User, *, by: User, at: datetime) -> None:
    """They may sign in again, with the teams they had."""
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        _tell("person.returned", by, at, user=user.pk)


def save_team(team: Team, *, members: Iterable[User] | None = None, by: User, at: datetime) -> Team:
    """A new or changed team; members=None leaves them. Who leaves gives their requests back. Raises NameTaken."""
    try:
        with transaction.atomic():
            team.save()
            if members is not None:
                _set_members(team, members, by, at)
            _tell("team.changed", by, at, team=team.pk, name=team.name, level=team.level)
    except IntegrityError as fault:
        raise NameTaken(
            _("Команда «%s» уже есть.") % team.name, _("Назовите эту иначе: клиент читает название.")
        ) from fault
    return team


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
    """What clients read of us, and within what time we promise the first answer."""
    with transaction.atomic():
        company.save()
        _tell("company.changed", by, at, name=company.name, answer_within=str(company.answer_within))


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
