"""What was said to a client with a due time. First form: the next news (design §4, R-D4)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

STANDING = Q(ended_at=None)


class NextNews(models.Model):
    """By when the client of a request hears of us again. Its words and time never change: moving it adds a row."""

    class Outcome(models.TextChoices):
        KEPT = "kept"
        LATE = "late"
        MOVED = "moved"
        DROPPED = "dropped"  # the request ended, or waits for the client

    ticket = models.ForeignKey("desk.Ticket", models.CASCADE, related_name="news")
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)

    class Meta:
        verbose_name_plural = "next news"
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=STANDING, name="news_one_standing"),
            models.CheckConstraint(condition=Q(due_at__gte=F("made_at")), name="news_due_later"),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="news_end_has_an_outcome",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=STANDING, name="news_due")]  # queries.overdue()

    def __str__(self) -> str:
        return f"news of {self.ticket_id} by {self.due_at:%Y-%m-%d %H:%M}"
