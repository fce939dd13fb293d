"""No table and no column that can hold somebody's words is forgotten by an erasure."""

import pytest

from otklik.privacy import sql
from tests.privacy.columns import told

pytestmark = pytest.mark.django_db


def there() -> dict[str, dict[str, str]]:
    kinds = sql.TEXTS | {"bytea", "tsvector"}
    found = {
        one.name: {name: kind for name, kind in one.columns.items() if kind in kinds}
        for one in sql.tables(generated=True)
    }
    return {name: columns for name, columns in found.items() if columns}


def test_each_column_that_holds_words_has_its_line():
    known = told()
    unknown = {table: set(columns) - set(known.get(table, {})) for table, columns in there().items()}

    assert {table: columns for table, columns in unknown.items() if columns} == {}
    assert set(known) - set(there()) == set(), "these are no more"


def test_what_is_said_to_be_swept_is_swept():
    swept = {one.name: set(one.texts) for one in sql.swept()}
    said = {
        (table, column)
        for table, columns in told().items()
        for column, how in columns.items()
        if how not in {"none", "made"}
        and column not in {"raw", "sealed", "salt"}
        and (table, column) not in sql.NEVER
    }

    assert {one for one in said if one[1] not in swept.get(one[0], set())} == set()
