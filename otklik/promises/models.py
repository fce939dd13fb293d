"""What was said to a client with a due time: the next news, and promises in our own words (design §4, R-D3, R-D4)."""

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
    # by the client's agreement, not told by a person or a letter: other hours may bring it forward (sla/hastening.py).
    # The database says False where an older version writes the row (migration 0005).
    counted = models.BooleanField(default=False)
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)  # why it was moved to this time
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


OPEN = Q(ended_at=None)


class Promise(models.Model):
    """One sentence in which we commit ourselves. Its words and time never change: moving it adds a row.

    A reply that is taken back takes its promises along. due_at=None: nobody said when, so a person names the time.
    message=None: said by telephone or in person, noted by hand, or made by a rule of the agreement (by_rule.py).
    """

    class Outcome(models.TextChoices):
        KEPT = "kept"
        LATE = "late"  # kept after its time
        MOVED = "moved"
        DROPPED = "dropped"  # it was none, or nobody waits for it any more

    ticket = models.ForeignKey(  # indexed by promise_of_ticket
        "desk.Ticket", models.CASCADE, related_name="promises", db_index=False
    )
    message = models.ForeignKey(  # indexed by promise_once
        "desk.Message", models.CASCADE, null=True, related_name="promises", db_index=False
    )
    place = models.PositiveSmallIntegerField()  # which promise of its message
    action = models.CharField(max_length=300)  # as the client read it
    who = models.CharField(max_length=120, blank=True)  # «мы», a role or a name; '' when it is the writer
    due_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    replaces = models.OneToOneField("self", models.SET_NULL, null=True, related_name="moved_to")
    reason = models.CharField(
        max_length=300, blank=True
    )  # why it was moved to this time, or by what rule it is
    rule = models.CharField(max_length=20, blank=True, db_default="")  # of the agreement: «moved:2»
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "rule"], condition=OPEN & ~Q(rule=""), name="promise_one_by_rule"
            ),
            models.UniqueConstraint(
                fields=["message", "place"], condition=OPEN, name="promise_once"
            ),  # tracking.remember()
            models.CheckConstraint(condition=~Q(action=""), name="promise_has_words"),
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(due_at__gte=F("made_at")), name="promise_due_later"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="promise_end_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["ticket"], name="promise_of_ticket"),  # the card, the clock; gone with it
            models.Index(fields=["message"], name="promise_of_message"),  # taken back with it
            models.Index(fields=["due_at"], condition=OPEN, name="promise_due"),  # returning.bring_back()
        ]

    def __str__(self) -> str:
        return f"promise {self.pk} of {self.ticket_id}"
