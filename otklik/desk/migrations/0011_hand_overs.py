"""All requests of a colleague passed on at once; the reader of what comes back begins at the journal's end."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# what was opened again long ago concerns nobody: a company's whole journal need not be read for it
FROM_NOW_ON = """
INSERT INTO journal_follower (name, tx, entry_id)
SELECT 'standing in', (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)::text::xid8, 9223372036854775807
"""


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0010_spam_lists'),
        ('journal', '0002_tell_readers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(choices=[('ill', 'болезнь'), ('leave', 'отпуск'), ('gone', 'больше не работает'), ('other', 'другое')], max_length=5, verbose_name='почему')),
                ('words', models.CharField(blank=True, max_length=300, verbose_name='что важно знать')),
                ('people', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('total', models.PositiveIntegerField()),
                ('stage', models.CharField(choices=[('going', 'Going'), ('done', 'Done'), ('returning', 'Returning'), ('returned', 'Returned')], default='going', max_length=9)),
                ('after', models.BigIntegerField(default=0)),
                ('left', models.PositiveIntegerField(default=0)),
                ('changed_at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('returned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handed_over', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='HandedOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_back', models.BooleanField(default=False)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='desk.ticket')),
                ('to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='desk.handover')),
            ],
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(condition=models.Q(('stage__in', ['going', 'returning'])), fields=['id'], name='handover_running'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.UniqueConstraint(condition=models.Q(('stage__in', ['going', 'returning'])), fields=('user',), name='handover_one_running'),
        ),
        migrations.AddConstraint(
            model_name='handedover',
            constraint=models.UniqueConstraint(fields=('run', 'ticket'), name='handedover_once'),
        ),
        migrations.RunSQL(FROM_NOW_ON, "DELETE FROM journal_follower WHERE name = 'standing in'"),
    ]
