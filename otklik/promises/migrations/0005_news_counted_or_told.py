"""Which news was counted by the agreement and which was told. Nobody knows it of older rows: those stay as they are."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('promises', '0004_promises_by_rule'),
    ]

    operations = [
        migrations.AddField(
            model_name='nextnews',
            name='counted',
            field=models.BooleanField(default=False),
        ),
        # not db_default: rows.create() leaves such columns to the database, and this one is ours to say
        migrations.RunSQL(
            "ALTER TABLE promises_nextnews ALTER COLUMN counted SET DEFAULT false", migrations.RunSQL.noop
        ),
    ]
