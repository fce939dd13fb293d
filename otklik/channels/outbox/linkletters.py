"""Letters that the client's page owes (journeys.letters): a lost link, a code, «отметили решённым».

Their secrets are stored nowhere: the message keeps the words without them, composing words the letter anew.
"""

import re
from datetime import datetime

from django.db import transaction

from otklik.channels.outbox import automatic, making
from otklik.channels.outbox.automatic import Wish
from otklik.channels.outbox.composing import LINK_HERE
from otklik.channels.outbox.making import Plan
from otklik.desk.models import Message
from otklik.env import env
from otklik.journeys import letters
from otklik.journeys.models import Letter
from otklik.staff import queries as staff

ASKED = (Letter.Kind.LINK, Letter.Kind.CODE)
_CODE = re.compile(r"\b\d{6}\b")


def make_owed(*, at: datetime) -> int:
    """Messages for the owed letters, at most fifty (a loop); returns how many were looked at."""
    with transaction.atomic():
        owed = letters.take_owed()
        if not owed:
            return 0
        able = [one for one in owed if _can_be_sent(one)]
        wishes = [_wish(one) for one in able]
        automatic.note_people([wish.box.pk for wish in wishes if wish.asked], at=at)
        fates = automatic.judge(wishes, at=at)
        plans = [
            plan
            for one, wish, fate in zip(able, wishes, fates, strict=True)
            if (plan := _plan(one, wish, fate, at)) is not None
        ]
        making.make(plans, author=staff.company().name, at=at)
        letters.done(owed, at=at)
    return len(owed)


def _can_be_sent(owed: Letter) -> bool:
    return owed.ticket.box is not None and owed.identity.blocked_at is None


def _wish(owed: Letter) -> Wish:
    box = owed.ticket.box
    assert box is not None  # noqa: S101 - _can_be_sent() has looked
    return Wish(box, owed.identity.shown, asked=owed.kind in ASKED)


def _plan(owed: Letter, wish: Wish, fate: automatic.Fate, at: datetime) -> Plan | None:
    words = letters.words(owed, at=at)
    if words is None:
        return None
    return Plan(
        wish=wish,
        fate=fate,
        ticket=owed.ticket,
        kind=Message.Kind.LINK if owed.kind == Letter.Kind.LINK else Message.Kind.NOTICE,
        name=owed.identity.name,
        subject=_without_secrets(words.subject, owed),
        text=_without_secrets(words.text, owed),
        page_letter=owed,
    )


def _without_secrets(said: str, owed: Letter) -> str:
    """What colleagues may read: neither the client's link nor the code."""
    said = re.sub(rf"{re.escape(env().base_url)}/r/\S+", LINK_HERE, said)
    return _CODE.sub("••••••", said) if owed.kind == Letter.Kind.CODE else said
