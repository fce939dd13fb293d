"""A letter of ours that came back: tied to its delivery, told to the agent with what to do (R-L1)."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.channels.models import Envelope
from otklik.channels.outbox import addresses, claiming, staffletters
from otklik.channels.outbox.explaining import explain
from otklik.clients.identifying import normal
from otklik.clients.models import Identity
from otklik.desk.models import Delivery, Message
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.mime import BouncedFor, Letter

LATEST = timedelta(days=7)  # a bounce that names only an address belongs to the last letter to it, if recent
State = Delivery.State
_LEFT = (State.SENT, State.UNKNOWN, State.DELIVERED)
_SAID = re.compile(r"\b[45]\d\d[ -]+(?:[45]\.\d{1,3}\.\d{1,3}[ -]+)?[^\n]{0,300}")


def returned(letter: Letter, envelope: Envelope, *, at: datetime) -> bool:
    """Tie a bounce to the letter of ours that it is about; inside the caller's transaction.

    False when it is about none: then it is a letter for people to read. For good: the delivery has bounced, the address
    is bad, the request unread. For now (4.x.x, delayed): a line in the journal, the sending server tries on.
    """
    if staffletters.bounced(letter.returned_message_ids, at=at):
        return True
    deliveries = _deliveries(letter, envelope, at)
    pairs = _pairs(letter, deliveries)
    if not pairs:
        return False
    with transaction.atomic():
        for delivery, one in pairs:
            said = _said(letter.text, one.status)
            if one.permanent:
                _came_back(delivery, said, at)
            else:
                _is_delayed(delivery, said, at)
    return True


def _deliveries(letter: Letter, envelope: Envelope, at: datetime) -> list[Delivery]:
    """By the returned Message-ID, else by the signed address it came to, else the last letter to the named address."""
    named = (*letter.returned_message_ids, letter.in_reply_to, *reversed(letter.references))
    ids = [one.strip("<> ") for one in named]
    rows = Delivery.objects.select_related("message")
    ours = list(rows.filter(message__message_id__in=[one for one in ids if one], message__direction="out"))
    if ours:  # References name the whole talk: only the letter that is named first came back
        first = min(ours, key=lambda one: ids.index(one.message.message_id)).message_id
        return [one for one in ours if one.message_id == first]
    came_to = (*envelope.rcpt_to, *letter.envelope_to, *letter.to)
    signed = [pk for one in came_to if (pk := addresses.delivery_of(one))]
    of_signed = Message.objects.filter(deliveries__in=signed).values("pk")
    found = list(rows.filter(message__in=of_signed)) if signed else []
    return found or _by_address(letter.bounced_for, envelope.box_id, at)


def _by_address(bounced: Iterable[BouncedFor], box_id: int, at: datetime) -> list[Delivery]:
    wanted = {normal(one.email) for one in bounced if one.email}
    recent = Delivery.objects.filter(
        address__in=wanted, state__in=_LEFT, began_at__gt=at - LATEST, message__box=box_id
    )
    last: dict[str, Delivery] = {}
    for one in recent.select_related("message").order_by("began_at", "pk") if wanted else ():
        last[normal(one.address)] = one
    return list(last.values())


def _pairs(letter: Letter, deliveries: Sequence[Delivery]) -> list[tuple[Delivery, BouncedFor]]:
    """Which delivery came back for which reason. A bounce that names nobody is about the only recipient."""
    by_address = {normal(one.address): one for one in deliveries}
    pairs = [
        (by_address[normal(one.email)], one) for one in letter.bounced_for if normal(one.email) in by_address
    ]
    if pairs or len(deliveries) != 1:
        return pairs
    only = deliveries[0]
    one = letter.bounced_for[0] if letter.bounced_for else BouncedFor(only.address, "", permanent=True)
    return [(only, one)]  # the address may be where theirs is forwarded to


def _came_back(delivery: Delivery, said: str, at: datetime) -> None:
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if row.state == State.SENDING and row.dot_at is not None:  # its sender has not written the answer yet
        row.state = State.SENT
        row.save(update_fields=["state"])
    if row.state not in _LEFT:
        return
    row.evidence = _("пришёл возврат") if row.state == State.UNKNOWN else row.evidence
    row.state, row.reason, row.ended_at = State.BOUNCED, said, at
    row.save(update_fields=["state", "reason", "ended_at", "evidence"])
    told = explain(said)
    Identity.objects.filter(kind=Identity.Kind.EMAIL, value=normal(row.address)).update(
        bad_at=at, bad_reason=told.why[:500]
    )
    words = _("Письмо на %(address)s не дошло. %(why)s %(todo)s")
    facts = {"words": words % {"address": row.address, "why": told.why, "todo": told.todo}}
    claiming.tell([row], at=at, facts=facts)


def _is_delayed(delivery: Delivery, said: str, at: datetime) -> None:
    """The server has the letter and tries on: no trouble yet, and an unclear letter is clear by this."""
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if row.state == State.UNKNOWN:
        row.state, row.evidence, row.ended_at = State.SENT, _("сервер сообщил, что доставляет его"), at
        row.save(update_fields=["state", "evidence", "ended_at"])
    ticket_id, team_id = claiming.ticket_teams([row.message_id])[row.message_id]
    words = _("Письмо на %(address)s задерживается: %(why)s Сервер пробует дальше сам.")
    facts: dict[str, object] = {
        "message": row.message_id,
        "delivery": row.pk,
        "words": words % {"address": row.address, "why": explain(said).why},
    }
    journaling.write(Line(ticket_id, "delivery.delayed", at, teams=(team_id,), facts=facts))


def _said(text: str, status: str) -> str:
    """The server's own words in a bounce, with the status that its report names."""
    line = next((" ".join(found.split()) for found in _SAID.findall(text[:20_000])), "")
    if status and status not in line:
        line = f"{status} {line}".strip()
    return line[:500] or _("550 почтовая система вернула письмо без объяснений")
