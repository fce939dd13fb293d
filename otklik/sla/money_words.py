"""Choices of an agreement's money in words: how availability is counted, what credits there are (sla/terms_money)."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from otklik.russian.typography import NBSP
from otklik.sla._windows import WindowKind
from otklik.sla.terms_money import Credits, Uptime
from otklik.web.language import is_english

WINDOWS: Final = {
    "month": gettext_lazy("за месяц"), "quarter": gettext_lazy("за квартал"), "year": gettext_lazy("за год"),
}  # fmt: skip
SERVICE: Final = {
    "always": gettext_lazy("круглосуточно"), "hours": gettext_lazy("в рабочие часы соглашения"),
}  # fmt: skip
PLANNED: Final = {
    "out": gettext_lazy("не входят в расчёт"), "up": gettext_lazy("считаем временем, когда всё работает"),
    "down": gettext_lazy("считаем перерывом"),
}  # fmt: skip
BEGINS: Final = {
    "monitor": gettext_lazy("когда его заметило наблюдение"),
    "report": gettext_lazy("когда о нём сообщил клиент"),
    "accepted": gettext_lazy("когда мы приняли запрос клиента"),
}
ENDS: Final = {
    "workaround": gettext_lazy("когда клиент может работать, пусть и обходным путём"),
    "fixed": gettext_lazy("когда всё исправили"),
}
CAUSES: Final = {
    "ours": gettext_lazy("у нас"), "vendor": gettext_lazy("у поставщика"), "client": gettext_lazy("у клиента"),
    "force": gettext_lazy("чрезвычайные обстоятельства"),
}  # fmt: skip
KINDS: Final = {
    "ladder": gettext_lazy("по ступеням доступности"), "per_hour": gettext_lazy("процент за час перерыва"),
    "days": gettext_lazy("дни за час перерыва"), "flat": gettext_lazy("один процент сразу"),
}  # fmt: skip
BASES: Final = {
    "fee": gettext_lazy("от всей платы"), "part": gettext_lazy("от платы за то, чего коснулся перерыв"),
    "sum": gettext_lazy("от отдельной суммы"),
}  # fmt: skip
ROUNDINGS: Final = {
    "full": gettext_lazy("полные"), "exact": gettext_lazy("до секунды"), "started": gettext_lazy("начатые"),
}  # fmt: skip
UNITS: Final = {
    "request": gettext_lazy("за решённый запрос"), "hour": gettext_lazy("за час работы"),
}  # fmt: skip


def end_of(how: Uptime) -> str:
    """A key of ENDS."""
    return "workaround" if how.workaround else "fixed"


def rate(agreed: Credits) -> tuple[str, str]:
    """(what for, how much) of the kinds that have one rate."""
    if agreed.kind == "days":
        days = ngettext("%s день платы", "%s дней платы", int(agreed.rate))
        return _("Скидка за час перерыва"), days % _decimal(agreed.rate)
    much = f"{_decimal(agreed.rate)}{NBSP}%"
    if agreed.kind == "flat":
        return _("Скидка, если доступность ниже обещанной"), much
    return _("Скидка за час перерыва"), much


def claim(agreed: Credits, window: WindowKind) -> str:
    """«2 месяца и 10 дней после …»; '' where it is given without asking."""
    windows = {
        "month": ngettext("%s месяц", "%s месяцев", agreed.claim_windows),
        "quarter": ngettext("%s квартал", "%s кварталов", agreed.claim_windows),
        "year": ngettext("%s год", "%s лет", agreed.claim_windows),
    }
    days = ngettext("%s день", "%s дней", agreed.claim_days)
    parts = [
        windows[window] % agreed.claim_windows if agreed.claim_windows else "",
        days % agreed.claim_days if agreed.claim_days else "",
    ]
    told = ", ".join(filter(None, parts))
    return _("%s после того, как срок расчёта кончился") % told if told else ""


def _decimal(value: float) -> str:
    text = f"{value:g}"
    return text if is_english() else text.replace(".", ",")
