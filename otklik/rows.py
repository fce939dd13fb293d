"""Many new rows by one INSERT out of plain arrays, for what comes by the thousand.

Of bulk_create's time most is Python's: it writes each value into the statement as text. Here arrays go to the server in
their binary form: 0.02 instead of 0.25 ms a message of 4 KB.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar  # Any: what a field sets and gets differs from field to field

import psycopg
from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import AutoField, Field, GeneratedField, JSONField, Model
from django.db.models.expressions import DatabaseDefault
from django.db.models.fields import NOT_PROVIDED

from otklik.env import env

Row = TypeVar("Row", bound=Model)
NEVER_BY_COUNT = 2**30  # of times that a statement comes before it is prepared unasked


@dataclass(frozen=True, slots=True)
class _Into:
    """How rows of one model are written. values: of an object, in the order of the columns."""

    sql: str
    ending: str  # RETURNING …
    returning: tuple[str, ...]  # attributes that the database fills in
    values: Callable[[Model], tuple[object, ...]]
    as_json: tuple[tuple[int, type[json.JSONEncoder] | None], ...]  # places of the columns that hold JSON


def create(objects: Sequence[Row], *, ignore_conflicts: bool = False) -> list[Row]:
    """Insert these objects of one model, in their order; they get their keys and what the database filled in.

    As bulk_create, with less: rows they point to must be saved before they are named, and the key is always the
    database's, as is each column with a db_default. ignore_conflicts: rows that are there stay; no keys come back.
    Raises TypeError for a model or an object that needs more than that.
    """
    if not objects:
        return []
    into = _into(type(objects[0]))
    _refuse_given(objects, into.returning)
    columns = [list(column) for column in zip(*map(into.values, objects), strict=True)]
    for place, encoder in into.as_json:
        columns[place] = [json.dumps(value, cls=encoder) for value in columns[place]]
    with binary_cursor() as cursor:
        if ignore_conflicts:
            cursor.execute(f"{into.sql} ON CONFLICT DO NOTHING", columns)
        else:
            cursor.execute(into.sql + into.ending, columns)
            _fill(objects, into.returning, cursor.fetchall() if into.returning else [()] * len(objects))
    return list(objects)


def binary_cursor() -> CursorWrapper:
    """A cursor of Django's connection that sends parameters beside the statement and takes rows in binary form.

    Placeholders: %b sends the binary form of a value, %s lets psycopg choose.
    """
    connection.ensure_connection()
    cursor = psycopg.Cursor(connection.connection)
    cursor.format = psycopg.pq.Format.BINARY
    wrapped = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return wrapped(cursor)  # type: ignore[arg-type]  # the stubs name the wrapper's own type


def ask(
    sql: str, values: Mapping[str, object], of: BaseDatabaseWrapper = connection, *, binary: bool = False
) -> list[tuple[Any, ...]]:
    """The rows of a statement that stands in a busy way, prepared: planned once a connection, not each time.

    Placeholders: %(name)s. Behind a pooler the next statement may meet another server process, so there it is planned
    as ever (OTKLIK_LISTEN_URL, the way past it, tells that there is one), and so it is on a replica, where nothing
    tells of one. [] for a statement that gives no rows.

    binary: the rows come in binary form. For many moments at once, of which Django's reader takes 5 µs each; not for
    jsonb, which Django's fields want as text.
    """
    line = (
        connections[DEFAULT_DB_ALIAS] if of is connection else of
    )  # the proxy looks it up for every word of it
    if (
        line.queries_logged or line.alias != DEFAULT_DB_ALIAS
    ):  # by Django's cursor, which can say what it asked
        with line.cursor() as logged:
            logged.execute(sql, values)  # type: ignore[arg-type]  # the stubs know fewer values than psycopg takes
            return logged.fetchall() if logged.description else []
    line.ensure_connection()
    cursor = _Prepared(line.connection)
    cursor.format = psycopg.pq.Format.BINARY if binary else psycopg.pq.Format.TEXT
    line.make_cursor(cursor).execute(sql, values)  # type: ignore[arg-type]  # the stubs name their own types
    result = cursor.pgresult  # its description would be a list of names and types that nobody asks for
    if result is None or not result.nfields:
        return []
    with line.wrap_database_errors:
        return cursor.fetchall()


class _Prepared(psycopg.Cursor[tuple[Any, ...]]):
    def execute(
        self, query: Any, params: Any = None, **_kwargs: Any
    ) -> "_Prepared":  # Any: psycopg's signature
        prepare = _may_prepare()
        if prepare and self.connection.prepare_threshold is None:  # Django's way of preparing nothing at all
            self.connection.prepare_threshold = NEVER_BY_COUNT
            # else the first five times of each are planned for their values, which none of them is worth
            self.connection.execute("SET plan_cache_mode = force_generic_plan")
        return super().execute(query, params, prepare=prepare)


@cache
def _may_prepare() -> bool:
    return env().listen_url == env().database_url


def _fill(objects: Iterable[Model], names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    for one, row in zip(objects, rows, strict=True):
        for name, value in zip(names, row, strict=True):
            setattr(one, name, value)
        state = one._state  # noqa: SLF001 - Django's own mark of a row that is saved
        state.adding, state.db = False, connection.alias


def _refuse_given(objects: Iterable[Model], names: Sequence[str]) -> None:
    """What the database fills in would be dropped in silence where somebody has set it."""
    for one in objects:
        for name in names:
            value = getattr(one, name)
            if value is not None and not isinstance(value, DatabaseDefault):
                raise TypeError(f"{name} of {one!r} is the database's to give")


@cache
def _into(model: type[Model]) -> _Into:
    meta = model._meta  # noqa: SLF001 - a documented name of Django
    filled = [field for field in meta.concrete_fields if _by_database(field)]
    fields = [
        field
        for field in meta.concrete_fields
        if field not in filled and not isinstance(field, GeneratedField)
    ]
    if unfit := [field.name for field in fields if _is_unfit(field)]:
        raise TypeError(f"{model.__name__}: use bulk_create for {', '.join(unfit)}")
    names = ", ".join(_quoted(field.column) for field in fields)
    arrays = ", ".join(f"%b::{_array(field)}[]" for field in fields)
    chosen = ", ".join(f"{_quoted(field.column)}{_cast(field)}" for field in fields)
    return _Into(
        sql=f"INSERT INTO {_quoted(meta.db_table)} ({names}) SELECT {chosen} "  # noqa: S608 - names of ours
        f"FROM unnest({arrays}) WITH ORDINALITY AS new ({names}, place) ORDER BY place",
        ending=f" RETURNING {', '.join(_quoted(field.column) for field in filled)}" if filled else "",
        returning=tuple(field.attname for field in filled),
        values=attrgetter(*(field.attname for field in fields)),
        as_json=tuple(
            (place, field.encoder) for place, field in enumerate(fields) if isinstance(field, JSONField)
        ),
    )


def _by_database(field: "Field[Any, Any]") -> bool:
    """Columns that a GeneratedField keeps are not among them: nobody wants the search vector back."""
    return isinstance(field, AutoField) or field.db_default is not NOT_PROVIDED


def _is_unfit(field: "Field[Any, Any]") -> bool:
    """Arrays of arrays, NULL beside the null of JSON, times that a field sets on its own: not done here."""
    own_time = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return own_time or isinstance(field, ArrayField) or (isinstance(field, JSONField) and field.null)


def _array(field: "Field[Any, Any]") -> str:
    """The type of an array's items. One of varchar(9) would be cut in silence: a column refuses what is too long."""
    kind = (field.db_type(connection) or "").partition("(")[0]
    return {"varchar": "text", "jsonb": "text"}.get(kind, kind)


def _cast(field: "Field[Any, Any]") -> str:
    return "::jsonb" if isinstance(field, JSONField) else ""


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(name or "")
