"""Indexes of big tables, made and dropped by migrations while people work. All here may be done twice.

Such a migration has `atomic = False` and holds nothing else: killed in the middle, it is begun anew from its first
operation at the next start.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunSQL
from django.db.migrations.state import ProjectState


class AddIndex(AddIndexConcurrently):
    """Django's own, after what a killed try left goes: an index of this name, whole or «invalid»."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        drop = f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}"
        schema_editor.execute(drop)
        super().database_forwards(app_label, schema_editor, from_state, to_state)


def drop(name: str, table: str, column: str) -> RunSQL:
    """For the database's half of an AlterField to db_index=False.

    Django's own would drop the foreign key too and check every row of the table anew, with writers kept out.
    """
    back = f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {table} ({column})"
    return RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", back)
