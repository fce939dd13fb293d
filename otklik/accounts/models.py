"""People who sign in, and the links by which clients look at their requests."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from otklik.accounts.rights import ADMIN, OF_ROLE, Right
from otklik.accounts.rows.doors import ApiKey, Provider, Session
from otklik.accounts.rows.letters import AccountLetter, PasswordLink
from otklik.accounts.rows.looks import Look
from otklik.accounts.rows.rules import SignInRules

__all__ = [
    "AccountLetter",
    "ApiKey",
    "ClientLink",
    "Look",
    "OwnRole",
    "PasswordLink",
    "Provider",
    "Session",
    "SignInRules",
    "Tally",
    "User",
    "UserManager",
]


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str, password: str | None = None, role: str = "agent") -> "User":
        user = self.model(email=self.normalize_email(email), name=name, role=role)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, name: str, password: str | None = None) -> "User":
        return self.create_user(email, name, password, role=User.Role.ADMIN)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class OwnRole(models.Model):
    """A role that the company made: a name and its set of rights. A built-in one stays beside (User.role)."""

    name = models.CharField(_("название"), max_length=60, unique=True)
    rights = ArrayField(models.CharField(max_length=10, choices=Right), verbose_name=_("что можно"))

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="ownrole_has_a_name"),
            models.CheckConstraint(
                condition=Q(rights__contained_by=[one.value for one in Right]), name="ownrole_known_rights"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def words(self) -> list[str]:
        """What it may, for people to read."""
        return [str(one.label) for one in Right if one in self.rights]


class User(AbstractBaseUser):
    """One who works at the desk. The address is the name to sign in with; its case does not matter."""

    class Role(models.TextChoices):
        LIGHT = "light", _("любой сотрудник")
        AGENT = "agent", _("сотрудник")
        LEAD = "lead", _("руководитель")
        ADMIN = "admin", _("администратор")

    class Theme(models.TextChoices):
        SYSTEM = "system", _("как в системе")
        LIGHT = "light", _("светлая")
        DARK = "dark", _("тёмная")

    class Language(models.TextChoices):
        RUSSIAN = "ru", "Русский"
        ENGLISH = "en", "English"

    email = models.EmailField(_("почта"), max_length=254, unique=True)
    name = models.CharField(_("имя и фамилия"), max_length=120)
    role = models.CharField(_("роль"), max_length=10, choices=Role, default=Role.AGENT)
    own_role = models.ForeignKey(
        OwnRole, models.PROTECT, null=True, related_name="people"
    )  # its rights take the place of the role's
    theme = models.CharField(_("тема"), max_length=10, choices=Theme, default=Theme.SYSTEM)
    language = models.CharField(_("язык"), max_length=5, choices=Language, default=Language.RUSSIAN)
    is_active = models.BooleanField(default=True)
    # grows by itself (migration 0005) with each change of role, teams, password or activity, and at signing out: a live
    # ticket made before is good no more
    access_epoch = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    loaded_teams: tuple[int, ...] | None = (
        None  # of whoever a page is for (arriving.py); else staff.queries asks
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_one_address"),
            models.CheckConstraint(condition=~Q(name=""), name="user_has_a_name"),
            models.CheckConstraint(
                condition=Q(own_role=None) | Q(role__in=["light", "agent"]),
                name="user_own_role_over_a_plain_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_admin(self) -> bool:
        return self.role == self.Role.ADMIN

    @property
    def rights(self) -> frozenset[Right]:
        """What this person may do. Who has a role of the company's own comes with it loaded (backends.py)."""
        if not self.is_active:
            return frozenset()
        if self.is_admin:
            return ADMIN
        if self.own_role_id is not None and self.own_role is not None:
            return frozenset(Right(one) for one in self.own_role.rights)
        return OF_ROLE[self.role]

    def may(self, right: Right) -> bool:
        return right in self.rights

    @property
    def sees_all(self) -> bool:
        """Requests of every team, not those of their own teams alone."""
        return self.rights >= {Right.SEE, Right.SEE_ALL}

    @property
    def role_name(self) -> str:
        return (
            self.own_role.name if self.own_role_id is not None and self.own_role else self.get_role_display()
        )

    @property
    def is_staff(self) -> bool:
        """Django's admin asks this: only the operator gets in."""
        return self.is_admin

    def has_perm(self, perm: str, obj: object = None) -> bool:  # noqa: ARG002 - Django's signature
        return self.is_active and self.is_admin

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002 - Django's signature
        return self.is_active and self.is_admin

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]


class ClientLink(models.Model):
    """One participant's link to the page of one request. The token itself is never stored (links.py)."""

    ticket = models.ForeignKey("desk.Ticket", models.CASCADE, related_name="links")
    identity = models.ForeignKey("clients.Identity", models.CASCADE, related_name="links")
    salt = models.BinaryField(max_length=16)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="clientlink_expires_later"),
            # links.of() asks for the live link of a participant
            models.UniqueConstraint(
                fields=["ticket", "identity"], condition=Q(revoked_at=None), name="clientlink_one_live"
            ),
        ]

    def __str__(self) -> str:
        return f"link {self.pk} to ticket {self.ticket_id}"


class Tally(models.Model):
    """How often something was tried of late: a wrong password, a link asked for again (throttling.py).

    Rows of the database, since several processes must count together. The key is a keyed hash: no address is kept.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "tallies"
        indexes = [models.Index(fields=["last_at"], name="tally_old")]  # throttling sweeps by it

    def __str__(self) -> str:
        return f"{self.count} since {self.began_at:%Y-%m-%d %H:%M}"
