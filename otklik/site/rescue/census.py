"""Counts and checksums of all tables: whether two databases hold the same, whatever the order of their rows.

The checksum of a table is the sum of 60 bits of the MD5 of each row's text: it says that two tables are equal, it is no
protection against anybody. Columns that the database itself computes stay out, since another version may compute them
otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

# our own notes about copies and restoring, which differ by nature
OURS = frozenset({"otklik_restore"})

_TABLES = """
    SELECT c.relname, array_agg(a.attname ORDER BY a.attnum), array_agg(a.atttypid = 'bytea'::regtype ORDER BY a.attnum)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.relname ORDER BY c.relname
"""
# the same text of the same row on every server
SETTINGS = """
    SELECT set_config('timezone', 'UTC', false), set_config('datestyle', 'ISO, YMD', false),
        set_config('intervalstyle', 'postgres', false), set_config('extra_float_digits', '1', false),
        set_config('bytea_output', 'hex', false), set_config('search_path', 'public', false)
"""
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Count:
    """Of one table."""

    rows: int
    sum: str


def take(
    connection: psycopg.Connection[tuple[object, ...]], tell: Tell = lambda _name: None
) -> dict[str, Count]:
    """Count by table, as the connection's transaction sees them. tell: called with the name of each table."""
    connection.execute(SETTINGS)
    found: dict[str, Count] = {}
    for name, columns, are_bytes in connection.execute(_TABLES).fetchall():
        if str(name) in OURS:
            continue
        tell(str(name))
        assert isinstance(columns, list)  # noqa: S101 - array_agg gives lists
        assert isinstance(are_bytes, list)  # noqa: S101 - the same
        query = _query(str(name), dict(zip(columns, are_bytes, strict=True)))
        row = connection.execute(query).fetchone()
        assert row is not None  # noqa: S101 - an aggregate gives one row
        found[str(name)] = Count(int(str(row[0])), str(row[1]))
    return found


def _query(table: str, columns: Mapping[str, bool]) -> sql.Composed:
    """Bytes go in by their own hash: as text they would be twice as long."""
    values = [
        sql.SQL("sha256({})" if is_bytes else "{}").format(sql.Identifier(name))
        for name, is_bytes in columns.items()
    ]
    return sql.SQL(
        "SELECT count(*), COALESCE(sum(('x' || left(md5(ROW({})::text), 15))::bit(60)::bigint::numeric), 0) FROM {}"
    ).format(sql.SQL(", ").join(values), sql.Identifier(table))


def differences(expected: Mapping[str, Count], found: Mapping[str, Count]) -> list[str]:
    """A sentence for each table that is not the same."""
    said = []
    for name in sorted({*expected, *found}):
        was, now = expected.get(name), found.get(name)
        if was is None or now is None:
            said.append(f"{name}: таблицы нет" + (" в копии" if was is None else ""))
        elif was.rows != now.rows:
            said.append(f"{name}: строк {now.rows}, должно быть {was.rows}")
        elif was.sum != now.sum:
            said.append(f"{name}: строк столько же, но содержимое другое")
    return said
