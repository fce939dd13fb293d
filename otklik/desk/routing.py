"""Who owns a request: taking, assigning, moving between teams (R-A3, R-A4)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.desk.models import Note, Ticket
from otklik.errors import Refusal, Stale
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.staff import queries as staff
from otklik.staff.models import Team
from otklik.web.language import in_company_language


class TakenAlready(Stale):
    code = "ticket.taken"


class NotInTeam(Refusal):
    code = "ticket.not_in_team"


def take(ticket: Ticket, *, by: User, at: datetime) -> Ticket:
    """Own a request that nobody owns. Raises TakenAlready when a colleague was quicker, NotInTeam."""
    with transaction.atomic():
        ticket = _locked(ticket)
        _refuse_stranger(by, ticket.team_id)
        if ticket.owner_id not in {None, by.pk}:
            raise TakenAlready(
                _("Запрос уже у сотрудника %(name)s.") % {"name": ticket.owner},
                _("Обновите список: там новые."),
            )
        _own(ticket, by, by=by, at=at)
    return ticket


def assign(ticket: Ticket, owner: User | None, *, by: User | None, at: datetime) -> Ticket:
    """Give to a colleague of the same team, or back to the queue with None. Raises NotInTeam."""
    with transaction.atomic():
        ticket = _locked(ticket)
        if owner is not None:
            _refuse_stranger(owner, ticket.team_id)
        _own(ticket, owner, by=by, at=at)
    return ticket


def move(
    ticket: Ticket, team: Team, *, owner: User | None = None, tried: str = "", by: User | None, at: datetime
) -> Ticket:
    """Hand over to another team with what was tried so far, so that the client is not asked again (R-A4)."""
    if owner is not None:
        _refuse_stranger(owner, team.pk)
    with transaction.atomic():
        ticket = _locked(ticket)
        former = ticket.team_id
        if tried.strip():
            with in_company_language():
                text = _("Что уже пробовали: %s") % tried.strip()
            Note.objects.create(ticket=ticket, user=by, at=at, text=text)
        if former != team.pk:
            Ticket.objects.filter(pk=ticket.pk).update(team=team)
            ticket.team = team
            facts: dict[str, object] = {"from": former, "to": team.pk}
            teams = (former, team.pk)
            journaling.write(
                Line(ticket.pk, "ticket.moved", at, teams=teams, by=by, public=True, facts=facts)
            )
        _own(ticket, owner, by=by, at=at)
    return ticket


def release_all(owner: User, *, by: User | None, at: datetime) -> int:
    """Back to the queue with everything open that this person owns; returns how many."""
    tickets = list(Ticket.objects.filter(owner=owner).exclude(state__in=["closed", "spam"]).order_by("pk"))
    for ticket in tickets:
        assign(ticket, None, by=by, at=at)
    return len(tickets)


def _own(ticket: Ticket, owner: User | None, *, by: User | None, at: datetime) -> None:
    former = ticket.owner_id
    if former == (owner.pk if owner else None):
        return
    ticket.owner = owner
    fields = ["owner"]
    if ticket.state == Ticket.State.NEW and owner is not None:
        ticket.state = Ticket.State.OPEN
        fields.append("state")
    ticket.save(update_fields=fields)
    facts: dict[str, object] = {"from": former, "to": owner.pk if owner else None}
    journaling.write(
        Line(ticket.pk, "ticket.assigned", at, teams=(ticket.team_id,), by=by, public=True, facts=facts)
    )


def _locked(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_for_update(of=("self",)).select_related("owner", "team").get(pk=ticket.pk)


def _refuse_stranger(user: User, team_id: int) -> None:
    if not staff.works_in(user, team_id):
        raise NotInTeam(
            _("%(name)s не работает в команде этого запроса.") % {"name": user.name},
            _("Выберите сотрудника команды или передайте запрос другой команде."),
        )
