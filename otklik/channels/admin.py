"""For the operator: boxes, everything that came, what left by itself; and the deeds that repair.

Deliveries are of the desk's room, which knows no outbox: their deeds are added here.
"""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.channels.email.sandbox import Sandbox
from otklik.channels.intake import rereading
from otklik.channels.models import Box, Cursor, Envelope
from otklik.channels.outbox import settling
from otklik.channels.outbox.rows import Alarm, AutomaticLetter, PeoplesLetters, StaffLetter
from otklik.desk.admin import DeliveryAdmin
from otklik.desk.models import Delivery
from otklik.errors import Refusal
from otklik.web.repair import ReadOnly

MOST_AT_ONCE = 50


@admin.register(Box)
class BoxAdmin(ReadOnly):
    list_display = ("address", "kind", "mode", "team", "alive_at", "trouble", "fuse_blown_at")


@admin.register(Cursor)
class CursorAdmin(ReadOnly):
    list_display = ("pk", "box", "folder", "uidvalidity", "last_uid", "on_server", "counted_at")


@admin.register(Envelope)
class EnvelopeAdmin(ReadOnly):
    list_display = ("pk", "box", "source", "received_at", "state", "decision", "reason", "attempts")
    list_filter = ("state", "source", "decision")
    search_fields = ("=key", "=mail_from")
    actions = ("read_again",)

    @admin.action(description="Прочитать заново")
    def read_again(self, request: HttpRequest, chosen: QuerySet[Envelope]) -> None:
        with Sandbox() as sandbox:
            for envelope in chosen.order_by("pk")[:MOST_AT_ONCE]:
                try:
                    rereading.reread(envelope, by=_operator(request), at=timezone.now(), sandbox=sandbox)
                except Refusal as refusal:
                    messages.warning(request, f"{envelope.pk}: {refusal.reason} {refusal.next_step}")


@admin.register(Alarm, AutomaticLetter, PeoplesLetters, StaffLetter)
class OtherAdmin(ReadOnly):
    list_display = ("pk", "__str__")


class RepairedDeliveryAdmin(DeliveryAdmin):
    actions = ("resend", "count_as_sent")

    @admin.action(description="Отправить ещё раз")
    def resend(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        for delivery in chosen.order_by("pk")[:MOST_AT_ONCE]:
            try:
                settling.resend(delivery, by=_operator(request), at=timezone.now())
            except Refusal as refusal:
                messages.warning(request, _told(delivery, refusal))

    @admin.action(description="Считать отправленным")
    def count_as_sent(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        for delivery in chosen.order_by("pk")[:MOST_AT_ONCE]:
            try:
                settling.count_as_sent(delivery, by=_operator(request), at=timezone.now())
            except Refusal as refusal:
                messages.warning(request, _told(delivery, refusal))


admin.site.unregister(Delivery)
admin.site.register(Delivery, RepairedDeliveryAdmin)


def _operator(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
    return request.user


def _told(delivery: Delivery, refusal: Refusal) -> str:
    return _("Доставка %(pk)s: %(reason)s %(next)s") % {
        "pk": delivery.pk, "reason": refusal.reason, "next": refusal.next_step
    }  # fmt: skip
