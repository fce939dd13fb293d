"""What a program's key opens, beside the rights of its person: the smaller of the two counts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    ME = "me", _("узнать, чей это ключ")
    READ_REQUESTS = "requests:read", _("читать запросы")
    COACH = "coach", _("проверять тексты ответов")
