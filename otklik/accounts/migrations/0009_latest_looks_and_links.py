"""The access log is read by time: its page, the latest first, and retention, the oldest.

A link for a password that is handed over and one in a letter live side by side. That table holds some rows a person,
so its index is made at once; both steps may be run again.
"""

from django.db import migrations, models
from django.db.models import Q

from otklik.indexes import AddIndex

ONE_A_WAY = """
DROP INDEX IF EXISTS passwordlink_one_live;
CREATE UNIQUE INDEX IF NOT EXISTS passwordlink_one_live_a_way ON accounts_passwordlink (user_id, purpose)
  WHERE ended_at IS NULL;
"""
ONE = """
UPDATE accounts_passwordlink SET ended_at = now() WHERE ended_at IS NULL;
DROP INDEX IF EXISTS passwordlink_one_live_a_way;
CREATE UNIQUE INDEX IF NOT EXISTS passwordlink_one_live ON accounts_passwordlink (user_id) WHERE ended_at IS NULL;
"""
LIVE = Q(ended_at=None)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0008_sign_in_rules")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ONE_A_WAY, ONE)],
            state_operations=[
                migrations.RemoveConstraint("passwordlink", "passwordlink_one_live"),
                migrations.AddConstraint(
                    "passwordlink",
                    models.UniqueConstraint(
                        fields=["user", "purpose"], condition=LIVE, name="passwordlink_one_live_a_way"
                    ),
                ),
                migrations.AlterField(
                    "passwordlink",
                    "purpose",
                    models.CharField(
                        choices=[("invitation", "Invitation"), ("handed", "Handed"), ("reset", "Reset")],
                        max_length=10,
                    ),
                ),
            ],
        ),
        AddIndex(
            model_name="look",
            index=models.Index(fields=["-at", "-id"], name="look_latest"),
        ),
    ]
