"""What must never be, refused by the database itself: a delivery going back, a message changing its words."""

from django.db import migrations

# Invariant 2: the state of a delivery never goes back. A person may ask for another try of what ended unclear or failed.
DELIVERIES = """
CREATE FUNCTION desk_delivery_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) IN (
       ('waiting','sending'), ('waiting','held'), ('waiting','failed'),
       ('held','waiting'), ('held','failed'),
       ('sending','sent'), ('sending','retry'), ('sending','failed'), ('sending','unknown'),
       ('retry','sending'), ('retry','failed'), ('retry','held'),
       ('unknown','sent'), ('unknown','delivered'), ('unknown','bounced'), ('unknown','failed'),
       ('sent','delivered'), ('sent','bounced'), ('delivered','bounced'))
     OR ((OLD.state, NEW.state) IN (('unknown','retry'), ('failed','retry')) AND NEW.settled_by_id IS NOT NULL)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'delivery % may not go from % to %', OLD.id, OLD.state, NEW.state
    USING ERRCODE = 'check_violation', CONSTRAINT = 'delivery_never_back';
END $$;
CREATE TRIGGER desk_delivery_forward BEFORE UPDATE OF state ON desk_delivery
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION desk_delivery_forward();
"""

# Invariant 5: the words of a message never change. Reading a letter anew in another charset is the one exception: the
# deed says so with SET LOCAL otklik.rereading = 'on'.
WORDS = """
CREATE FUNCTION desk_message_words_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('otklik.rereading', true) = 'on' AND NEW.direction = 'in' THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'the words of message % never change', OLD.id
    USING ERRCODE = 'check_violation', CONSTRAINT = 'message_words_stay';
END $$;
CREATE TRIGGER desk_message_words_stay BEFORE UPDATE OF text, html, reply_text, quoted_text, subject ON desk_message
  FOR EACH ROW WHEN ((OLD.text, OLD.html, OLD.reply_text, OLD.quoted_text, OLD.subject)
      IS DISTINCT FROM (NEW.text, NEW.html, NEW.reply_text, NEW.quoted_text, NEW.subject))
  EXECUTE FUNCTION desk_message_words_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0002_tables")]
    operations = [
        migrations.RunSQL(
            DELIVERIES,
            "DROP TRIGGER desk_delivery_forward ON desk_delivery; DROP FUNCTION desk_delivery_forward();",
        ),
        migrations.RunSQL(
            WORDS,
            "DROP TRIGGER desk_message_words_stay ON desk_message; DROP FUNCTION desk_message_words_stay();",
        ),
    ]
