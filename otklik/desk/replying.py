"""Answers: a message with its deliveries, ten seconds to take it back (design §5, ux.md §2)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.clients import identifying
from otklik.clients.identifying import Sender, domain_of, normal
from otklik.desk import boxes, drafting, files, placing
from otklik.desk.files import File
from otklik.desk.models import Attachment, Delivery, Draft, Message, Participant, Recipient, Ticket
from otklik.desk.receiving import Address, words_of
from otklik.desk.turns import turned_since
from otklik.errors import Refusal, Stale
from otklik.jobs import wakeups
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.journal.models import Entry
from otklik.staff import queries as staff

MOST_REFERENCES = 20


class SomethingNewer(Stale):
    """Something came while the agent was writing; `newer` is to be shown above the kept draft."""

    code = "reply.something_newer"

    def __init__(self, newer: Message) -> None:
        super().__init__(
            _("Пока вы писали, пришло сообщение."),
            _("Прочитайте его и отправьте ответ как есть или поправьте."),
        )
        self.newer = newer


class NobodyToAnswer(Refusal):
    code = "reply.nobody"


class NothingToSay(Refusal):
    code = "reply.empty"


class AlreadyGone(Stale):
    code = "reply.gone"


@dataclass(frozen=True, slots=True)
class Words:
    """What an agent sends. seen_message_id: the last message on their screen; force: send in spite of a newer one.

    then: "wait" for the client, "work" goes on (news_due_at: when the client hears of us again), "solve" with result.
    """

    text: str
    to: tuple[Address, ...]
    cc: tuple[Address, ...] = ()
    box_id: int | None = None
    files: tuple[File, ...] = ()
    seen_message_id: int | None = None
    force: bool = False
    then: Literal["wait", "work", "solve"] = "wait"
    news_due_at: datetime | None = None
    result: str = ""
    sheet: str = ""  # the key of the composer's form (drafting.spend)
    typed: str = ""  # drafting.digest() of what stood in it


_STATE_AFTER = {
    "wait": Ticket.State.WAITING_CLIENT, "work": Ticket.State.OPEN, "solve": Ticket.State.SOLVED
}  # fmt: skip


def reply(ticket: Ticket, words: Words, *, by: User, at: datetime) -> Message:
    """Answer the client. Raises NothingToSay, NobodyToAnswer, BoxOnlyObserves, AlreadySent, SomethingNewer."""
    _refuse_unsendable(words)
    with transaction.atomic():
        drafting.spend(words.sheet, words.typed, at=at)
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
        if not words.force:
            _refuse_overtaken(ticket, words.seen_message_id)
        message = _write(ticket, words, circle=Message.Circle.CLIENT, by=by, at=at)
        _after(ticket, words, by=by, at=at)
        drafting.drop(by, ticket, Draft.Mode.REPLY)
        _journal(ticket, message, words, by=by, at=at)
    return message


def forward(ticket: Ticket, words: Words, *, by: User, at: datetime) -> Message:
    """Ask a vendor; their answer comes back into this request, the client sees neither (R-A4)."""
    _refuse_unsendable(words)
    with transaction.atomic():
        drafting.spend(words.sheet, words.typed, at=at)
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
        message = _write(ticket, words, circle=Message.Circle.VENDOR, by=by, at=at)
        _ask(ticket, [*words.to, *words.cc], at)
        Ticket.objects.filter(pk=ticket.pk).update(state=Ticket.State.WAITING_OTHER, unread=False)
        drafting.drop(by, ticket, Draft.Mode.VENDOR)
        _journal(ticket, message, words, by=by, at=at)
    return message


def undo(message: Message, *, by: User, at: datetime) -> Draft:
    """Take back what has not left yet; words, people and files return as a draft. Raises AlreadyGone.

    The request is open again, unless somebody ended it, set its state or wrote another answer after this one.
    """
    with transaction.atomic():
        deliveries = list(Delivery.objects.select_for_update().filter(message=message))
        if not deliveries or any(one.state != Delivery.State.WAITING for one in deliveries):
            raise AlreadyGone(
                _("Письмо уже ушло: отменить не получится."),
                _("Напишите клиенту ещё одно, если нужно поправить."),
            )
        draft = drafting.from_message(message, by=by, at=at)
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=message.ticket_id)
        ticket.state = ticket.state if _turned_since(message) else Ticket.State.OPEN
        facts: dict[str, object] = {"message": message.pk, "circle": message.circle}
        journaling.write(Line(ticket.pk, "message.undone", at, teams=(ticket.team_id,), by=by, facts=facts))
        if message.circle == Message.Circle.VENDOR:  # whom nobody asked in the end is no vendor
            ticket.participants.filter(part=Participant.Part.VENDOR, since=message.at).delete()
        message.delete()
        _look_back(ticket)
    return draft


def _refuse_unsendable(words: Words) -> None:
    if not words.text.strip() and not words.files:
        raise NothingToSay(
            _("В ответе нет ни слова."), _("Напишите ответ: письмо без текста мы не отправляем.")
        )
    if not words.to:
        raise NobodyToAnswer(_("У письма нет получателя."), _("Укажите адрес в строке «Кому»."))
    boxes.refuse_if_silent(words.box_id)


def _refuse_overtaken(ticket: Ticket, seen_id: int | None) -> None:
    newer = (
        Message.objects.filter(ticket=ticket, pk__gt=seen_id or 0)
        .exclude(kind__in=[Message.Kind.ACK, Message.Kind.LINK, Message.Kind.NOTICE])
        .select_related("identity", "user")
        .order_by("-pk")
        .first()
    )
    if newer is not None:
        raise SomethingNewer(newer)


def _write(ticket: Ticket, words: Words, *, circle: str, by: User, at: datetime) -> Message:
    answers = (
        Message.objects.filter(ticket=ticket, circle=circle)
        .exclude(message_id="")
        .order_by("-at", "-pk")
        .first()
    )
    wait = timedelta(seconds=staff.profile(by).undo_s)
    message = Message.objects.create(
        ticket=ticket,
        direction=Message.Direction.OUT,
        circle=circle,
        channel="email",
        box_id=words.box_id,
        user=by,
        author_name=by.name,
        at=at,
        subject=f"Re: {ticket.subject}"[:1000] if answers else ticket.subject,
        text=words.text,
        reply_text=words.text,
        message_id=new_message_id(ticket, domain_of(boxes.by_id(words.box_id).address)),
        in_reply_to=answers.message_id if answers else "",
        references=_chain(answers),
        answers=answers,
        send_after=at + wait,
    )
    address_to(message, [*words.to, *words.cc])
    _attach(message, words.files, at)
    Ticket.objects.filter(pk=ticket.pk).update(
        last_message_at=max(at, ticket.created_at),
        last_by=Ticket.Last.AGENT,  # two machines, two clocks
    )
    return message


def address_to(
    message: Message, addresses: Sequence[Address], *, state: str = Delivery.State.WAITING
) -> None:
    """Recipients of an outgoing message with a delivery each; an address named twice gets one letter."""
    once = {normal(one.address): one for one in reversed(addresses)}
    Recipient.objects.bulk_create(
        [
            Recipient(message=message, line=one.line, address=address, name=one.name)
            for address, one in reversed(once.items())
        ]
    )
    Delivery.objects.bulk_create(
        [
            Delivery(message=message, address=address, state=state, next_at=message.send_after)
            for address in reversed(once)
        ]
    )
    wakeups.tell("outbox")


def new_message_id(ticket: Ticket, domain: str) -> str:
    """Without <>: fixed when the message is made, so that a double can be told by it."""
    return f"t.{ticket.number}.m.{secrets.token_hex(10)}@{id_domain(domain)}"


def id_domain(domain: str) -> str:
    """A domain as a Message-ID may bear it: Russian letters in their ASCII form."""
    try:
        return domain.encode("idna").decode() or "otklik.invalid"
    except UnicodeError:
        return "otklik.invalid"


def _ask(ticket: Ticket, addresses: Sequence[Address], at: datetime) -> None:
    """Whoever is asked for help takes part as a vendor; who takes part already keeps their part."""
    asked = identifying.identify_many([Sender(one.address, one.name) for one in addresses], at=at)
    Participant.objects.bulk_create(
        [
            Participant(ticket=ticket, identity=one, part=Participant.Part.VENDOR, since=at)
            for one in asked.values()
        ],
        ignore_conflicts=True,
    )


def _chain(answers: Message | None) -> str:
    if answers is None:
        return ""
    return " ".join([*answers.references.split(), answers.message_id][-MOST_REFERENCES:])


def _attach(message: Message, attached: Sequence[File], at: datetime) -> None:
    files.rows(attached, at=at)
    Attachment.objects.bulk_create(
        [
            Attachment(
                message=message, file_id=one.sha256, name=one.name, type=one.type,
                content_id=one.content_id, inline=one.inline,
            )
            for one in attached
        ]
    )  # fmt: skip


def _after(ticket: Ticket, words: Words, *, by: User, at: datetime) -> None:
    """An answer makes its author the owner of an unowned request of their team (R-A3)."""
    ticket.state = _STATE_AFTER[words.then]
    ticket.unread = False
    ticket.last_words = words_of(placing.unplace(words.text))
    fields = ["state", "unread", "last_words"]
    if ticket.owner_id is None and staff.works_in(by, ticket.team_id):
        ticket.owner = by
        fields.append("owner")
        line = Line(ticket.pk, "ticket.assigned", at, teams=(ticket.team_id,), by=by, public=True)
        journaling.write(line)
    if words.then == "solve":
        ticket.result = words.result[:300]
        fields.append("result")
        journaling.write(Line(ticket.pk, "ticket.solved", at, teams=(ticket.team_id,), by=by, public=True))
    ticket.save(update_fields=fields)


def _journal(ticket: Ticket, message: Message, words: Words, *, by: User, at: datetime) -> None:
    facts: dict[str, object] = {
        "message": message.pk,
        "circle": message.circle,
        "then": words.then,
        "news_due_at": words.news_due_at,
    }
    public = message.circle == Message.Circle.CLIENT
    line = Line(ticket.pk, "message.written", at, teams=(ticket.team_id,), by=by, public=public, facts=facts)
    journaling.write(line)


def _turned_since(message: Message) -> bool:
    """Whether another deed decided about the state after this message was written."""
    entries = Entry.objects.filter(ticket=message.ticket_id)
    written = entries.filter(word="message.written", facts__message=message.pk).first()
    return written is not None and turned_since(message.ticket_id, written.pk)


def _look_back(ticket: Ticket) -> None:
    """After an undo the list shows the last message that stands."""
    last = Message.objects.filter(ticket=ticket, circle=Message.Circle.CLIENT).order_by("-at", "-pk").first()
    if last is not None:
        ticket.last_message_at = max(last.at, ticket.created_at)
        ticket.last_words = words_of(placing.unplace(last.reply_text))
        ticket.last_by = Ticket.Last.CLIENT if last.direction == Message.Direction.IN else Ticket.Last.AGENT
    ticket.save(update_fields=["last_message_at", "last_words", "last_by", "state"])


def participants(ticket: Ticket, part: str = Participant.Part.REQUESTER) -> list[Address]:
    """Addresses of those who take this part, the requester's for «Кому», copies for «Копия»."""
    line = Recipient.Line.CC if part == Participant.Part.COPY else Recipient.Line.TO
    rows = Participant.objects.filter(ticket=ticket, part=part).select_related("identity").order_by("pk")
    return [Address(line, row.identity.shown, row.identity.name) for row in rows]
