"""Names of clients and organisations, and addresses, are found by their parts."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations
from django.db.models import F, Func

from otklik.indexes import AddIndex


def by_parts(model: str, field: str) -> AddIndex:
    return AddIndex(
        model_name=model, index=GinIndex(Func(F(field), function="otklik_parts"), name=f"{model}_parts")
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("clients", "0002_parts")]
    operations = [by_parts("client", "name"), by_parts("identity", "value"), by_parts("organisation", "name")]
