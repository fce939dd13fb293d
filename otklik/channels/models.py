"""Boxes that letters come to and leave from, and everything that came, as it came (design §4)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from otklik.channels.outbox.rows import Alarm, AutomaticLetter, PeoplesLetters, StaffLetter

__all__ = ["Alarm", "AutomaticLetter", "Box", "Cursor", "Envelope", "PeoplesLetters", "StaffLetter"]


class Box(models.Model):
    """One address of ours: where its letters are fetched, how its answers leave, who answers."""

    class Kind(models.TextChoices):
        IMAP = "imap", _("почтовый ящик")
        DOOR = "door", _("своя дверь SMTP")

    class Security(models.TextChoices):
        TLS = "tls", _("TLS")
        STARTTLS = "starttls", _("STARTTLS")
        NONE = "none", _("без шифрования")

    class Auth(models.TextChoices):
        PASSWORD = "password", _("пароль")
        XOAUTH2 = "xoauth2", _("OAuth 2")
        NONE = "none", _("без входа")

    class Mode(models.TextChoices):
        OBSERVE = "observe", _("только смотрим")
        ANSWER = "answer", _("отвечаем")
        OFF = "off", _("выключен")

    address = models.EmailField(_("адрес"), max_length=254, unique=True)
    name = models.CharField(_("имя отправителя"), max_length=120, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    preset = models.CharField(max_length=20, blank=True)  # presets.py
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.OBSERVE)
    team = models.ForeignKey(
        "staff.Team", models.PROTECT, related_name="boxes", verbose_name=_("кто отвечает")
    )
    imap_host = models.CharField(max_length=253, blank=True)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=10, choices=Security, default=Security.TLS)
    smtp_host = models.CharField(max_length=253, blank=True)
    smtp_port = models.PositiveIntegerField(default=465)
    smtp_security = models.CharField(max_length=10, choices=Security, default=Security.TLS)
    auth = models.CharField(max_length=10, choices=Auth, default=Auth.PASSWORD)
    username = models.CharField(max_length=254, blank=True)
    secret = models.BinaryField(
        null=True
    )  # accounts.vault: a password, or the refresh token and client as JSON
    keeps_sent = models.BooleanField(default=False)  # the server itself puts what we send into Sent
    sent_folder = models.CharField(max_length=200, blank=True)
    copy_to_self = models.BooleanField(default=False)  # evidence for boxes without Sent
    # the name in Authentication-Results that we believe; '': that of a known service, else nobody's
    authserv_id = models.CharField(max_length=253, blank=True)
    history_days = models.PositiveIntegerField(default=90)
    connected_at = models.DateTimeField(null=True)  # letters older than this are history
    created_at = models.DateTimeField()
    # letters that reached us before were acknowledged in days that a restore from a copy took back (reviving.py)
    quiet_before = models.DateTimeField(null=True)
    # What the box says of itself now
    alive_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=1000, blank=True)  # a Russian sentence with what to do
    trouble_at = models.DateTimeField(null=True)
    alarmed_at = models.DateTimeField(
        null=True
    )  # the administrators were told that it is dead (outbox.alarms)
    # The fuse (design §5): automatic letters are held until a person decides
    fuse_blown_at = models.DateTimeField(null=True)
    fuse_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "boxes"
        constraints = [
            models.CheckConstraint(condition=Q(kind="door") | ~Q(imap_host=""), name="box_imap_has_a_host"),
        ]

    def __str__(self) -> str:
        return self.address


class Cursor(models.Model):
    """How far a folder of an IMAP box has been read. A new UIDVALIDITY starts it anew; doubles fall by their bytes."""

    box = models.ForeignKey(Box, models.CASCADE, related_name="cursors")
    folder = models.CharField(max_length=200)
    uidvalidity = models.PositiveBigIntegerField(default=0)
    last_uid = models.PositiveBigIntegerField(default=0)
    history_from = models.PositiveBigIntegerField(default=0)  # UIDs up to this one are too old to take
    history_to = models.PositiveBigIntegerField(default=0)  # UIDs up to this one are history
    on_server = models.PositiveBigIntegerField(null=True)  # the ledger: counted at counted_at
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["box", "folder"], name="cursor_once")]

    def __str__(self) -> str:
        return f"{self.folder} of box {self.box_id} at {self.uidvalidity}:{self.last_uid}"


class Envelope(models.Model):
    """What came, byte for byte, before anything was understood. Ends as a message, a decision or a visible fault."""

    class State(models.TextChoices):
        NEW = "new"  # not understood yet
        DONE = "done"  # a message stands for it
        DECIDED = "decided"  # no message, by a rule or a person: spam, bounce, duplicate, own …
        FAULT = "fault"  # could not be read: the request says so, «прочитать заново»

    class Source(models.TextChoices):
        IMAP = "imap"
        DOOR = "door"
        UPLOAD = "upload"

    box = models.ForeignKey(Box, models.PROTECT, related_name="envelopes")
    key = models.CharField(max_length=64)  # SHA-256 of the raw bytes: the same letter twice is one
    source = models.CharField(max_length=6, choices=Source)
    raw = models.BinaryField(null=True)  # NULL once trimmed by age
    size_bytes = models.PositiveBigIntegerField()
    received_at = models.DateTimeField()
    mail_from = models.CharField(max_length=320, blank=True)
    rcpt_to = ArrayField(models.CharField(max_length=320), default=list)
    folder = models.CharField(max_length=200, blank=True)
    uidvalidity = models.PositiveBigIntegerField(null=True)
    uid = models.PositiveBigIntegerField(null=True)
    history = models.BooleanField(default=False)
    charset = models.CharField(max_length=40, blank=True)  # «прочитать заново как…»
    state = models.CharField(max_length=8, choices=State, default=State.NEW)
    decision = models.CharField(max_length=20, blank=True)  # spam, bounce, duplicate, own, blocked
    reason = models.CharField(max_length=500, blank=True)  # why, or what is wrong: a sentence for people
    attempts = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(
        null=True
    )  # a try is counted before it begins: a poisonous letter shows itself
    done_at = models.DateTimeField(null=True)
    message = models.ForeignKey("desk.Message", models.SET_NULL, null=True, related_name="envelopes")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["box", "key"], name="envelope_once"),
            models.CheckConstraint(
                condition=~Q(state="decided") | ~Q(decision=""), name="envelope_decision_named"
            ),
            models.CheckConstraint(
                condition=~Q(state="fault") | ~Q(reason=""), name="envelope_fault_explained"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="new"), name="envelope_to_read"),  # intake's sweep
            models.Index(fields=["box", "folder", "uidvalidity", "uid"], name="envelope_ledger"),
            models.Index(fields=["box", "-received_at"], condition=Q(state="fault"), name="envelope_faults"),
            # site.watch.reading: how many came in the last minutes
            models.Index(fields=["received_at"], include=["box"], name="envelope_lately"),
            # intake.trimming: what is settled and still has its bytes
            models.Index(
                fields=["done_at"],
                condition=Q(state__in=["done", "decided"], raw__isnull=False),
                name="envelope_to_trim",
            ),
        ]

    def __str__(self) -> str:
        return f"envelope {self.pk} of box {self.box_id}"
