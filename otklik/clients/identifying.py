"""Whose letter is this: addresses to clients, clients to organisations (R-A12)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from otklik import rows
from otklik.accounts import prints
from otklik.accounts.models import User
from otklik.clients.freemail import DOMAINS as FREE
from otklik.clients.models import Client, Domain, Identity, Shunned
from otklik.errors import Refusal
from otklik.journal import journaling
from otklik.journal.journaling import Line


class SameClient(Refusal):
    code = "client.same"


class Erased(Refusal):
    code = "client.erased"


@dataclass(frozen=True, slots=True)
class Sender:
    address: str
    name: str = ""


def normal(address: str) -> str:
    """The form by which an address is found: without spaces and brackets, in lower case, at most 320 characters."""
    return address.strip().strip("<>").strip().lower()[:320]


def domain_of(address: str) -> str:
    return normal(address).rpartition("@")[2]


def identify_many(senders: Sequence[Sender], *, at: datetime) -> dict[str, Identity]:
    """Identities by normal address; who is unknown becomes a client, of the organisation whose domain it is.

    At most six queries for any number. Two processes may meet the same newcomer: one of them makes the client.
    """
    wanted = {normal(sender.address): sender for sender in reversed(senders) if normal(sender.address)}
    known = _known(wanted)
    missing = [wanted[value] for value in wanted if value not in known]
    if missing:
        _make(missing, at)
        known |= _known(normal(sender.address) for sender in missing)
    return known


def _known(values: Iterable[str]) -> dict[str, Identity]:
    found = Identity.objects.filter(kind=Identity.Kind.EMAIL, value__in=list(values)).select_related("client")
    return {identity.value: identity for identity in found}


def _make(senders: Sequence[Sender], at: datetime) -> None:
    """A client with its first address each. Whoever loses a race leaves no client without an address behind."""
    homes = _organisations({domain_of(sender.address) for sender in senders})
    clients = rows.create(
        [
            Client(name=_name(sender), organisation_id=homes.get(domain_of(sender.address)), created_at=at)
            for sender in senders
        ]
    )
    shunned = _shunned([normal(sender.address) for sender in senders])
    identities = [
        Identity(
            client=client,
            value=normal(sender.address),
            shown=sender.address.strip()[:320],
            name=sender.name[:500],
            created_at=at,
            blocked_at=shunned.get(normal(sender.address)),
        )
        for client, sender in zip(clients, senders, strict=True)
    ]
    rows.create(identities, ignore_conflicts=True)
    Client.objects.filter(pk__in=[client.pk for client in clients], identities=None).delete()


def _shunned(values: Sequence[str]) -> dict[str, datetime]:
    """Of these addresses, those that were blocked when their client was erased, and since when."""
    known = {print_: value for value in values for print_ in prints.known_of_address(value)}
    rows = Shunned.objects.filter(print__in=known).values_list("print", "at")
    return {known[print_]: at for print_, at in rows}


def _organisations(domains: set[str]) -> dict[str, int]:
    return dict(Domain.objects.filter(name__in=domains - FREE).values_list("name", "organisation_id"))


def _name(sender: Sender) -> str:
    return (sender.name.strip() or sender.address.strip())[:500]


def join(identity: Identity, *, client: Client, by: User | None, at: datetime) -> Identity:
    """Give a second address to the client it belongs to; requests and organisation follow where nothing is lost.

    The former client stays only while it has other addresses; else what it agreed to and its exports follow as well.
    Raises SameClient, Erased.
    """
    former_id = identity.client_id
    if former_id == client.pk:
        raise SameClient(_("Этот адрес уже у этого клиента."), _("Выберите другого клиента."))
    with transaction.atomic():
        # both, since an erasure of either may begin at this moment
        both = Client.objects.select_for_update().filter(pk__in=[former_id, client.pk]).order_by("pk")
        known = {one.pk: one for one in both}
        if any(one.erased_at for one in known.values()):
            raise Erased(
                _("Мы стёрли данные этого клиента: добавить ему адрес нельзя."),
                _("Если человек написал снова, он уже есть как новый клиент: откройте его запрос."),
            )
        if not Identity.objects.filter(pk=identity.pk, client=former_id).update(client=client):
            raise SameClient(_("Этот адрес только что отдали другому клиенту."), _("Обновите страницу."))
        if not Identity.objects.filter(client=former_id).exists():
            _follow(known[former_id], client)
        facts: dict[str, object] = {"client": client.pk, "former": former_id, "identity": identity.pk}
        journaling.write(Line(None, "client.joined", at, by=by, facts=facts))
    identity.client = client
    return identity


def _follow(former: Client, client: Client) -> None:
    """What was of a client who has no address any more."""
    former.tickets.update(client=client)
    former.consents.update(client=client)
    former.exports.update(client=client)
    if former.note:
        Client.objects.filter(pk=client.pk).update(note=f"{client.note}\n{former.note}".strip())
    former.delete()


def block(identity: Identity, *, by: User, at: datetime) -> None:
    """From now on letters from this address are kept aside without a request."""
    if Identity.objects.filter(pk=identity.pk, blocked_at=None).update(blocked_at=at, blocked_by=by):
        journaling.write(Line(None, "sender.blocked", at, by=by, facts={"identity": identity.pk}))


def unblock(identity: Identity, *, by: User, at: datetime) -> None:
    if Identity.objects.filter(pk=identity.pk, blocked_at__isnull=False).update(
        blocked_at=None, blocked_by=None
    ):
        Shunned.objects.filter(print__in=prints.known_of_address(identity.value)).delete()
        journaling.write(Line(None, "sender.unblocked", at, by=by, facts={"identity": identity.pk}))
