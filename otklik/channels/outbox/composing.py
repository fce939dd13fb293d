"""An outgoing message as a letter: words, signature, the client's own link, what it answers (notes: docs/decisions.md).

A letter to a client bears that client's link, so each client participant gets a copy of their own: the same Message-ID,
the same visible To and Cc. All others of a message (vendors, strangers in copy) share one copy without a link.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from otklik import mime, russian
from otklik.accounts import links
from otklik.channels.models import Box
from otklik.channels.outbox import addresses, htmlpart
from otklik.clients.identifying import normal
from otklik.desk import files
from otklik.desk.models import Delivery, Message, Participant, Recipient
from otklik.env import env
from otklik.errors import Refusal
from otklik.journeys import letters
from otklik.staff import queries as staff
from otklik.staff.models import Company

QUOTE_LIMIT = 4000  # characters of the client's message that go back to them
MOST_REFERENCES = 20
_ID = re.compile(r"[!-;=?-~]{1,900}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
AUTOMATIC = (Message.Kind.ACK, Message.Kind.LINK, Message.Kind.NOTICE)
LINK_HERE = "[личная ссылка]"  # what stands in the stored words of an automatic letter instead of the link


class Outdated(Refusal):
    code = "letter.outdated"


@dataclass(frozen=True, slots=True)
class Copy:
    """One transaction of a message: deliveries that share a letter, with the link of its one client or none."""

    deliveries: tuple[Delivery, ...]
    link: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages ready to be written, with what several of them need together."""

    messages: Mapping[int, Message]
    quotes: Mapping[int, Message]
    links: Mapping[tuple[int, str], str]  # by ticket id and normal address
    company: Company


def load(message_ids: Sequence[int], *, at: datetime) -> Batch:
    """Everything that composing these messages needs, in a number of queries that does not grow with theirs."""
    messages = _messages(message_ids)
    return Batch(messages, _quotes(messages), _links(messages, at), staff.company())


def copies(batch: Batch, message: Message, deliveries: Sequence[Delivery]) -> list[Copy]:
    """How these deliveries of one message leave: one copy a client participant, one for all the others."""
    own = [one for one in deliveries if (message.ticket_id, normal(one.address)) in batch.links]
    shared = tuple(one for one in deliveries if one not in own)
    made = [Copy((one,), batch.links[message.ticket_id, normal(one.address)]) for one in own]
    return [*made, Copy(shared)] if shared else made


def compose(batch: Batch, message: Message, copy: Copy) -> bytes:
    """The bytes of one copy. Raises desk.files.Gone when an attached file is no longer there."""
    box = message.box
    assert box is not None  # noqa: S101 - the sweep fails messages without a box before
    subject, words = _worded(message, copy.link)
    signature, place = _signature(message, batch.company), _place(message, copy.link)
    quote = _quote(batch.quotes.get(message.pk))
    recipients = list(message.recipients.all())
    return mime.write(
        mime.Outgoing(
            message_id=f"<{message.message_id}>",
            date=message.send_after or message.at,
            sender=mime.Mailbox(_sender_name(message, box, batch.company), box.address),
            to=_line(recipients, Recipient.Line.TO),
            cc=_line(recipients, Recipient.Line.CC),
            reply_to=_reply_to(message, box),
            subject=_one_line(subject),
            text=_plain(htmlpart.without_pictures(words), signature, place, quote),
            html=htmlpart.page(words, signature, place, mime.REPLY_LINE, quote),
            in_reply_to=next(_ids(message.in_reply_to), ""),
            references=tuple(_ids(message.references or message.in_reply_to))[-MOST_REFERENCES:],
            files=_files(message, htmlpart.pictures(words)),
            headers=headers(message, copy.deliveries),
        )
    )


def headers(message: Message, deliveries: Sequence[Delivery]) -> tuple[tuple[str, str], ...]:
    """Whose letter it is and for whom; RFC 3834 marks on automatic ones. A person's answer is not automatic."""
    ours = (
        ("X-Otklik-Instance", addresses.instance()),
        ("X-Otklik-Delivery", " ".join(str(one.pk) for one in deliveries)),
    )
    if message.kind not in AUTOMATIC:
        return ours
    word = "auto-replied" if message.kind == Message.Kind.ACK else "auto-generated"
    return (
        *ours,
        ("Auto-Submitted", word),
        ("X-Auto-Response-Suppress", "All"),
        ("Precedence", "auto_reply"),
    )


def _messages(ids: Sequence[int]) -> dict[int, Message]:
    rows = Message.objects.filter(pk__in=ids).select_related(
        "ticket",
        "box",
        "user__profile",
        "automatic__page_letter__ticket",
        "automatic__page_letter__proof__link",
    )
    return {message.pk: message for message in rows.prefetch_related("recipients", "attachments")}


def _quotes(messages: Mapping[int, Message]) -> dict[int, Message]:
    """The last message from outside before each of a person's letters, in the same circle."""
    heard = Message.objects.filter(
        ticket=OuterRef("ticket"),
        circle=OuterRef("circle"),
        direction="in",
        kind="words",
        at__lte=OuterRef("at"),
    )
    last = Subquery(heard.order_by("-at", "-pk").values("pk")[:1])
    pairs = Message.objects.filter(pk__in=messages, kind=Message.Kind.WORDS).annotate(last=last)
    wanted = dict(pairs.exclude(last=None).values_list("pk", "last"))
    found = Message.objects.select_related("identity__client").in_bulk(wanted.values())
    return {pk: found[last_id] for pk, last_id in wanted.items() if last_id in found}


def _links(messages: Mapping[int, Message], at: datetime) -> dict[tuple[int, str], str]:
    """A page of their own for each client who takes part. A vendor has none, in no circle."""
    ours = [one for one in messages.values() if one.circle == Message.Circle.CLIENT]
    named = {normal(to.address) for one in ours for to in one.recipients.all()}
    people = Participant.objects.filter(ticket__in={one.ticket_id for one in ours}, identity__value__in=named)
    people = people.exclude(part=Participant.Part.VENDOR)
    rows = list(people.values_list("ticket_id", "identity_id", "identity__value"))
    urls = links.urls_many([(ticket, identity) for ticket, identity, _value in rows], at=at)
    return {
        (ticket, value): urls[ticket, identity]
        for ticket, identity, value in rows
        if (ticket, identity) in urls
    }


def _worded(message: Message, link: str) -> tuple[str, str]:
    """Subject and words. A letter of the client's page bears secrets that are not stored: it is worded anew."""
    automatic = getattr(message, "automatic", None)
    if automatic is not None and automatic.page_letter is not None:
        words = letters.words(automatic.page_letter, at=message.at)
        if words is None:
            raise Outdated(_("Письмо устарело: ссылка закрыта или код больше не подходит."))
        return words.subject, words.text
    if message.kind in AUTOMATIC:
        return message.subject, message.text.replace(LINK_HERE, link)
    return message.subject, message.text


def _plain(words: str, signature: str, place: str, quote: str) -> str:
    # no «-- » before the signature: programs drop all that follows it when they quote, and our quote would go too
    parts = [words.strip(), *filter(None, [signature, place])]
    if quote:
        parts += [f"—— {mime.REPLY_LINE} ——", "\n".join(f"> {line}".rstrip() for line in quote.split("\n"))]
    return "\n\n".join(parts) + "\n"


def _signature(message: Message, company: Company) -> str:
    """The agent's own, or name, position and company. Not twice when the agent typed it."""
    user = message.user
    if user is None:
        return ""
    profile = getattr(user, "profile", None)
    own = profile.signature.strip() if profile else ""
    position = profile.position if profile else ""
    signature = own or "\n".join(filter(None, [user.name, ", ".join(filter(None, [position, company.name]))]))
    return "" if message.text.rstrip().endswith(signature) else signature


def _place(message: Message, link: str) -> str:
    """Where the client sees who, what and when. Automatic letters say it in their own words."""
    if not link or message.kind in AUTOMATIC:
        return ""
    place = _("Кто занимается запросом № %(number)s, что происходит сейчас и когда ждать новостей:\n%(link)s")
    return russian.tidy(place % {"number": message.ticket.number, "link": link})


def _quote(heard: Message | None) -> str:
    if heard is None:
        return ""
    zone = ZoneInfo(env().timezone)
    name = heard.author_name or (heard.identity.client.name if heard.identity else "")
    words = htmlpart.without_pictures(heard.reply_text.strip())
    if len(words) > QUOTE_LIMIT:
        words = f"{words[:QUOTE_LIMIT].rstrip()}…"
    return f"{russian.dates.full(heard.said_at or heard.at, zone)}, {name}:\n\n{words}"


def _sender_name(message: Message, box: Box, company: Company) -> str:
    """«Анна Петрова, Тёплый хостинг»; an automatic letter comes from the company."""
    house = box.name or company.name
    return _one_line(f"{message.user.name}, {house}" if message.user else house)


def _line(recipients: Sequence[Recipient], line: str) -> tuple[mime.Mailbox, ...]:
    return tuple(mime.Mailbox(_one_line(one.name), one.address) for one in recipients if one.line == line)


def _reply_to(message: Message, box: Box) -> tuple[mime.Mailbox, ...]:
    """A door takes plus-addresses, so that an answer finds its request even without References."""
    if box.kind != Box.Kind.DOOR:
        return ()
    vendor = message.circle == Message.Circle.VENDOR
    return (mime.Mailbox("", addresses.reply_address(box.address, message.ticket.number, vendor=vendor)),)


def _ids(chain: str) -> Iterator[str]:
    """Message ids of a chain with their brackets. Clients' programs write odd ones: what is no id is left out."""
    return (f"<{one.strip('<>')}>" for one in chain.split() if _ID.fullmatch(one.strip("<>")))


def _one_line(words: str) -> str:
    """A client's name or subject as a header may bear it."""
    return " ".join(_CONTROL.sub(" ", words).split())


def _files(message: Message, pictures: set[str]) -> tuple[mime.OutgoingFile, ...]:
    """A picture that the text shows goes inline, by its Content-ID; the rest are attachments."""
    made = []
    for one in message.attachments.all():
        with files.open_stored(one.file_id) as stored:
            content = stored.read()
        cid = one.content_id if one.content_id in pictures else ""
        made.append(mime.OutgoingFile(one.name, one.type, content, cid))
    return tuple(made)
