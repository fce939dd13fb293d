"""Letters about an account, and the one-time links that they carry."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class PasswordLink(models.Model):
    """A one-time link by which a person sets a password. Only a hash of its token is kept (invitations.py)."""

    class Purpose(models.TextChoices):
        INVITATION = "invitation"
        HANDED = "handed"  # shown to an administrator, who hands it over
        RESET = "reset"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="password_links")
    purpose = models.CharField(max_length=10, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256, hexadecimal
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # used, or another one took its place

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"], condition=Q(ended_at=None), name="passwordlink_one_live_a_way"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="passwordlink_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.user_id}"


class AccountLetter(models.Model):
    """A letter to one of our people about their account; the outbox words and sends it (accountletters.py).

    A wish for a new password holds the address as it was typed, known or not, so that the page does the same work for
    every address; one that nobody has goes with the next sweep.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation"
        RESET = "reset"
        SECOND_FACTOR = "second"  # a second factor was added or taken away
        PASSWORD = "password"  # noqa: S105 - a word of ours: the password was changed

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    address = models.CharField(max_length=254, blank=True)  # typed by somebody who wants a new password
    kind = models.CharField(max_length=10, choices=Kind)
    words = models.CharField(max_length=200, blank=True)  # what happened, in one sentence
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)  # committed before the final dot, or when it was given up
    fault = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(address=""), name="accountletter_is_to_somebody"
            )
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(done_at=None), name="accountletter_due")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.user_id or 'an address'}"
