"""What happened to services, and what a period came to: once it is closed it never changes (a trigger holds it)."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Incident(models.Model):
    """An outage, or planned work. Corrected by deeds alone (uptime/noting.py), each with its line in the journal.

    An outage: began_at, when it is known to have begun, and by whom (source); reported_at, accepted_at: when a client
    told of it and when we took their request; workaround_at: clients could work again by another way.
    Planned work: announced_at and its window as announced; began_at and ended_at as it really was, None: as announced.
    ended_at None: it goes on. withdrawn_at: noted by mistake, or called off; counted no more.
    """

    class Kind(models.TextChoices):
        OUTAGE = "outage", _("перерыв")
        WORK = "work", _("плановые работы")

    class Cause(models.TextChoices):
        OURS = "ours", _("у нас")
        VENDOR = "vendor", _("у поставщика")
        CLIENT = "client", _("у клиента")
        FORCE = "force", _("чрезвычайные обстоятельства")

    class Source(models.TextChoices):
        MONITOR = "monitor", _("наблюдение")
        REPORT = "report", _("сообщение клиента")
        REQUEST = "request", _("запрос, который мы приняли")

    kind = models.CharField(max_length=6, choices=Kind)
    name = models.CharField(_("название"), max_length=200)  # the client reads both
    told = models.TextField(_("что было"), max_length=5000, blank=True)
    cause = models.CharField(max_length=6, choices=Cause, default=Cause.OURS)
    source = models.CharField(max_length=7, choices=Source, blank=True)  # of an outage
    tag = models.ForeignKey(  # the service; None: all of them
        "desk.Tag", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    for_all = models.BooleanField(default=True)  # else for `organisations` alone
    organisations = models.ManyToManyField("clients.Organisation", related_name="incidents")
    ticket = models.ForeignKey("desk.Ticket", models.SET_NULL, null=True, related_name="incidents")
    began_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    workaround_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    announced_at = models.DateTimeField(null=True)
    window_began_at = models.DateTimeField(null=True)
    window_ended_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)  # of two who correct it at once the second is told
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="incident_has_a_name"),
            models.CheckConstraint(
                condition=Q(
                    kind="outage", began_at__isnull=False, announced_at=None, window_began_at=None,
                    window_ended_at=None,
                ) & ~Q(source="")
                | Q(
                    kind="work", source="", announced_at__isnull=False, window_began_at__isnull=False,
                    window_ended_at__isnull=False, reported_at=None, accepted_at=None, workaround_at=None,
                ),
                name="incident_has_the_times_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gt=F("began_at")), name="incident_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(began_at__isnull=False), name="incident_that_ended_began"
            ),
            models.CheckConstraint(
                condition=Q(window_ended_at=None) | Q(window_ended_at__gt=F("window_began_at")),
                name="incident_window_ends_later",
            ),
            models.CheckConstraint(
                condition=(Q(reported_at=None) | Q(reported_at__gte=F("began_at")))
                & (Q(accepted_at=None) | Q(accepted_at__gte=F("began_at")))
                & (Q(workaround_at=None) | Q(workaround_at__gte=F("began_at"))),
                name="incident_told_of_later",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class PeriodAccount(models.Model):
    """What a period of an agreement came to, for one organisation or (None) by the agreement alone: closed, for ever.

    A correction is another row that `replaces` this one; nobody changes or deletes either. evidence: everything that
    was counted and how, as uptime/evidence.py writes it. share: the part of the fee that outages touched.
    """

    agreement = models.ForeignKey("sla.Agreement", models.PROTECT, related_name="accounts", db_index=False)
    version = models.ForeignKey("sla.AgreementVersion", models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        "clients.Organisation", models.PROTECT, null=True, related_name="accounts"
    )
    window = models.CharField(max_length=7)  # penalty.Window.name
    since = models.DateTimeField()
    until = models.DateTimeField()
    base_s = models.DecimalField(max_digits=18, decimal_places=6)
    down_s = models.DecimalField(max_digits=18, decimal_places=6)
    planned_s = models.DecimalField(max_digits=18, decimal_places=6)
    share = models.DecimalField(max_digits=7, decimal_places=6, default=1)
    asked_at = models.DateTimeField(null=True)  # the client asked for the credit
    credit = models.DecimalField(max_digits=15, decimal_places=2)
    total = models.DecimalField(max_digits=15, decimal_places=2)
    currency = models.CharField(max_length=3, default="RUB")
    evidence = models.JSONField(encoder=DjangoJSONEncoder)
    note = models.CharField(max_length=500, blank=True)  # why it was corrected
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(  # closing.of(): also the index
                fields=["agreement", "organisation", "window"],
                condition=Q(replaces=None),
                nulls_distinct=False,
                name="periodaccount_closed_once",
            ),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="periodaccount_ends_later"),
            models.CheckConstraint(
                condition=Q(base_s__gte=0, down_s__gte=0, planned_s__gte=0, down_s__lte=F("base_s")),
                name="periodaccount_down_within_base",
            ),
            models.CheckConstraint(
                condition=Q(credit__gte=0, total__gte=0), name="periodaccount_owes_nobody_less_than_nothing"
            ),
            models.CheckConstraint(condition=Q(share__range=(0, 1)), name="periodaccount_share_is_a_part"),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(note=""), name="periodaccount_correction_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.window} of {self.agreement_id}"
