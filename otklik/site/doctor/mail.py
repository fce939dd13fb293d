"""Mail: boxes that are alive, letters that were read, letters that left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from otklik.env import Env
from otklik.site.doctor.finding import Finding, some, with_tables

LATE = timedelta(minutes=10)
LATELY = timedelta(days=1)


@with_tables
def boxes(env: Env) -> Iterator[Finding]:  # noqa: ARG001 - a check's signature
    """Each one that should be read is, and each that should send can."""
    from django.utils import timezone

    from otklik.channels import queries
    from otklik.channels.models import Box

    now = timezone.now()
    ill = []
    for box in Box.objects.exclude(mode=Box.Mode.OFF).exclude(connected_at=None).order_by("address"):
        standing = queries.standing(box, now)
        if standing.mood == "bad":
            ill.append(f"{box.address}: {standing.words}")
    for words in ill:
        yield Finding(False, f"Ящик {words}", "Откройте его страницу: Настройки → Почта → «Проверить связь».")
    if not ill:
        yield Finding(True, "Ящики читаются.")


@with_tables
def fuses(env: Env) -> Iterator[Finding]:  # noqa: ARG001 - a check's signature
    from otklik.channels.models import Box

    for box in Box.objects.exclude(fuse_blown_at=None).order_by("address"):
        yield Finding(
            False, f"Ящик {box.address}: автоматические письма остановлены. {box.fuse_reason}",
            "Посмотрите, что задержано, и решите: Настройки → Почта → ящик.",
        )  # fmt: skip


@with_tables
def envelopes(env: Env) -> Iterator[Finding]:  # noqa: ARG001 - a check's signature
    """Each letter that came ended as something (invariant 1)."""
    from django.utils import timezone

    from otklik.channels.models import Envelope

    faults = Envelope.objects.filter(state=Envelope.State.FAULT)
    late = Envelope.objects.filter(state=Envelope.State.NEW, received_at__lt=timezone.now() - LATE)
    numbers: list[object] = list(faults.order_by("pk").values_list("pk", flat=True)[:100])
    yield Finding(
        not numbers,
        "Все принятые письма прочитаны."
        if not numbers
        else f"Не прочитались письма: {len(numbers)} ({some(numbers)}).",
        "Служебная страница → «Письма, которые не прочитались»: прочитайте заново или скачайте исходное.",
    )
    waiting: list[object] = list(late.order_by("pk").values_list("pk", flat=True)[:100])
    if waiting:
        yield Finding(
            False, f"Письма ждут чтения дольше десяти минут: {len(waiting)} ({some(waiting)}).",
            "Проверьте, что запущен приём (otklik up или otklik intake), и посмотрите его журнал.",
        )  # fmt: skip


@with_tables
def deliveries(env: Env) -> Iterator[Finding]:  # noqa: ARG001 - a check's signature
    """What should have left has left, and nobody is left guessing."""
    from django.utils import timezone

    from otklik.desk.models import Delivery

    now, state = timezone.now(), Delivery.State
    unknown = Delivery.objects.filter(state=state.UNKNOWN, began_at__lt=now - LATE)
    overdue = Delivery.objects.filter(state__in=[state.WAITING, state.RETRY], next_at__lt=now - LATE)
    failed = Delivery.objects.filter(state=state.FAILED, ended_at__gt=now - LATELY)
    told = (
        (
            unknown,
            "Неизвестно, ушли ли письма",
            "Решите в их запросах: «Отправить ещё раз» или «Считать отправленным».",
        ),
        (
            overdue,
            "Письма пора было отправить",
            "Проверьте, что запущен рабочий процесс (otklik up или otklik worker).",
        ),
        (failed, "Письма не ушли за последние сутки", "Причина стоит в их запросах и на служебной странице."),
    )
    good = True
    for rows, words, advice in told:
        numbers: list[object] = [
            f"№ {number}"
            for number in rows.values_list("message__ticket__number", flat=True).distinct()[:100]
        ]
        if numbers:
            good = False
            yield Finding(False, f"{words}: {len(numbers)} ({some(numbers)}).", advice)
    if good:
        yield Finding(True, "Письма уходят вовремя.")


@with_tables
def alarms(env: Env) -> Iterator[Finding]:  # noqa: ARG001 - a check's signature
    """Where no box sends, this is the only place that tells of a dead one, besides the page."""
    from otklik.channels.models import Alarm

    lost = Alarm.objects.filter(done_at=None).exclude(fault="").select_related("box").order_by("pk")
    for row in lost[:5]:
        yield Finding(
            False, f"Письмо администратору о ящике {row.box.address} не уходит: {row.fault}",
            "Включите ответы ещё в одном ящике или откройте дверь SMTP с сервером исходящих: Настройки → Почта.",
        )  # fmt: skip


@with_tables
def stored(env: Env) -> Iterator[Finding]:  # noqa: ARG001 - a check's signature
    """The newest files that rows name are on the disk."""
    from otklik.desk import files
    from otklik.desk.models import StoredFile

    newest = StoredFile.objects.order_by("-created_at").values_list("sha256", flat=True)[:200]
    gone: list[object] = [sha256[:12] for sha256 in newest if not files.path(sha256).exists()]
    if gone:
        yield Finding(
            False, f"Вложений нет на диске: {len(gone)} ({some(gone)}).",
            "Проверьте, что папка files из OTKLIK_HOME та же на всех машинах, или верните её из копии.",
        )  # fmt: skip
