"""What stood still in the example company: outages, planned work that overran, an organisation with a credit (R-E6)."""

from datetime import datetime, timedelta

from otklik.accounts.models import User
from otklik.clients.models import Organisation
from otklik.sla import penalty
from otklik.sla.models import Cover
from otklik.sla.penalty import Window
from otklik.sla.uptime import closing, counting, noting
from otklik.sla.uptime.counting import Asked
from otklik.sla.uptime.noting import Told


def happen(lead: User, *, at: datetime) -> None:
    """In the month before `at` and lately; that month is closed for one organisation, which gets a credit for it."""
    cover = (
        Cover.objects.select_related("agreement__calendar", "tariff").order_by("-agreement__rank")[:1].get()
    )
    firm = Organisation.objects.filter(tariff=cover.tariff).order_by("pk")[:1].get()
    zone = counting.zone_of(cover.agreement)
    month = penalty.window("month", at.date(), zone).moved(-1)
    for told, when in _last_month(month, firm):
        noting.note(told, by=lead, at=when)
    for told in _lately(at):
        noting.note(told, by=lead, at=at)
    asked_at = month.until + timedelta(hours=10)
    closing.close(Asked(cover.agreement, month, firm, asked_at=min(asked_at, at)), by=lead, at=at)


def _last_month(month: Window, firm: Organisation) -> list[tuple[Told, datetime]]:
    """(what, when it was noted)."""

    def on(day: int, hour: int, minute: int = 0) -> datetime:
        return month.since + timedelta(days=day - 1, hours=hour, minutes=minute)

    return [
        (
            Told(
                "outage", "Не открывались сайты", "Отказал коммутатор в дата-центре, его заменили на запасной.",
                cause="vendor", source="monitor", began_at=on(9, 11, 12), reported_at=on(9, 11, 20),
                accepted_at=on(9, 11, 25), ended_at=on(9, 12, 2),
            ),
            on(9, 12, 30),
        ),
        (
            Told(
                "work", "Обновляем почтовые серверы", "Новая версия шла дольше, чем на проверке: мы закончили позже.",
                announced_at=on(12, 15), window_began_at=on(16, 2), window_ended_at=on(16, 5), began_at=on(16, 2),
                ended_at=on(16, 5, 40),
            ),
            on(16, 9),
        ),
        (
            Told(
                "outage", "Не входили в базу 1С", "Кончилось место на диске сервера: добавили и поставили наблюдение.",
                source="report", organisations=(firm,), began_at=on(20, 9, 40), accepted_at=on(20, 9, 55),
                workaround_at=on(20, 17, 10), ended_at=on(20, 19),
            ),
            on(20, 19, 15),
        ),
    ]  # fmt: skip


def _lately(at: datetime) -> list[Told]:
    hour = at.replace(minute=0, second=0, microsecond=0)
    ago, ahead = hour - timedelta(days=2), hour + timedelta(days=3)
    return [
        Told(
            "outage", "Почта уходила с задержкой", "Очередь разрослась после рассылки, её разобрали.",
            source="monitor", began_at=ago, ended_at=ago + timedelta(minutes=18),
        ),
        Told(
            "work", "Меняем диски в хранилище", "Сайты будут открываться медленнее, почта работает как обычно.",
            announced_at=ago, window_began_at=ahead, window_ended_at=ahead + timedelta(hours=3),
        ),
    ]  # fmt: skip
