"""What a read costs in rows: a table of a test is too small for its time to say anything."""

import json
from collections.abc import Callable, Iterator
from typing import Any  # what JSON gives

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

# as if the tables were large: whatever has a short way through an index takes it
_AS_IF_LARGE = (
    "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
)


def rows_read(table: str, ask: Callable[[], object]) -> int:
    """How many rows of this table the queries of `ask` look at."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    asked_for = [one["sql"] for one in asked.captured_queries if one["sql"].startswith("SELECT")]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'ANALYZE "{table}"')  # what the planner remembers may be of an earlier test's rows
        cursor.execute(_AS_IF_LARGE)
        total = 0
        for sql in asked_for:
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql.replace("%", "%%"), [])
            [(plan,)] = cursor.fetchall()
            parts = json.loads(plan) if isinstance(plan, str) else plan
            total += sum(
                _looked_at(node) for node in _nodes(parts[0]["Plan"]) if node.get("Relation Name") == table
            )
    return total


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for one in plan.get("Plans", ()):
        yield from _nodes(one)


def _looked_at(node: dict[str, Any]) -> int:
    thrown_away = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Join Filter", 0)
    return round(float(node["Actual Rows"] + thrown_away) * float(node["Actual Loops"]))
