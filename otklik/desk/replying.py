"""Answers: a message with its deliveries, ten seconds to take it back (design §5, ux.md §2)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.clients import identifying
from otklik.clients.identifying import Sender, domain_of, normal
from otklik.desk import answers, boxes, drafting, files, placing
from otklik.desk.answers import After, Ground
from otklik.desk.files import File
from otklik.desk.models import Attachment, Delivery, Draft, Message, Participant, Ticket
from otklik.desk.receiving import Address, words_of
from otklik.desk.turns import turned_since
from otklik.errors import Refusal, Stale
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.journal.models import Entry


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
    "stay": as "work", but a request that waits for others waits for them still.
    """

    text: str
    to: tuple[Address, ...]
    cc: tuple[Address, ...] = ()
    box_id: int | None = None
    files: tuple[File, ...] = ()
    seen_message_id: int | None = None
    force: bool = False
    then: Literal["wait", "work", "stay", "solve"] = "wait"
    news_due_at: datetime | None = None
    result: str = ""
    sheet: str = ""  # the key of the composer's form (drafting.spend)
    typed: str = ""  # drafting.digest() of what stood in it
    insisted: tuple[str, ...] = ()  # rules that would have stopped it, for the journal (stopping.py)


_STATE_AFTER = {
    "wait": Ticket.State.WAITING_CLIENT, "work": Ticket.State.OPEN, "stay": Ticket.State.OPEN,
    "solve": Ticket.State.SOLVED,
}  # fmt: skip


def reply(ticket: Ticket, words: Words, *, by: User, at: datetime) -> Message:
    """Answer the client. Raises NothingToSay, NobodyToAnswer, BoxOnlyObserves, AlreadySent, SomethingNewer."""
    _refuse_unsendable(words)
    with transaction.atomic():
        return reply_on(_ground(ticket, words, by, at), words, by=by, at=at)


def reply_on(ground: Ground, words: Words, *, by: User, at: datetime) -> Message:
    """reply() of who holds the ground, in that transaction."""
    _refuse_unsendable(words)
    message = _worded(ground, words, circle=Message.Circle.CLIENT, by=by, at=at)
    after, lines = _after(ground, words, by=by, at=at)
    seen = None if words.force else words.seen_message_id or 0
    lines += _lines(message, words, by=by, at=at)
    if not answers.write(message, _once(words), after, lines, seen=seen):
        raise SomethingNewer(_newer(ground.ticket, seen or 0))
    _attach(message, words.files, at)
    return message


def forward(ticket: Ticket, words: Words, *, by: User, at: datetime) -> Message:
    """Ask a vendor; their answer comes back into this request, the client sees neither (R-A4). Raises as reply()."""
    _refuse_unsendable(words)
    with transaction.atomic():
        return forward_on(_ground(ticket, words, by, at), words, by=by, at=at)


def forward_on(ground: Ground, words: Words, *, by: User, at: datetime) -> Message:
    """forward() of who holds the ground, in that transaction."""
    _refuse_unsendable(words)
    message = _worded(ground, words, circle=Message.Circle.VENDOR, by=by, at=at)
    after = After(Ticket.State.WAITING_OTHER, Draft.Mode.VENDOR)
    answers.write(message, _once(words), after, _lines(message, words, by=by, at=at), seen=None)
    _ask(ground.ticket, [*words.to, *words.cc], at)
    _attach(message, words.files, at)
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
        ticket.state = ticket.state if _is_anothers(message) else Ticket.State.OPEN
        facts: dict[str, object] = {"message": message.pk, "circle": message.circle}
        journaling.write(Line(ticket.pk, "message.undone", at, teams=(ticket.team_id,), by=by, facts=facts))
        if message.circle == Message.Circle.VENDOR:  # whom nobody asked in the end is no vendor
            ticket.participants.filter(part=Participant.Part.VENDOR, since=message.at).delete()
        message.delete()
        _look_back(ticket)
    return draft


def _ground(ticket: Ticket, words: Words, by: User, at: datetime) -> Ground:
    return answers.ground(ticket.pk, words.box_id, by=by, at=at, sheet=words.sheet, typed=words.typed)


def _refuse_unsendable(words: Words) -> None:
    if not words.text.strip() and not words.files:
        raise NothingToSay(_("В ответе нет ни слова."), _("Напишите ответ: в письме пока нет ни слова."))
    if not words.to:
        raise NobodyToAnswer(_("У письма нет получателя."), _("Укажите адрес в строке «Кому»."))


def _newer(ticket: Ticket, seen_id: int) -> Message:
    others = Message.objects.filter(ticket=ticket, pk__gt=seen_id)
    people = others.exclude(kind__in=[Message.Kind.ACK, Message.Kind.LINK, Message.Kind.NOTICE])
    return people.select_related("identity", "user").latest("pk")


def _worded(ground: Ground, words: Words, *, circle: str, by: User, at: datetime) -> Message:
    """The message as it will stand. Raises NobodyToAnswer, NoBox, BoxOnlyObserves."""
    if ground.is_erased:
        raise NobodyToAnswer(
            _("Мы стёрли данные клиента, и отвечать некому."),
            _("Если этот человек написал снова, ответьте ему в новом запросе."),
        )
    box = boxes.speaking(ground.box)
    return Message(
        ticket=ground.ticket,
        direction=Message.Direction.OUT,
        circle=circle,
        channel="email",
        box_id=box.pk,
        user=by,
        author_name=by.name,
        at=at,
        subject=ground.ticket.subject,
        text=words.text,
        reply_text=words.text,
        message_id=new_message_id(ground.ticket, domain_of(box.address)),
        send_after=at + timedelta(seconds=ground.undo_s),
    )


def _once(words: Words) -> list[Address]:
    """An address named twice gets one letter: the first naming counts."""
    once = {normal(one.address): one for one in reversed([*words.to, *words.cc])}
    return [replace(one, address=address) for address, one in reversed(once.items())]


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


def _after(ground: Ground, words: Words, *, by: User, at: datetime) -> tuple[After, list[Line]]:
    """An answer makes its author the owner of an unowned request of their team (R-A3)."""
    ticket = ground.ticket
    takes = ticket.owner_id is None and ground.works_here
    solves = words.then == "solve"
    after = After(
        ticket.state if _others_wait(ticket, words) else _STATE_AFTER[words.then],
        Draft.Mode.REPLY,
        words_of(placing.unplace(words.text)),
        by.pk if takes else None,
        words.result[:300] if solves else None,
    )
    told = ["ticket.assigned"] * takes + ["ticket.solved"] * solves
    return after, [Line(ticket.pk, word, at, teams=(ticket.team_id,), by=by, public=True) for word in told]


def _others_wait(ticket: Ticket, words: Words) -> bool:
    """As the request stands before the answer: those who were asked still owe theirs, and it goes on waiting."""
    return words.then == "stay" and ticket.state == Ticket.State.WAITING_OTHER


def _lines(message: Message, words: Words, *, by: User, at: datetime) -> list[Line]:
    """Their message is named when it is written."""
    facts: dict[str, object] = {
        "circle": message.circle,
        "then": "work" if words.then == "stay" else words.then,
        "news_due_at": words.news_due_at,
    }
    if _others_wait(message.ticket, words):
        facts["to"] = message.ticket.state
    public = message.circle == Message.Circle.CLIENT
    teams = (message.ticket.team_id,)
    lines = [Line(message.ticket_id, "message.written", at, teams=teams, by=by, public=public, facts=facts)]
    if words.insisted:
        rules: dict[str, object] = {"rules": list(words.insisted)}
        lines.append(Line(message.ticket_id, "message.insisted", at, teams=teams, by=by, facts=rules))
    return lines


def _is_anothers(message: Message) -> bool:
    """Whether another deed decided about the state: after this message was written, or before, and this kept it."""
    entries = Entry.objects.filter(ticket=message.ticket_id)
    written = entries.filter(word="message.written", facts__message=message.pk).first()
    return written is not None and ("to" in written.facts or turned_since(message.ticket_id, written.pk))


def _look_back(ticket: Ticket) -> None:
    """After an undo the list shows the last message that stands."""
    last = Message.objects.filter(ticket=ticket, circle=Message.Circle.CLIENT).order_by("-at", "-pk").first()
    if last is not None:
        ticket.last_message_at = max(last.at, ticket.created_at)
        ticket.last_words = words_of(placing.unplace(last.reply_text))
        ticket.last_by = Ticket.Last.CLIENT if last.direction == Message.Direction.IN else Ticket.Last.AGENT
    ticket.save(update_fields=["last_message_at", "last_words", "last_by", "state"])
