"""The composer as a page shows it: three modes, each with its own draft."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.desk import composing
from otklik.desk.composing import BoxChoice, Desk, KeptFile
from otklik.desk.models import Draft, Message, Participant, Ticket
from otklik.desk.stopping import Stop
from otklik.desk.words import first_line
from otklik.web.language import in_company_language

Mode = Draft.Mode


@dataclass(slots=True)
class Sheet:
    """One mode. faults: sentences for the writer; newer: what came while they wrote.

    key: of this very form, so that what it saves after it was sent brings nothing back (drafting.spend).
    then, news, result: what they had chosen to happen after the letter, as the form sent it.
    """

    mode: str
    key: str = field(default_factory=lambda: secrets.token_hex(16))
    text: str = ""
    to: str = ""
    cc: str = ""
    subject: str = ""
    box_id: int | None = None
    summary: str = ""
    saved_at: datetime | None = None
    files: Sequence[KeptFile] = ()
    faults: list[str] = field(default_factory=list)
    newer: Message | None = None
    newer_words: str = ""
    stops: Sequence[Stop] = ()
    force: bool = False  # pressed before something else came up
    insist: str = ""  # the same, of these words only (stopping.carried)
    then: str = ""
    news: str = ""
    result: str = ""


@dataclass(slots=True)
class Composer:
    reply: Sheet
    note: Sheet
    vendor: Sheet
    boxes: list[BoxChoice]
    signature: str
    seen: int
    current: str = Mode.REPLY

    def sheet(self, mode: str) -> Sheet:
        return {Mode.NOTE: self.note, Mode.VENDOR: self.vendor}.get(Mode(mode), self.reply)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the writer has before their eyes: the last message, and what the client said last."""

    pk: int = 0
    asked: str = ""


def build(user: User, ticket: Ticket, seen: Seen, mode: str = Mode.REPLY) -> Composer:
    """One query."""
    return of(composing.desk(user, ticket), ticket, seen, mode)


def of(desk: Desk, ticket: Ticket, seen: Seen, mode: str = Mode.REPLY) -> Composer:
    shown = mode if mode in composing.MODES else Mode.REPLY
    return Composer(
        reply=_reply(desk, ticket),
        note=_kept(desk, Mode.NOTE),
        vendor=_vendor(desk, ticket, seen.asked),
        boxes=desk.boxes,
        signature=desk.signature_line,
        seen=seen.pk,
        current=shown,
    )


def _kept(desk: Desk, mode: str) -> Sheet:
    draft = desk.draft(mode)
    return Sheet(
        mode,
        text=draft.text,
        to=", ".join(draft.to),
        cc=", ".join(draft.cc),
        subject=draft.subject,
        box_id=draft.box_id,
        saved_at=draft.saved_at,
        files=draft.files,
    )


def _reply(desk: Desk, ticket: Ticket) -> Sheet:
    sheet = _kept(desk, Mode.REPLY)
    copies = desk.of(Participant.Part.COPY)
    if not sheet.to:
        sheet.to = ", ".join(one.address for one in desk.of(Participant.Part.REQUESTER))
        sheet.cc = ", ".join(one.address for one in copies)
    sheet.box_id = sheet.box_id or ticket.box_id
    known = {one.address.lower(): str(one) for one in desk.people}
    named = [known.get(address.strip().lower(), address.strip()) for address in sheet.to.split(",")]
    sheet.summary = _("Кому: %s") % ", ".join(named) if sheet.to else _("Кому: укажите адрес")
    if sheet.cc:
        sheet.summary += _(", копия: %s") % len(sheet.cc.split(","))
    return sheet


def _vendor(desk: Desk, ticket: Ticket, asked: str) -> Sheet:
    sheet = _kept(desk, Mode.VENDOR)
    sheet.to = sheet.to or ", ".join(one.address for one in desk.of(Participant.Part.VENDOR))
    sheet.box_id = sheet.box_id or ticket.box_id
    sheet.summary = _("Поставщику: %s") % sheet.to if sheet.to else _("Поставщику: укажите адрес")
    if not sheet.saved_at and asked:
        quoted = "\n".join(f"> {line}" for line in asked.strip().splitlines()[:200])
        with in_company_language():  # it is a letter already, though nobody has sent it
            sheet.text = f"\n\n{_('Что пишет клиент:')}\n{quoted}"
    return sheet


def overtake(sheet: Sheet, newer: Message) -> None:
    """Something came while the writer wrote: it stands above their kept draft."""
    sheet.newer = newer
    sheet.newer_words = first_line(newer.reply_text or newer.text or newer.subject, 300)


def letter(desk: Desk, sent: QueryDict | None) -> Sheet:
    """A new letter: what was sent just now, else the draft."""
    sheet = _kept(desk, Mode.LETTER)
    if sent is not None:
        sheet.text, sheet.subject = sent.get("text", ""), sent.get("subject", "")
        sheet.to, sheet.cc = sent.get("to", ""), sent.get("cc", "")
        sheet.key = sent.get("sheet") or sheet.key
    return sheet
