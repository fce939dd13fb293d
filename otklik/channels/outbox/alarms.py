"""A letter to the administrators when a box has been dead for a quarter of an hour, and one when it lives again.

It leaves by another box that sends, else by any that may try; whoever is reached first. If none works, the row says
why, and the operator's page and the doctor tell it.
"""

import secrets
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from otklik import mime
from otklik.accounts.models import User
from otklik.channels import queries
from otklik.channels.models import Box
from otklik.channels.outbox import addresses, owed, posting
from otklik.channels.outbox.rows import Alarm
from otklik.channels.outbox.smtp import Answer, Line, Parcel, Patience, Unreachable, Verdict
from otklik.clients.identifying import domain_of
from otklik.desk.replying import id_domain
from otklik.env import env
from otklik.staff import queries as staff
from otklik.web.language import in_company_language

DEAD_AFTER = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(minutes=5)  # between two looks; longer is a stop: of this process, of the database


@dataclass(slots=True)
class Attention:
    """For how long a process has looked on. While Otklik or its database stood still nobody read any box."""

    since: datetime
    last: datetime

    def look(self, *, at: datetime) -> int:
        """watch() of what was seen since the last stop."""
        if at - self.last > LONGEST_PAUSE:
            self.since = at
        changed = watch(at=at, since=self.since)
        self.last = at
        return changed


def watch(*, at: datetime, since: datetime) -> int:
    """Note boxes that died or came back, owe the letters; returns how many boxes changed.

    since: from when on somebody would have seen that a box is read; trouble that was written down counts without it.
    """
    with transaction.atomic():
        rows = Box.objects.select_for_update(skip_locked=True).order_by("pk")
        died = list(rows.filter(_dead(at, since), alarmed_at=None))
        back = list(rows.exclude(alarmed_at=None).exclude(_ill(at)))
        for box in died:
            with in_company_language():
                words = queries.standing(box, at).words
            _owe(box, Alarm.Kind.DEAD, words, at)
        for box in back:
            _owe(box, Alarm.Kind.BACK, "", at)
        Box.objects.filter(pk__in=[box.pk for box in died]).update(alarmed_at=at)
        Box.objects.filter(pk__in=[box.pk for box in back]).update(alarmed_at=None)
    return len(died) + len(back)


def _dead(at: datetime, since: datetime) -> Q:
    """In use, and for a quarter of an hour in trouble or not looked into."""
    long_ago = at - DEAD_AFTER
    ill = ~Q(trouble="") & Q(trouble_at__lt=long_ago)
    if since <= long_ago:
        ill |= _unread(long_ago)
    return _in_use() & Q(connected_at__lt=long_ago) & ill


def _ill(at: datetime) -> Q:
    """Not well again yet: one that was switched off is nobody's trouble any more."""
    return _in_use() & (~Q(trouble="") | _unread(at - DEAD_AFTER))


def _in_use() -> Q:
    return ~Q(mode=Box.Mode.OFF) & Q(connected_at__isnull=False)


def _unread(long_ago: datetime) -> Q:
    return Q(kind=Box.Kind.IMAP) & (Q(alive_at__lt=long_ago) | Q(alive_at=None))


def _owe(box: Box, kind: str, words: str, at: datetime) -> None:
    """To all administrators. That a box is back is no news to those who have not yet heard of its death."""
    people = User.objects.filter(role=User.Role.ADMIN, is_active=True)
    if kind == Alarm.Kind.BACK:
        waiting = Alarm.objects.filter(box=box, done_at=None)
        people = people.exclude(pk__in=list(waiting.values_list("user_id", flat=True)))
        waiting.update(done_at=at, fault=_("Ящик ожил раньше, чем письмо ушло."))
    with in_company_language():
        Alarm.objects.bulk_create(
            Alarm(box=box, user=user, kind=kind, words=words[:1000], made_at=at, next_at=at)
            for user in people
        )


def send_due(*, at: datetime, patience: Patience = posting.PATIENCE) -> int:
    """Send what is owed, at most twenty (a loop); returns how many were tried."""
    due = Alarm.objects.filter(user__is_active=True).select_related("user", "box")
    rows = owed.claim(due, at=at)
    left = list(rows)
    said = _("Ни один ящик не отправляет писем: включите ответы хотя бы в одном.")
    for carrier in _carriers(rows):
        if not left:
            break
        said = _try(carrier, left, patience, at) or said
    for row in left:
        owed.put(row, Answer(Verdict.RETRY, said), at=at)
    return len(rows)


def _carriers(rows: Sequence[Alarm]) -> QuerySet[Box]:
    """Boxes that send: those without trouble first, the dead ones themselves last."""
    dead = {row.box_id for row in rows}
    able = Box.objects.filter(mode=Box.Mode.ANSWER).exclude(smtp_host="")
    rank = Case(When(pk__in=dead, then=Value(2)), When(~Q(trouble=""), then=Value(1)), default=Value(0),
                output_field=IntegerField())  # fmt: skip
    return able.annotate(rank=rank).order_by(F("rank"), "pk") if rows else able.none()


def _try(carrier: Box, left: list[Alarm], patience: Patience, at: datetime) -> str:
    """Send by this box; what was tried to the end leaves `left`. Returns why it can't, '' when it could."""
    try:
        line = Line(posting.way(carrier), patience)
    except Unreachable as fault:
        return fault.words
    with closing(line):
        while left and line.is_open:
            _send(line, left.pop(0), carrier, at)
    return ""


def _send(line: Line, row: Alarm, carrier: Box, at: datetime) -> None:
    parcel = Parcel(carrier.address, (row.user.email,), compose(row, carrier, at=at))
    answers = line.send(parcel, lambda: owed.mark(row, at=at))
    owed.put(row, answers[row.user.email], at=at)


@in_company_language()
def compose(row: Alarm, carrier: Box, *, at: datetime) -> bytes:
    facts = {
        "box": row.box.address,
        "words": row.words,
        "link": f"{env().base_url}/settings/boxes/{row.box_id}/",
    }
    if row.kind == Alarm.Kind.DEAD:
        subject = _("Ящик %(box)s не работает уже 15 минут") % facts
        body = _("%(words)s\n\nСтраница ящика: %(link)s\n\nКогда он заработает, мы напишем ещё раз.") % facts
    else:
        subject = _("Ящик %(box)s снова работает") % facts
        body = (
            _(
                "Письма читаем и отправляем как обычно: забрали всё с того места, где остановились.\n\n%(link)s"
            )
            % facts
        )
    return mime.write(
        mime.Outgoing(
            message_id=f"<alarm.{row.pk}.{secrets.token_hex(8)}@{id_domain(domain_of(carrier.address))}>",
            date=at,
            sender=mime.Mailbox(carrier.name or staff.company().name, carrier.address),
            to=(mime.Mailbox(row.user.name, row.user.email),),
            subject=subject,
            text=body + "\n",
            headers=(
                ("X-Otklik-Instance", addresses.instance()),
                ("Auto-Submitted", "auto-generated"),
                ("X-Auto-Response-Suppress", "All"),
            ),
        )
    )
