"""Everything we hold of a client in one file that people and programs read (152-FZ art. 14, GDPR art. 15 and 20).

A loop makes it (tick); it can be fetched for some days and then goes. It lies in the file store's folder, which all
machines share, under a name that nobody can guess.
"""

import secrets
import shutil
import time
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.accounts.rights import Right
from otklik.clients.models import Client
from otklik.desk import files
from otklik.errors import NotAllowed, Stale
from otklik.jobs import wakeups
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.privacy import gathering, telling
from otklik.privacy.models import Export, Keeping

log = structlog.get_logger(__name__)
SUFFIX = ".zip"
TELL_S = 1.0
HELD = timedelta(minutes=2)
ABANDONED = timedelta(hours=1)


class NotYours(NotAllowed):
    code = "export.not_yours"


class AlreadyAsked(Stale):
    code = "export.already"


class Over(Stale):
    code = "export.over"


class _NotOurs(Exception):
    """Somebody took the export away while it was being made."""


def may(user: User) -> bool:
    """Who may export and sees all teams: the file holds requests of every team (invariant 6)."""
    return user.may(Right.EXPORT) and user.sees_all


def ask(client: Client, *, with_notes: bool = True, by: User, at: datetime) -> Export:
    """Put an export into the queue. Raises NotYours, AlreadyAsked."""
    if not may(by):
        raise NotYours(
            _("Выгрузка собирает запросы всех команд: нужны права выгружать данные и видеть все запросы."),
            _("Попросите администратора."),
        )
    with transaction.atomic():
        client = Client.objects.select_for_update().get(pk=client.pk)
        if client.erased_at or client.exports.filter(ready_at=None, fault="").exists():
            raise AlreadyAsked(
                _("Выгрузку этого клиента уже собираем."), _("Обновите страницу через минуту.")
            )
        export = Export.objects.create(
            client=client, by=by, asked_at=at, language=by.language, with_notes=with_notes,
            requests=telling.tickets(client).count(),
        )  # fmt: skip
        facts: dict[str, object] = {"client": client.pk, "export": export.pk}
        journaling.write(Line(None, "client.exported", at, by=by, facts=facts))
        wakeups.tell("privacy")
    return export


def folder() -> Path:
    return Path(settings.FILES_ROOT) / "exports"


def tick() -> int:
    """For the schedule: makes the oldest export that nobody makes, anew if it was cut short; 1 when there was one."""
    export = _claim(timezone.now())
    if export is None:
        return 0
    with translation.override(export.language):
        try:
            place = _make(export)
        except _NotOurs:
            return 1
        except OSError as fault:
            words = _("Не хватило места на диске или папка недоступна: %s.") % (fault.strerror or "")
            _ours(export).update(fault=words)
            return 1
        except Exception as fault:  # the edge of one export: told, and those behind it go on
            log.error("export not made", export=export.pk, cause=type(fault).__name__, exc_info=fault)
            words = _("Собрать не вышло: %s. Причина названа в журнале работы, попробуйте ещё раз.")
            _ours(export).update(fault=words % type(fault).__name__)
            return 1
    _ready(export, place, at=timezone.now())
    return 1


def _claim(at: datetime) -> Export | None:
    """The one to make now, ours for two minutes: from then on whoever makes it says that they still do (_go_on)."""
    with transaction.atomic():
        free = Q(held_until=None) | Q(held_until__lt=at)
        rows = Export.objects.select_for_update(of=("self",), skip_locked=True)
        rows = rows.filter(free, ready_at=None, fault="").select_related("client__organisation")
        export = rows.order_by("pk").first()
        if export is not None:
            export.done_requests, export.held_until = 0, at + HELD
            export.requests = telling.tickets(export.client).count()
            export.save(update_fields=["done_requests", "requests", "held_until"])
    return export


def _ours(export: Export) -> QuerySet[Export]:
    """None when it has gone (the client is being erased), or another took it over."""
    return Export.objects.filter(pk=export.pk, ready_at=None, held_until=export.held_until)


def _go_on(export: Export, done: int) -> None:
    """Tell how far it is. Raises _NotOurs."""
    until = timezone.now() + HELD
    if not _ours(export).update(done_requests=done, held_until=until):
        raise _NotOurs
    export.held_until = until


def _ready(export: Export, place: Path, *, at: datetime) -> None:
    size = place.stat().st_size
    kept = {"ready_at": at, "expires_at": at + timedelta(days=keeping_days())}
    if not _ours(export).update(name=place.name, size_bytes=size, done_requests=F("requests"), **kept):
        place.unlink()
        return
    log.info("export ready", export=export.pk, client=export.client_id, size_bytes=size)


def keeping_days() -> int:
    row = Keeping.objects.first()
    return row.exports if row else Keeping._meta.get_field("exports").default  # noqa: SLF001 - a documented name of Django


def _make(export: Export) -> Path:
    """The file, whole under its last name when it returns."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder() / f"{secrets.token_urlsafe(24)}{SUFFIX}"
    half = place.with_suffix(".half")
    try:
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as archive:
            naming = gathering.known(export.client) if export.with_notes else None
            rows = telling.tickets(export.client)
            told: list[dict[str, object]] = []
            said = time.monotonic()
            for ticket in rows.iterator(chunk_size=50):
                if time.monotonic() - said >= TELL_S:
                    _go_on(export, len(told))
                    said = time.monotonic()
                request = telling.request(ticket, export.client, naming=naming)
                archive.writestr(f"requests/{ticket.number}.json", telling.as_json(request))
                archive.writestr(f"requests/{ticket.number}.html", telling.page("request", {"told": request}))
                _put_files(archive, request)
                told.append(
                    {"number": ticket.number, "subject": request["subject"], "opened_at": ticket.created_at}
                )
            person = telling.person(export.client)
            archive.writestr("person.json", telling.as_json(person))
            archive.writestr("index.html", telling.page("person", {"told": person, "requests": told}))
        half.replace(place)
    finally:
        half.unlink(missing_ok=True)
    return place


def _put_files(archive: zipfile.ZipFile, request: telling.Told) -> None:
    for one in telling.files_of(request):
        try:
            with files.open_stored(one["sha256"]) as content, archive.open(one["file"], "w") as into:
                shutil.copyfileobj(content, into)
        except files.Gone:
            log.warning("export lacks a file", file=one["sha256"][:12])


def fetch(export: Export, *, by: User, at: datetime) -> Path:
    """Where the file lies. Raises NotYours, Over."""
    if not may(by):
        raise NotYours(_("Эту выгрузку может скачать тот, кто видит все запросы и может выгружать."), "")
    place = folder() / export.name
    if not export.ready_at or not export.name or (export.expires_at or at) <= at or not place.exists():
        raise Over(_("Срок этой выгрузки прошёл, файла больше нет."), _("Соберите новую: это минута."))
    return place


def drop_old(*, at: datetime) -> int:
    """Files whose time has passed go, and with them what says whose they were; returns how many."""
    old = list(Export.objects.filter(ready_at__isnull=False, expires_at__lte=at)[:100])
    drop([one.pk for one in old])
    _drop_nobodys(at)
    return len(old)


def _drop_nobodys(at: datetime) -> None:
    """Files that a killed process left before any row named them: nobody can fetch them, nobody would miss them."""
    for place in folder().glob("*"):
        try:
            is_old = place.stat().st_mtime < (at - ABANDONED).timestamp()
            if is_old and not Export.objects.filter(name=place.name).exists():
                place.unlink()
        except FileNotFoundError:  # another process was quicker
            continue


def drop_all(client: Client) -> None:
    drop(list(client.exports.values_list("pk", flat=True)))


def drop(pks: list[int]) -> None:
    """In the caller's transaction or one of its own: an export that is being made is waited for."""
    with transaction.atomic():
        for one in Export.objects.select_for_update().filter(pk__in=pks).order_by("pk"):
            if one.name:
                (folder() / one.name).unlink(missing_ok=True)
        Export.objects.filter(pk__in=pks).delete()
