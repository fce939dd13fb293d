"""What somebody is writing: kept for each person, request and mode."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Draft(models.Model):
    class Mode(models.TextChoices):
        REPLY = "reply"
        NOTE = "note"
        VENDOR = "vendor"
        LETTER = "letter"  # a new letter, not of any request yet

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    ticket = models.ForeignKey("desk.Ticket", models.CASCADE, null=True, related_name="drafts")
    mode = models.CharField(max_length=6, choices=Mode)
    subject = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    to = ArrayField(models.CharField(max_length=320), default=list)
    cc = ArrayField(models.CharField(max_length=320), default=list)
    box = models.ForeignKey("channels.Box", models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "ticket", "mode"], name="draft_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(mode="letter") ^ Q(ticket__isnull=False), name="draft_belongs"
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk} ({self.mode})"


class DraftFile(models.Model):
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    file = models.ForeignKey("desk.StoredFile", models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    type = models.CharField(max_length=120)
    content_id = models.CharField(max_length=100, blank=True)  # a pasted picture stands in the text by it

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class SentSheet(models.Model):
    """A sheet of the composer whose words were sent: what its page saves after that is late and brings nothing back."""

    key = models.CharField(max_length=32, primary_key=True)  # made with the form
    at = models.DateTimeField()
    words = models.CharField(max_length=32, blank=True, default="")  # drafting.digest() of what stood in it
    # the request that a new letter opened: who sends the form again is led there
    ticket = models.ForeignKey("desk.Ticket", models.CASCADE, null=True, db_index=False, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["at"], name="sent_sheet_old")]  # drafting.spend()

    def __str__(self) -> str:
        return self.key
