"""Who owns a request: taking, assigning, moving between teams (R-A3, R-A4)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone
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


class Away(Refusal):
    code = "ticket.owner_away"


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
        give([ticket], by, by=by, at=at)
    return ticket


def assign(ticket: Ticket, owner: User | None, *, tried: str = "", by: User | None, at: datetime) -> Ticket:
    """Give to a colleague of the same team, or back to the queue with None. Raises NotInTeam, Away."""
    with transaction.atomic():
        ticket = _locked(ticket)
        if owner is not None:
            _refuse_stranger(owner, ticket.team_id)
            _refuse_away(owner, by, at)
        _tell_tried(ticket, tried, by, at)
        give([ticket], owner, by=by, at=at)
    return ticket


def move(
    ticket: Ticket, team: Team, *, owner: User | None = None, tried: str = "", by: User | None, at: datetime
) -> Ticket:
    """Hand over to another team with what was tried so far, so that the client is not asked again (R-A4)."""
    if owner is not None:
        _refuse_stranger(owner, team.pk)
        _refuse_away(owner, by, at)
    with transaction.atomic():
        ticket = _locked(ticket)
        former = ticket.team_id
        _tell_tried(ticket, tried, by, at)
        if former != team.pk:
            Ticket.objects.filter(pk=ticket.pk).update(team=team)
            ticket.team = team
            facts: dict[str, object] = {"from": former, "to": team.pk}
            teams = (former, team.pk)
            journaling.write(
                Line(ticket.pk, "ticket.moved", at, teams=teams, by=by, public=True, facts=facts)
            )
        give([ticket], owner, by=by, at=at)
    return ticket


def give(
    tickets: Sequence[Ticket], owner: User | None, *, by: User | None, at: datetime, run: int | None = None
) -> list[Ticket]:
    """Where a colleague becomes the owner by a deed; returns those that changed hands. Two statements for all.

    The caller has locked them and knows that the owner is of their teams. What the new owner has not opened is unread
    for them; what was promised to the client stays. run: the hand-over of all requests that this is a part of.
    """
    to = owner.pk if owner else None
    changed = [one for one in tickets if one.owner_id != to]
    lines = []
    for one in changed:
        facts: dict[str, object] = {"from": one.owner_id, "to": to, **({"run": run} if run else {})}
        lines.append(
            Line(one.pk, "ticket.assigned", at, teams=(one.team_id,), by=by, public=True, facts=facts)
        )
        one.owner = owner
        if owner is not None:
            one.unread = one.unread or by is None or by.pk != owner.pk
            one.state = Ticket.State.OPEN if one.state == Ticket.State.NEW else one.state
    Ticket.objects.filter(pk__in=[one.pk for one in changed]).update(**_owned(owner, by))
    journaling.write_many(lines)
    return changed


def _owned(owner: User | None, by: User | None) -> dict[str, object]:
    """What a request's row holds from now on."""
    if owner is None:
        return {"owner": None}
    begun = Case(When(state=Ticket.State.NEW, then=Value(Ticket.State.OPEN)), default=F("state"))
    is_given = by is None or by.pk != owner.pk
    return {"owner": owner, "state": begun, **({"unread": True} if is_given else {})}


def _tell_tried(ticket: Ticket, tried: str, by: User | None, at: datetime) -> None:
    """A note in the thread, where whoever gets it reads on; none for no words."""
    if tried.strip():
        with in_company_language():
            text = _("Что уже пробовали: %s") % tried.strip()
        note = Note.objects.create(ticket=ticket, user=by, at=at, text=text)
        told: dict[str, object] = {"note": note.pk}
        journaling.write(Line(ticket.pk, "note.written", at, teams=(ticket.team_id,), by=by, facts=told))


def _locked(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_for_update(of=("self",)).select_related("owner", "team").get(pk=ticket.pk)


def _refuse_stranger(user: User, team_id: int) -> None:
    if not staff.works_in(user, team_id):
        raise NotInTeam(
            _("%(name)s не работает в команде этого запроса.") % {"name": user.name},
            _("Выберите сотрудника команды или передайте запрос другой команде."),
        )


def _refuse_away(user: User, by: User | None, at: datetime) -> None:
    """Who takes something themselves is here, whatever was marked."""
    absent = None if by and by.pk == user.pk else staff.absence(user, timezone.localdate(at))
    if absent is None:
        return
    instead = _("Вместо: %(name)s.") % {"name": absent.stand_in.name} if absent.stand_in else ""
    raise Away(
        _("%(name)s сейчас не работает.") % {"name": user.name},
        f"{instead} {_('Передайте запрос тому, кто на месте, или верните в очередь.')}".strip(),
    )
