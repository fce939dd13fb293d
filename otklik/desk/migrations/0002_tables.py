
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('desk', '0001_functions'),
        ('channels', '0001_tables'),
        ('clients', '0001_tables'),
        ('staff', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('size_bytes', models.PositiveBigIntegerField()),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(choices=[('reply', 'Reply'), ('note', 'Note'), ('vendor', 'Vendor'), ('letter', 'Letter')], max_length=6)),
                ('subject', models.CharField(blank=True, max_length=500)),
                ('text', models.TextField(blank=True)),
                ('to', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=320), default=list, size=None)),
                ('cc', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=320), default=list, size=None)),
                ('saved_at', models.DateTimeField()),
                ('box', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='channels.box')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='DraftFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255)),
                ('type', models.CharField(max_length=120)),
                ('content_id', models.CharField(blank=True, max_length=100)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='desk.draft')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='desk.storedfile')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='метка')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='tag_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField(db_default=models.Func(function='otklik_next_ticket_number'), unique=True)),
                ('subject', models.CharField(max_length=500)),
                ('channel', models.CharField(max_length=20)),
                ('state', models.CharField(choices=[('new', 'Новый'), ('open', 'В работе'), ('waiting_client', 'Ждём клиента'), ('waiting_other', 'Ждём других'), ('solved', 'Решён'), ('closed', 'Закрыт'), ('spam', 'Спам')], default='new', max_length=20)),
                ('priority', models.PositiveSmallIntegerField(choices=[(0, 'низкая'), (1, 'обычная'), (2, 'высокая'), (3, 'срочно')], default=1)),
                ('purpose', models.CharField(blank=True, max_length=300, verbose_name='с чем пришёл клиент')),
                ('result', models.CharField(blank=True, max_length=300, verbose_name='что сделали')),
                ('created_at', models.DateTimeField()),
                ('last_words', models.CharField(blank=True, max_length=160)),
                ('last_message_at', models.DateTimeField()),
                ('last_by', models.CharField(choices=[('client', 'Client'), ('agent', 'Agent')], default='client', max_length=6)),
                ('unread', models.BooleanField(default=True)),
                ('next_due_at', models.DateTimeField(null=True)),
                ('next_due_kind', models.CharField(blank=True, max_length=12)),
                ('box', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tickets', to='channels.box')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='clients.client')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tickets', to='clients.organisation')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to=settings.AUTH_USER_MODEL)),
                ('tags', models.ManyToManyField(blank=True, related_name='tickets', to='desk.tag')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='staff.team')),
            ],
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('continues', 'продолжение'), ('mentions', 'упоминает')], max_length=10)),
                ('at', models.DateTimeField()),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='related_from', to='desk.ticket')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations', to='desk.ticket')),
            ],
        ),
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('requester', 'клиент'), ('copy', 'в копии'), ('vendor', 'поставщик')], max_length=10)),
                ('since', models.DateTimeField()),
                ('identity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participations', to='clients.identity')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='desk.ticket')),
            ],
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('text', models.TextField()),
                ('search', models.GeneratedField(db_persist=True, expression=models.Func(models.F('text'), function='otklik_vector', output_field=django.contrib.postgres.search.SearchVectorField()), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='desk.ticket')),
            ],
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('direction', models.CharField(choices=[('in', 'In'), ('out', 'Out')], max_length=3)),
                ('circle', models.CharField(choices=[('client', 'Client'), ('vendor', 'Vendor')], default='client', max_length=6)),
                ('kind', models.CharField(choices=[('words', 'Words'), ('ack', 'Ack'), ('link', 'Link'), ('notice', 'Notice'), ('auto', 'Auto'), ('bounce', 'Bounce')], default='words', max_length=6)),
                ('channel', models.CharField(max_length=20)),
                ('author_name', models.CharField(blank=True, max_length=500)),
                ('confirmed', models.BooleanField(default=True)),
                ('at', models.DateTimeField()),
                ('said_at', models.DateTimeField(null=True)),
                ('subject', models.CharField(blank=True, max_length=1000)),
                ('text', models.TextField()),
                ('html', models.TextField(blank=True)),
                ('reply_text', models.TextField()),
                ('quoted_text', models.TextField(blank=True)),
                ('message_id', models.CharField(blank=True, max_length=1000)),
                ('in_reply_to', models.CharField(blank=True, max_length=1000)),
                ('references', models.TextField(blank=True)),
                ('odd', models.JSONField(blank=True, default=list)),
                ('send_after', models.DateTimeField(null=True)),
                ('search', models.GeneratedField(db_persist=True, expression=models.Func(models.F('subject'), models.F('text'), function='otklik_vector', output_field=django.contrib.postgres.search.SearchVectorField()), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('answers', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answered_by', to='desk.message')),
                ('box', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='channels.box')),
                ('identity', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.identity')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='desk.ticket')),
            ],
        ),
        migrations.AddField(
            model_name='draft',
            name='ticket',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='desk.ticket'),
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=320)),
                ('state', models.CharField(choices=[('waiting', 'ждёт отправки'), ('sending', 'отправляем'), ('retry', 'повторим'), ('sent', 'отправлено'), ('unknown', 'неизвестно, ушло ли'), ('failed', 'не отправлено'), ('delivered', 'доставлено'), ('bounced', 'вернулось'), ('held', 'задержано до решения')], default='waiting', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(null=True)),
                ('began_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=1000)),
                ('evidence', models.CharField(blank=True, max_length=200)),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='desk.message')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'retry'])), fields=['next_at', 'id'], name='delivery_due'), models.Index(condition=models.Q(('state__in', ['sending', 'unknown'])), fields=['began_at'], name='delivery_unsettled')],
                'constraints': [models.UniqueConstraint(fields=('message', 'address'), name='delivery_once'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['waiting', 'retry']), _negated=True), ('next_at__isnull', False), _connector='OR'), name='delivery_due_has_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.CharField(choices=[('to', 'Кому'), ('cc', 'Копия')], max_length=2)),
                ('address', models.CharField(max_length=320)),
                ('name', models.CharField(blank=True, max_length=500)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recipients', to='desk.message')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('message', 'address'), name='recipient_once')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255)),
                ('type', models.CharField(max_length=120)),
                ('content_id', models.CharField(blank=True, max_length=500)),
                ('inline', models.BooleanField(default=False)),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='desk.message')),
                ('note', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='desk.note')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='desk.storedfile')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('message__isnull', False), ('note', None)), models.Q(('message', None), ('note__isnull', False)), _connector='OR'), name='attachment_of_one_thing')],
            },
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(models.F('owner'), models.F('next_due_at'), models.F('id'), condition=models.Q(('state__in', ('new', 'open', 'waiting_client', 'waiting_other'))), name='ticket_mine_due'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(models.F('owner'), models.OrderBy(models.F('last_message_at'), descending=True), models.F('id'), condition=models.Q(('state__in', ('new', 'open', 'waiting_client', 'waiting_other'))), name='ticket_mine_last'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(models.F('team'), models.F('next_due_at'), models.F('id'), condition=models.Q(('state__in', ('new', 'open', 'waiting_client', 'waiting_other'))), name='ticket_team_due'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(models.F('team'), models.OrderBy(models.F('last_message_at'), descending=True), models.F('id'), condition=models.Q(('state__in', ('new', 'open', 'waiting_client', 'waiting_other'))), name='ticket_team_last'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(models.F('team'), models.F('next_due_at'), models.F('id'), condition=models.Q(('state__in', ('new', 'open', 'waiting_client', 'waiting_other')), ('owner', None)), name='ticket_unowned_due'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(models.F('team'), models.OrderBy(models.F('last_message_at'), descending=True), models.F('id'), condition=models.Q(('state__in', ('solved', 'closed', 'spam'))), name='ticket_team_ended'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(models.F('client'), models.OrderBy(models.F('last_message_at'), descending=True), name='ticket_of_client'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('next_due_at', None), ('next_due_kind', '')), models.Q(('next_due_at__isnull', False), models.Q(('next_due_kind', ''), _negated=True)), _connector='OR'), name='ticket_due_has_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(('last_message_at__gte', models.F('created_at'))), name='ticket_last_not_before_first'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.UniqueConstraint(fields=('ticket', 'other'), name='relation_once'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.CheckConstraint(condition=models.Q(('ticket', models.F('other')), _negated=True), name='relation_to_another'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.UniqueConstraint(fields=('ticket', 'identity'), name='participant_once'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.UniqueConstraint(condition=models.Q(('part', 'requester')), fields=('ticket',), name='participant_one_requester'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=models.Index(fields=['ticket', 'at', 'id'], name='note_thread'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='note_search'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='note_has_words'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['ticket', 'at', 'id'], name='message_thread'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(models.F('message_id'), condition=models.Q(('message_id', ''), _negated=True), name='message_by_id'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=True, fields=['search'], name='message_search'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('direction', 'in'), ('user', None)), models.Q(('direction', 'out'), ('identity', None)), _connector='OR'), name='message_author_fits_direction'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('direction', 'in'), models.Q(models.Q(('message_id', ''), _negated=True), ('send_after__isnull', False)), _connector='OR'), name='message_out_has_id_and_time'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(condition=models.Q(('direction', 'out')), fields=('message_id',), name='message_out_one_id'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('user', 'ticket', 'mode'), name='draft_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(('mode', 'letter'), ('ticket__isnull', False), _connector='XOR'), name='draft_belongs'),
        ),
    ]
