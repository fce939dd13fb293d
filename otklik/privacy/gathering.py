"""Whose data: the person's rows, requests and the words by which they are recognised."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from otklik.accounts.models import User
from otklik.channels.models import Box
from otklik.clients.identifying import normal
from otklik.clients.models import Client, Identity
from otklik.desk.models import Message, Participant, Recipient, Ticket
from otklik.privacy import rare
from otklik.privacy.needles import Needles, core

NAME = "Клиент, данные стёрты"
SUBJECT = "Данные клиента стёрты"
TEXT = "Текст стёрт вместе с данными клиента."
MOST_NAMES = 50


def pseudonym(erasure_id: int, place: int) -> str:
    """For one of the person's addresses in letters: each has its own, as a letter may have gone to two of them.

    Nobody can receive there (RFC 2606).
    """
    return f"erased-{erasure_id}-{place}@erased.invalid"


def identity_ids(client_id: int) -> list[int]:
    return list(Identity.objects.filter(client=client_id).order_by("pk").values_list("pk", flat=True))


def whole(client_id: int, identities: Collection[int]) -> QuerySet[Ticket]:
    """Requests of the person: all talk in them goes, but other people's own words. By number of the row."""
    asked = Participant.objects.filter(identity__in=identities, part=Participant.Part.REQUESTER)
    return Ticket.objects.filter(Q(client=client_id) | Q(pk__in=asked.values("ticket"))).order_by("pk")


def partly(client_id: int, identities: Collection[int]) -> QuerySet[Ticket]:
    """Other people's requests in which the person was in copy, was asked or wrote."""
    there = Participant.objects.filter(identity__in=identities).values("ticket")
    wrote = Message.objects.filter(identity__in=identities).values("ticket")
    mine = whole(client_id, identities).values("pk")
    return Ticket.objects.filter(Q(pk__in=there) | Q(pk__in=wrote)).exclude(pk__in=mine).order_by("pk")


def took_part(client_id: int, identities: Collection[int]) -> list[int]:
    """Ids of all requests that the person had a part in."""
    rows = (whole(client_id, identities), partly(client_id, identities))
    return [pk for some in rows for pk in some.values_list("pk", flat=True)]


def known(client: Client) -> Needles:
    """Every address and name of the person. Those of our own people and boxes are not theirs to take away."""
    identities = list(client.identities.all())
    ours = {normal(one) for one in User.objects.values_list("email", flat=True)}
    ours |= {normal(one) for one in Box.objects.values_list("address", flat=True)}
    addresses = {one.value for one in identities} | {normal(one.shown) for one in identities}
    return Needles(tuple(sorted(addresses - ours - {""})), shared=tuple(sorted(_names(client, identities))))


def needles(client: Client, *, wide: bool = False) -> Needles:
    """The same, with what is certainly theirs among the names (rare.py). wide: of Needles."""
    every = known(client)
    own = took_part(client.pk, identity_ids(client.pk))
    alone = rare.rare(every.shared, client_id=client.pk, own=own)
    names = [one for one in every.shared if len(core(one)) > 1 and set(core(one)) <= set(alone)]
    shared = [one for one in every.shared if one not in names]
    return Needles(every.addresses, tuple(names), tuple(shared), tuple(alone), wide)


def _names(client: Client, identities: Collection[Identity]) -> set[str]:
    """As they stand on the card and as they came with letters."""
    ids, values = [one.pk for one in identities], [one.value for one in identities]
    written = Message.objects.filter(identity__in=ids).order_by().values_list("author_name", flat=True)
    called = Recipient.objects.filter(address__in=values).order_by().values_list("name", flat=True)
    found = {client.name, *(one.name for one in identities), *written.distinct()[:MOST_NAMES]}
    found |= set(called.distinct()[:MOST_NAMES])
    return {" ".join(one.split()) for one in found if one.strip() and "@" not in one and one != NAME}
