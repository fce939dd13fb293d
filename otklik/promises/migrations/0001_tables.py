
import django.db.models.deletion
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
            name='NextNews',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField()),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('kept', 'Kept'), ('late', 'Late'), ('moved', 'Moved'), ('dropped', 'Dropped')], max_length=8)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='promises.nextnews')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='news', to='desk.ticket')),
            ],
            options={
                'verbose_name_plural': 'next news',
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['due_at'], name='news_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('ticket',), name='news_one_standing'), models.CheckConstraint(condition=models.Q(('due_at__gte', models.F('made_at'))), name='news_due_later'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('outcome', '')), models.Q(('ended_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='news_end_has_an_outcome')],
            },
        ),
    ]
