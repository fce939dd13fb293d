"""Notes for colleagues. They lie in a table that nothing sends from (invariant 5)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.desk import drafting, files, placing
from otklik.desk.files import File
from otklik.desk.models import Attachment, Draft, Note, Ticket
from otklik.errors import Refusal
from otklik.journal import journaling
from otklik.journal.journaling import Line


class EmptyNote(Refusal):
    code = "note.empty"


def write(
    ticket: Ticket, text: str, *, by: User, at: datetime, attached: Sequence[File] = (), sheet: str = ""
) -> Note:
    """Raises EmptyNote, AlreadySent. The client learns nothing of it: the journal line is not public.

    sheet: the key of the composer's form (drafting.spend).
    """
    if not text.strip():
        raise EmptyNote(_("В заметке нет ни слова."), _("Напишите её, и её увидит вся команда."))
    with transaction.atomic():
        drafting.spend(sheet, drafting.digest(text), at=at)
        note = Note.objects.create(ticket=ticket, user=by, at=at, text=placing.place(text, attached))
        files.rows(attached, at=at)
        Attachment.objects.bulk_create(
            [
                Attachment(
                    note=note, file_id=one.sha256, name=one.name, type=one.type, content_id=one.content_id,
                    inline=one.inline,
                )
                for one in attached
            ]
        )  # fmt: skip
        drafting.drop(by, ticket, Draft.Mode.NOTE)
        facts: dict[str, object] = {"note": note.pk}
        journaling.write(Line(ticket.pk, "note.written", at, teams=(ticket.team_id,), by=by, facts=facts))
    return note
