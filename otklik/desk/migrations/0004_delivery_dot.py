"""Who sends a letter now, and the mark committed right before its final dot.

The mark decides what becomes of a letter whose sender was killed: without it nothing has left and it is tried again,
with it nobody can know. The guard refuses another try by a program as long as the mark stands.
"""

from django.db import migrations, models

GUARD = """
CREATE FUNCTION desk_delivery_dot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.dot_at IS NULL THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'delivery % may have left at %, it is not tried again', OLD.id, NEW.dot_at
    USING ERRCODE = 'check_violation', CONSTRAINT = 'delivery_retry_before_dot';
END $$;
CREATE TRIGGER desk_delivery_dot BEFORE UPDATE OF state ON desk_delivery
  FOR EACH ROW WHEN (NEW.state = 'retry') EXECUTE FUNCTION desk_delivery_dot();
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0003_guards")]
    operations = [
        migrations.AddField("delivery", "holder", models.IntegerField(null=True)),
        migrations.AddField("delivery", "dot_at", models.DateTimeField(null=True)),
        migrations.AddField("delivery", "asked_at", models.DateTimeField(null=True)),
        migrations.RunSQL(
            GUARD, "DROP TRIGGER desk_delivery_dot ON desk_delivery; DROP FUNCTION desk_delivery_dot();"
        ),
    ]
