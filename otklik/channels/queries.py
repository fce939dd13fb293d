"""Reads of the boxes' pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from otklik.channels.models import Box, Cursor, Envelope
from otklik.env import env
from otklik.web import dates

SILENT = timedelta(minutes=15)
MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """How a box fares, for people. mood: ok, warn, bad or none."""

    mood: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How letters of a box ended, by a name for people."""

    name: str
    letters: int


def boxes() -> QuerySet[Box]:
    """All boxes by address, each with `faults` and `waiting` letters and `last_at`. One query."""
    mine = Envelope.objects.filter(box=OuterRef("pk")).order_by().values("box")
    faults = mine.filter(state="fault").annotate(n=Count("pk")).values("n")
    waiting = mine.filter(state="new").annotate(n=Count("pk")).values("n")
    last = Envelope.objects.filter(box=OuterRef("pk")).order_by("-pk").values("received_at")[:1]
    return (
        Box.objects.select_related("team")
        .annotate(faults=Coalesce(Subquery(faults), 0), waiting=Coalesce(Subquery(waiting), 0))
        .annotate(last_at=Subquery(last))
        .order_by("address")
    )


def standing(box: Box, now: datetime) -> Standing:
    """The one sentence of a box: what is wrong first, else what it does."""
    if box.connected_at is None:
        return Standing("none", _("Осталось закончить подключение"), _("писем пока не берём"))
    if box.mode == Box.Mode.OFF:
        return Standing("none", _("Выключен"), _("писем не берём и не отправляем"))
    if box.trouble:
        return Standing("bad", _("Есть неполадка"), box.trouble)
    if box.fuse_blown_at:
        return Standing("warn", _("Автоматические письма остановлены"), box.fuse_reason)
    does = _("Читаем и отвечаем") if box.mode == Box.Mode.ANSWER else _("Только смотрим")
    if box.kind == Box.Kind.DOOR:
        words = _("ждём письма на порту %(port)d") % {"port": env().door_port or env().lmtp_port}
        return Standing("ok", does, words)
    if box.alive_at is None:
        return Standing("none", does, _("соединяемся впервые"))
    if box.alive_at < now - SILENT:
        words = _("не заглядывали с %(when)s: проверьте, что запущен приём писем (otklik doctor)")
        return Standing("bad", _("Ящик давно не читали"), words % {"when": _spoken(box.alive_at, now)})
    return Standing("ok", does, _("заглядывали %(when)s") % {"when": _spoken(box.alive_at, now)})


def outcomes(box: Box) -> list[Tally]:
    """What became of all letters of a box."""
    rows = (
        Envelope.objects.filter(box=box).order_by().values_list("state", "decision").annotate(n=Count("pk"))
    )
    names = {
        ("done", ""): _("стали сообщениями"),
        ("new", ""): _("ждут чтения"),
        ("fault", ""): _("не прочитались"),
        ("decided", "own"): _("наши собственные"),
        ("decided", "bounce"): _("возвраты наших писем"),
        ("decided", "duplicate"): _("копии того, что уже есть"),
        ("decided", "blocked"): _("от заблокированных"),
    }
    order = list(names)
    found = sorted(rows, key=lambda row: order.index((row[0], row[1])) if (row[0], row[1]) in names else 99)
    return [Tally(names.get((state, decision), decision), letters) for state, decision, letters in found]


def faults(box: Box) -> QuerySet[Envelope]:
    """Letters that did not read, newest first. Uses index envelope_faults."""
    return (
        Envelope.objects.filter(box=box, state="fault")
        .select_related("message__ticket")
        .defer(
            "raw",
            "message__text",
            "message__html",
            "message__reply_text",
            "message__quoted_text",
            "message__search",
        )
        .order_by("-received_at", "-pk")[:MOST_FAULTS]
    )


def cursors(box: Box) -> Sequence[Cursor]:
    return list(box.cursors.order_by("folder"))


def ours(box: Box, cursor: Cursor) -> int:
    """Letters of this folder that we have. Uses index envelope_ledger."""
    return Envelope.objects.filter(
        box=box, folder=cursor.folder, uidvalidity=cursor.uidvalidity, uid__isnull=False
    ).count()


def envelope_of_message(message_id: int) -> Envelope | None:
    """The letter that a message came by, without its bytes; the file of it is served by channels:raw."""
    return Envelope.objects.filter(Q(message=message_id)).exclude(state="decided").defer("raw").first()


def _spoken(moment: datetime, now: datetime) -> str:
    return dates.when(moment, now, timezone.get_current_timezone())
