"""The reader of sent replies begins a day back: what is older promises nothing new, and is counted beside."""

from django.db import migrations

# the newest entry of before, found from the journal's end: a company's whole journal need not be read for it
YESTERDAY = """
INSERT INTO journal_follower (name, tx, entry_id)
SELECT 'sent replies', tx, id FROM journal_entry WHERE at < now() - interval '1 day' ORDER BY tx DESC, id DESC LIMIT 1
ON CONFLICT (name) DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('assist', '0001_tables'),
        ('journal', '0002_tell_readers'),
    ]

    operations = [
        migrations.RunSQL(YESTERDAY, "DELETE FROM journal_follower WHERE name = 'sent replies'"),
    ]
