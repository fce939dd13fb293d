"""Signs that an unclear letter did leave: a copy in our own box, a letter in its Sent folder (design §5)."""

import imaplib
from datetime import datetime, timedelta

import structlog
from django.db.models import Q
from django.utils.translation import gettext as _
from imap_tools.errors import ImapToolsError

from otklik.channels.email import credentials, imap
from otklik.channels.models import Box
from otklik.channels.outbox import settling
from otklik.desk.models import Delivery

log = structlog.get_logger(__name__)
HEAD_BYTES = 64 * 1024
LOOK_FOR = timedelta(hours=1)  # then a person has been asked long since


def seen_in_box(message_id: str, box: Box, *, at: datetime, raw: bytes = b"") -> int:
    """The intake met a letter of ours in this box. raw: its bytes, by which one of several copies is known."""
    words = _("копия письма пришла в ящик %(address)s") % {"address": box.address}
    named = settling.deliveries_named_in(raw)
    return settling.seen(message_id, at=at, delivery_ids=named, evidence=words)


def look_in_sent(*, at: datetime) -> int:
    """Look for unclear letters in the Sent folders of their boxes (a loop); returns how many were settled.

    Always once before a person is asked: after a restore the start may come any time later.
    """
    fresh = Q(began_at__gt=at - LOOK_FOR) | Q(asked_at=None)
    unclear = Delivery.objects.filter(
        fresh, state=Delivery.State.UNKNOWN, message__box__kind=Box.Kind.IMAP
    ).exclude(message__box__sent_folder="")
    by_box: dict[int, set[str]] = {}
    for box_id, message_id in unclear.values_list("message__box", "message__message_id"):
        by_box.setdefault(box_id, set()).add(message_id)
    return sum(_look(Box.objects.get(pk=box_id), ids, at) for box_id, ids in by_box.items())


def _look(box: Box, message_ids: set[str], at: datetime) -> int:
    words = _("письмо лежит в папке «Отправленные» ящика %(address)s") % {"address": box.address}
    settled = 0
    try:
        with imap.dial(box) as line:
            line.open(box.sent_folder)
            for message_id in sorted(message_ids):
                for raw in heads(line, message_id):
                    named = settling.deliveries_named_in(raw)
                    settled += settling.seen(message_id, at=at, delivery_ids=named, evidence=words)
    except (OSError, imaplib.IMAP4.error, ImapToolsError, credentials.NoCredentials) as fault:
        log.warning("sent folder not read", box=box.pk, cause=str(fault), remedy="check the box's page")
    return settled


def heads(line: imap.Line, message_id: str) -> list[bytes]:
    """The beginnings of the letters with this id in the open folder. Message ids of ours hold no quotes."""
    uids = line.uids(f'HEADER Message-ID "<{message_id}>"')
    return list(line.bodies(uids, first_bytes=HEAD_BYTES).values())
