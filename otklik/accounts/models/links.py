"""The links by which clients look at their requests, and counted tries."""

from django.db import models
from django.db.models import F, Q


class ClientLink(models.Model):
    """One participant's link to the page of one request. The token itself is never stored (links.py)."""

    ticket = models.ForeignKey("desk.Ticket", models.CASCADE, related_name="links")
    identity = models.ForeignKey("clients.Identity", models.CASCADE, related_name="links")
    salt = models.BinaryField(max_length=16)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="clientlink_expires_later"),
            # links.of() asks for the live link of a participant
            models.UniqueConstraint(
                fields=["ticket", "identity"], condition=Q(revoked_at=None), name="clientlink_one_live"
            ),
        ]

    def __str__(self) -> str:
        return f"link {self.pk} to ticket {self.ticket_id}"


class Tally(models.Model):
    """How often something was tried of late: a wrong password, a link asked for again (throttling.py).

    Rows of the database, since several processes must count together. The key is a keyed hash: no address is kept.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "tallies"
        indexes = [models.Index(fields=["last_at"], name="tally_old")]  # throttling sweeps by it

    def __str__(self) -> str:
        return f"{self.count} since {self.began_at:%Y-%m-%d %H:%M}"
