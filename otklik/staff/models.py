"""Who serves: teams with their levels, the people in them, the company itself."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Team(models.Model):
    """Agents who see one queue. Level 1 is the help desk, 4 the vendor or another department (R-A4)."""

    name = models.CharField(_("название"), max_length=80, unique=True)
    level = models.PositiveSmallIntegerField(_("уровень"), default=1)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="teams")
    automatic_news = (
        models.BooleanField(  # a letter may leave by itself before a news is missed: outbox/newsletters.py
            _("писать клиенту автоматически, когда подходит время новости"), default=False, db_default=False
        )
    )

    class Meta:
        ordering = ["level", "name"]
        constraints = [models.CheckConstraint(condition=Q(level__range=(1, 4)), name="team_level_1_to_4")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"


class Profile(models.Model):
    """How one agent works and is spoken of."""

    class Speech(models.TextChoices):
        NONE = "", _("не указан")
        SHE = "f", _("«Анна взяла»")
        HE = "m", _("«Борис взял»")

    class AfterSend(models.TextChoices):
        STAY = "stay", _("остаться в запросе")
        NEXT = "next", _("открыть следующий")
        LIST = "list", _("вернуться к списку")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="profile", primary_key=True
    )
    speech = models.CharField(_("род"), max_length=1, choices=Speech, blank=True, default="")
    position = models.CharField(_("должность"), max_length=120, blank=True)
    signature = models.TextField(_("подпись в письмах"), blank=True, max_length=2000)
    undo_s = models.PositiveSmallIntegerField(_("секунд на отмену отправки"), default=10)
    after_send = models.CharField(
        _("после отправки ответа"), max_length=4, choices=AfterSend, default=AfterSend.STAY
    )
    mail_assigned = models.BooleanField(_("писать мне, когда мне передали запрос"), default=True)
    mail_answered = models.BooleanField(_("писать мне, когда клиент ответил, а меня нет"), default=True)
    seen_at = models.DateTimeField(
        null=True
    )  # to five minutes, kept by the sessions' trigger (migration 0006)
    away_until = models.DateField(null=True, blank=True)  # the last day of an absence, in the company's zone
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )  # whom colleagues ask meanwhile, and who gets what comes back

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(undo_s__lte=30), name="profile_undo_up_to_30_s"),
            models.CheckConstraint(
                condition=Q(stand_in=None) | Q(away_until__isnull=False),
                name="profile_stand_in_of_an_absence",
            ),
            models.CheckConstraint(condition=~Q(stand_in=F("user")), name="profile_another_stands_in"),
        ]

    def __str__(self) -> str:
        return f"profile of {self.user_id}"

    def is_away(self, on: date) -> bool:
        return self.away_until is not None and self.away_until >= on


class Departure(models.Model):
    """A person left a team, or all of them (team=None). The desk gives back what they own (desk/releasing.py)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="departures")
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(done_at=None), name="departure_open")
        ]  # desk.releasing

    def __str__(self) -> str:
        return f"{self.user_id} left {self.team_id or 'all'}"


class Company(models.Model):
    """The one company of this installation (design §9): what clients read of it."""

    name = models.CharField(_("название"), max_length=120)
    phone = models.CharField(_("телефон для клиентов"), max_length=40, blank=True)
    phone_hours = models.CharField(_("когда отвечаем по телефону"), max_length=80, blank=True)
    answer_within = models.DurationField(_("первый ответ, рабочее время"), default=timedelta(hours=4))
    acknowledge = models.BooleanField(_("подтверждать получение письма"), default=True)
    # letters as they came, byte for byte, after they were read (channels.intake.trimming); 0 = for ever
    raw_kept_days = models.PositiveIntegerField(_("хранить исходные письма, дней"), default=365)
    only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        verbose_name_plural = "companies"
        constraints = [models.CheckConstraint(condition=Q(only=True), name="company_only_one")]

    def __str__(self) -> str:
        return self.name
