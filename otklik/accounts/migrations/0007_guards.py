"""A role of the company's own changes the epoch of its people (0005); the access log is only ever added to."""

from django.db import migrations

OLD_EPOCH = """
CREATE OR REPLACE FUNCTION accounts_new_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.access_epoch := GREATEST(NEW.access_epoch, OLD.access_epoch);
  IF (NEW.role, NEW.is_active, NEW.password) IS DISTINCT FROM (OLD.role, OLD.is_active, OLD.password) THEN
    NEW.access_epoch := OLD.access_epoch + 1;
  END IF;
  RETURN NEW;
END $$;
"""
EPOCH = """
CREATE OR REPLACE FUNCTION accounts_new_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.access_epoch := GREATEST(NEW.access_epoch, OLD.access_epoch);
  IF (NEW.role, NEW.own_role_id, NEW.is_active, NEW.password)
     IS DISTINCT FROM (OLD.role, OLD.own_role_id, OLD.is_active, OLD.password) THEN
    NEW.access_epoch := OLD.access_epoch + 1;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION accounts_role_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE accounts_user SET access_epoch = access_epoch + 1 WHERE own_role_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER accounts_role_changed AFTER UPDATE OF rights ON accounts_ownrole
  FOR EACH ROW WHEN (OLD.rights IS DISTINCT FROM NEW.rights) EXECUTE FUNCTION accounts_role_changed();
"""
NO_EPOCH = (
    OLD_EPOCH
    + """
DROP TRIGGER accounts_role_changed ON accounts_ownrole; DROP FUNCTION accounts_role_changed();
"""
)

# Erasing a person and the end of a line's time are the two exceptions: the deed says so with
# SET LOCAL otklik.erasing = 'on'.
LOG = """
CREATE FUNCTION accounts_look_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('otklik.erasing', true) = 'on' THEN
    IF TG_OP = 'UPDATE' THEN RETURN NEW; END IF;
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the access log is only ever added to'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'look_stays';
END $$;
CREATE TRIGGER accounts_look_stays BEFORE UPDATE OR DELETE ON accounts_look
  FOR EACH ROW EXECUTE FUNCTION accounts_look_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_people_in_full")]
    operations = [
        migrations.RunSQL(EPOCH, NO_EPOCH),
        migrations.RunSQL(
            LOG, "DROP TRIGGER accounts_look_stays ON accounts_look; DROP FUNCTION accounts_look_stays();"
        ),
    ]
