"""The words of this installation, as the search's vectors hold them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

LONGEST = 60


class Word(models.Model):
    """A lexeme that stands in messages or notes. Learnt by a loop a little later (search/vocabulary.py).

    Of all teams: whatever is offered to a person out of it is looked up in their own requests first (invariant 6).
    """

    lexeme = models.CharField(max_length=LONGEST, unique=True)
    count = models.PositiveIntegerField()  # messages and notes that have it, about
    keys = ArrayField(models.CharField(max_length=LONGEST + 1))  # by what it is found (vocabulary.keys_of)

    class Meta:
        indexes = [GinIndex(fields=["keys"], name="word_keys")]

    def __str__(self) -> str:
        return self.lexeme
