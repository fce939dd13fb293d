"""What an installation knows of its own upkeep."""

from typing import ClassVar

from django.db import models


class Backup(models.Model):
    """A copy that `otklik backup` has finished. Written after its moment, so a copy never knows of itself."""

    at = models.DateTimeField()
    shows = models.DateTimeField()  # the moment of its rows
    place = models.CharField(max_length=300)  # machine:path
    size_bytes = models.BigIntegerField()
    lock = models.CharField(max_length=10, blank=True)  # '', 'passphrase' or 'key'
    holds_key = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="backup_last")]  # the doctor asks for the last one

    def __str__(self) -> str:
        return f"{self.place} of {self.shows:%Y-%m-%d %H:%M}"


class Beat(models.Model):
    """A sign of life of a working process, every half a minute (beating.py, live_beating.py)."""

    role = models.CharField(max_length=10)  # worker, intake or live
    process = models.CharField(max_length=120)  # machine:pid
    at = models.DateTimeField()
    memory_bytes = models.BigIntegerField(default=0)
    database_faults = models.BigIntegerField(default=0)  # since the process began
    streams = models.IntegerField(null=True)  # live: open ones

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["role", "process"], name="beat_once")
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.process}"
