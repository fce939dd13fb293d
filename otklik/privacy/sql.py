"""All tables and columns of the database as it stands, so that none can be forgotten: a new one is there by itself."""

from dataclasses import dataclass
from functools import cached_property

from django.db import connection

from otklik.privacy.needles import SIGN

# not swept: whose names and addresses these are, they are our own people's or the company's
OURS = {
    "accounts_user", "accounts_ownrole", "accounts_provider", "accounts_apikey", "account_emailaddress", "auth_group",
    "auth_permission", "channels_cursor", "clients_domain", "django_content_type", "django_migrations",
    "mfa_authenticator", "sla_calendar", "socialaccount_socialaccount", "socialaccount_socialapp", "staff_company",
    "staff_profile", "staff_team",
}  # fmt: skip
# an address of another client in which this one stands is another address
NEVER = {("clients_identity", "value"), ("clients_identity", "shown")}
# how others are called: not swept for names that they may have too
CALLED = {
    ("clients_client", "name"), ("clients_identity", "name"), ("desk_message", "author_name"),
    ("desk_recipient", "name"),
}  # fmt: skip
# of a table of ours, only what a program wrote there
ONLY = {"channels_box": {"trouble", "fuse_reason"}}
STEP = 5_000  # ids a statement
TEXTS = {"text", "varchar", "bpchar", "json", "jsonb", "_text", "_varchar", "_bpchar"}

# of the catalogue itself: information_schema takes ten times as long, and each step asks
_COLUMNS = """
    SELECT c.relname, a.attname, t.typname, a.attgenerated <> ''
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
     ORDER BY c.relname, a.attnum
"""


@dataclass(frozen=True)
class Table:
    """columns: name to type, as the database calls it («_text» is an array of texts); made by the database: not.

    spares_names: its columns with names of others are not swept.
    """

    name: str
    columns: dict[str, str]
    spares_names: bool = False

    @cached_property
    def texts(self) -> list[str]:
        """Columns that are swept."""
        only = ONLY.get(self.name, set(self.columns))
        kept = NEVER | (CALLED if self.spares_names else set())
        return [
            name
            for name, kind in self.columns.items()
            if kind in TEXTS and name in only and (self.name, name) not in kept
        ]

    @property
    def has_id(self) -> bool:
        return self.columns.get("id") in {"int8", "int4"}


def tables(*, generated: bool = False) -> list[Table]:
    """generated: with columns that the database keeps itself, such as vectors of the search."""
    found: dict[str, dict[str, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        for table, column, kind, is_made in cursor.fetchall():
            if generated or not is_made:
                found.setdefault(table, {})[column] = kind
    return [Table(name, columns) for name, columns in found.items()]


def allow() -> None:
    """For this transaction: words of messages, entries and lines of the access log may lose what is erased."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL otklik.erasing = 'on'")


def last_ids() -> dict[str, int]:
    """The last id of each table that has one: rows that come later belong to somebody's new letter."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            if table.has_id:
                cursor.execute(f'SELECT coalesce(max(id), 0) FROM "{table.name}"')  # noqa: S608 - names of our schema
                found[table.name] = int(cursor.fetchone()[0])
    return found


def swept(*, spares_names: bool = False) -> list[Table]:
    chosen = (Table(one.name, one.columns, spares_names) for one in tables() if one.name not in OURS)
    return [one for one in chosen if one.texts]


def piece_end(table: str, *, after: int, until: int, step: int) -> int:
    """The id that ends the next `step` rows, at most `until`. By rows, since numbers may leap by a million."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT id FROM "{table}" WHERE id > %s AND id <= %s ORDER BY id OFFSET %s LIMIT 1',  # noqa: S608 - names of our schema
            [after, until, step - 1],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else until


def sweep(table: Table, pattern: str, *, after: int, until: int) -> list[int]:
    """Take what fits the pattern out of the texts of these rows (after < id ≤ until); returns the ids changed.

    Inside the caller's transaction, after allow(). Words that the search has learnt go as a whole: they are unique.
    """
    where = " OR ".join(f'"{one}"::text ~ %(pattern)s' for one in table.texts)
    if table.has_id:
        where = f"id > %(after)s AND id <= %(until)s AND ({where})"
    values: dict[str, str | int] = {"pattern": pattern, "sign": SIGN, "after": after, "until": until}
    with connection.cursor() as cursor:
        if table.name == "desk_word":
            cursor.execute(f"DELETE FROM desk_word WHERE {where} RETURNING id", values)  # noqa: S608 - names of our schema
        else:
            change = f'UPDATE "{table.name}" SET {_cleaned(table)} WHERE {where}'  # noqa: S608 - names of our schema
            cursor.execute(f"{change} {_returning(table)}", values)
        return [int(row[0]) for row in cursor.fetchall()] if table.has_id else []


def fitting(table: Table, pattern: str, *, after: int, until: int) -> list[tuple[int | None, str]]:
    """Texts of these rows in which the pattern stands, with the id of their request where they have one."""
    ticket = "id" if table.name == "desk_ticket" else "ticket_id" if "ticket_id" in table.columns else "NULL"
    where = " OR ".join(f'"{one}"::text ~ %(pattern)s' for one in table.texts)
    if table.has_id:
        where = f"id > %(after)s AND id <= %(until)s AND ({where})"
    said = ", ".join(f'"{one}"::text' for one in table.texts)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {ticket}, concat_ws(%(end)s, {said}) FROM "{table.name}" WHERE {where}',  # noqa: S608 - names of our schema
            {"pattern": pattern, "after": after, "until": until, "end": "\n"},
        )
        return [(ticket, str(text)) for ticket, text in cursor.fetchall()]


def _returning(table: Table) -> str:
    return "RETURNING id" if table.has_id else ""


def _cleaned(table: Table) -> str:
    if table.name == "desk_tag":  # names of tags are unique
        return "name = left(regexp_replace(name, %(pattern)s, %(sign)s, 'g'), 40) || ' ' || id"
    return ", ".join(
        f'"{one}" = regexp_replace("{one}"::text, %(pattern)s, %(sign)s, \'g\'){_cast(table.columns[one])}'
        for one in table.texts
    )


def _cast(kind: str) -> str:
    return {"jsonb": "::jsonb", "json": "::json", "_text": "::text[]", "_varchar": "::varchar[]"}.get(
        kind, ""
    )


def forget_samples(table: Table) -> None:
    """The planner keeps samples of values: taken anew of what is there now, dropped where a table has become empty.

    PostgreSQL before 18 cannot drop the latter for us: they stay until rows come (docs/administrator.md).
    """
    with connection.cursor() as cursor:
        cursor.execute(f'ANALYZE "{table.name}"')
        cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table.name}")')  # noqa: S608 - names of our schema
        is_empty = not cursor.fetchone()[0]
        cursor.execute("SHOW server_version_num")
        if is_empty and int(cursor.fetchone()[0]) >= 180000:
            for column in table.columns:
                cursor.execute(
                    "SELECT pg_clear_attribute_stats('public', %s, %s, false)", [table.name, column]
                )
