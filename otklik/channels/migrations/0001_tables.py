
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('staff', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Box',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(max_length=254, unique=True, verbose_name='адрес')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='имя отправителя')),
                ('kind', models.CharField(choices=[('imap', 'почтовый ящик'), ('door', 'своя дверь SMTP')], max_length=10)),
                ('preset', models.CharField(blank=True, max_length=20)),
                ('mode', models.CharField(choices=[('observe', 'только смотрим'), ('answer', 'отвечаем'), ('off', 'выключен')], default='observe', max_length=10)),
                ('imap_host', models.CharField(blank=True, max_length=253)),
                ('imap_port', models.PositiveIntegerField(default=993)),
                ('imap_security', models.CharField(choices=[('tls', 'TLS'), ('starttls', 'STARTTLS'), ('none', 'без шифрования')], default='tls', max_length=10)),
                ('smtp_host', models.CharField(blank=True, max_length=253)),
                ('smtp_port', models.PositiveIntegerField(default=465)),
                ('smtp_security', models.CharField(choices=[('tls', 'TLS'), ('starttls', 'STARTTLS'), ('none', 'без шифрования')], default='tls', max_length=10)),
                ('auth', models.CharField(choices=[('password', 'пароль'), ('xoauth2', 'OAuth 2'), ('none', 'без входа')], default='password', max_length=10)),
                ('username', models.CharField(blank=True, max_length=254)),
                ('secret', models.BinaryField(null=True)),
                ('keeps_sent', models.BooleanField(default=False)),
                ('sent_folder', models.CharField(blank=True, max_length=200)),
                ('copy_to_self', models.BooleanField(default=False)),
                ('history_days', models.PositiveIntegerField(default=90)),
                ('connected_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('alive_at', models.DateTimeField(null=True)),
                ('trouble', models.CharField(blank=True, max_length=1000)),
                ('trouble_at', models.DateTimeField(null=True)),
                ('fuse_blown_at', models.DateTimeField(null=True)),
                ('fuse_reason', models.CharField(blank=True, max_length=300)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='boxes', to='staff.team', verbose_name='кто отвечает')),
            ],
            options={
                'verbose_name_plural': 'boxes',
            },
        ),
        migrations.CreateModel(
            name='Cursor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('folder', models.CharField(max_length=200)),
                ('uidvalidity', models.PositiveBigIntegerField(default=0)),
                ('last_uid', models.PositiveBigIntegerField(default=0)),
                ('history_to', models.PositiveBigIntegerField(default=0)),
                ('on_server', models.PositiveBigIntegerField(null=True)),
                ('counted_at', models.DateTimeField(null=True)),
                ('box', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cursors', to='channels.box')),
            ],
        ),
        migrations.CreateModel(
            name='Envelope',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('source', models.CharField(choices=[('imap', 'Imap'), ('door', 'Door'), ('upload', 'Upload')], max_length=6)),
                ('raw', models.BinaryField(null=True)),
                ('size_bytes', models.PositiveBigIntegerField()),
                ('received_at', models.DateTimeField()),
                ('mail_from', models.CharField(blank=True, max_length=320)),
                ('rcpt_to', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=320), default=list, size=None)),
                ('folder', models.CharField(blank=True, max_length=200)),
                ('uidvalidity', models.PositiveBigIntegerField(null=True)),
                ('uid', models.PositiveBigIntegerField(null=True)),
                ('history', models.BooleanField(default=False)),
                ('charset', models.CharField(blank=True, max_length=40)),
                ('state', models.CharField(choices=[('new', 'New'), ('done', 'Done'), ('decided', 'Decided'), ('fault', 'Fault')], default='new', max_length=8)),
                ('decision', models.CharField(blank=True, max_length=20)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('taken_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('box', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='envelopes', to='channels.box')),
            ],
        ),
    ]
