"""The index is made while letters come in: the table may hold millions."""

from django.db import migrations, models

from otklik.indexes import AddIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("channels", "0009_alarms")]

    operations = [
        AddIndex(
            model_name='envelope',
            index=models.Index(condition=models.Q(('raw__isnull', False), ('state__in', ['done', 'decided'])), fields=['done_at'], name='envelope_to_trim'),
        ),
    ]
