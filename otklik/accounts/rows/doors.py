"""By what people and programs come in: sessions of browsers, keys of programs, sign-in by another service."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from otklik.accounts.scopes import Scope


class Session(AbstractBaseSession):
    """One browser. Signed in it knows whose it is, since when, from where and which browser (sessions.py)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions")
    made_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)  # to five minutes
    place = models.CharField(max_length=45, blank=True)  # the address of the network it last came from
    browser = models.CharField(max_length=300, blank=True)  # as it names itself

    class Meta:
        indexes = [models.Index(fields=["expire_date"], name="session_old")]  # sessions.forget_old()

    def __str__(self) -> str:
        return f"session of {self.user_id or 'a visitor'}"

    @classmethod
    def get_session_store_class(cls) -> type:
        store: type = import_string("otklik.accounts.sessions.SessionStore")
        return store


class ApiKey(models.Model):
    """A program's key: acts as its person, within its scopes. It is shown once, a hash is kept (keys.py)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_keys")
    name = models.CharField(_("для чего"), max_length=80)
    prefix = models.CharField(max_length=12, unique=True)  # the part that people may see
    secret_hash = models.CharField(max_length=64)  # SHA-256 of 192 random bits, hexadecimal
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), verbose_name=_("что можно"))
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)  # to a minute
    last_place = models.CharField(max_length=45, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="apikey_has_a_name"),
            models.CheckConstraint(condition=~Q(scopes=[]), name="apikey_has_a_scope"),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("made_at")), name="apikey_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class Provider(models.Model):
    """A service by which people sign in with OpenID Connect; the secret is sealed (vault.py)."""

    slug = models.SlugField(
        _("короткое имя"), max_length=40, unique=True
    )  # stands in the address to come back to
    name = models.CharField(_("название на кнопке"), max_length=40)
    address = models.URLField(_("адрес службы (issuer)"), max_length=500)
    client_id = models.CharField(_("идентификатор приложения"), max_length=190)
    secret = models.BinaryField(max_length=1000)
    is_on = models.BooleanField(_("показывать на странице входа"), default=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="provider_has_a_name")]

    def __str__(self) -> str:
        return self.name
