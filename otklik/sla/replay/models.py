"""A replay of history that somebody asked for, with what it was asked and what came out."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

RUNNING = Q(state__in=["waiting", "running"])


class Replay(models.Model):
    """«Что если»: requests of the past judged by other hours, targets, people. Changes no agreement.

    chosen, wish: choosing.Chosen and wishing.Wish as JSON; teams: whose requests were counted, None for all. asked_at
    is also the moment that history is looked at from, so that the same question has the same answer. done of total:
    requests, as often as they are gone through.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"
        FAILED = "failed"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="replays")
    asked_at = models.DateTimeField()
    chosen = models.JSONField()
    wish = models.JSONField()
    teams = ArrayField(models.BigIntegerField(), null=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by"], condition=RUNNING, name="replay_one_running"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(result__isnull=False, ended_at__isnull=False),
                name="replay_done_has_a_result",
            ),
        ]
        indexes = [models.Index(fields=["by", "-id"], name="replay_of_user")]  # running.recent()

    def __str__(self) -> str:
        return f"replay {self.pk} of {self.by_id}"

    @property
    def is_running(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}
