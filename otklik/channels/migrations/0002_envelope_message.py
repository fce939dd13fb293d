
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('channels', '0001_tables'),
        ('desk', '0002_tables'),
    ]

    operations = [
        migrations.AddField(
            model_name='envelope',
            name='message',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='envelopes', to='desk.message'),
        ),
        migrations.AddConstraint(
            model_name='box',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'door'), models.Q(('imap_host', ''), _negated=True), _connector='OR'), name='box_imap_has_a_host'),
        ),
        migrations.AddConstraint(
            model_name='cursor',
            constraint=models.UniqueConstraint(fields=('box', 'folder'), name='cursor_once'),
        ),
        migrations.AddIndex(
            model_name='envelope',
            index=models.Index(condition=models.Q(('state', 'new')), fields=['id'], name='envelope_to_read'),
        ),
        migrations.AddIndex(
            model_name='envelope',
            index=models.Index(fields=['box', 'folder', 'uidvalidity', 'uid'], name='envelope_ledger'),
        ),
        migrations.AddIndex(
            model_name='envelope',
            index=models.Index(condition=models.Q(('state', 'fault')), fields=['box', '-received_at'], name='envelope_faults'),
        ),
        migrations.AddConstraint(
            model_name='envelope',
            constraint=models.UniqueConstraint(fields=('box', 'key'), name='envelope_once'),
        ),
        migrations.AddConstraint(
            model_name='envelope',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'decided'), _negated=True), models.Q(('decision', ''), _negated=True), _connector='OR'), name='envelope_decision_named'),
        ),
        migrations.AddConstraint(
            model_name='envelope',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'fault'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='envelope_fault_explained'),
        ),
    ]
