
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        ('clients', '0001_tables'),
    ]

    operations = [
        migrations.AddField(
            model_name='clientlink',
            name='identity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='clients.identity'),
        ),
    ]
