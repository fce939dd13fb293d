"""What the client's page says beyond the letters (R-D1)."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class NowLine(models.Model):
    """What is being done now, in words that the client reads: «проверяю вашу выписку». One stands at a time."""

    ticket = models.ForeignKey("desk.Ticket", models.CASCADE, related_name="now_lines")
    words = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(ended_at=None), name="nowline_one_standing"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="nowline_has_words"),
        ]

    def __str__(self) -> str:
        return self.words
