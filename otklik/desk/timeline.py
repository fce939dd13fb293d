"""A thread as it is read: blocks of words and one line for what was done between them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from otklik.desk import deliveries, happenings, meetings, placing, words
from otklik.desk.deliveries import Sending
from otklik.desk.meetings import Meeting
from otklik.desk.models import Message
from otklik.desk.rows import channel
from otklik.desk.threads import Attached, Noted, Said, Thread
from otklik.web import dates
from otklik.web.figures import counted
from otklik.web.phrases import Phrases
from otklik.web.slots import Part

FOLD_FROM = 7  # blocks: from so many on, the older ones are one line each
KEEP_OPEN = 4
LONG = 20  # blocks: beyond, a line of contents stands above the talk
JUMPS = 8


@dataclass(slots=True)
class Block:
    """One message or note. look: client, ours, note, vendor, auto."""

    id: str
    look: str
    author: str
    label: str
    via: str
    at: datetime
    text: SafeString
    line: str
    pk: int = 0
    folded: bool = False
    mark: str = ""  # «Только для коллег», «Клиент не видит»
    people: str = ""
    quote: SafeString | None = None
    quote_words: str = ""
    files: list[Attached] = field(default_factory=list)
    pictures: list[Attached] = field(default_factory=list)
    meeting: Meeting | None = None
    has_html: bool = False
    odd: list[str] = field(default_factory=list)
    sending: Sending | None = None
    parts: Sequence[Part] = ()  # what the outbox adds


@dataclass(slots=True)
class Happenings:
    """What was done between two blocks, on one line; the rest opens."""

    id: str
    at: datetime
    short: str
    lines: list[tuple[str, datetime]]


@dataclass(frozen=True, slots=True)
class _Page:
    """What all blocks of one page share."""

    now: datetime
    tz: tzinfo
    phrases: Phrases


Item = Block | Happenings


def build(thread: Thread, *, folded: bool = False) -> list[Item]:
    """Blocks and lines by time. folded: an earlier page of the talk, all of it is one line each."""
    page = _Page(timezone.now(), timezone.get_current_timezone(), Phrases())
    said: list[Block] = [_message(one, page) for one in thread.messages]
    said += [_note(one, thread.names) for one in thread.notes]
    said.sort(key=lambda one: (one.at, one.look == "note", one.pk))
    _fold(said, len(said) if folded else len(said) - KEEP_OPEN if len(said) >= FOLD_FROM else 0)
    told = [(one.at, one.pk, happenings.words(one)) for one in thread.events]
    return _woven(said, [one for one in told if one[2]])


def contents(items: Sequence[Item]) -> list[tuple[str, str]]:
    """(id of a block, its day) to jump to in a long talk: the first block of each day, at most eight of them."""
    blocks = [one for one in items if isinstance(one, Block)]
    if len(blocks) <= LONG:
        return []
    tz, today = timezone.get_current_timezone(), timezone.localdate()
    days = {one.at.astimezone(tz).date(): one for one in reversed(blocks)}  # the first of a day stays
    first = [days[day] for day in sorted(days)]
    if len(first) == 1:  # all of it in one day: by the hour
        return [(one.id, dates.time(one.at, tz)) for one in _spread(blocks)]
    return [(one.id, dates.day(one.at.astimezone(tz).date(), today)) for one in _spread(first)]


def _spread(blocks: Sequence[Block]) -> list[Block]:
    """At most eight, the first and the last among them."""
    if len(blocks) <= JUMPS:
        return list(blocks)
    return [blocks[round(step * (len(blocks) - 1) / (JUMPS - 1))] for step in range(JUMPS)]


def _fold(said: Sequence[Block], older: int) -> None:
    """The first `older` blocks become a line each."""
    for place, block in enumerate(said):
        # what waits for a deed stays open, however old
        troubled = block.sending is not None and block.sending.trouble
        block.folded = (place < older or block.look == "auto") and not troubled


def _woven(said: Sequence[Block], told: Sequence[tuple[datetime, int, str]]) -> list[Item]:
    woven: list[Item] = []
    waiting = list(told)
    for block in said:
        before = [one for one in waiting if one[0] < block.at]
        waiting = waiting[len(before) :]
        woven += _line(before)
        woven.append(block)
    return woven + _line(waiting)


def _line(told: Sequence[tuple[datetime, int, str]]) -> list[Item]:
    if not told:
        return []
    shown = [words for _at, _pk, words in told]
    short = " · ".join(shown[:2])
    if len(shown) > 2:
        short += " · " + _("ещё %(count)s") % {"count": len(shown) - 2}
    return [Happenings(f"event-{told[0][1]}", told[0][0], short, [(text, at) for at, _pk, text in told])]


def _message(message: Said, page: _Page) -> Block:
    files = message.attachments
    ours = message.direction == Message.Direction.OUT
    author = _author(message)
    block = Block(
        id=f"message-{message.pk}",
        pk=message.pk,
        look=_look(message, ours),
        author=author,
        label=page.phrases[_label(message, ours)] % {"name": author},
        via=_via(message, page.phrases),
        at=message.at,
        text=words.html(message.text, _addresses(files)),
        line=words.first_line(placing.unplace(message.text) or message.subject),
        mark=_("Клиент не видит") if message.circle == Message.Circle.VENDOR else "",
        people=_people(message, ours),
        files=[one for one in files if not one.inline],
        pictures=_beside(files, message.text),
        meeting=meetings.of(files, now=page.now, tz=page.tz) if files else None,
        has_html=message.has_html,
        odd=[str(one) for one in message.odd if isinstance(one, str)],
        sending=deliveries.sending(message, page.now, page.tz, page.phrases) if ours else None,
    )
    if message.quoted.strip():
        count = words.lines(message.quoted)
        block.quote = words.html(message.quoted)
        lines = counted(ngettext("%s строка", "%s строк", count), count)
        block.quote_words = _("Цитата, %s") % lines
    return block


def _addresses(files: Sequence[Attached]) -> dict[str, str]:
    """Where the pictures are that may stand in the words, by Content-ID."""
    return {one.content_id: f"/desk/files/{one.pk}/picture/" for one in files if one.content_id}


def _beside(files: Sequence[Attached], text: str) -> list[Attached]:
    """Pictures without a place in the words: they stand below."""
    placed = placing.placed(text)
    return [one for one in files if one.inline and one.content_id not in placed]


def _author(message: Said) -> str:
    if message.writer is not None:
        return message.writer
    if message.kind in {Message.Kind.ACK, Message.Kind.LINK, Message.Kind.NOTICE}:
        return _("Отклик")
    return message.author_name or message.sender or _("Без имени")


def _look(message: Said, ours: bool) -> str:
    if message.kind != Message.Kind.WORDS:
        return "auto"
    if message.circle == Message.Circle.VENDOR:
        return "vendor"
    return "ours" if ours else "client"


def _label(message: Said, ours: bool) -> str:
    """In Russian, the place of the name left open."""
    if message.kind != Message.Kind.WORDS:
        return gettext_noop("Автоматическое письмо")
    if message.circle == Message.Circle.VENDOR:
        return gettext_noop("%(name)s, переписка с поставщиком")
    return gettext_noop("%(name)s, наш ответ") if ours else gettext_noop("%(name)s, клиент")


def _via(message: Said, phrases: Phrases) -> str:
    word = channel(message.channel, phrases)[1]
    if not message.confirmed:
        return _("%(channel)s · по ссылке, автора мы не проверяли") % {"channel": word}
    return (
        word
        if message.kind == Message.Kind.WORDS
        else _("%(channel)s · автоматическое письмо") % {"channel": word}
    )


def _people(message: Said, ours: bool) -> str:
    """Who else read it: shown when there is more than the one expected address."""
    recipients = message.readers
    if len(recipients) < 2 and not (ours and message.circle == Message.Circle.VENDOR):
        return ""
    return _joined(one.name or one.address for one in recipients)


def _joined(names: Iterable[str]) -> str:
    shown = list(names)
    tail = _(" и ещё %(count)s") % {"count": len(shown) - 4} if len(shown) > 4 else ""
    return ", ".join(shown[:4]) + tail


def _note(note: Noted, names: Sequence[str]) -> Block:
    author = note.writer or _("Отклик")
    return Block(
        id=f"note-{note.pk}",
        pk=note.pk,
        look="note",
        author=author,
        label=_("Заметка: %(name)s") % {"name": author},
        via="",
        at=note.at,
        text=words.mentions(words.html(note.text, _addresses(note.attachments)), names),
        line=words.first_line(placing.unplace(note.text)),
        mark=_("Только для коллег"),
        files=[one for one in note.attachments if not one.inline],
        pictures=_beside(note.attachments, note.text),
    )
