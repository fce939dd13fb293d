"""Erasing a person (152-FZ art. 21, GDPR art. 17): what it would take, and the deed that begins it.

The deed takes the name, the addresses and the links at once; the talk, all tables, raw letters and files follow in
steps (working.py), safe to kill at any instant. What stays is the skeleton: times, states, owners, counts.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from otklik.accounts import prints, vault
from otklik.accounts.models import ClientLink, User
from otklik.channels.models import Envelope
from otklik.clients.models import Client, Identity, Shunned
from otklik.desk.models import (
    OPEN_STATES,
    Attachment,
    Delivery,
    Draft,
    Message,
    Note,
    Ticket,
)
from otklik.errors import NotAllowed, Refusal, Stale
from otklik.jobs import wakeups
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.journeys.models import Letter, Proof
from otklik.privacy import exporting, gathering, rare, sql
from otklik.privacy.models import Erasure
from otklik.privacy.rare import Places
from otklik.promises import promising, tracking

WORD = "client.erased"
NOT_SENT = (Delivery.State.WAITING, Delivery.State.RETRY, Delivery.State.HELD)


class NotYours(NotAllowed):
    code = "erasure.not_yours"


class AlreadyErased(Stale):
    code = "erasure.already"


class OtherName(Refusal):
    code = "erasure.other_name"


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure would take, counted now.

    shared: names that others here have too, or that are ordinary words. lost: letters and notes of others that
    would lose an address or a name; left: those where such a name stands, which may mean somebody else.
    """

    open_numbers: list[int]
    requests: int
    others: int  # requests of other people that the person took part in
    messages: int
    notes: int
    files: int
    drafts: int
    letters: int
    waiting: int  # letters to the person that have not left yet
    addresses: list[str]
    shared: list[str]
    lost: Places
    left: Places


def preview(client: Client) -> Preview:
    ids = gathering.identity_ids(client.pk)
    tickets = gathering.whole(client.pk, ids)
    known = gathering.needles(client)
    lost, left = rare.where(known, own=gathering.took_part(client.pk, ids))
    mine = Message.objects.filter(Q(ticket__in=tickets.values("pk")) | Q(identity__in=ids))
    notes = Note.objects.filter(ticket__in=tickets.values("pk"))
    return Preview(
        open_numbers=list(tickets.filter(state__in=OPEN_STATES).values_list("number", flat=True)[:50]),
        requests=tickets.count(),
        others=gathering.partly(client.pk, ids).count(),
        messages=mine.count(),
        notes=notes.count(),
        files=Attachment.objects.filter(
            Q(message__in=mine.values("pk")) | Q(note__in=notes.values("pk"))
        ).count(),
        drafts=Draft.objects.filter(
            Q(ticket__in=tickets.values("pk")) | Q(to__overlap=list(known.addresses))
        ).count(),
        letters=Envelope.objects.filter(message__in=mine.values("pk")).count(),
        waiting=Delivery.objects.filter(state__in=NOT_SENT, address__in=known.addresses).count(),
        addresses=[one.shown for one in client.identities.order_by("pk")],
        shared=list(known.shared),
        lost=lost,
        left=left,
    )


def begin(
    client: Client, *, ground: str, by: User | None, at: datetime, uid: str = "", wide: bool = False
) -> Erasure:
    """Take the person's name, addresses and links, end their requests, and leave the rest to the steps.

    uid: of an erasure that is repeated after a restore. wide: of Needles. Raises NotYours, AlreadyErased.
    """
    if by is not None and not by.is_admin:
        raise NotYours(_("Стирать данные человека может только администратор."), _("Попросите его."))
    with transaction.atomic():
        client = Client.objects.select_for_update().get(pk=client.pk)
        if client.erased_at or Erasure.objects.filter(client_id=client.pk, done_at=None).exists():
            raise AlreadyErased(
                _("Мы уже стёрли данные этого клиента."), _("Отметка об этом осталась в списке.")
            )
        sql.allow()
        known, ids = gathering.needles(client, wide=wide), gathering.identity_ids(client.pk)
        erasure = Erasure.objects.create(
            uid=uid or secrets.token_hex(16), client_id=client.pk, by=by, ground=ground, asked_at=at,
            bounds=sql.last_ids(), sealed=vault.seal(known.dump()),
            place={"prints": [prints.of_address(one) for one in known.addresses]},
        )  # fmt: skip
        _cancel_letters(known.addresses, ids, at)  # letters are locked before requests, as the outbox does
        _end_requests(client, ids, by, at)
        _cancel_letters(
            known.addresses, ids, at
        )  # answers that were being written till their request was ours
        exporting.drop_all(client)
        _hide(client, ids, at)
        journaling.write(Line(None, WORD, at, by=by, facts={"client": client.pk, "erasure": erasure.pk}))
        wakeups.tell("privacy")
    return erasure


def _end_requests(client: Client, ids: list[int], by: User | None, at: datetime) -> None:
    """Nobody can answer any more: what is open or solved is closed, so that no late word wakes it."""
    ended = gathering.whole(client.pk, ids).filter(state__in=(*OPEN_STATES, "solved"))
    tickets = list(ended.order_by("pk").select_for_update(of=("self",)))
    journaling.write_many(
        [
            Line(one.pk, "ticket.closed", at, teams=(one.team_id,), by=by, facts={"from": one.state, "to": "closed"})
            for one in tickets
        ]
    )  # fmt: skip
    pks = [one.pk for one in tickets]
    Ticket.objects.filter(pk__in=pks).update(state=Ticket.State.CLOSED, unread=False)
    promising.drop(pks, at=at)
    tracking.let_go(pks, by=by, at=at)


def _cancel_letters(addresses: tuple[str, ...], ids: list[int], at: datetime) -> None:
    """What waits for the person does not leave any more; what is on its way nobody can stop."""
    Delivery.objects.filter(state__in=NOT_SENT, address__in=addresses).update(
        state=Delivery.State.FAILED, ended_at=at, next_at=None, reason=""
    )
    Letter.objects.filter(identity__in=ids, done_at=None).update(done_at=at)


def _hide(client: Client, ids: list[int], at: datetime) -> None:
    blocked = Identity.objects.filter(pk__in=ids, blocked_at__isnull=False).values_list("value", flat=True)
    Shunned.objects.bulk_create(
        [Shunned(print=prints.of_address(one), at=at) for one in blocked], ignore_conflicts=True
    )
    new = Concat(Value("erased-"), Cast("pk", CharField()), Value("@erased.invalid"))
    Identity.objects.filter(pk__in=ids).update(value=new, shown=new, name="", bad_at=None, bad_reason="")
    Client.objects.filter(pk=client.pk).update(
        name=gathering.NAME, position="", note="", organisation=None, erased_at=at
    )
    client.consents.all().delete()
    Proof.objects.filter(link__identity__in=ids).delete()
    ClientLink.objects.filter(identity__in=ids, revoked_at=None).update(revoked_at=at)
