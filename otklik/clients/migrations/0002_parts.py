"""Parts of names and addresses are found by their threes of letters: PostgreSQL of the wheel has no pg_trgm."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations
from django.db.models import F, Func

PARTS = """
CREATE FUNCTION otklik_parts(body text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT coalesce(array_agg(DISTINCT substr(folded, n, 3)), '{}')
          FROM (SELECT translate(lower(left(body, 500)), 'ё', 'е') AS folded) one,
               generate_series(1, length(folded) - 2) n $$;
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_tables")]
    operations = [
        migrations.RunSQL(PARTS, "DROP FUNCTION otklik_parts(text);"),
        migrations.AddIndex(
            model_name="client", index=GinIndex(Func(F("name"), function="otklik_parts"), name="client_parts")
        ),
        migrations.AddIndex(
            model_name="identity",
            index=GinIndex(Func(F("value"), function="otklik_parts"), name="identity_parts"),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=GinIndex(Func(F("name"), function="otklik_parts"), name="organisation_parts"),
        ),
    ]
