"""For the operator: requests and everything said in them. The letters' HTML is not opened here: it is the sender's."""

from django.contrib import admin

from otklik.desk.models import (
    Attachment,
    Delivery,
    Draft,
    DraftFile,
    HandedOver,
    HandOver,
    Message,
    Note,
    Participant,
    Recipient,
    Relation,
    SentSheet,
    StoredFile,
    Tag,
    Ticket,
    Word,
)  # fmt: skip
from otklik.web.repair import ReadOnly


@admin.register(Ticket)
class TicketAdmin(ReadOnly):
    list_display = ("number", "subject", "client", "team", "owner", "state", "last_message_at")
    search_fields = ("=number",)
    list_filter = ("state",)


@admin.register(Message)
class MessageAdmin(ReadOnly):
    list_display = ("pk", "ticket", "direction", "kind", "circle", "at", "message_id")
    search_fields = ("=message_id", "=ticket__number")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ("pk", "address", "state", "attempts", "next_at", "ended_at", "reason")
    search_fields = ("=address", "=message__message_id")
    list_filter = ("state",)


@admin.register(Note)
class NoteAdmin(ReadOnly):
    list_display = ("pk", "ticket", "user", "at")
    search_fields = ("=ticket__number",)


@admin.register(Participant)
class ParticipantAdmin(ReadOnly):
    list_display = ("pk", "ticket", "identity", "part", "since")
    search_fields = ("=ticket__number",)


@admin.register(Attachment)
class AttachmentAdmin(ReadOnly):
    list_display = ("pk", "name", "type", "message", "note", "file")


@admin.register(StoredFile)
class StoredFileAdmin(ReadOnly):
    list_display = ("sha256", "size_bytes", "created_at")
    search_fields = ("=sha256",)


@admin.register(Draft, DraftFile, HandedOver, HandOver, Recipient, Relation, SentSheet, Tag, Word)
class OtherAdmin(ReadOnly):
    list_display = ("pk", "__str__")
