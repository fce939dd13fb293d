"""One press sends the note that was offered: the client hears of us, and the next news is promised with it (R-D4)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.desk import composing, drafting, replying, stopping, typed
from otklik.desk.composing import Desk
from otklik.desk.models import Draft, Message, Participant, Ticket
from otklik.desk.receiving import Address
from otklik.desk.replying import Words
from otklik.errors import Refusal, Stale
from otklik.promises.promising import FURTHEST

LONGEST = 4000


class NoWords(Refusal):
    code = "note.no_words"


class TooLate(Stale):
    code = "note.too_late"


class DraftStands(Refusal):
    """A letter takes the draft along; what they have begun to write must not get lost."""

    code = "note.draft"


@dataclass(frozen=True, slots=True)
class Note:
    """As it stood before the person who pressed. seen: the last message that it knows of; sheet: it leaves once."""

    words: str
    due_at: datetime
    seen: int
    sheet: str


def send(ticket: Ticket, note: Note, *, begun: str = "", by: User, at: datetime) -> Message:
    """begun: what stands in the composer and may not be saved yet.

    Raises NoWords, TooLate, DraftStands, and what replying.reply and stopping.ask raise.
    """
    refuse(note, at)
    insisted = stopping.ask(note.words, ticket.number, insist="")
    desk = composing.desk(by, ticket)
    draft = desk.draft(Draft.Mode.REPLY)
    if begun.strip() or draft.text.strip() or draft.files:
        raise DraftStands(
            _("В этом запросе вы уже начали ответ."), _("Добавьте новость к нему: нажмите «В ответ».")
        )
    return replying.reply(ticket, _words(ticket, note, desk, insisted), by=by, at=at)


def refuse(note: Note, at: datetime) -> None:
    if not note.words.strip() or len(note.words) > LONGEST:
        raise NoWords(_("В заметке нет слов."), _("Обновите запрос и нажмите ещё раз."))
    if not at < note.due_at <= at + FURTHEST:
        raise TooLate(_("Время в этой заметке уже прошло."), _("Обновите запрос: там новое время."))


def _words(ticket: Ticket, note: Note, desk: Desk, insisted: tuple[str, ...]) -> Words:
    return Words(
        text=typed.signed(note.words, desk.signature),
        to=_line("to", desk, Participant.Part.REQUESTER),
        cc=_line("cc", desk, Participant.Part.COPY),
        box_id=ticket.box_id,
        seen_message_id=note.seen,
        then="stay",
        news_due_at=note.due_at,
        sheet=note.sheet,
        typed=drafting.digest(note.words),
        insisted=insisted,
    )


def _line(line: str, desk: Desk, part: str) -> tuple[Address, ...]:
    return tuple(Address(line, one.address, one.name) for one in desk.of(part))
