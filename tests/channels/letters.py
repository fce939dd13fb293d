"""Letters for the tests of the intake, and the sweep that takes them in."""

from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage

from otklik.channels.email.sandbox import Sandbox
from otklik.channels.intake import storing
from otklik.channels.intake.storing import Raw
from otklik.channels.intake.sweeping import Sweeper
from otklik.channels.models import Box, Envelope
from otklik.desk.models import Message
from tests import make


def letter(text: str = "Здравствуйте! Не открывается база.", **headers: str) -> bytes:
    """A letter of Вера to help@primer.example. Headers by name, «_» for «-»; an empty one is left out."""
    message = EmailMessage()
    known = {
        "From": "Вера Соколова <vera@kvarts.example>",
        "To": "help@primer.example",
        "Subject": "Не открывается база",
        "Message-ID": f"<l{next(make._next)}@kvarts.example>",
        "Date": "Fri, 20 Nov 2026 12:00:00 +0300",
    }
    for name, value in {
        **known,
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }.items():
        if value:
            message[name] = value
    message.set_content(text)
    return message.as_bytes()


def arrive(
    *raws: bytes, box: Box | None = None, at: datetime = make.NOON, **fields: object
) -> list[Envelope]:
    """Store letters as the door would; they are not read yet."""
    to = box or make.box()
    storing.store(
        [replace(Raw(to.pk, raw, "door", mail_from="vera@kvarts.example"), **fields) for raw in raws],  # type: ignore[arg-type]  # fields are Raw's own
        at=at,
    )
    return list(Envelope.objects.order_by("pk"))[-len(raws) :]


def sweep(sandbox: Sandbox | None = None) -> int:
    """Take in all that waits; returns how many letters that was."""
    sweeper = Sweeper(sandbox)
    taken = 0
    try:
        while now := sweeper.tick():
            taken += now
    finally:
        sweeper.close()
    return taken


def received(*raws: bytes, **fields: object) -> list[Message]:
    """Messages that stand for these letters after the sweep, in their order."""
    envelopes = arrive(*raws, **fields)  # type: ignore[arg-type]  # as arrive() takes them
    sweep()
    rows = Envelope.objects.select_related("message__ticket", "message__identity").in_bulk(
        [one.pk for one in envelopes]
    )
    messages = [rows[one.pk].message for one in envelopes]
    return [message for message in messages if message is not None]
