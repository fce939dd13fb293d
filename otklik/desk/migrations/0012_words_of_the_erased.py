"""Erasing a person is the second exception to «the words of a message never change» (SET LOCAL otklik.erasing)."""

from django.db import migrations

BEFORE = """
CREATE OR REPLACE FUNCTION desk_message_words_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('otklik.rereading', true) = 'on' AND NEW.direction = 'in' THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'the words of message % never change', OLD.id
    USING ERRCODE = 'check_violation', CONSTRAINT = 'message_words_stay';
END $$;
"""
AFTER = BEFORE.replace(
    "  RAISE EXCEPTION",
    "  IF current_setting('otklik.erasing', true) = 'on' THEN RETURN NEW; END IF;\n  RAISE EXCEPTION",
)


class Migration(migrations.Migration):
    dependencies = [("desk", "0011_hand_overs")]
    operations = [migrations.RunSQL(AFTER, BEFORE)]
