
import datetime
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Company',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='название')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='телефон для клиентов')),
                ('phone_hours', models.CharField(blank=True, max_length=80, verbose_name='когда отвечаем по телефону')),
                ('answer_within', models.DurationField(default=datetime.timedelta(seconds=14400), verbose_name='первый ответ, рабочее время')),
                ('acknowledge', models.BooleanField(default=True, verbose_name='подтверждать получение письма')),
                ('only', models.BooleanField(default=True, editable=False, unique=True)),
            ],
            options={
                'verbose_name_plural': 'companies',
                'constraints': [models.CheckConstraint(condition=models.Q(('only', True)), name='company_only_one')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='profile', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('speech', models.CharField(blank=True, choices=[('', 'не указан'), ('f', '«Анна взяла»'), ('m', '«Борис взял»')], default='', max_length=1, verbose_name='род')),
                ('position', models.CharField(blank=True, max_length=120, verbose_name='должность')),
                ('signature', models.TextField(blank=True, max_length=2000, verbose_name='подпись в письмах')),
                ('undo_s', models.PositiveSmallIntegerField(default=10, verbose_name='секунд на отмену отправки')),
                ('mail_assigned', models.BooleanField(default=True, verbose_name='писать мне, когда мне передали запрос')),
                ('mail_answered', models.BooleanField(default=True, verbose_name='писать мне, когда клиент ответил, а меня нет')),
                ('seen_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('undo_s__lte', 30)), name='profile_undo_up_to_30_s')],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='название')),
                ('level', models.PositiveSmallIntegerField(default=1, verbose_name='уровень')),
                ('members', models.ManyToManyField(related_name='teams', through='staff.Membership', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['level', 'name'],
            },
        ),
        migrations.AddField(
            model_name='membership',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='staff.team'),
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.CheckConstraint(condition=models.Q(('level__range', (1, 4))), name='team_level_1_to_4'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('user', 'team'), name='membership_once'),
        ),
    ]
