"""What a client or an organisation pays for: given, changed, taken away (R-E7); sla/covering.py binds who has it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.clients.models import Client, Organisation, Tariff
from otklik.errors import Refusal
from otklik.journal import journaling
from otklik.journal.journaling import Line

LONGEST = 120


class BadTariff(Refusal):
    code = "tariff.bad"


def known() -> QuerySet[Tariff]:
    """All by name, with how many organisations and clients have each."""
    each = {"firms": Count("organisations", distinct=True), "people": Count("clients", distinct=True)}
    return Tariff.objects.annotate(**each)


def make(name: str, *, by: User, at: datetime) -> Tariff:
    """A tariff of this name, the one that is there included. Raises BadTariff."""
    name = " ".join(name.replace("\0", "").split())
    if not 1 <= len(name) <= LONGEST:
        raise BadTariff(_("Название тарифа — это от 1 до 120 знаков."), _("Напишите его иначе."))
    with transaction.atomic():
        tariff, is_new = Tariff.objects.get_or_create(name=name)
        if is_new:
            journaling.write(Line(None, "tariff.made", at, by=by, facts={"tariff": tariff.pk}))
    return tariff


def give(whom: Client | Organisation, tariff: Tariff | None, *, by: User | None, at: datetime) -> bool:
    """Whether it was another one before. None takes it away."""
    kind = "client" if isinstance(whom, Client) else "organisation"
    with transaction.atomic():
        locked = type(whom).objects.select_for_update(of=("self",)).get(pk=whom.pk)
        former, wanted = locked.tariff_id, tariff.pk if tariff else None
        if former == wanted:
            return False
        locked.tariff = tariff
        locked.save(update_fields=["tariff"])
        facts: dict[str, object] = {kind: whom.pk, "from": former, "to": wanted}
        journaling.write(Line(None, f"{kind}.tariff", at, by=by, facts=facts))
    whom.tariff = tariff
    return True
