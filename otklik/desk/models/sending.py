"""How an outgoing message fares, a row for each recipient (design §5)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Delivery(models.Model):
    """waiting → sending → sent | retry | failed | unknown, then perhaps delivered or bounced.

    `sending` is committed before SMTP begins. Only a failure before the final dot makes `retry`; anything lost after
    it is `unknown` until evidence or a person settles it. The database refuses a step back (migration 0003).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("ждёт отправки")
        SENDING = "sending", _("отправляем")
        RETRY = "retry", _("повторим")
        SENT = "sent", _("отправлено")
        UNKNOWN = "unknown", _("неизвестно, ушло ли")
        FAILED = "failed", _("не отправлено")
        DELIVERED = "delivered", _("доставлено")
        BOUNCED = "bounced", _("вернулось")
        HELD = "held", _("задержано до решения")  # an automatic letter stopped by the fuse or by observe mode

    message = models.ForeignKey(  # indexed by delivery_once
        "desk.Message", models.CASCADE, related_name="deliveries", db_index=False
    )
    address = models.CharField(max_length=320)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # waiting, retry: when to try
    began_at = models.DateTimeField(null=True)  # the last time it went to `sending`
    holder = models.IntegerField(null=True)  # which sender has it now: the number of its advisory lock
    dot_at = models.DateTimeField(null=True)  # committed before the final dot: NULL means nothing has left
    ended_at = models.DateTimeField(null=True)  # sent, failed …
    reason = models.CharField(max_length=1000, blank=True)  # what the server said, or why it is held
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    evidence = models.CharField(max_length=200, blank=True)  # what settled an `unknown`
    asked_at = models.DateTimeField(null=True)  # when a person was asked what to do with an `unknown`
    trace_id = models.CharField(
        max_length=32, blank=True
    )  # of the request that made it, for the log (tracing.py)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["message", "address"], name="delivery_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "retry"]) | Q(next_at__isnull=False),
                name="delivery_due_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"], condition=Q(state__in=["waiting", "retry"]), name="delivery_due"
            ),
            models.Index(
                fields=["began_at"], condition=Q(state__in=["sending", "unknown"]), name="delivery_unsettled"
            ),
            # site.watch.reading: how letters of the last minutes fared
            models.Index(
                fields=["ended_at"],
                include=["state", "message"],
                condition=Q(ended_at__isnull=False),
                name="delivery_lately",
            ),
            # upkeep.queries, doctor.mail: what failed of late
            models.Index(fields=["ended_at"], condition=Q(state="failed"), name="delivery_failed"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}: {self.state}"
