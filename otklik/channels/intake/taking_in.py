"""Letters of a batch become requests in one transaction (design §5); each envelope comes to an end (invariant 1)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.channels.email.addresses import plain
from otklik.channels.intake import closing, forwards, judging, tying
from otklik.channels.intake.closing import End
from otklik.channels.intake.judging import Decision
from otklik.channels.intake.posting import Post, post
from otklik.channels.intake.reading import Read
from otklik.channels.intake.tying import Tie
from otklik.channels.models import Box, Envelope
from otklik.channels.outbox import acknowledging
from otklik.clients import identifying
from otklik.clients.identifying import Sender, normal
from otklik.clients.models import Identity
from otklik.desk import files, receiving
from otklik.desk.files import File
from otklik.desk.models import Message
from otklik.desk.receiving import Address, Arrival
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.promises import promising
from otklik.sla import telling

_RE = re.compile(r"^\s*(?:(?:re|fwd?|отв|на|ha|aw|wg|пересл)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)


LOCKS = 0x6F7469  # «oti»: the class of the advisory locks on Message-IDs
_LOCK = """
    SELECT pg_advisory_xact_lock(%s, key)
    FROM (SELECT DISTINCT hashtext(id) AS key FROM unnest(%s::text[]) AS id ORDER BY key) AS keys
"""


@dataclass(slots=True)
class Outcome:
    """What a batch came to: messages and decisions by envelope.

    opened: messages that opened a request with somebody waiting on it; people: fresh ones that no program wrote.
    """

    messages: dict[int, Message] = field(default_factory=dict)
    decisions: dict[int, Decision] = field(default_factory=dict)
    opened: list[Message] = field(default_factory=list)
    people: list[Message] = field(default_factory=list)


def files_of(reads: Sequence[Read]) -> dict[int, tuple[File, ...]]:
    """Put the attachments into the store, before any transaction; files by envelope. Raises files.NoRoom."""
    return {
        read.envelope.pk: tuple(
            File(files.store(one.content), one.size, one.name, one.type, one.content_id, one.inline)
            for one in read.letter.attachments
        )
        for read in reads
    }


def take_in(reads: Sequence[Read], stored: Mapping[int, tuple[File, ...]], *, at: datetime) -> Outcome:
    """All letters of a batch in one transaction. Letters that another process finished meanwhile are left out."""
    with transaction.atomic():
        ids = [read.envelope.pk for read in reads]
        still = Envelope.objects.select_for_update(skip_locked=True).filter(pk__in=ids, state="new")
        ours = set(still.order_by("pk").values_list("pk", flat=True))
        outcome = _understood([read for read in reads if read.envelope.pk in ours], stored, at)
        _close(reads, outcome, at)
        promising.open_fresh([message.ticket for message in outcome.opened], at=at)
        acknowledging.acknowledge_many(outcome.people, at=at)
    return outcome


def _understood(reads: Sequence[Read], stored: Mapping[int, tuple[File, ...]], at: datetime) -> Outcome:
    outcome = Outcome()
    posts = _posts(reads, outcome, at)
    _wait_for_others(posts)
    senders = [one.sender for one in posts] + [Sender(address) for one in posts for address in one.copies]
    identities = identifying.identify_many(senders, at=at)
    for one in list(posts):
        decision = judging.by_sender(one, identities)
        if decision:
            outcome.decisions[one.read.envelope.pk] = decision
            posts.remove(one)
    while posts:
        wave, posts = _wave(posts)
        _receive(wave, identities, stored, outcome, at)
    return outcome


def _wait_for_others(posts: Sequence[Post]) -> None:
    """Until no other process takes in a copy of these letters, or the one they answer: then its rows are seen.

    The locks end with the transaction; all take theirs in the same order.
    """
    ids = {one.message_id for one in posts} | {one.references[0] for one in posts if one.references}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [LOCKS, sorted(ids - {""})])


def _posts(reads: Sequence[Read], outcome: Outcome, at: datetime) -> list[Post]:
    """The letters that may become messages; the others get their decision."""
    boxes = Box.objects.in_bulk({read.envelope.box_id for read in reads})
    own = frozenset(plain(address) for address in Box.objects.values_list("address", flat=True))
    people = frozenset(normal(address) for address in User.objects.values_list("email", flat=True))
    posts = []
    for read in reads:
        one = post(read, boxes[read.envelope.box_id], own, people)
        decision = judging.before_rows(one, own=own, at=at)
        if decision:
            outcome.decisions[read.envelope.pk] = decision
        else:
            posts.append(forwards.from_client(one, people))
    return posts


def _wave(posts: Sequence[Post]) -> tuple[list[Post], list[Post]]:
    """Those that answer nothing earlier of this batch, and the rest: an answer must find its letter as a row."""
    now: list[Post] = []
    later: list[Post] = []
    earlier: set[str] = set()
    for one in posts:
        waits = one.message_id in earlier or not earlier.isdisjoint(one.references)
        (later if waits else now).append(one)
        if one.message_id:
            earlier.add(one.message_id)
    return now, later


def _receive(
    wave: Sequence[Post],
    identities: Mapping[str, Identity],
    stored: Mapping[int, tuple[File, ...]],
    outcome: Outcome,
    at: datetime,
) -> None:
    for place, decision in judging.copies(wave, identities).items():
        outcome.decisions[wave[place].read.envelope.pk] = decision
    fresh = [one for one in wave if one.read.envelope.pk not in outcome.decisions]
    senders = [identities[normal(one.sender.address)] for one in fresh]
    ties = tying.ties(fresh, senders, at=at)
    arrivals = [
        _arrival(one, identities, tie, stored[one.read.envelope.pk])
        for one, tie in zip(fresh, ties, strict=True)
    ]
    messages = receiving.receive(arrivals, at=at, first_answers=telling.first_answers)
    for one, message in zip(fresh, messages, strict=True):
        outcome.messages[one.read.envelope.pk] = message
        if not one.history and message.ticket.state != "spam":
            if message.opens and message.kind == Message.Kind.WORDS:
                outcome.opened.append(message)
            if not one.from_robot and not one.is_late:
                outcome.people.append(message)
        forwards.keep_note(one, message, at=at)


def _arrival(one: Post, identities: Mapping[str, Identity], tie: Tie, stored: tuple[File, ...]) -> Arrival:
    letter = one.letter
    return Arrival(
        box_id=one.box.pk,
        team_id=one.box.team_id,
        channel="email",
        sender=identities[normal(one.sender.address)],
        author_name=one.sender.name,
        ticket=tie.ticket,
        mentions=tie.mentions,
        subject=letter.subject if tie.ticket else _RE.sub("", letter.subject) or letter.subject,
        text=letter.text,
        html=letter.html or "",
        reply_text=letter.reply_text,
        quoted_text=letter.quoted_text,
        message_id=one.message_id,
        in_reply_to=one.letter.in_reply_to.strip("<> ")[:1000],
        references=" ".join(one_id.strip("<>") for one_id in letter.references)[:20_000],
        said_at=letter.date,
        recipients=tuple(Address(line, address) for line, address in one.people),
        copies=tuple(identities[address] for address in one.copies if address in identities),
        files=stored,
        odd=tuple(one.odd),
        kind=one.kind,
        circle=Message.Circle.VENDOR if tie.vendor else Message.Circle.CLIENT,
        history=one.history,
        # what answers our own letter is no spam, whatever a filter thinks
        spam=bool(one.spam) and tie.ticket is None,
    )


def _close(reads: Sequence[Read], outcome: Outcome, at: datetime) -> None:
    """The end of each envelope: a message, a decision with its reason, or a visible fault with a request."""
    ends = []
    lines = []
    for read in reads:
        pk = read.envelope.pk
        message, decision = outcome.messages.get(pk), outcome.decisions.get(pk)
        if decision:
            ends.append(End(pk, "decided", decision.word, decision.reason, decision.message_pk))
        elif message and read.fault:
            ends.append(End(pk, "fault", "", read.fault, message.pk))
            facts: dict[str, object] = {"envelope": pk}
            teams = (message.ticket.team_id,)
            lines.append(Line(message.ticket_id, "envelope.faulted", at, teams=teams, facts=facts))
        elif message:
            ends.append(End(pk, "done", "", "", message.pk))
    closing.close(ends, at=at)
    journaling.write_many(lines)


def refused(read: Read, cause: str, *, at: datetime) -> None:
    """A letter whose rows the database does not take: a fault without a request, to be read again by a person."""
    reason = _(
        "Мы не смогли записать это письмо: %(cause)s. Мы сохранили его целиком, его можно прочитать заново."
    )
    with transaction.atomic():
        Envelope.objects.filter(pk=read.envelope.pk, state="new").update(
            state="fault", reason=(reason % {"cause": cause})[:500], done_at=at
        )
        facts: dict[str, object] = {"envelope": read.envelope.pk}
        journaling.write(Line(None, "envelope.faulted", at, facts=facts))
