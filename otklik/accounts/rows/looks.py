"""Who opened whose data."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Look(models.Model):
    """One line of the access log: only ever added (migration 0006 refuses the rest; looking.py writes).

    Ids without foreign keys: a line stays when what it tells of is erased.
    """

    class Kind(models.TextChoices):
        REQUEST = "request", _("запрос")
        CARD = "card", _("карточка клиента")
        LETTER = "letter", _("письмо")
        FILE = "file", _("файл")
        SEARCH = "search", _("поиск")
        EXPORT = "export", _("выгрузка")
        RAW = "raw", _("письмо, как пришло")

    class Door(models.TextChoices):
        PAGE = "page", _("страница")
        API = "api", _("ключ API")

    user_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    door = models.CharField(max_length=4, choices=Door, default=Door.PAGE)
    ticket_id = models.BigIntegerField(null=True)
    client_id = models.BigIntegerField(null=True)
    object_id = models.BigIntegerField(null=True)  # the letter's or file's own
    words = models.CharField(max_length=100, blank=True)  # what was searched for, what was exported
    place = models.CharField(max_length=45, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="look_latest"),  # looking.lines(), privacy.keeping
            models.Index(fields=["user_id", "-at"], name="look_of_user"),  # looking.note(), the page's filter
            models.Index(
                fields=["client_id", "-at"], name="look_at_client", condition=Q(client_id__isnull=False)
            ),
            models.Index(
                fields=["ticket_id", "-at"], name="look_at_ticket", condition=Q(ticket_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} looked at {self.kind}"
