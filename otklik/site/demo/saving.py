"""The rows of all cases into the database, in bulk and in the order of time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from otklik.channels.models import Envelope
from otklik.channels.outbox.rows import AutomaticLetter
from otklik.clients.models import Identity
from otklik.desk import files
from otklik.desk.models import Attachment, Delivery, Draft, Message, Note, Participant, Recipient, Tag, Ticket
from otklik.journeys.models import NowLine
from otklik.promises.models import NextNews
from otklik.site.demo import letters
from otklik.site.demo.writing import VENDOR, Desk, Done, Written

Part, Line = Participant.Part, Recipient.Line


def save(written: Sequence[Written], desk: Desk) -> None:
    """Everything but the tickets, which are there, and the journal."""
    done = sorted((item for one in written for item in one.done), key=lambda item: item.at)
    messages = [item.message for item in done if item.message]
    Message.objects.bulk_create(messages)
    _tie(messages)
    Note.objects.bulk_create([item.note for item in done if item.note])
    Draft.objects.bulk_create([item.draft for item in done if item.draft])
    NowLine.objects.bulk_create(_now_lines(written))
    Delivery.objects.bulk_create([row for item in done for row in item.deliveries])
    Participant.objects.bulk_create([row for one in written for row in _people(one, desk)])
    Recipient.objects.bulk_create([row for item in done for row in _recipients(item)])
    _files(done)
    AutomaticLetter.objects.bulk_create(_automatic(done))
    Envelope.objects.bulk_create([_envelope(item) for item in done if item.came])
    _tags(written)
    NextNews.objects.bulk_create([row for one in written for row in one.promises.rows])
    _mark_bad(done)


def _now_lines(written: Sequence[Written]) -> list[NowLine]:
    """What the owner tells that they are doing now, where the talk says it."""
    lines = []
    for one in written:
        words = one.case.talk.options.get("сейчас", "")
        if words and one.ticket.owner and one.ticket.is_open:
            said = next(
                (item.at for item in reversed(one.done) if item.message and item.message.user),
                one.done[-1].at,
            )
            lines.append(
                NowLine(
                    ticket=one.ticket,
                    words=words.replace(" ₽", "\N{NO-BREAK SPACE}₽"),
                    by=one.ticket.owner,
                    at=said,
                )
            )
    return lines


def _tie(messages: Sequence[Message]) -> None:
    """An answer names the message it answers."""
    by_id = {message.message_id: message for message in messages}
    answers = [one for one in messages if one.direction == "out" and one.in_reply_to in by_id]
    for message in answers:
        message.answers = by_id[message.in_reply_to]
    Message.objects.bulk_update(answers, ["answers"], batch_size=500)


def _people(one: Written, desk: Desk) -> list[Participant]:
    """The requester, whoever wrote or stood in copy, the vendors who were asked."""
    parts: dict[int, Participant] = {}

    def add(identity: Identity, part: str, item: Done) -> None:
        parts.setdefault(
            identity.pk, Participant(ticket=one.ticket, identity=identity, part=part, since=item.at)
        )

    for item in one.done:
        is_vendors = item.message is not None and item.message.circle == VENDOR
        if is_vendors and item.deliveries:
            add(desk.vendors[item.deliveries[0].address], Part.VENDOR, item)
        elif item.came and not is_vendors:
            add(item.came.identity, Part.COPY if parts else Part.REQUESTER, item)
            for address in item.came.letter.cc:
                add(desk.identities[address], Part.COPY, item)
    return list(parts.values())


def _recipients(item: Done) -> Iterator[Recipient]:
    if item.came:
        lines = [(Line.TO, item.came.letter.to), (Line.CC, item.came.letter.cc)]
        for line, addresses in lines:
            for address in addresses:
                yield Recipient(message=item.message, line=line, address=address)
    for row in item.deliveries:
        yield Recipient(message=item.message, line=Line.TO, address=row.address)


def _files(done: Sequence[Done]) -> None:
    """What letters brought; pictures that our people put into notes come by the note's own turn."""
    carried = [
        (item, letters.stored(name))
        for item in done
        if item.step
        for name in letters.names(item.step.turn.options)
    ]
    if not carried:
        return
    files.rows([file for _item, file in carried], at=min(item.at for item, _file in carried))
    Attachment.objects.bulk_create(
        [
            Attachment(
                message=item.message, note=item.note, file_id=file.sha256, name=file.name, type=file.type
            )
            for item, file in carried
        ]
    )


def _automatic(done: Sequence[Done]) -> list[AutomaticLetter]:
    return [
        AutomaticLetter(
            message=item.message, box=item.message.box, address=item.deliveries[0].address, at=item.at
        )
        for item in done
        if item.message and item.message.kind == Message.Kind.ACK
    ]


def _envelope(item: Done) -> Envelope:
    """The letter as it came through the door, understood long ago."""
    assert item.came is not None  # noqa: S101 - the caller looked
    assert item.message is not None  # noqa: S101 - every letter has become a message
    raw = item.came.raw
    return Envelope(
        box=item.message.box, key=hashlib.sha256(raw).hexdigest(), source=Envelope.Source.DOOR, raw=raw,
        size_bytes=len(raw), received_at=item.at, mail_from=item.came.identity.shown,
        rcpt_to=list(item.came.letter.to), state=Envelope.State.DONE, attempts=1, taken_at=item.at, done_at=item.at,
        message=item.message,
    )  # fmt: skip


def _tags(written: Sequence[Written]) -> None:
    names = sorted({name for one in written for name in one.case.talk.tags})
    tags = {tag.name: tag for tag in Tag.objects.bulk_create([Tag(name=name) for name in names])}
    through = Ticket.tags.through
    through.objects.bulk_create(
        [
            through(ticket_id=one.ticket.pk, tag_id=tags[name].pk)
            for one in written
            for name in one.case.talk.tags
        ]
    )


def _mark_bad(done: Sequence[Done]) -> None:
    for item in done:
        for row in item.deliveries:
            if row.state == Delivery.State.BOUNCED:
                bad = Identity.objects.filter(value=row.address.lower())
                bad.update(bad_at=row.ended_at, bad_reason=row.reason[:500])
