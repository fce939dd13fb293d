"""How people of this company sign in: what an administrator decides for all."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SignInRules(models.Model):
    """The one row (accounts.stepping). None yet: as the defaults say."""

    class Lasts(models.IntegerChoices):
        HALF_A_DAY = 12, _("12 часов")
        DAY = 24, _("сутки")
        WEEK = 168, _("неделю")
        FORTNIGHT = 336, _("две недели")

    second_step = models.BooleanField(_("второй шаг входа нужен всем"), default=False)
    session_hours = models.PositiveSmallIntegerField(
        _("вход действует"), choices=Lasts, default=Lasts.FORTNIGHT
    )
    only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only=True), name="signinrules_only_one")]

    def __str__(self) -> str:
        return "rules of signing in"
