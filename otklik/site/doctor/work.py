"""The work beside the pages: processes that give signs of life, jobs that end, rules of the house that hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from otklik.env import Env
from otklik.site.doctor.finding import Finding, some, with_tables

SILENT = timedelta(minutes=2)
LATE = timedelta(minutes=10)
BACKUP_EVERY = timedelta(days=2)


@with_tables
def processes(env: Env) -> Iterator[Finding]:  # noqa: ARG001 - a check's signature
    """Somebody works in each role, and said so just now."""
    from django.utils import timezone

    from otklik.site.models import Beat

    names = {"worker": "Рабочий процесс (отправка, сроки)", "intake": "Приём писем"}
    now = timezone.now()
    for role, name in names.items():
        last = Beat.objects.filter(role=role).order_by("-at").values_list("at", flat=True).first()
        good = last is not None and last > now - SILENT
        said = f"последний знак {_ago(now - last)}" if last else "не запускали ни разу"
        yield Finding(
            good, f"{name}: {'работает' if good else said}.",
            f"Запустите otklik up (или otklik {role}); если он запущен, посмотрите его журнал в папке log.",
        )  # fmt: skip


def _ago(passed: timedelta) -> str:
    minutes = int(passed.total_seconds() // 60)
    return f"{minutes} мин назад" if minutes < 120 else f"{minutes // 60} ч назад"


@with_tables
def jobs(env: Env) -> Iterator[Finding]:  # noqa: ARG001 - a check's signature
    """None failed for good, none stands for long."""
    from django.utils import timezone
    from procrastinate.contrib.django.models import ProcrastinateJob

    now = timezone.now()
    failed: list[object] = list(
        ProcrastinateJob.objects.filter(status="failed").order_by("-id").values_list("id", flat=True)[:100]
    )
    due = ProcrastinateJob.objects.filter(status__in=["todo", "doing"], procrastinateevent__at__lt=now - LATE)
    stuck: list[object] = list(
        due.exclude(scheduled_at__gt=now - LATE).order_by("id").values_list("id", flat=True).distinct()[:100]
    )
    yield Finding(
        not failed, "Задания выполняются." if not failed else f"Задания не удались: {len(failed)} ({some(failed)}).",
        "Служебная страница → «Задания»: там причина и «Повторить».",
    )  # fmt: skip
    if stuck:
        yield Finding(
            False, f"Задания стоят дольше десяти минут: {len(stuck)} ({some(stuck)}).",
            "Проверьте, что запущен рабочий процесс; задание убитого он возвращает в очередь сам за минуту.",
        )  # fmt: skip


@with_tables
def news(env: Env) -> Iterator[Finding]:  # noqa: ARG001 - a check's signature
    """Each request that waits on us has a time by which its client hears of us (invariant 4)."""
    from otklik.sla import mending

    missing = sorted(mending.breaches().values())
    named = ", ".join(f"№ {number}" for number in missing[:5])
    yield Finding(
        not missing,
        "У каждого запроса, который ждёт нас, есть срок следующей новости."
        if not missing
        else f"Запросы ждут нас без срока следующей новости: {len(missing)} ({named}).",
        "Рабочий процесс (otklik up или otklik worker) назначит срок сам в течение пяти минут. "
        "Если запросы остались, посмотрите его журнал.",
    )


@with_tables
def owners(env: Env) -> Iterator[Finding]:  # noqa: ARG001 - a check's signature
    """Each open request is somebody's who works here, or stands in a queue that somebody looks at (invariant 3)."""
    from otklik.accounts.models import User
    from otklik.desk.models import OPEN, Ticket
    from otklik.staff.models import Team

    left = Ticket.objects.filter(OPEN, owner__is_active=False)
    crewed = Team.objects.filter(memberships__user__is_active=True).values("pk")
    lost = Ticket.objects.filter(OPEN, owner=None).exclude(team__in=crewed)
    if User.objects.filter(is_active=True, role=User.Role.ADMIN).exists():
        lost = lost.none()  # an administrator sees every queue
    told = (
        (
            left,
            "Запросы висят на ушедших сотрудниках",
            "Рабочий процесс сам вернёт их в очередь: он запущен?",
        ),
        (
            lost,
            "Запросы стоят в очереди, на которую некому смотреть",
            "Добавьте людей: Сотрудники → Команды.",
        ),
    )
    for rows, words, advice in told:
        numbers: list[object] = [
            f"№ {number}" for number in rows.order_by("pk").values_list("number", flat=True)[:100]
        ]
        if numbers:
            yield Finding(False, f"{words}: {len(numbers)} ({some(numbers)}).", advice)


@with_tables
def administrator(env: Env) -> Iterator[Finding]:  # noqa: ARG001 - a check's signature
    from otklik.accounts.models import User

    there = User.objects.filter(is_active=True, role=User.Role.ADMIN).exists()
    yield Finding(
        there, "Администратор есть." if there else "Нет ни одного действующего администратора.",
        "Заведите: otklik admin ПОЧТА --name «Имя Фамилия»",
    )  # fmt: skip


@with_tables
def backups(env: Env) -> Iterator[Finding]:
    """A fresh copy exists. Not asked of the example, nor of an installation younger than that."""
    from django.utils import timezone

    from otklik.desk.models import Ticket
    from otklik.site.models import Backup

    now = timezone.now()
    if env.practice_port:
        return
    last = Backup.objects.order_by("-at").first()
    young = not Ticket.objects.filter(created_at__lt=now - BACKUP_EVERY).exists()
    said = "Копий ещё не снимали."
    if last is not None:
        said = f"Последняя копия снята {_ago(now - last.shows)}: {last.place}."
    yield Finding(
        young or (last is not None and last.shows > now - BACKUP_EVERY), said,
        "Снимите: otklik backup ФАЙЛ --key-file КЛЮЧ, и поставьте в расписание на каждую ночь (docs/administrator.md).",
    )  # fmt: skip
