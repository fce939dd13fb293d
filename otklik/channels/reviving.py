"""What the mail must not do by itself after a database came back from a copy (invariant 2).

Between the copy and today other days have passed: letters that waited in the copy may have left, letters that come now
may have been acknowledged. So nothing that waited leaves unasked, and nothing older than the restore is acknowledged.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from otklik.accounts.models import AccountLetter
from otklik.channels import resealing
from otklik.channels.models import Alarm, Box, StaffLetter
from otklik.channels.outbox import staffletters
from otklik.desk.models import Delivery
from otklik.journal.models import Entry, Follower
from otklik.journeys.models import Letter

State = Delivery.State


def hold_letters(*, copied_at: str, at: datetime) -> int:
    """All letters that waited or were being sent are unclear now; returns how many. Inside the caller's transaction.

    copied_at: the moment of the copy, as people read it. Evidence (the Sent folder, a copy in the box) settles them as
    any unclear letter; what is left a person is asked about after ten minutes.
    """
    words = _("Письмо стояло в очереди, когда снимали копию (%s). С тех пор оно могло уйти.") % copied_at
    waiting = Delivery.objects.filter(state__in=[State.WAITING, State.RETRY])
    waiting.update(state=State.SENDING, next_at=None)
    return Delivery.objects.filter(state=State.SENDING).update(
        state=State.UNKNOWN, holder=None, began_at=at, dot_at=at, ended_at=at, asked_at=None, reason=words
    )


def forget_owed(*, at: datetime) -> int:
    """Letters to our own people and of the client's page: they were news then. Returns how many."""
    owed = StaffLetter.objects.filter(done_at=None).update(
        done_at=at, fault=_("Не отправили: базу восстановили из копии.")
    )
    owed += Alarm.objects.filter(done_at=None).update(done_at=at)
    owed += AccountLetter.objects.filter(done_at=None).update(done_at=at)
    owed += Letter.objects.filter(done_at=None).update(done_at=at)
    last = Entry.objects.order_by("-tx", "-pk").first()
    if last is not None:
        Follower.objects.filter(name=staffletters.FOLLOWER).update(tx=last.tx, entry_id=last.pk)
    return owed


def quieten(*, at: datetime) -> None:
    """Letters that reached us before this moment open requests, but are not acknowledged again (intake.ageing)."""
    Box.objects.update(quiet_before=at, alarmed_at=None)


def unreadable() -> list[str]:
    """What is sealed with a key that we don't have, as people call it: boxes, services of sign-in, second factors."""
    return list(resealing.standing().unreadable)
