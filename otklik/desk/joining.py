"""A second address of a client, and their organisation (R-A12).

Whose requests an address changes is decided by who sees them. An organisation is the same for the whole company, as a
tariff is: whoever has a client before them may say it.

ElsewhereToo   the address stands in requests of teams that this person does not see
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.clients import identifying
from otklik.clients.identifying import Sender
from otklik.desk import belonging
from otklik.desk.models import Ticket
from otklik.desk.queries import visible_to
from otklik.errors import NotAllowed


class ElsewhereToo(NotAllowed):
    code = "client.elsewhere_too"


def join(ticket: Ticket, address: str, *, by: User, at: datetime) -> None:
    """Give an address to the client of a request, with what it wrote. Raises ElsewhereToo, SameClient, Erased.

    Its requests get another client, and who shares a client shares what each of them may read on their page.
    """
    with transaction.atomic():  # whoever is refused leaves no newcomer behind
        found = identifying.identify_many([Sender(address)], at=at)[identifying.normal(address)]
        changed = Ticket.objects.filter(Q(client=found.client_id) | Q(participants__identity=found))
        if changed.exclude(pk__in=visible_to(by).values("pk")).exists():
            raise ElsewhereToo(
                _("Этот адрес мы не добавили: он уже у другого клиента."),
                _("Попросите администратора: он видит запросы всех команд."),
            )
        identifying.join(found, client=ticket.client, by=by, at=at)


def belong(ticket: Ticket, name: str, address: str, *, by: User, at: datetime) -> None:
    """The client of a request belongs to the organisation of this name; to none when it is empty.

    address: one whose domain is the organisation's own; '' for none. Raises belonging.BadOrganisation, DomainTaken,
    Erased.
    """
    with transaction.atomic():
        organisation = belonging.named(name, by=by, at=at) if name.strip() else None
        if organisation and address:
            belonging.claim(ticket.client, organisation, address, by=by, at=at)
        else:
            belonging.place(ticket.client, organisation, by=by, at=at)
