"""The words of the installation, and the vector of a file's name."""

import django.contrib.postgres.fields
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

FILES = """
CREATE FUNCTION otklik_file_vector(name text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT to_tsvector('pg_catalog.russian', translate(name, 'ёЁ_-.,()[]+', 'еЕ         ')) $$;
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0005_sent_sheet")]
    operations = [
        migrations.RunSQL(FILES, "DROP FUNCTION otklik_file_vector(text);"),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lexeme", models.CharField(max_length=60, unique=True)),
                ("count", models.PositiveIntegerField()),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=61), size=None
                    ),
                ),
            ],
            options={"indexes": [GinIndex(fields=["keys"], name="word_keys")]},
        ),
    ]
