"""The fuse of a box: blown by an unusual rate of automatic letters, reset by a person who decides what waits."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.channels.models import Box
from otklik.channels.outbox import claiming
from otklik.channels.outbox.rows import AutomaticLetter
from otklik.desk.models import Delivery
from otklik.jobs import wakeups
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.web.language import in_company_language

State = Delivery.State


def blow(box_id: int, reason: str, *, at: datetime) -> bool:
    """Hold the automatic letters of this box from now on, those that wait included. False when it was blown already."""
    with transaction.atomic():
        if not Box.objects.filter(pk=box_id, fuse_blown_at=None).update(
            fuse_blown_at=at, fuse_reason=reason[:300]
        ):
            return False
        waiting = _automatic(box_id).filter(state__in=[State.WAITING, State.RETRY])
        rows = list(waiting.select_for_update(of=("self",), skip_locked=True))
        for row in rows:
            row.state, row.reason = State.HELD, reason
            row.save(update_fields=["state", "reason"])
        claiming.tell(rows, at=at)
        _journal("fuse.blown", box_id, at=at, by=None, reason=reason)
    return True


def held(box_id: int) -> int:
    """How many automatic letters of this box wait for a decision."""
    return _automatic(box_id).filter(state=State.HELD).count()


def release(box: Box, *, by: User, at: datetime) -> int:
    """«Отправить задержанные»: reset the fuse and let them go; returns how many."""
    with transaction.atomic():
        count = _automatic(box.pk).filter(state=State.HELD).update(state=State.WAITING, next_at=at, reason="")
        _reset(box, by=by, at=at, released=count)
        wakeups.tell("outbox")
    return count


def drop(box: Box, *, by: User, at: datetime) -> int:
    """«Не отправлять»: reset the fuse, the held letters never leave; returns how many."""
    with in_company_language():
        words = _("Это автоматическое письмо не отправили: так решил сотрудник %(name)s.") % {"name": by.name}
    with transaction.atomic():
        count = (
            _automatic(box.pk).filter(state=State.HELD).update(state=State.FAILED, ended_at=at, reason=words)
        )
        _reset(box, by=by, at=at, dropped=count)
    return count


def _reset(box: Box, *, by: User, at: datetime, **facts: int) -> None:
    """What was counted so far is known to a person: the count begins anew."""
    Box.objects.filter(pk=box.pk).update(fuse_blown_at=None, fuse_reason="")
    AutomaticLetter.objects.filter(box=box, at__gt=at - timedelta(days=1)).update(counted=False)
    _journal("fuse.reset", box.pk, at=at, by=by, **facts)


def _automatic(box_id: int) -> QuerySet[Delivery]:
    return Delivery.objects.filter(message__box=box_id, message__automatic__isnull=False)


def _journal(word: str, box_id: int, *, at: datetime, by: User | None, **facts: object) -> None:
    team_id = Box.objects.values_list("team_id", flat=True).get(pk=box_id)
    journaling.write(Line(None, word, at, teams=(team_id,), by=by, facts={"box": box_id, **facts}))
