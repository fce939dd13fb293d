"""Who writes to us: people, their addresses, their organisations (R-A12)."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def parts(field: str) -> Func:
    """Threes of letters of a short text: any part of it from three letters on is found by them (desk/search)."""
    return Func(F(field), function="otklik_parts")


class Tariff(models.Model):
    """What a client or an organisation pays for, by its name; agreements may cover it (sla.Cover)."""

    name = models.CharField(_("название"), max_length=120, unique=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="tariff_has_a_name")]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    name = models.CharField(_("название"), max_length=200)
    note = models.TextField(_("что важно знать"), blank=True)
    tariff = models.ForeignKey(Tariff, models.SET_NULL, null=True, blank=True, related_name="organisations")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [GinIndex(parts("name"), name="organisation_parts")]

    def __str__(self) -> str:
        return self.name


class Domain(models.Model):
    """A mail domain of an organisation: who writes from it belongs there."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="domains")
    name = models.CharField(max_length=253, unique=True)  # lower case, IDN readable

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="domain_has_a_name")]

    def __str__(self) -> str:
        return self.name


class Client(models.Model):
    name = models.CharField(_("имя"), max_length=500)
    position = models.CharField(_("должность"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="clients"
    )
    tariff = models.ForeignKey(  # their own; without one the organisation's counts
        Tariff, models.SET_NULL, null=True, blank=True, related_name="clients", db_index=False
    )
    note = models.TextField(_("что важно знать"), blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True)  # who it was nobody can tell any more (privacy.erasing)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "name"], name="client_of_organisation"),
            GinIndex(parts("name"), name="client_parts"),
        ]

    def __str__(self) -> str:
        return self.name


class Identity(models.Model):
    """One address, telephone or handle of a client: one row each, so that a second address is one more row."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("почта")
        PHONE = "phone", _("телефон")

    client = models.ForeignKey(Client, models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.EMAIL)
    value = models.CharField(max_length=320)  # normalised: an address in lower case, a telephone in E.164
    shown = models.CharField(max_length=320)  # as the client writes it
    name = models.CharField(max_length=500, blank=True)  # the name that came with it
    created_at = models.DateTimeField(default=timezone.now)
    bad_at = models.DateTimeField(null=True)  # a letter to it came back for good
    bad_reason = models.CharField(max_length=500, blank=True)
    blocked_at = models.DateTimeField(null=True)
    blocked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value"], name="identity_one_owner"
            ),  # queries.by_address()
            models.CheckConstraint(condition=~Q(value=""), name="identity_has_a_value"),
        ]
        indexes = [GinIndex(parts("value"), name="identity_parts")]

    def __str__(self) -> str:
        return self.shown


class Consent(models.Model):
    """What a client agreed to, in which words, and when it was taken back (152-FZ art. 9, GDPR art. 7).

    Its words never change: another version is another consent. It goes with the client.
    """

    class Purpose(models.TextChoices):
        SERVICE = "service", _("ответы на обращения")
        NEWS = "news", _("новости и предложения")
        SURVEY = "survey", _("опросы о качестве")
        OTHER = "other", _("другое")

    class Door(models.TextChoices):
        LETTER = "letter", _("письмом")
        PHONE = "phone", _("по телефону")
        PAPER = "paper", _("на бумаге")
        FORM = "form", _("через форму")

    client = models.ForeignKey(Client, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("на что согласие"), max_length=10, choices=Purpose)
    text = models.TextField(_("текст согласия"), max_length=5000)
    version = models.CharField(_("версия текста"), max_length=40, blank=True)
    door = models.CharField(_("как получено"), max_length=10, choices=Door)
    given_at = models.DateTimeField(_("когда"))
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="consent_has_words"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_later",
            ),
        ]
        indexes = [models.Index(fields=["client", "-given_at"], name="consent_of_client")]  # the card

    def __str__(self) -> str:
        return f"{self.purpose} of client {self.client_id}"


class Shunned(models.Model):
    """A blocked address whose client was erased: only its keyed hash, so that the block holds (accounts.prints)."""

    print = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "shunned"

    def __str__(self) -> str:
        return f"shunned since {self.at:%Y-%m-%d}"
