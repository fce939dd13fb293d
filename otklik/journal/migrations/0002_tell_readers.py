"""Each INSERT into the journal tells the readers on commit, once a statement."""

from django.db import migrations

TELL = """
CREATE FUNCTION journal_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('otklik_entry', ''), pg_notify('otklik_work', 'journal'); RETURN NULL; END $$;
CREATE TRIGGER journal_tell AFTER INSERT ON journal_entry FOR EACH STATEMENT EXECUTE FUNCTION journal_tell();
CREATE FUNCTION journal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_stays';
END $$;
CREATE TRIGGER journal_stays BEFORE UPDATE OF tx, at, actor, ticket_id, word, facts, audience ON journal_entry
  FOR EACH ROW EXECUTE FUNCTION journal_stays();
"""
UNTELL = """
DROP TRIGGER journal_tell ON journal_entry; DROP FUNCTION journal_tell();
DROP TRIGGER journal_stays ON journal_entry; DROP FUNCTION journal_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_tables")]
    operations = [migrations.RunSQL(TELL, UNTELL)]
