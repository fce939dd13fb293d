"""A person's rights have an epoch: the live stream, which holds rights in a ticket, learns that they have changed."""

from django.db import migrations, models

# the epoch never goes back, even when a row loaded earlier is saved whole
EPOCH = """
CREATE FUNCTION accounts_new_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.access_epoch := GREATEST(NEW.access_epoch, OLD.access_epoch);
  IF (NEW.role, NEW.is_active, NEW.password) IS DISTINCT FROM (OLD.role, OLD.is_active, OLD.password) THEN
    NEW.access_epoch := OLD.access_epoch + 1;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_new_epoch BEFORE UPDATE ON accounts_user
  FOR EACH ROW EXECUTE FUNCTION accounts_new_epoch();

CREATE FUNCTION accounts_tell_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('otklik_access', OLD.id::text); RETURN NULL; END $$;
CREATE TRIGGER accounts_tell_access AFTER UPDATE ON accounts_user
  FOR EACH ROW WHEN (OLD.access_epoch IS DISTINCT FROM NEW.access_epoch) EXECUTE FUNCTION accounts_tell_access();
CREATE TRIGGER accounts_tell_gone AFTER DELETE ON accounts_user
  FOR EACH ROW EXECUTE FUNCTION accounts_tell_access();
"""
NO_EPOCH = """
DROP TRIGGER accounts_tell_gone ON accounts_user;
DROP TRIGGER accounts_tell_access ON accounts_user; DROP FUNCTION accounts_tell_access();
DROP TRIGGER accounts_new_epoch ON accounts_user; DROP FUNCTION accounts_new_epoch();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_language_and_tallies")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="access_epoch",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.RunSQL(EPOCH, NO_EPOCH),
    ]
