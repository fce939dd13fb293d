"""Files by the SHA-256 of their bytes: the same logo in a thousand letters is stored once."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q


class StoredFile(models.Model):
    """Bytes kept in the file store under their own hash (files.py). Written before the row that names them."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size_bytes = models.PositiveBigIntegerField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]


class Attachment(models.Model):
    """A file of a message or of a note, with the name it came under."""

    message = models.ForeignKey("desk.Message", models.CASCADE, null=True, related_name="attachments")
    note = models.ForeignKey("desk.Note", models.CASCADE, null=True, related_name="attachments")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    type = models.CharField(max_length=120)  # what the letter called it: never trusted when served
    content_id = models.CharField(max_length=500, blank=True)
    inline = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(message__isnull=False, note=None) | Q(message=None, note__isnull=False),
                name="attachment_of_one_thing",
            )
        ]
        indexes = [
            GinIndex(
                Func(F("name"), function="otklik_file_vector"),
                condition=Q(inline=False),
                name="attachment_search",
            )
        ]

    def __str__(self) -> str:
        return self.name
