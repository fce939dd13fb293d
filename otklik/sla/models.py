"""Calendars, agreements and clocks (contracts/worktime, R-E1 … R-E4, R-E7).

A version of a calendar or of an agreement never changes (a trigger holds it): what bound a request can be shown for
ever. Clocks are a cache: `sla.deriving` makes them anew from the journal, `otklik sla verify` compares.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from otklik.sla.replay.models import Replay

__all__ = [
    "STANDING", "Agreement", "AgreementVersion", "Alert", "Bond", "Calendar", "CalendarVersion", "Clock", "Cover",
    "Replay",
]  # fmt: skip
STANDING = Q(ended_at=None)


class Calendar(models.Model):
    """Named working hours. `spec` and `version` are those of the latest CalendarVersion, for showing.

    made_of: what the spec was made of (sla/making.py), to make it anew when a new year's holidays are known.
    """

    name = models.CharField(_("название"), max_length=120, unique=True)
    spec = models.JSONField()
    made_of = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="calendar_one_default"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """What both kinds of versions have: counted from 1, in force from a moment on, made once and never changed."""

    number = models.PositiveIntegerField()
    effective_from = models.DateTimeField()
    note = models.CharField(_("что изменилось"), max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        abstract = True


class CalendarVersion(Version):
    """Hours in force from a moment on, until a later version's moment. spec: the JSON of worktime.Hours."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="versions")
    spec = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "number"], name="calendarversion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id} v{self.number}"


class Agreement(models.Model):
    """What a group of clients was promised, under one name: a tier such as «Бизнес» (R-E7)."""

    name = models.CharField(_("название"), max_length=120, unique=True)
    rank = models.PositiveSmallIntegerField(_("ступень"), default=1)  # a higher one is quicker and dearer
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="agreements")
    is_default = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)  # covers no new request from then on

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="agreement_one_default"
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(ended_at=None), name="agreement_default_goes_on"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AgreementVersion(Version):
    """Terms in force from a moment on. terms: the JSON of sla.terms.Terms."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="versions")
    terms = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreementversion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} v{self.number}"


class Cover(models.Model):
    """Whose requests an agreement binds. The narrowest wins: client, organisation, tariff, label; then the default."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="covers")
    client = models.ForeignKey("clients.Client", models.CASCADE, null=True, related_name="covers")
    organisation = models.ForeignKey("clients.Organisation", models.CASCADE, null=True, related_name="covers")
    tariff = models.ForeignKey("clients.Tariff", models.CASCADE, null=True, related_name="covers")
    tag = models.ForeignKey(
        "desk.Tag", models.CASCADE, null=True, related_name="covers"
    )  # a service, by its label
    priorities = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)  # empty: all

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "organisation", "tariff", "tag", "priorities"],
                nulls_distinct=False,
                name="cover_of_one_agreement",
            ),
            models.CheckConstraint(
                condition=Q(client__isnull=False, organisation=None, tariff=None, tag=None)
                | Q(client=None, organisation__isnull=False, tariff=None, tag=None)
                | Q(client=None, organisation=None, tariff__isnull=False, tag=None)
                | Q(client=None, organisation=None, tariff=None, tag__isnull=False),
                name="cover_of_one_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"cover {self.pk} of {self.agreement_id}"


class Bond(models.Model):
    """The agreement that a request is judged by, from a moment on; one stands at a time (sla/binding.py)."""

    ticket = models.ForeignKey(  # indexed by bond_of_ticket
        "desk.Ticket", models.CASCADE, related_name="bonds", db_index=False
    )
    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="bonds", db_index=False)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=STANDING, name="bond_one_standing"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("at")), name="bond_ends_later"
            ),
        ]
        indexes = [models.Index(fields=["ticket"], name="bond_of_ticket")]

    def __str__(self) -> str:
        return f"bond {self.pk} of {self.ticket_id}"


class Clock(models.Model):
    """One clock of a request as it stands; a pure function of the journal and the versions (sla/course.py).

    due_at: None while paused. late: its time has passed, or it ended late. warned: how many of its agreement's shares
    have been told of; the next falls on warn_at.
    """

    class Kind(models.TextChoices):
        RESPONSE = "response", _("первый ответ")
        NEXT_REPLY = "next_reply", _("следующий ответ")
        NEWS = "news", _("новость")
        RESOLUTION = "resolution", _("решение")
        LEVEL = "level", _("срок команды")
        VENDOR = "vendor", _("срок поставщика")

    class State(models.TextChoices):
        RUNNING = "running"
        PAUSED = "paused"
        DONE = "done"
        VOID = "void"  # spam, an answer that nobody waits for any more: judged neither way

    ticket = models.ForeignKey(  # indexed by clock_once
        "desk.Ticket", models.CASCADE, related_name="clocks", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind)
    cycle = models.PositiveIntegerField(
        default=1
    )  # which one of its kind; of LEVEL the place of the team's first turn
    team = models.ForeignKey(  # of LEVEL
        "staff.Team", models.PROTECT, null=True, related_name="clocks", db_index=False
    )
    returns = models.PositiveSmallIntegerField(default=0)  # of LEVEL: how often it came back
    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="clocks", db_index=False)
    state = models.CharField(max_length=8, choices=State)
    target_s = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()  # of the last step
    elapsed_s = models.PositiveIntegerField()  # at changed_at
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    warn_at = models.DateTimeField(null=True)
    warned = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "kind", "cycle"], name="clock_once"),
            models.CheckConstraint(
                condition=(Q(state="running") & Q(due_at__isnull=False)) | ~Q(state="running"),
                name="clock_running_is_due",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=("done", "void")) & Q(ended_at__isnull=False))
                | (Q(state__in=("running", "paused")) & Q(ended_at=None)),
                name="clock_end_has_its_time",
            ),
        ]
        indexes = [
            # warning.sweep(): what falls due, and what is to be warned of
            models.Index(fields=["due_at"], condition=Q(state="running", late=False), name="clock_due"),
            models.Index(
                fields=["warn_at"], condition=Q(state="running", warn_at__isnull=False), name="clock_warn"
            ),
            # report/counting.py: what ended in a period
            models.Index(fields=["ended_at"], condition=Q(state="done"), name="clock_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.cycle} of {self.ticket_id}"


class Alert(models.Model):
    """Somebody is told that something falls due or is late: once for each share of its time (sla/warning.py).

    share: percent of the target that had passed; PAST: the due time itself; ITSELF: an automatic letter told of it.
    user=None: nobody was there to be told. show_at: not at night; told_at: from then on pages count it. owner and team:
    the request's when this was decided, so that handing over is seen. over_at: it ended, moved or was kept, or is
    somebody else's.
    """

    PAST = 100
    ITSELF = 1

    user = models.ForeignKey(  # indexed by alert_once
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="alerts", db_index=False
    )
    ticket = models.ForeignKey("desk.Ticket", models.CASCADE, related_name="alerts")
    clock = models.ForeignKey(Clock, models.CASCADE, null=True, related_name="alerts")
    news = models.ForeignKey("promises.NextNews", models.CASCADE, null=True, related_name="alerts")
    promise = models.ForeignKey("promises.Promise", models.CASCADE, null=True, related_name="alerts")
    share = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    at = models.DateTimeField()
    show_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    team = models.ForeignKey("staff.Team", models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "clock", "news", "promise", "share", "due_at"],
                nulls_distinct=False,
                name="alert_once",
            ),
            models.CheckConstraint(
                condition=Q(clock__isnull=False, news=None, promise=None)
                | Q(clock=None, news__isnull=False, promise=None)
                | Q(clock=None, news=None, promise__isnull=False),
                name="alert_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(share__range=(1, 100)), name="alert_share_is_percent"),
            models.CheckConstraint(condition=Q(show_at__gte=F("at")), name="alert_shown_later"),
        ]
        indexes = [
            # alerts.count() on every page
            models.Index(
                fields=["user", "show_at"], condition=Q(seen_at=None, over_at=None), name="alert_unseen"
            ),
            # warning.sweep(): what is to be told, and what stands
            models.Index(fields=["show_at"], condition=Q(told_at=None, over_at=None), name="alert_untold"),
            models.Index(fields=["id"], condition=Q(over_at=None), name="alert_standing"),
        ]

    def __str__(self) -> str:
        return f"alert {self.pk} on {self.ticket_id}"


class Proposal(models.Model):
    """A target that history proposed and somebody took up, and what they made of it (sla/advice/proposing.py).

    agreement: for which it was meant, None: for a new one. tag: the service, None: any. bound_s: the upper end of the
    interval that proposed_s was rounded up from. levels: target by level, to be filled in with it. version: in which
    taken_s was agreed; what is taken may be another time than what was proposed.
    """

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, null=True, related_name="proposals", db_index=False
    )
    tag = models.ForeignKey(  # indexed by proposal_last
        "desk.Tag", models.CASCADE, null=True, related_name="+", db_index=False
    )
    priority = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Clock.Kind)
    share = models.PositiveSmallIntegerField()
    proposed_s = models.PositiveIntegerField()
    bound_s = models.PositiveIntegerField()
    cases = models.PositiveIntegerField()
    levels = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    version = models.ForeignKey(
        AgreementVersion, models.PROTECT, null=True, related_name="proposals", db_index=False
    )
    taken_s = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(proposed_s__gte=F("bound_s")), name="proposal_not_below_bound"
            ),
            models.CheckConstraint(condition=Q(share__range=(50, 99)), name="proposal_share_is_percent"),
            models.CheckConstraint(
                condition=Q(version=None, taken_s=None, taken_at=None)
                | Q(version__isnull=False, taken_s__isnull=False, taken_at__gte=F("at")),
                name="proposal_taken_whole",
            ),
        ]
        indexes = [  # proposing.last()
            models.Index(fields=["tag", "priority", "kind", "-at"], name="proposal_last"),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}: {self.kind} in {self.proposed_s} s"


# rows of the room's parts, each beside what it serves
from otklik.sla.uptime.models import Incident, PeriodAccount  # noqa: E402, F401
