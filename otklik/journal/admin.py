"""For the operator: what happened, line by line."""

from django.contrib import admin

from otklik.journal.models import Entry, Follower
from otklik.web.repair import ReadOnly


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    list_display = ("pk", "at", "word", "actor", "user", "ticket", "facts")
    search_fields = ("=word", "=ticket__number")


@admin.register(Follower)
class FollowerAdmin(ReadOnly):
    list_display = ("name", "tx", "entry_id")
