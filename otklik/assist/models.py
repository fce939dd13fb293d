"""The coach in the desk: the style of a team, what people say to its findings, and what became of them (R-B13).

No word of a reply is kept here: a finding is known by its rule and a print of its words.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Style(models.Model):
    """How a team wants to write, one row a version: the highest is in force, an old one comes back as a new one."""

    class Apologise(models.TextChoices):
        FAULT = "fault", _("когда виноваты мы: об этом говорит запрос или сам ответ")
        KNOWN = "known", _("только когда запрос говорит, что виноваты мы")
        NEVER = "never", _("не напоминать: решает сотрудник")

    team = models.ForeignKey("staff.Team", models.CASCADE, related_name="styles", db_index=False)
    version = models.PositiveIntegerField()
    off = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # codes of rules
    words = models.JSONField(default=list)  # [{"say", "instead": […], "reason"}]: coach.OwnWords
    apologise = models.CharField(max_length=5, choices=Apologise, default=Apologise.FAULT)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    restores = models.PositiveIntegerField(null=True)  # the version that came back

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "version"], name="style_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="style_versions_from_1"),
            models.CheckConstraint(
                condition=Q(apologise__in=["fault", "known", "never"]), name="style_apologises_known_way"
            ),
        ]

    def __str__(self) -> str:
        return f"style of team {self.team_id}, version {self.version}"


class Mute(models.Model):
    """«Больше не показывать мне это правило»."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    rule = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "rule"], name="mute_once")]

    def __str__(self) -> str:
        return f"{self.user_id} without {self.rule}"


class Reason(models.TextChoices):
    """Why somebody doesn't agree with a finding."""

    EXACT = "exact", _("здесь это слово точное")
    WRONG = "wrong", _("подсказка ошиблась")
    CLIENT = "client", _("с этим клиентом так принято")
    OWN = "own", _("другая причина")


class Verdict(models.Model):
    """What the writer of a reply did about one finding. message: the reply that was sent; None while it is written.

    A reply that is taken back gives its verdicts back to the draft, since its message goes.
    """

    class What(models.TextChoices):
        SEEN = "seen"
        TAKEN = "taken"  # a suggestion; of a promise: remember it, by due_at
        DISMISSED = "dismissed"  # of a promise: it is none

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    ticket = models.ForeignKey("desk.Ticket", models.CASCADE, related_name="+")
    message = models.ForeignKey("desk.Message", models.SET_NULL, null=True, related_name="+")
    key = models.CharField(max_length=40)  # rule and print of the words: checking.key()
    what = models.CharField(max_length=9, choices=What)
    reason = models.CharField(max_length=6, choices=Reason, blank=True)
    words = models.CharField(max_length=200, blank=True)  # a reason of one's own
    due_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(what="dismissed") | Q(reason="", words=""), name="verdict_reason_of_a_no"
            ),
        ]
        indexes = [
            # checking: what is said to the findings of this draft
            models.Index(fields=["user", "ticket"], condition=Q(message=None), name="verdict_of_draft"),
            models.Index(fields=["at"], name="verdict_old"),  # sweeping.tidy()
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.what} {self.key}"


class Written(models.Model):
    """One sent reply in figures. counts: findings left in it, by rule; thanks: None where no rule can tell."""

    message = models.OneToOneField("desk.Message", models.CASCADE, primary_key=True, related_name="+")
    team = models.ForeignKey("staff.Team", models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    length = models.PositiveIntegerField()
    counts = models.JSONField(default=dict)
    closes = models.BooleanField(default=False)  # the request was closed with it
    thanks = models.BooleanField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["team", "at"], name="written_of_team"),  # figures.months()
            models.Index(fields=["user", "at"], name="written_of_person"),
        ]

    def __str__(self) -> str:
        return f"figures of message {self.message_id}"


class Outcome(models.Model):
    """What became of one finding when its reply was sent."""

    class What(models.TextChoices):
        TAKEN = "taken", _("приняли")
        MENDED = "mended", _("поправили сами")
        DISMISSED = "dismissed", _("не согласились")
        LEFT = "left", _("оставили")

    message = models.ForeignKey("desk.Message", models.CASCADE, related_name="+")
    ticket = models.ForeignKey("desk.Ticket", models.CASCADE, related_name="+")
    team = models.ForeignKey("staff.Team", models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    rule = models.CharField(max_length=20)
    what = models.CharField(max_length=9, choices=What)
    reason = models.CharField(max_length=6, choices=Reason, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(what="dismissed") | Q(reason=""), name="outcome_reason_of_a_no"
            ),
        ]
        indexes = [
            models.Index(fields=["team", "at"], name="outcome_of_team"),  # figures.months()
            models.Index(fields=["team", "rule", "-at"], name="outcome_of_rule"),  # figures.doubted()
            models.Index(fields=["user", "at"], name="outcome_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.what} in {self.message_id}"
