"""Who belongs to which organisation: said on the card of a client, or by the mail domain for all who write from it.

Requests that go on follow their client, and their agreements after them (sla/covering.py reads the journal).
"""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.clients.freemail import DOMAINS as FREE
from otklik.clients.identifying import Erased, domain_of
from otklik.clients.models import Client, Domain, Organisation
from otklik.desk.continuing import ENDED_FOR_GOOD
from otklik.desk.models import Ticket
from otklik.errors import Refusal
from otklik.journal import journaling
from otklik.journal.journaling import Line

LONGEST = 200
_LOCK = 0x6F7267  # «org»: of those who make an organisation, so that one name is one
_LOCKED = "SELECT pg_advisory_xact_lock(%s)"
_OF_DOMAIN = """
    SELECT DISTINCT client_id FROM clients_identity
     WHERE kind = 'email' AND otklik_parts(value) @> otklik_parts(%(tail)s)
       AND right(value, length(%(tail)s)) = %(tail)s
"""


class BadOrganisation(Refusal):
    code = "organisation.bad"


class DomainTaken(Refusal):
    code = "organisation.domain_taken"


def named(name: str, *, by: User, at: datetime) -> Organisation:
    """The organisation of this name, made where there is none. Raises BadOrganisation."""
    name = " ".join(name.replace("\0", "").split())
    if not 1 <= len(name) <= LONGEST:
        raise BadOrganisation(_("Название организации — это от 1 до 200 знаков."), _("Напишите его иначе."))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCKED, [_LOCK])
        found = Organisation.objects.filter(name__iexact=name).order_by("pk").first()
        if found is None:
            found = Organisation.objects.create(name=name, created_at=at)
            _write("organisation.made", by, at, organisation=found.pk)
    return found


def place(client: Client, organisation: Organisation | None, *, by: User | None, at: datetime) -> bool:
    """Whether the client was elsewhere before. None: they speak for themselves. Raises Erased."""
    with transaction.atomic():
        locked = Client.objects.select_for_update(of=("self",), no_key=True).get(pk=client.pk)
        _refuse_erased(locked)
        if locked.organisation_id == (organisation.pk if organisation else None):
            return False
        _move([locked.pk], organisation, by, at)
    client.organisation = organisation
    return True


def claim(client: Client, organisation: Organisation, address: str, *, by: User, at: datetime) -> int:
    """The client and whoever writes from the domain of this address belong here; how many came along who belonged
    nowhere.

    All are locked at once, in their order. Raises BadOrganisation for the domain of a mail service for everybody,
    DomainTaken, Erased.
    """
    domain = domain_of(address)
    if not is_own(address):
        raise BadOrganisation(
            _("Адрес на @%s может завести кто угодно: организацию по нему не узнать.") % domain,
            _("Выберите организацию только для этого клиента."),
        )
    with transaction.atomic():
        row, is_new = Domain.objects.get_or_create(name=domain, defaults={"organisation": organisation})
        if row.organisation_id != organisation.pk:
            raise DomainTaken(
                _("Домен @%(domain)s уже у организации «%(name)s».")
                % {"domain": domain, "name": row.organisation.name},
                _("Выберите её или отметьте только этого клиента."),
            )
        if is_new:
            _write("organisation.domain", by, at, organisation=organisation.pk)
        homeless = Q(organisation=None, erased_at=None, pk__in=_writing_from(domain))
        locked = Client.objects.filter(homeless | Q(pk=client.pk)).select_for_update(
            of=("self",), no_key=True
        )
        found = {one.pk: one for one in locked.order_by("pk")}
        _refuse_erased(found[client.pk])
        ids = [pk for pk, one in found.items() if one.organisation_id != organisation.pk]
        _move(ids, organisation, by, at)
    client.organisation = organisation
    return len(set(ids) - {client.pk})


def _writing_from(domain: str) -> list[int]:
    """Clients with an address of this domain. Uses identity_parts."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_DOMAIN, {"tail": f"@{domain}"})
        return [client_id for (client_id,) in cursor.fetchall()]


def _refuse_erased(client: Client) -> None:
    if client.erased_at:
        raise Erased(
            _("Мы стёрли данные этого клиента: организации у него больше нет."),
            _("Если человек написал снова, он уже есть как новый клиент: откройте его запрос."),
        )


def is_own(address: str) -> bool:
    """Whether the domain of an address says whose people write from it."""
    domain = domain_of(address)
    return bool(domain) and domain not in FREE


def _move(ids: Collection[int], organisation: Organisation | None, by: User | None, at: datetime) -> None:
    """Clients and what goes on of theirs. A request that stands for another organisation than its client stays so."""
    clients = Client.objects.filter(pk__in=ids)
    former = dict(clients.values_list("pk", "organisation"))
    theirs = Q(organisation=None) | Q(organisation=F("client__organisation"))
    going_on = Ticket.objects.filter(theirs, client__in=ids).exclude(state__in=ENDED_FOR_GOOD)
    locked = going_on.select_for_update(of=("self",)).order_by("pk")
    Ticket.objects.filter(pk__in=[one.pk for one in locked.only("pk")]).update(organisation=organisation)
    clients.update(organisation=organisation)
    to = organisation.pk if organisation else None
    journaling.write_many(
        [
            Line(None, "client.organisation", at, by=by, facts={"client": pk, "from": was, "to": to})
            for pk, was in former.items()
        ]
    )


def _write(word: str, by: User, at: datetime, **facts: object) -> None:
    journaling.write(Line(None, word, at, by=by, facts=facts))
