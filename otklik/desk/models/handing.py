"""All requests of one colleague passed on at once: the wish, how far it is, and what went to whom."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HandOver(models.Model):
    """What a lead decided. Done in batches (handing_over.py); while it runs nobody begins another of this person."""

    class Reason(models.TextChoices):
        ILL = "ill", _("болезнь")
        LEAVE = "leave", _("отпуск")
        GONE = "gone", _("больше не работает")
        OTHER = "other", _("другое")

    class Stage(models.TextChoices):
        GOING = "going"
        DONE = "done"
        RETURNING = "returning"
        RETURNED = "returned"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="handed_over"
    )  # whose they were
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(_("почему"), max_length=5, choices=Reason)
    words = models.CharField(_("что важно знать"), max_length=300, blank=True)
    people = ArrayField(
        models.BigIntegerField(), default=list
    )  # who gets them, evenly; none: the team's queue
    total = models.PositiveIntegerField()  # how many there were to pass on
    stage = models.CharField(max_length=9, choices=Stage, default=Stage.GOING)
    after = models.BigIntegerField(default=0)  # the last request that this stage has dealt with
    left = models.PositiveIntegerField(default=0)  # stayed: nobody of `people` works in its team
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()  # when its stage began

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(stage__in=["going", "returning"]), name="handover_one_running"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(stage__in=["going", "returning"]), name="handover_running"
            ),  # handing_over.step()
        ]

    def __str__(self) -> str:
        return f"hand-over {self.pk} of {self.user_id}"

    @property
    def is_running(self) -> bool:
        return self.stage in {self.Stage.GOING, self.Stage.RETURNING}


class HandedOver(models.Model):
    """One request of it: who got it (None is the queue), and whether it has come back."""

    run = models.ForeignKey(HandOver, models.CASCADE, related_name="parts")
    ticket = models.ForeignKey("desk.Ticket", models.CASCADE, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    is_back = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "ticket"], name="handedover_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id} in {self.run_id}"
