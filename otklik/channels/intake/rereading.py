"""«Прочитать заново»: a letter that did not read, or read in the wrong charset, is read again by a person's word."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.channels.email.sandbox import Sandbox
from otklik.channels.intake import charsets, reading, taking_in
from otklik.channels.intake.posting import NOBODY
from otklik.channels.intake.reading import Read
from otklik.channels.models import Envelope
from otklik.clients import identifying
from otklik.clients.identifying import Sender, normal
from otklik.desk import files, receiving
from otklik.desk.files import File
from otklik.desk.models import Attachment, Message, Participant, Ticket
from otklik.errors import Refusal
from otklik.jobs import wakeups
from otklik.journal import journaling
from otklik.journal.journaling import Line


class StillUnreadable(Refusal):
    code = "envelope.unreadable"


class NothingToRead(Refusal):
    code = "envelope.trimmed"


def reread(envelope: Envelope, *, charset: str = "", by: User, at: datetime, sandbox: Sandbox) -> Envelope:
    """Read an envelope again, with a chosen charset if one is given (charsets.CHOICES; '' = as its headers say).

    A message that stands for it gets the new words; without one it goes to the intake's sweep. Outside transactions.
    Raises StillUnreadable, NothingToRead, files.NoRoom.
    """
    if not envelope.raw:
        raise NothingToRead(
            _("От этого письма не осталось исходных данных."), _("Попросите прислать его снова.")
        )
    if charset and charset not in charsets.CHOICES:
        raise StillUnreadable(_("Такой кодировки мы не знаем."), _("Выберите одну из списка."))
    envelope.charset, envelope.attempts = charset, 0
    read = reading.read_many([envelope], sandbox)[0]
    if read.fault and envelope.message_id:
        raise StillUnreadable(read.fault, _("Скачайте исходное письмо и откройте его почтовой программой."))
    stored = taking_in.files_of([read])[envelope.pk]
    with transaction.atomic():
        if envelope.message_id:
            _renew(read, stored, at)
            envelope.state, envelope.reason, envelope.done_at = "done", "", at
        else:
            envelope.state, envelope.decision, envelope.reason, envelope.taken_at = "new", "", "", None
            wakeups.tell("intake")
        envelope.save(
            update_fields=["charset", "attempts", "state", "decision", "reason", "done_at", "taken_at"]
        )
        _tell(envelope, charset, by, at)
    return envelope


def _renew(read: Read, stored: tuple[File, ...], at: datetime) -> None:
    """The words of the message that stands for this letter: the one place where words may change, by a marked deed."""
    letter, pk = read.letter, read.envelope.message_id
    if pk is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL otklik.rereading = 'on'")
    rows = Message.objects.filter(pk=pk, direction=Message.Direction.IN)
    message = rows.select_related("ticket", "identity").get()
    rows.update(
        subject=letter.subject[:1000],
        text=letter.text,
        html=letter.html or "",
        reply_text=letter.reply_text,
        quoted_text=letter.quoted_text,
        odd=list(letter.warnings),
    )
    _add_files(message, stored, at)
    _name_sender(message, read, at)
    _show(message, read)


def _show(message: Message, read: Read) -> None:
    """The list of requests shows the new words where it showed the old ones."""
    tickets = Ticket.objects.filter(pk=message.ticket_id)
    if message.ticket.last_words == receiving.words_of(message.reply_text):
        tickets.update(last_words=receiving.words_of(read.letter.reply_text))
    first = (
        Message.objects.filter(ticket=message.ticket_id).order_by("at", "pk").values_list("pk", flat=True)[:1]
    )
    if list(first) == [message.pk]:
        tickets.update(subject=(read.letter.subject.strip() or receiving.NO_SUBJECT)[:500])


def _add_files(message: Message, stored: tuple[File, ...], at: datetime) -> None:
    known = set(message.attachments.values_list("file_id", flat=True))
    fresh = [file for file in stored if file.sha256 not in known]
    files.rows(fresh, at=at)
    Attachment.objects.bulk_create(
        [
            Attachment(
                message=message, file_id=file.sha256, name=file.name[:255], type=file.type[:120],
                content_id=file.content_id[:500], inline=file.inline,
            )
            for file in fresh
        ]
    )  # fmt: skip


def _name_sender(message: Message, read: Read, at: datetime) -> None:
    """A letter whose writer nobody could tell has one now."""
    if message.identity is None or message.identity.value != NOBODY or not read.letter.from_email:
        return
    sender = Sender(read.letter.from_email, read.letter.from_name)
    identity = identifying.identify_many([sender], at=at)[normal(sender.address)]
    Message.objects.filter(pk=message.pk).update(identity=identity, author_name=sender.name)
    Ticket.objects.filter(pk=message.ticket_id).update(
        client=identity.client_id, organisation=identity.client.organisation_id
    )
    Participant.objects.filter(ticket=message.ticket_id, identity=message.identity).update(identity=identity)


def _tell(envelope: Envelope, charset: str, by: User, at: datetime) -> None:
    ticket = Ticket.objects.filter(messages__envelopes=envelope).first()
    facts: dict[str, object] = {"envelope": envelope.pk, "charset": charset}
    teams = (ticket.team_id if ticket else envelope.box.team_id,)
    journaling.write(
        Line(ticket.pk if ticket else None, "envelope.reread", at, teams=teams, by=by, facts=facts)
    )
