"""Erasing a person may take their words out of an entry's facts (SET LOCAL otklik.erasing); nothing else may."""

from django.db import migrations

BEFORE = """
CREATE OR REPLACE FUNCTION journal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_stays';
END $$;
"""
AFTER = BEFORE.replace(
    "  RAISE EXCEPTION",
    """  IF current_setting('otklik.erasing', true) = 'on'
     AND (NEW.tx, NEW.at, NEW.actor, NEW.ticket_id, NEW.word, NEW.audience)
         IS NOT DISTINCT FROM (OLD.tx, OLD.at, OLD.actor, OLD.ticket_id, OLD.word, OLD.audience) THEN RETURN NEW;
  END IF;
  RAISE EXCEPTION""",
)


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_one_index_of_tickets")]
    operations = [migrations.RunSQL(AFTER, BEFORE)]
