"""Outages and planned work are noted, corrected, withdrawn: each by a deed with a line in the journal (R-D9, R-E6)."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.clients.models import Organisation
from otklik.desk.models import Tag, Ticket
from otklik.errors import Refusal, Stale
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.sla.uptime.models import Incident

_LATER: Final = ("reported_at", "accepted_at", "workaround_at", "ended_at")


class BadIncident(Refusal):
    code = "incident.bad"


class SomebodyElseCorrected(Stale):
    code = "incident.corrected_meanwhile"


class AlreadyWithdrawn(Stale):
    code = "incident.already_withdrawn"


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that people tell of an incident. organisations: none means everybody."""

    kind: str
    name: str
    told: str = ""
    cause: str = Incident.Cause.OURS
    source: str = ""
    tag: Tag | None = None
    organisations: tuple[Organisation, ...] = ()
    ticket: Ticket | None = None
    began_at: datetime | None = None
    reported_at: datetime | None = None
    accepted_at: datetime | None = None
    workaround_at: datetime | None = None
    ended_at: datetime | None = None
    announced_at: datetime | None = None
    window_began_at: datetime | None = None
    window_ended_at: datetime | None = None


_COLUMNS: Final = tuple(one.name for one in fields(Told) if one.name != "organisations")


def note(told: Told, *, by: User, at: datetime) -> Incident:
    """Raises BadIncident."""
    _refuse_bad(told, at)
    with transaction.atomic():
        row = Incident.objects.create(
            **_columns(told), for_all=not told.organisations, made_by=by, made_at=at
        )
        row.organisations.set(told.organisations)
        _write("incident.noted", row, {"to": facts_of(row)}, by, at)
    return row


def correct(incident: Incident, told: Told, *, seen: int, by: User, at: datetime) -> Incident:
    """seen: the revision that the author knew of. What was and what becomes stands in the journal.

    Raises BadIncident, SomebodyElseCorrected, AlreadyWithdrawn.
    """
    _refuse_bad(told, at)
    with transaction.atomic():
        row = _locked(incident)
        if row.revision != seen:
            raise SomebodyElseCorrected(
                _("Пока вы писали, кто-то поправил эту запись."),
                _("Откройте её снова и внесите своё поверх."),
            )
        was = facts_of(row)
        columns = _columns(told)
        for name, value in columns.items():
            setattr(row, name, value)
        row.for_all, row.revision = not told.organisations, row.revision + 1
        row.save(update_fields=[*columns, "for_all", "revision"])
        row.organisations.set(told.organisations)
        _write("incident.corrected", row, {"from": was, "to": facts_of(row)}, by, at)
    return row


def withdraw(incident: Incident, *, by: User, at: datetime) -> None:
    """Noted by mistake, or called off: it stays to be seen and counts no more. Raises AlreadyWithdrawn."""
    with transaction.atomic():
        row = _locked(incident)
        row.withdrawn_at, row.revision = at, row.revision + 1
        row.save(update_fields=["withdrawn_at", "revision"])
        _write("incident.withdrawn", row, {}, by, at)


def facts_of(row: Incident) -> dict[str, object]:
    """All of it, for the journal."""
    told: dict[str, object] = {name: getattr(row, name) for name in _COLUMNS if name not in ("tag", "ticket")}
    organisations: Collection[int] = sorted(row.organisations.values_list("pk", flat=True))
    return {**told, "tag": row.tag_id, "ticket": row.ticket_id, "organisations": organisations}


def _columns(told: Told) -> dict[str, Any]:
    """Any: values of a model's fields."""
    columns = {name: getattr(told, name) for name in _COLUMNS}
    for name in ("name", "told"):
        columns[name] = columns[name].replace("\0", "").strip()
    return columns


def _refuse_bad(told: Told, at: datetime) -> None:
    """What the database would refuse, in words, and what it can't know: nothing that has happened lies ahead."""
    if not 1 <= len(told.name.replace("\0", "").strip()) <= 200:
        raise BadIncident(_("Название — это от 1 до 200 знаков."), _("Напишите его иначе."))
    if told.kind == Incident.Kind.WORK:
        _refuse_bad_window(told)
    elif told.began_at is None or not told.source:
        raise BadIncident(_("У перерыва есть начало, и кто-то его заметил."), _("Впишите, когда и кто."))
    if told.ended_at and not told.began_at:
        raise BadIncident(_("Конец есть, а начала нет."), _("Впишите, когда началось."))
    for name in _LATER if told.began_at else ():
        moment = getattr(told, name)
        if moment and (moment < told.began_at or (name == "ended_at" and moment == told.began_at)):
            raise BadIncident(
                _("Одно из времён раньше начала."), _("Проверьте времена: начало — первое из них.")
            )
    if any(moment and moment > at for moment in (told.began_at, *(getattr(told, name) for name in _LATER))):
        raise BadIncident(
            _("Одно из времён ещё не наступило."), _("Впишите то, что уже было; остальное — когда случится.")
        )


def _refuse_bad_window(told: Told) -> None:
    begin, end = told.window_began_at, told.window_ended_at
    if told.announced_at is None or begin is None or end is None:
        raise BadIncident(
            _("У плановых работ есть объявленное время и день, когда о них сказали."), _("Впишите всё это.")
        )
    if end <= begin:
        raise BadIncident(_("Работы кончаются раньше, чем начались."), _("Поменяйте начало и конец местами."))


def _locked(incident: Incident) -> Incident:
    """Raises AlreadyWithdrawn."""
    row = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if row.withdrawn_at:
        raise AlreadyWithdrawn(_("Эту запись уже отозвали."), _("Заведите новую, если она нужна."))
    return row


def _write(word: str, row: Incident, facts: dict[str, object], by: User, at: datetime) -> None:
    journaling.write(Line(None, word, at, by=by, facts={"incident": row.pk, **facts}))
