"""Rows of the outbox beside the deliveries: what left by itself, what explains it, letters to our own people."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class AutomaticLetter(models.Model):
    """One letter that no person wrote: counted by address and box, so that the fuse sees an unusual rate."""

    message = models.OneToOneField("desk.Message", models.CASCADE, related_name="automatic")
    box = models.ForeignKey("channels.Box", models.CASCADE, related_name="+")
    address = models.CharField(max_length=320)  # normalised
    at = models.DateTimeField()
    counted = models.BooleanField(default=True)  # False: it blows no fuse, or a person has reset it
    page_letter = models.OneToOneField(
        "journeys.Letter", models.SET_NULL, null=True, related_name="+"
    )  # its words bear a secret, so they are made anew each time

    class Meta:
        indexes = [
            models.Index(fields=["address", "at"], name="automatic_to"),  # automatic.counts()
            models.Index(fields=["box", "at"], name="automatic_of_box"),  # automatic.counts()
        ]

    def __str__(self) -> str:
        return f"automatic letter {self.message_id}"


class PeoplesLetters(models.Model):
    """How many letters of people came to a box in one batch: what explains automatic ones. Rows older than a day go."""

    box = models.ForeignKey("channels.Box", models.CASCADE, related_name="+")
    at = models.DateTimeField()
    letters = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["box", "at"], name="peoples_of_box")]  # automatic.counts()
        verbose_name_plural = "people's letters"

    def __str__(self) -> str:
        return f"{self.letters} letters to box {self.box_id}"


class StaffLetter(models.Model):
    """A letter to an agent about a request: leaves at most once, tried again only while it surely has not left."""

    class Kind(models.TextChoices):
        ASSIGNED = "assigned"
        ANSWERED = "answered"
        LOST = "lost"  # our last answer did not reach the client
        HANDED = "handed"  # all requests of a colleague were passed on: one letter about those that this person got

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    ticket = models.ForeignKey("desk.Ticket", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    run = models.ForeignKey("desk.HandOver", models.CASCADE, null=True, related_name="+")  # of HANDED
    by_name = models.CharField(max_length=500)  # who assigned it, who answered, whom we did not reach
    words = models.CharField(max_length=160, blank=True)  # no more of the client's words than a line
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)  # committed before the final dot, or when it was given up
    fault = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "ticket"], condition=Q(done_at=None), name="staffletter_one_waiting"
            ),
            models.UniqueConstraint(fields=["user", "run"], name="staffletter_one_a_run"),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(done_at=None), name="staffletter_due"),
            models.Index(fields=["user", "ticket", "-made_at"], name="staffletter_last"),
        ]

    def __str__(self) -> str:
        return f"letter to {self.user_id} about ticket {self.ticket_id}"


class Alarm(models.Model):
    """A letter to an administrator: a box is dead, or lives again. Leaves at most once, as a StaffLetter."""

    class Kind(models.TextChoices):
        DEAD = "dead"
        BACK = "back"

    box = models.ForeignKey("channels.Box", models.CASCADE, related_name="alarms")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=Kind)
    words = models.CharField(max_length=1000)  # what was wrong, a sentence for people
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)  # committed before the final dot, or when it was given up
    fault = models.CharField(max_length=1000, blank=True)  # why it did not leave

    class Meta:
        indexes = [models.Index(fields=["next_at"], condition=Q(done_at=None), name="alarm_due")]

    def __str__(self) -> str:
        return f"{self.kind} of box {self.box_id} to {self.user_id}"
