"""Parts of names and addresses are found by their threes of letters: PostgreSQL of the wheel has no pg_trgm."""

from django.db import migrations

PARTS = """
CREATE FUNCTION otklik_parts(body text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT coalesce(array_agg(DISTINCT substr(folded, n, 3)), '{}')
          FROM (SELECT translate(lower(left(body, 500)), 'ё', 'е') AS folded) one,
               generate_series(1, length(folded) - 2) n $$;
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_tables")]
    operations = [migrations.RunSQL(PARTS, "DROP FUNCTION otklik_parts(text);")]
