"""Joining and leaving a team changes what a person may see: their epoch grows (accounts 0005), whoever did it."""

from django.db import migrations

MEMBERSHIP = """
CREATE FUNCTION staff_change_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE accounts_user SET access_epoch = access_epoch + 1 WHERE id IN (OLD.user_id, NEW.user_id);
  RETURN NULL;
END $$;
CREATE TRIGGER staff_change_access AFTER INSERT OR UPDATE OR DELETE ON staff_membership
  FOR EACH ROW EXECUTE FUNCTION staff_change_access();
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_departures"), ("accounts", "0005_access_epoch")]
    operations = [
        migrations.RunSQL(
            MEMBERSHIP,
            "DROP TRIGGER staff_change_access ON staff_membership; DROP FUNCTION staff_change_access();",
        )
    ]
