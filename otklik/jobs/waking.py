"""Waking the loops of the worker: a NOTIFY that leaves with the transaction's commit."""

from typing import Literal

from django.db import connection

CHANNEL = "otklik_work"
Word = Literal["intake", "outbox", "journal", "boxes"]


def wake(word: Word) -> None:
    """The loops that wait for this word run as soon as this transaction commits. Cheap to say many times."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, word])
