"""The ways in after a database came back from a copy: what was closed since the copy must not stand open again."""

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from otklik.accounts.models import AccountLetter, PasswordLink, Session, User

EPOCHS_AHEAD = 1_000  # whoever held a ticket of the live stream may have had a later epoch than the copy's


def close(*, at: datetime) -> None:
    """End every session, one-time link and letter that stood in the copy. Inside the caller's transaction.

    A session may have been ended since, a link used, a letter sent.
    """
    Session.objects.all().delete()
    PasswordLink.objects.filter(ended_at=None).update(ended_at=at)
    AccountLetter.objects.filter(done_at=None).update(
        done_at=at, fault=_("Не отправили: базу восстановили из копии.")
    )
    User.objects.update(access_epoch=F("access_epoch") + EPOCHS_AHEAD)
