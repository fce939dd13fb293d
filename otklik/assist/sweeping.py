"""What sent replies promise, and what became of the coach's findings: read from the journal, never in a request."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from otklik import coach
from otklik.accounts.models import User
from otklik.assist import cards, checking, grounds
from otklik.assist.checking import Found
from otklik.assist.deciding import LATE
from otklik.assist.grounds import Ground, Said
from otklik.assist.models import Outcome, Verdict, Written
from otklik.coach import CODES, House, Reply
from otklik.desk import placing
from otklik.desk.models import Message
from otklik.journal import following
from otklik.journal.models import Entry, Follower
from otklik.promises import promising, tracking
from otklik.promises.tracking import Pledge

log = structlog.get_logger(__name__)
FOLLOWER, EARLIER = "sent replies", "earlier replies"
FEW = 40  # earlier messages of a step
YEAR = timedelta(days=366)
AT_ONCE = 50  # replies of a step: each takes some 15 ms
READ_S = 0.5  # of a step: no other follower gets past its transaction meanwhile
LONGEST = checking.LONGEST  # characters of a sent reply that are read, as while it was written
KEPT = timedelta(days=90)  # verdicts of a draft that nobody sent
CONSUMED = timedelta(days=1)  # by then nobody takes a reply back
MOST = 5_000  # old verdicts of a step
_ALL_BUT_THANKS = House(off=frozenset(CODES) - {"thanks"})
_What = Verdict.What


@dataclass(frozen=True, slots=True)
class Sent:
    """One reply. text: as its writer typed it; closes: the request was closed with it; thanks: thanks()."""

    message: Message
    author: User
    text: str
    closes: bool
    thanks: bool | None


@dataclass(frozen=True, slots=True)
class Read:
    """What the coach has found in one reply."""

    sent: Sent
    ground: Ground
    found: list[Found]


def follow() -> int:
    """One step of the loop: entries read. What is older than a day promises nothing new: read_earlier() counts it."""
    return following.follow(FOLLOWER, _take, words=("message.written", "message.undone"))


def tidy() -> int:
    """One step of the loop: verdicts that no reply needs any more go. Uses verdict_old."""
    now = timezone.now()
    old = Verdict.objects.filter(at__lt=now - CONSUMED).exclude(message=None, at__gte=now - KEPT)
    pks = list(old.order_by("at").values_list("pk", flat=True)[:MOST])
    return Verdict.objects.filter(pk__in=pks).delete()[0]


def read_earlier() -> int:
    """One step of the loop: figures of replies from before this room was here, the latest first, a year back.

    They promise nothing any more, and nobody has seen a finding in them; those of the last day are follow()'s.
    Follower.entry_id: the message read last; 0 when all are read.
    """
    begun = Follower.objects.filter(name=EARLIER).first() or _begin()
    if not begun.entry_id:
        return 0
    ours = Message.objects.filter(
        pk__lt=begun.entry_id, direction=Message.Direction.OUT, circle=Message.Circle.CLIENT,
        kind=Message.Kind.WORDS, at__lte=timezone.now() - CONSUMED,
    )  # fmt: skip
    rows = ours.select_related("ticket", "user").order_by("-pk").defer("search", "html", "quoted_text")
    some = list(rows[:FEW])
    young = [one for one in some if one.at > timezone.now() - YEAR]
    for message in young:
        with transaction.atomic():
            _figure(message)
    # ids are not quite in the order of time: one imported letter of years ago ends nothing
    Follower.objects.filter(pk=begun.pk).update(entry_id=some[-1].pk if young else 0)
    return 0  # it rests between its steps: nobody waits for it


def _begin() -> Follower:
    return Follower.objects.get_or_create(name=EARLIER, defaults={"entry_id": _last_message() + 1})[0]


def _figure(message: Message) -> None:
    author = message.user
    if author is None or Written.objects.filter(pk=message.pk).exists():
        return
    ground = grounds.of_message(message.ticket_id, author.pk, message.pk, message.at)
    written = Entry.objects.filter(
        ticket=message.ticket_id, word="message.written", facts__message=message.pk
    ).first()
    if ground is not None:
        text = placing.unplace(message.text)[:LONGEST]
        closes = written is not None and written.facts.get("then") == "solve"
        found = [one for one in _found(text, ground, message.at) if not one.is_promise]
        _write(Sent(message, author, text, closes, thanks(text)), found, ground)


def _last_message() -> int:
    return Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _take(entries: Sequence[Entry]) -> Entry | None:
    """Read first, for that takes its time, then lock: whoever answers in one of these requests waits for no coach.

    Returns the entry it stopped at when there are more of them than a step has time for.
    """
    fresh = [one for one in entries if one.at > timezone.now() - CONSUMED]
    ours = [one for one in fresh if one.facts.get("circle") == Message.Circle.CLIENT and one.ticket_id]
    all_ours, ours = ours, ours[:AT_ONCE]
    written = [int(one.facts["message"]) for one in ours if one.word == "message.written"]
    rows = Message.objects.filter(pk__in=written).select_related("ticket", "user").order_by("pk")
    read, done = _read_a_while(ours, rows.defer("search", "html", "quoted_text").in_bulk())
    ours = ours[:done]
    promising.lock([one.ticket_id for one in ours if one.ticket_id])
    tracking.take_back([one.ticket_id for one in ours if one.word == "message.undone" and one.ticket_id])
    there = dict(rows.values_list("pk", "text"))
    for one in read:
        # else it was taken back or its words were erased meanwhile
        if there.get(one.sent.message.pk) == one.sent.message.text:
            _keep(one)
    return ours[-1] if len(ours) < len(all_ours) else None


def _read_a_while(ours: Sequence[Entry], messages: Mapping[int, Message]) -> tuple[list[Read], int]:
    """What is read within READ_S, and how many of these entries that was: at least one."""
    read, until = [], time.monotonic() + READ_S
    for count, entry in enumerate(ours, 1):
        message = messages.get(int(entry.facts["message"])) if entry.word == "message.written" else None
        if message and (one := _read(message, closes=entry.facts.get("then") == "solve")):
            read.append(one)
        if time.monotonic() > until:
            return read, count
    return read, len(ours)


def _read(message: Message, *, closes: bool) -> Read | None:
    """None for what was read before, or was nobody's."""
    author = message.user
    if author is None or Written.objects.filter(pk=message.pk).exists():
        return None
    ground = grounds.of_message(message.ticket_id, author.pk, message.pk, message.at + LATE)
    if ground is None:
        return None
    text = placing.unplace(message.text)[:LONGEST]
    sent = Sent(message, author, text, closes, thanks(text))
    return Read(sent, ground, _found(text, ground, message.at))


def _keep(read: Read) -> None:
    """Everything that one sent reply leaves behind. What was said while it was read counts (deciding.say)."""
    sent, message = read.sent, read.sent.message
    until = message.at + LATE
    said = grounds.said(message.ticket_id, sent.author.pk, until)
    _promise(message, read.found, said)
    _count(sent, read.found, replace(read.ground, said=said))
    draft = Verdict.objects.filter(user=sent.author, ticket=message.ticket_id, message=None)
    draft.filter(at__lte=until).update(message=message)


def _found(text: str, ground: Ground, at: datetime) -> list[Found]:
    """A rule that fails leaves nothing behind, and the next replies are read all the same."""
    try:
        return checking.found(text, ground, ground.own_house, now=timezone.localtime(at))
    except Exception:  # the edge of the loop: told, and passed over
        log.exception("the coach failed on a sent reply", ticket=ground.ticket_id)
        return []


def _promise(message: Message, found: Iterable[Found], said: Mapping[str, Said]) -> None:
    pledged = [one for one in found if one.is_promise]
    pledges = [
        Pledge(place, " ".join(one.words.split()), _who(one), cards.due_of(one, said, message.at))
        for place, one in enumerate(pledged)
        if cards.is_kept(one, said)
    ]
    if pledges:
        tracking.remember(message, pledges, by=message.user, at=message.at)


def _who(one: Found) -> str:
    """«мы», a role or a name; '' for the writer themselves."""
    who = (one.finding.promise.who if one.finding.promise else "") or ""
    return "" if who == "я" else who


def _count(sent: Sent, found: Sequence[Found], ground: Ground) -> None:
    faults = [one for one in found if not one.is_promise]
    _write(sent, faults, ground)
    Outcome.objects.bulk_create(
        Outcome(
            message=sent.message,
            ticket_id=ground.ticket_id,
            team_id=ground.team_id,
            user=sent.author,
            rule=checking.rule_of(key),
            what=what,
            reason=reason,
            at=sent.message.at,
        )
        for key, what, reason in fates(faults, ground.said)
    )


def _write(sent: Sent, faults: Sequence[Found], ground: Ground) -> None:
    counts = Counter(one.rule for one in faults)
    row = Written(
        message=sent.message, team_id=ground.team_id, user=sent.author, at=sent.message.at,
        length=len(sent.text.strip()), counts=dict(counts), closes=sent.closes, thanks=sent.thanks,
    )  # fmt: skip
    Written.objects.bulk_create([row], ignore_conflicts=True)  # two workers may count earlier replies at once


def fates(faults: Sequence[Found], said: Mapping[str, Said]) -> list[tuple[str, str, str]]:
    """(key, what, reason) of each finding that stands in the reply, or that its writer has dealt with."""
    keys = {one.key for one in faults}
    left = [
        (one.key, Outcome.What.DISMISSED.value, said[one.key].reason)
        if said[one.key].what == _What.DISMISSED
        else (one.key, Outcome.What.LEFT.value, "")
        for one in faults
        if one.key in said  # what nobody has seen is no case
    ]
    gone = [(key, word.what) for key, word in said.items() if key not in keys]
    ways = {_What.TAKEN: Outcome.What.TAKEN.value, _What.SEEN: Outcome.What.MENDED.value}
    return left + [
        (key, ways[_What(what)], "")
        for key, what in gone
        if what in ways and checking.rule_of(key) != checking.PROMISE
    ]


def thanks(text: str) -> bool | None:
    """Whether the words thank or close warmly; None while no rule of the coach can tell."""
    try:
        lang = checking.language(text)
        if not checking.has_rule("thanks", lang):
            return None
        return not coach.check(Reply(text, first=True, lang=lang), _ALL_BUT_THANKS)
    except Exception:  # the edge of the loop, as in _found
        log.exception("the coach failed on the thanks of a sent reply")
        return None
