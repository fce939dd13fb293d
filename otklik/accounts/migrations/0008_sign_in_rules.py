"""Rules of signing in; the live stream hears that a client's link opens nothing any more."""

from django.db import migrations, models

LINKS = """
CREATE FUNCTION accounts_tell_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('otklik_link', OLD.id::text); RETURN NULL; END $$;
CREATE TRIGGER accounts_tell_link AFTER UPDATE ON accounts_clientlink
  FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION accounts_tell_link();
CREATE TRIGGER accounts_tell_link_gone AFTER DELETE ON accounts_clientlink
  FOR EACH ROW EXECUTE FUNCTION accounts_tell_link();
"""
NO_LINKS = """
DROP TRIGGER accounts_tell_link_gone ON accounts_clientlink;
DROP TRIGGER accounts_tell_link ON accounts_clientlink; DROP FUNCTION accounts_tell_link();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_guards")]
    operations = [
        migrations.CreateModel(
            name="SignInRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("second_step", models.BooleanField(default=False, verbose_name="второй шаг входа нужен всем")),
                (
                    "session_hours",
                    models.PositiveSmallIntegerField(
                        choices=[(12, "12 часов"), (24, "сутки"), (168, "неделю"), (336, "две недели")],
                        default=336,
                        verbose_name="вход действует",
                    ),
                ),
                ("only", models.BooleanField(default=True, editable=False, unique=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("only", True)), name="signinrules_only_one")
                ],
            },
        ),
        migrations.RunSQL(LINKS, NO_LINKS),
    ]
