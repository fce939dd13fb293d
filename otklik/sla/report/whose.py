"""Whom a report is for, and what binds them (R-E8). Organisations are open to whoever leads; a person is shown to those
who may see a request of theirs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias, get_args

from django.db.models import Q, QuerySet
from django.http import Http404

from otklik.accounts.models import User
from otklik.clients.models import Client, Organisation
from otklik.desk import queries as desk
from otklik.desk.models import Ticket
from otklik.sla import binding
from otklik.sla.binding import Newcomer
from otklik.sla.models import Agreement, AgreementVersion

Of: TypeAlias = Literal["organisation", "client"]
KINDS: Final[tuple[Of, ...]] = get_args(Of)
FOUND: Final = 30  # names that a search shows
NOBODY: Final = 0  # the key of no client
_USUAL: Final = Ticket.Priority.NORMAL
_ORDER: Final = (_USUAL, *(one for one in Ticket.Priority if one != _USUAL))


@dataclass(frozen=True, slots=True)
class Whose:
    """organisation: of a client theirs, None: they have none."""

    of: Of
    pk: int
    name: str
    client: Client | None
    organisation: Organisation | None

    @property
    def is_firm(self) -> bool:
        return self.of == "organisation"


def read(user: User, of: str, pk: int) -> Whose:
    """Raises Http404 for what is not there, and for a person none of whose requests this user may see."""
    if of == "organisation" and (firm := Organisation.objects.filter(pk=pk).first()):
        return Whose("organisation", firm.pk, firm.name, None, firm)
    if of == "client" and (person := _people(user).filter(pk=pk).select_related("organisation").first()):
        return of_client(person)
    raise Http404


def of_client(person: Client) -> Whose:
    return Whose("client", person.pk, person.name, person, person.organisation)


def found(user: User, words: str) -> list[Whose]:
    """By a part of the name, organisations first; without words the organisations that agreements name."""
    firms = Organisation.objects.order_by("name", "pk")
    if not words:
        named = firms.filter(Q(covers__isnull=False) | Q(tariff__covers__isnull=False)).distinct()
        return [Whose("organisation", one.pk, one.name, None, one) for one in named[:FOUND]]
    people = _people(user).filter(name__icontains=words).select_related("organisation").order_by("name", "pk")
    return [
        *(Whose("organisation", one.pk, one.name, None, one) for one in firms.filter(name__icontains=words)[:FOUND]),
        *map(of_client, people[:FOUND]),
    ]  # fmt: skip


def _people(user: User) -> QuerySet[Client]:
    return Client.objects.filter(pk__in=desk.visible_to(user).values("client"), erased_at=None)


def agreement_of(whose: Whose, at: datetime) -> Agreement:
    """What would bind a request of theirs that came at this moment, without labels: a usual one, or where that has what
    everybody has, one of another priority. Three queries."""
    person, firm = whose.client.pk if whose.client else NOBODY, whose.organisation
    coming = [Newcomer(person, firm.pk if firm else None, one) for one in _ORDER]
    versions = binding.choose_coming(coming, at=at)
    found = AgreementVersion.objects.select_related("agreement__calendar").in_bulk(versions)
    chosen = [found[pk].agreement for pk in versions]
    return next((one for one in chosen if not one.is_default), chosen[0])
