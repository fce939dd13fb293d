"""Drafts: nobody's typed words are lost (ux.md §2)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from otklik import rows
from otklik.accounts.models import User
from otklik.desk import files, placing
from otklik.desk.files import File
from otklik.desk.models import Draft, DraftFile, Message, Recipient, SentSheet, Ticket
from otklik.errors import Refusal, Stale

MOST_FILES = 50
LATEST = timedelta(days=1)  # no page saves so long after its words were sent
MOST_BYTES = 20 * 2**20  # mail servers refuse more


class TooMuch(Refusal):
    code = "draft.too_much"


class AlreadySent(Stale):
    """The same words came by the same form before: the answer to them was lost on its way, or sent for twice."""

    code = "draft.already_sent"

    def __init__(self, ticket_id: int | None = None) -> None:
        super().__init__(_("Это уже отправлено."), _("Второй раз отправлять не нужно."))
        self.ticket_id = ticket_id  # of the request that a new letter opened


@dataclass(frozen=True, slots=True)
class DraftWords:
    text: str
    subject: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    box_id: int | None = None
    emptied: bool = False  # the writer themselves removed every word
    sheet: str = ""  # the key of the form that they were typed in


def save(user: User, ticket: Ticket | None, mode: str, words: DraftWords, *, at: datetime) -> Draft:
    """Keep what is being written. An empty editor never overwrites a saved draft unless its writer emptied it."""
    values: dict[str, object] = {
        "subject": words.subject[:500], "to": list(words.to), "cc": list(words.cc), "box_id": words.box_id,
        "saved_at": at,
    }  # fmt: skip
    if words.text.strip() or words.emptied:
        values["text"] = words.text
    return Draft.objects.update_or_create(user=user, ticket=ticket, mode=mode, defaults=values)[0]


def autosave(
    user: User, ticket: Ticket | None, mode: str, words: DraftWords, *, at: datetime
) -> Draft | None:
    """save() while somebody types. None when the words of this sheet were sent meanwhile: these came late."""
    with transaction.atomic():
        _lock(words.sheet)
        if words.sheet and SentSheet.objects.filter(key=words.sheet).exists():
            return None
        return save(user, ticket, mode, words, at=at)


# The sheet is locked before its row is made; rows of long ago go along. To stand before a statement that begins with
# asking whether there is a row of `spent` (answers.ground): one way to the server less.
SPENT = """
WITH old AS (DELETE FROM desk_sentsheet WHERE at < %(spent_before)s AND key <> %(sheet)s), spent AS (
  INSERT INTO desk_sentsheet (key, at, words)
  SELECT %(sheet)s, %(spent_at)s, %(typed)s FROM (SELECT pg_advisory_xact_lock(hashtextextended(%(sheet)s, 0))
          WHERE %(sheet)s <> '') held
  ON CONFLICT (key) DO UPDATE SET at = EXCLUDED.at, words = EXCLUDED.words, ticket_id = NULL
   WHERE desk_sentsheet.words <> EXCLUDED.words
  RETURNING key
)
"""
_SPEND = SPENT + "SELECT key FROM spent"  # noqa: S608 - texts of ours


def spent(sheet: str, words: str, *, at: datetime) -> dict[str, object]:
    """The values of SPENT."""
    return {"sheet": sheet, "typed": words, "spent_at": at, "spent_before": at - LATEST}


def spend(sheet: str, words: str = "", *, at: datetime) -> None:
    """The words of this sheet are being sent: first in the transaction of the deed, before other locks.

    A saving that has begun ends before it, one that begins later waits and finds the sheet sent. So does the same
    form sent a second time, which must not be done twice. Other words in an old form (the browser's «back») are new.
    words: their digest(). Raises AlreadySent.
    """
    if sheet and not rows.ask(_SPEND, spent(sheet, words, at=at)):
        refuse_sent(sheet, words)


def opened(sheet: str, ticket: Ticket) -> None:
    """The letter of this sheet, spent in the same transaction, opened this request."""
    SentSheet.objects.filter(key=sheet).update(ticket=ticket)


def refuse_sent(sheet: str, words: str) -> None:
    """Waits for a sending of this sheet that has begun. Raises AlreadySent when these very words left by it."""
    _lock(sheet)
    sent = SentSheet.objects.filter(key=sheet, words=words).first() if sheet else None
    if sent is not None:
        raise AlreadySent(sent.ticket_id)


def digest(*words: str) -> str:
    """What stood in a form, for telling whether it is the same that came before."""
    return hashlib.blake2b("\0".join(words).encode(), digest_size=16).hexdigest()


def _lock(sheet: str) -> None:
    if sheet:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [sheet])


def too_much() -> TooMuch:
    return TooMuch(
        _("Мы не приложили файл: в одном письме помещается до 20 МБ и до 50 файлов."),
        _("Положите его в облако и пришлите ссылку или отправьте вторым письмом."),
    )


def attach(draft: Draft, file: File, *, at: datetime) -> DraftFile:
    """Add a stored file. Raises TooMuch past 50 files or 20 MB: mail servers would refuse the letter."""
    with transaction.atomic():
        Draft.objects.select_for_update().get(pk=draft.pk)
        sizes = list(DraftFile.objects.filter(draft=draft).values_list("file__size_bytes", flat=True))
        if len(sizes) >= MOST_FILES or sum(sizes) + file.size_bytes > MOST_BYTES:
            raise too_much()
        files.rows([file], at=at)
        return DraftFile.objects.create(
            draft=draft,
            file_id=file.sha256,
            name=file.name[:255],
            type=file.type[:120],
            content_id=file.content_id,
        )


def detach(draft: Draft, file_id: int) -> None:
    DraftFile.objects.filter(draft=draft, pk=file_id).delete()


def drop(user: User, ticket: Ticket | None, mode: str) -> None:
    Draft.objects.filter(user=user, ticket=ticket, mode=mode).delete()


def from_message(message: Message, *, by: User, at: datetime) -> Draft:
    """The draft that an undone message was. Words typed since are kept below the returned ones."""
    vendor = message.circle == Message.Circle.VENDOR
    mode = Draft.Mode.VENDOR if vendor else Draft.Mode.REPLY
    typed = Draft.objects.filter(user=by, ticket=message.ticket_id, mode=mode).first()
    said = placing.unplace(message.text)
    text = f"{said}\n\n{typed.text}" if typed and typed.text.strip() else said
    recipients = list(message.recipients.all())
    words = DraftWords(
        text=text,
        subject=message.subject,
        to=_line(recipients, Recipient.Line.TO),
        cc=_line(recipients, Recipient.Line.CC),
        box_id=message.box_id,
    )
    draft = save(by, message.ticket, mode, words, at=at)
    DraftFile.objects.bulk_create(
        [
            DraftFile(
                draft=draft, file_id=one.file_id, name=one.name, type=one.type, content_id=one.content_id
            )
            for one in message.attachments.all()
        ]
    )
    return draft


def _line(recipients: Sequence[Recipient], line: str) -> tuple[str, ...]:
    return tuple(one.address for one in recipients if one.line == line)
