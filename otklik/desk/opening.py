"""One request with what stands around it, by a prepared statement: composed by Django it took two milliseconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import connection
from django.db.models import Model

from otklik import rows
from otklik.accounts.models import User
from otklik.clients.models import Client, Organisation
from otklik.desk.models import Ticket
from otklik.staff import queries as staff
from otklik.staff.models import Team

_BOX = ("id", "address", "name", "mode", "team")  # never the secret; the rest is fetched by who asks for it

_SQL = """
SELECT {columns} FROM desk_ticket t0 {joins}
 WHERE t0.number = %(number)s AND (%(teams)s::bigint[] IS NULL OR t0.team_id = ANY(%(teams)s::bigint[]))
"""


@dataclass(frozen=True, slots=True)
class _Part:
    """A row beside the request's: the field that points to it, its model, which of its columns are read."""

    field: str
    model: type[Model]
    names: Sequence[str]  # attributes, in the order of the columns; the key is the first
    columns: Sequence[str]


def read(user: User, number: int) -> Ticket | None:
    """With client, organisation, owner, team and box; None for what this person may not see."""
    found = rows.ask(_statement(), {"number": number, "teams": staff.seen_teams(user)}, binary=True)
    if not found:
        return None
    values, place = found[0], 0
    ticket: Ticket | None = None
    for part in _parts():
        row = values[place : place + len(part.names)]
        place += len(part.names)
        one = part.model.from_db(connection.alias, part.names, row) if row[0] is not None else None
        if ticket is None:
            assert isinstance(one, Ticket)  # noqa: S101 - the first part, which is always there
            ticket = one
        else:
            Ticket._meta.get_field(part.field).set_cached_value(ticket, one)  # type: ignore[union-attr]  # noqa: SLF001 - foreign keys
    return ticket


@cache
def _statement() -> str:
    columns, joins = [], []
    for place, part in enumerate(_parts()):
        columns += [f't{place}."{column}"' for column in part.columns]
        if place:
            table = part.model._meta.db_table  # noqa: SLF001 - a documented name of Django
            joins.append(f"LEFT JOIN {table} t{place} ON t{place}.id = t0.{part.field}_id")
    return _SQL.format(columns=", ".join(columns), joins=" ".join(joins))


@cache
def _parts() -> tuple[_Part, ...]:
    box = apps.get_model("channels", "Box")  # its room stands further right
    beside = (("client", Client), ("organisation", Organisation), ("owner", User), ("team", Team))
    return (
        _part("ticket", Ticket),
        *(_part(field, model) for field, model in beside),
        _part("box", box, _BOX),
    )


def _part(field: str, model: type[Model], only: Sequence[str] = ()) -> _Part:
    fields = [one for one in model._meta.concrete_fields if not only or one.name in only]  # noqa: SLF001 - a documented name of Django
    fields.sort(key=lambda one: not one.primary_key)
    return _Part(field, model, [one.attname for one in fields], [str(one.column) for one in fields])
