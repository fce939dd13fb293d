"""Whom a report is for, and what binds them (R-E8). Organisations are open to whoever leads; a person is shown to those
who may see a request of theirs."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from django.db.models import Q, QuerySet
from django.http import Http404

from otklik.accounts.models import User
from otklik.clients.models import Client, Organisation
from otklik.desk import queries as desk
from otklik.sla import agreements
from otklik.sla.models import Agreement, Cover

Of: TypeAlias = Literal["organisation", "client"]
KINDS: Final[tuple[Of, ...]] = get_args(Of)
FOUND: Final = 30  # names that a search shows


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


def agreement_of(whose: Whose) -> Agreement:
    """What binds their new requests, whatever those are about: the narrowest cover, else the one for everybody."""
    firm, person = whose.organisation, whose.client
    keys = [
        ("client", person.pk if person else None), ("tariff", person.tariff_id if person else None),
        ("organisation", firm.pk if firm else None), ("tariff", firm.tariff_id if firm else None),
    ]  # fmt: skip
    wanted = [(name, pk) for name, pk in keys if pk]
    which = Q(pk__in=[])
    for name, pk in wanted:
        which |= Q(**{name: pk})
    covers = Cover.objects.filter(which, agreement__ended_at=None).select_related("agreement__calendar")
    there = sorted(covers, key=lambda one: (_place(one, wanted), len(one.priorities) > 0, one.pk))
    return there[0].agreement if there else agreements.default()


def _place(cover: Cover, wanted: list[tuple[str, int]]) -> int:
    return next(n for n, (name, pk) in enumerate(wanted) if getattr(cover, f"{name}_id") == pk)
