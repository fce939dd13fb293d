"""How far back a read of the newest requests alone goes: where that is less than was asked, its page says so."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from otklik.desk.models import Ticket
from otklik.web import dates


def said(looked: int, since: datetime, at: datetime) -> str:
    """'' where the newest `looked` requests reach back to `since`. at: of the page. One query by the key.

    No count of them: the reader may not be one who sees all.
    """
    last = Ticket.objects.order_by("-pk").values("pk")[looked - 1 : looked]
    oldest = Ticket.objects.filter(pk__in=last).values_list("created_at", flat=True).first()
    if oldest is None or oldest <= since:
        return ""
    day = dates.day_of_month(timezone.localdate(oldest), timezone.localdate(at))
    return _("Посмотрели только последние запросы, начиная с %s: прежних здесь нет.") % day
