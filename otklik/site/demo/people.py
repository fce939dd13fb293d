"""Clients of the example: data/demo/clients.txt, one a line under their organisation."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from otklik.clients.models import Client, Domain, Identity, Organisation


@dataclass(frozen=True, slots=True)
class Person:
    """A client as the conversations see one.

    key: the first address. calling: what our people call them. site: the domain they own.
    """

    key: str
    name: str
    calling: str
    she: bool
    position: str
    addresses: tuple[str, ...]
    firm: str
    site: str
    note: str

    @property
    def is_stranger(self) -> bool:
        """One who only sends spam."""
        return self.position == "спам"


@dataclass(frozen=True, slots=True)
class Guest:
    """A person with their rows: one identity an address."""

    person: Person
    client: Client
    identities: tuple[Identity, ...]


@cache
def everybody() -> tuple[Person, ...]:
    """All clients in the order of the file.

    A line: `Фамилия Имя Отчество | ж | должность | адрес, адрес | сайт | заметка`; an address without @ is one at the
    organisation's domain. `# Название | домен` begins an organisation, `#` the people without one.
    """
    people: list[Person] = []
    firm, domain = "", ""
    text = files("otklik.site").joinpath("data/demo/clients.txt").read_text("utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            firm, _bar, domain = (part.strip() for part in line[1:].partition("|"))
        elif line.strip():
            people.append(_person(line, firm, domain))
    return tuple(people)


def _person(line: str, firm: str, domain: str) -> Person:
    name, sex, position, addresses, site, note = [*(part.strip() for part in line.split("|")), "", "", ""][:6]
    written = tuple(one.strip() for one in addresses.split(","))
    whole = tuple(one if "@" in one else f"{one}@{domain}" for one in written)
    words = name.split()
    is_full = len(words) == 3 and words[2].endswith(("вич", "вна", "ична", "ьич"))
    return Person(
        key=whole[0],
        name=f"{words[1]} {words[0]}" if is_full else name,
        calling=_calling(words, is_full=is_full, formal=bool(firm)),
        she=sex == "ж",
        position=position,
        addresses=whole,
        firm=firm,
        site=site or domain,
        note=note,
    )


def _calling(words: list[str], *, is_full: bool, formal: bool) -> str:
    if is_full:
        return f"{words[1]} {words[2]}" if formal else words[1]
    return words[0] if len(words) == 2 and re.fullmatch(r"[А-ЯЁ][а-яё]+", words[0]) else ""


def settle(*, at: datetime, chance: random.Random) -> dict[str, Guest]:
    """Rows for everybody, by key; they came to know us in the three years before `at`."""
    people = everybody()
    firms = dict.fromkeys((one.firm, one.addresses[0].partition("@")[2]) for one in people if one.firm)
    rows = Organisation.objects.bulk_create(
        [Organisation(name=name, created_at=at) for name, _domain in firms]
    )
    homes = {name: row for (name, _domain), row in zip(firms, rows, strict=True)}
    Domain.objects.bulk_create([Domain(organisation=homes[name], name=domain) for name, domain in firms])
    clients = Client.objects.bulk_create(
        [
            Client(
                name=one.name, position="" if one.is_stranger else one.position, organisation=homes.get(one.firm),
                note=one.note, created_at=at - timedelta(days=chance.randint(3, 1100)),
            )
            for one in people
        ]
    )  # fmt: skip
    identities = Identity.objects.bulk_create(
        [
            Identity(
                client=client,
                value=address.lower(),
                shown=address,
                name=one.name,
                created_at=client.created_at,
            )
            for one, client in zip(people, clients, strict=True)
            for address in one.addresses
        ]
    )
    own: dict[int, list[Identity]] = {}
    for identity in identities:
        own.setdefault(identity.client_id, []).append(identity)
    return {
        one.key: Guest(one, client, tuple(own[client.pk]))
        for one, client in zip(people, clients, strict=True)
    }
