"""Calendars by which working time is counted (contracts/worktime)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Calendar(models.Model):
    """Named working hours. `spec` is the JSON of worktime.Hours; a change makes a new version."""

    name = models.CharField(_("название"), max_length=120, unique=True)
    spec = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="calendar_one_default"
            )
        ]

    def __str__(self) -> str:
        return self.name
