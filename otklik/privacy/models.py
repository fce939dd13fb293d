"""Erasures, exports and how long things are kept. No row here holds a person's data in the open."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

DAYS = [MaxValueValidator(36_500)]
LOOKS_DAYS = (
    30  # who may say how long the access log is kept must not make what they did yesterday go tonight
)
EXPORT_DAYS = [MinValueValidator(1), MaxValueValidator(90)]


def long_enough(days: int) -> None:
    if 0 < days < LOOKS_DAYS:
        raise ValidationError(_("Не меньше 30 дней, или 0 — хранить всегда."))


class Erasure(models.Model):
    """The mark that a person was erased: who did it, when, on what ground; and how far the work has come (working.py).

    `sealed` holds what to look for, closed by the key of the environment, only while the work lasts.
    """

    class Ground(models.TextChoices):
        ASKED = "asked", _("человек попросил")
        WITHDREW = "withdrew", _("человек отозвал согласие")
        OVER = "over", _("цели достигли, данные больше не нужны")
        ORDER = "order", _("требование суда или надзора")

    class Stage(models.TextChoices):
        MARK = "mark", _("записываем отметку")
        ADDRESSES = "addresses", _("убираем адреса и ссылки")
        REQUESTS = "requests", _("стираем переписку")
        SWEEP = "sweep", _("ищем имя и адрес во всех таблицах")
        LETTERS = "letters", _("проверяем исходные письма")
        FILES = "files", _("удаляем файлы")
        CHECK = "check", _("проверяем, что ничего не осталось")
        DONE = "done", _("готово")

    uid = models.CharField(max_length=32, unique=True)
    client_id = (
        models.BigIntegerField()
    )  # of the row that stays without a name; no foreign key: it may go too
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ground = models.CharField(_("основание"), max_length=10, choices=Ground)
    asked_at = models.DateTimeField()
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.MARK)
    place = models.JSONField(default=dict)  # where in the stage the work stands
    bounds = models.JSONField(
        default=dict
    )  # the last id of each table at the beginning: newer rows are not its
    sealed = models.BinaryField(null=True)
    files = ArrayField(models.CharField(max_length=64), default=list)  # SHA-256 of files to delete
    requests = models.PositiveIntegerField(default=0)
    messages = models.PositiveIntegerField(default=0)
    letters = models.PositiveIntegerField(default=0)
    files_gone = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=100, blank=True)  # the kind of what stopped the last step
    faulted_at = models.DateTimeField(null=True)
    left_over = ArrayField(models.CharField(max_length=200), default=list)  # table.column: count
    # rows of others in which such a name stands, and the first of their requests: a person looks
    perhaps_count = models.PositiveIntegerField(default=0)
    perhaps = ArrayField(models.BigIntegerField(), default=list)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage="done") | Q(done_at__isnull=False, sealed=None, files=[]),
                name="erasure_done_keeps_nothing",
            ),
            models.UniqueConstraint(
                fields=["client_id"], condition=Q(done_at=None), name="erasure_one_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(done_at=None), name="erasure_to_do")]

    def __str__(self) -> str:
        return f"erasure {self.pk} of client {self.client_id}: {self.stage}"


class Export(models.Model):
    """A file with everything that we hold of one client, to be fetched within a time (exporting.py)."""

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="exports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=5, default="ru")
    with_notes = models.BooleanField(default=True)  # colleagues' notes that name the client
    asked_at = models.DateTimeField()
    done_requests = models.PositiveIntegerField(default=0)
    requests = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=64, blank=True)  # of the file in the folder of exports
    size_bytes = models.PositiveBigIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)
    held_until = models.DateTimeField(null=True)  # who makes it now says so anew before this (exporting.tick)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(ready_at=None, fault=""), name="export_to_do"),
            models.Index(fields=["expires_at"], condition=Q(ready_at__isnull=False), name="export_old"),
        ]

    def __str__(self) -> str:
        return f"export {self.pk} of client {self.client_id}"


class Keeping(models.Model):
    """How many days things of a kind are kept; 0 is for ever. One row; raw letters: staff.Company.raw_kept_days."""

    closed = models.PositiveIntegerField(_("тексты закрытых запросов"), default=0, validators=DAYS)
    spam = models.PositiveIntegerField(_("спам"), default=90, validators=DAYS)
    looks = models.PositiveIntegerField(
        _("строки журнала доступа"), default=1095, validators=[*DAYS, long_enough]
    )
    drafts = models.PositiveIntegerField(_("забытые черновики"), default=180, validators=DAYS)
    exports = models.PositiveIntegerField(_("готовые выгрузки"), default=7, validators=EXPORT_DAYS)
    only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(only=True), name="keeping_only_one"),
            models.CheckConstraint(condition=Q(exports__range=(1, 90)), name="keeping_exports_end"),
            models.CheckConstraint(
                condition=Q(looks=0) | Q(looks__gte=LOOKS_DAYS), name="keeping_looks_long_enough"
            ),
        ]

    def __str__(self) -> str:
        return "how long things are kept"


class Tidying(models.Model):
    """One night's work of retention: what went, by kind. The ledger of keeping.py."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=10)
    gone = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "tidyings"
        indexes = [models.Index(fields=["-at"], name="tidying_last")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.gone}"

    @property
    def words(self) -> str:
        """The kind as the page of settings calls it."""
        names = {one.name: one.verbose_name for one in Keeping._meta.fields}  # noqa: SLF001 - a documented name of Django
        return str(names[self.kind])
