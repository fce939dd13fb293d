"""Who is away until when; and when a person was last seen, out of their sessions: it outlives signing out."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SEEN = """
CREATE FUNCTION staff_note_seen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE staff_profile SET seen_at = NEW.seen_at
   WHERE user_id = NEW.user_id AND (seen_at IS NULL OR seen_at < NEW.seen_at);
  RETURN NULL;
END $$;
CREATE TRIGGER staff_note_seen AFTER INSERT OR UPDATE OF seen_at ON accounts_session
  FOR EACH ROW WHEN (NEW.user_id IS NOT NULL) EXECUTE FUNCTION staff_note_seen();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0005_raw_letters_kept"),
        ("accounts", "0007_guards"),
    ]
    operations = [
        migrations.AddField("profile", "away_until", models.DateField(blank=True, null=True)),
        migrations.AddField(
            "profile",
            "stand_in",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            "profile",
            models.CheckConstraint(
                condition=models.Q(("stand_in", None), ("away_until__isnull", False), _connector="OR"),
                name="profile_stand_in_of_an_absence",
            ),
        ),
        migrations.AddConstraint(
            "profile",
            models.CheckConstraint(
                condition=models.Q(("stand_in", models.F("user")), _negated=True),
                name="profile_another_stands_in",
            ),
        ),
        migrations.RunSQL(
            SEEN, "DROP TRIGGER staff_note_seen ON accounts_session; DROP FUNCTION staff_note_seen();"
        ),
    ]
