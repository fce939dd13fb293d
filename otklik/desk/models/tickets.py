"""The request itself. People read «запрос»; in code it is a ticket since a request is HTTP's (style §1)."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

OPEN_STATES = ("new", "open", "waiting_client", "waiting_other")
CLOSED_STATES = ("solved", "closed", "spam")
OPEN = Q(state__in=OPEN_STATES)


class Tag(models.Model):
    name = models.CharField(_("метка"), max_length=60, unique=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="tag_has_a_name")]

    def __str__(self) -> str:
        return self.name


class Ticket(models.Model):
    """One matter of one client, owned by one person. Other facts about it are rows of their own (style §1)."""

    class State(models.TextChoices):
        NEW = "new", _("Новый")
        OPEN = "open", _("В работе")
        WAITING_CLIENT = "waiting_client", _("Ждём клиента")
        WAITING_OTHER = "waiting_other", _("Ждём других")
        SOLVED = "solved", _("Решён")
        CLOSED = "closed", _("Закрыт")
        SPAM = "spam", _("Спам")

    class Priority(models.IntegerChoices):
        LOW = 0, _("низкая")
        NORMAL = 1, _("обычная")
        HIGH = 2, _("высокая")
        URGENT = 3, _("срочно")

    class Last(models.TextChoices):
        CLIENT = "client"
        AGENT = "agent"

    number = models.BigIntegerField(unique=True, db_default=Func(function="otklik_next_ticket_number"))
    subject = models.CharField(max_length=500)
    client = models.ForeignKey(  # indexed by ticket_of_client
        "clients.Client", models.PROTECT, related_name="tickets", db_index=False
    )
    organisation = models.ForeignKey(
        "clients.Organisation", models.SET_NULL, null=True, blank=True, related_name="tickets"
    )
    channel = models.CharField(max_length=20)  # "email", "page"
    box = models.ForeignKey(
        "channels.Box", models.SET_NULL, null=True, related_name="tickets"
    )  # answers leave by it
    team = models.ForeignKey("staff.Team", models.PROTECT, related_name="tickets")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="tickets")
    state = models.CharField(max_length=20, choices=State, default=State.NEW)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    purpose = models.CharField(_("с чем пришёл клиент"), max_length=300, blank=True)
    result = models.CharField(_("что сделали"), max_length=300, blank=True)
    created_at = models.DateTimeField()
    tags = models.ManyToManyField(Tag, related_name="tickets", blank=True)
    # For the list only; the truth lies in the rows beside.
    last_words = models.CharField(max_length=160, blank=True)
    last_message_at = models.DateTimeField()
    last_by = models.CharField(max_length=6, choices=Last, default=Last.CLIENT)
    unread = models.BooleanField(default=True)
    next_due_at = models.DateTimeField(null=True)
    next_due_kind = models.CharField(max_length=12, blank=True)  # response, news, promise …

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(next_due_at=None, next_due_kind="")
                | (Q(next_due_at__isnull=False) & ~Q(next_due_kind="")),
                name="ticket_due_has_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(last_message_at__gte=F("created_at")), name="ticket_last_not_before_first"
            ),
        ]
        indexes = [
            # lists.queue(): mine, a team's unowned and all, by due time and by last word
            models.Index("owner", "next_due_at", "id", condition=OPEN, name="ticket_mine_due"),
            models.Index("owner", F("last_message_at").desc(), "id", condition=OPEN, name="ticket_mine_last"),
            models.Index("team", "next_due_at", "id", condition=OPEN, name="ticket_team_due"),
            models.Index("team", F("last_message_at").desc(), "id", condition=OPEN, name="ticket_team_last"),
            models.Index(
                "team", "next_due_at", "id", condition=OPEN & Q(owner=None), name="ticket_unowned_due"
            ),
            models.Index(
                "team",
                F("last_message_at").desc(),
                "id",
                name="ticket_team_ended",
                condition=Q(state__in=CLOSED_STATES),
            ),
            # the same lists for those who see all teams, or several
            models.Index("next_due_at", "id", condition=OPEN, name="ticket_open_due"),
            models.Index(F("last_message_at").desc(), "id", condition=OPEN, name="ticket_open_last"),
            models.Index(
                F("last_message_at").desc(),
                "id",
                name="ticket_ended_last",
                condition=Q(state__in=CLOSED_STATES),
            ),
            # waits on us and shows no time: sla/mending.py
            models.Index(
                "id",
                name="ticket_unpromised",
                condition=Q(state__in=("new", "open", "waiting_other"), next_due_at=None),
            ),
            # spam, of one's teams and of all
            models.Index(
                "team",
                F("last_message_at").desc(),
                "id",
                name="ticket_team_spam",
                condition=Q(state="spam"),
            ),
            models.Index(
                F("last_message_at").desc(), "id", condition=Q(state="spam"), name="ticket_spam_last"
            ),
            models.Index(
                "client", F("last_message_at").desc(), name="ticket_of_client"
            ),  # the card's past requests
            GinIndex(
                Func(F("subject"), function="otklik_vector"), name="ticket_subject"
            ),  # search/finding.py
        ]

    def __str__(self) -> str:
        return f"№ {self.number}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class Participant(models.Model):
    """An address that takes part in a request: the requester, one in copy, a vendor asked for help."""

    class Part(models.TextChoices):
        REQUESTER = "requester", _("клиент")
        COPY = "copy", _("в копии")
        VENDOR = "vendor", _("поставщик")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="participants")
    identity = models.ForeignKey("clients.Identity", models.CASCADE, related_name="participations")
    part = models.CharField(max_length=10, choices=Part)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "identity"], name="participant_once"),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(part="requester"), name="participant_one_requester"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.identity_id} in {self.ticket_id}"


class Relation(models.Model):
    """One request grew out of another: a late word to a closed one, or a stranger's letter that named its number."""

    class Kind(models.TextChoices):
        CONTINUES = "continues", _("продолжение")
        MENTIONS = "mentions", _("упоминает")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="relations")
    other = models.ForeignKey(Ticket, models.CASCADE, related_name="related_from")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "other"], name="relation_once"),
            models.CheckConstraint(condition=~Q(ticket=F("other")), name="relation_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind} {self.other_id}"
