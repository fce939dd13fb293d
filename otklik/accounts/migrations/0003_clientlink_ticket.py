
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_clientlink_identity'),
        ('desk', '0002_tables'),
    ]

    operations = [
        migrations.AddField(
            model_name='clientlink',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='desk.ticket'),
        ),
        migrations.AddConstraint(
            model_name='clientlink',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='clientlink_expires_later'),
        ),
        migrations.AddConstraint(
            model_name='clientlink',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('ticket', 'identity'), name='clientlink_one_live'),
        ),
    ]
