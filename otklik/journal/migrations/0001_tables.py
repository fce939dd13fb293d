
import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
import otklik.journal.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('desk', '0002_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Follower',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('tx', otklik.journal.models.Xid8Field(default='0')),
                ('entry_id', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tx', otklik.journal.models.Xid8Field(db_default=models.Func(function='pg_current_xact_id'), editable=False)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(choices=[('agent', 'Agent'), ('client', 'Client'), ('integration', 'Integration'), ('system', 'System')], max_length=12)),
                ('word', models.CharField(max_length=60)),
                ('facts', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('audience', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None)),
                ('public', models.BooleanField(default=False)),
                ('ticket', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='desk.ticket')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'entries',
                'indexes': [models.Index(fields=['tx', 'id'], name='entry_following'), models.Index(fields=['ticket', 'id'], name='entry_ticket')],
            },
        ),
    ]
