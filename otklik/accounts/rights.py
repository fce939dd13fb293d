"""What a person may do. A role is a set of rights; whose requests one sees, teams decide (docs/rights.md)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Right(models.TextChoices):
    SEE = "see", _("видеть запросы своих команд")
    WORK = "work", _("отвечать клиентам и менять запросы")
    SEE_ALL = "see_all", _("видеть запросы всех команд")
    LEAD = "lead", _("видеть сводку команды, раздавать запросы коллег и настраивать стиль ответов")
    PASS_ON = "pass_on", _("передавать командам слова клиента")
    PEOPLE = "people", _("заводить сотрудников, роли и команды")
    SETTINGS = "settings", _("настраивать ящики, часы и компанию")
    KEYS = "keys", _("выпускать ключи API")
    LOG = "log", _("смотреть журнал доступа")
    EXPORT = "export", _("выгружать данные клиентов")


LIGHT = frozenset({Right.PASS_ON})
AGENT = LIGHT | {Right.SEE, Right.WORK}
LEAD = AGENT | {Right.LEAD}
ADMIN = frozenset(Right)

# by the values of User.Role; a role of one's own holds its set itself (models.OwnRole)
OF_ROLE: dict[str, frozenset[Right]] = {"light": LIGHT, "agent": AGENT, "lead": LEAD, "admin": ADMIN}
