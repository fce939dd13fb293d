"""Functions that the tables stand on: request numbers, and the search vector of Russian text."""

from django.db import migrations

NUMBERS = """
CREATE SEQUENCE otklik_ticket_number START 1001;
CREATE FUNCTION otklik_next_ticket_number() RETURNS bigint LANGUAGE sql VOLATILE
  AS $$ SELECT nextval('otklik_ticket_number') $$;
"""

# Immutable, so that a stored column may use it. The cuts keep it under PostgreSQL's 1 MB a vector.
VECTORS = """
CREATE FUNCTION otklik_vector(body text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT to_tsvector('pg_catalog.russian', translate(left(body, 200000), 'ёЁ', 'еЕ')) $$;
CREATE FUNCTION otklik_vector(title text, body text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT setweight(to_tsvector('pg_catalog.russian', translate(left(title, 1000), 'ёЁ', 'еЕ')), 'A')
            || to_tsvector('pg_catalog.russian', translate(left(body, 200000), 'ёЁ', 'еЕ')) $$;
"""


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            NUMBERS, "DROP FUNCTION otklik_next_ticket_number(); DROP SEQUENCE otklik_ticket_number;"
        ),
        migrations.RunSQL(
            VECTORS, "DROP FUNCTION otklik_vector(text); DROP FUNCTION otklik_vector(text, text);"
        ),
    ]
