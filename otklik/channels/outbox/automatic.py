"""Letters that no person writes: which may be made, which wait for a person (RFC 3834, design §5).

Two loops must never run: a robot that answers our robot, and a flood that makes us flood. So one address gets few
automatic letters, and a box whose automatic letters outgrow what people's letters explain blows its fuse: from then on
they are held until somebody decides on the box's page (fuse.py). A person's reply is never held.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from otklik.channels.models import Box
from otklik.channels.outbox import fuse
from otklik.channels.outbox.rows import AutomaticLetter, PeoplesLetters
from otklik.clients.identifying import domain_of, normal

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_TO_ONE_AN_HOUR = 5
MOST_TO_ONE_A_DAY = 10
TIMES = 3  # automatic letters that one letter of a person explains
FREE = 10  # so many an hour need no explanation: three letters on a quiet Sunday are no flood
_ROBOT = re.compile(
    r"(?:mailer-daemon|postmaster|no[-_.]?reply|do[-_.]?not[-_.]?reply|nobody|bounces?|daemon|robot|listserv|"
    r"majordomo)(?:[-_.+=].*)?@",
    re.IGNORECASE,
)


class Fate(StrEnum):
    SEND = "send"
    HOLD = "hold"
    SKIP = "skip"  # not made at all


@dataclass(frozen=True, slots=True)
class Wish:
    """An automatic letter that somebody wants to make. asked: a person asked for it on a page just now."""

    box: Box
    address: str
    asked: bool = False


@dataclass(slots=True)
class _Seen:
    """What has been sent of late, counted on as fates are given."""

    to_hour: Counter[str] = field(default_factory=Counter)
    to_day: Counter[str] = field(default_factory=Counter)
    box_hour: Counter[int] = field(default_factory=Counter)
    people_hour: Counter[int] = field(default_factory=Counter)


def is_robot(address: str) -> bool:
    """An address that nobody reads, or that cannot exist (RFC 2606 .invalid): never answered automatically."""
    return bool(_ROBOT.match(normal(address))) or domain_of(address).endswith("invalid") or "@" not in address


def note_people(box_ids: Iterable[int], *, at: datetime) -> None:
    """These letters of people came just now, a box id each: they explain automatic ones."""
    counts = Counter(box_ids)
    PeoplesLetters.objects.bulk_create(
        [PeoplesLetters(box_id=box, at=at, letters=letters) for box, letters in sorted(counts.items())]
    )


def judge(wishes: Sequence[Wish], *, at: datetime) -> list[Fate]:
    """A fate for each, in their order; blows fuses. Four queries for any number, more only when a fuse blows."""
    seen = _seen(wishes, at)
    blown: dict[int, str] = {}
    fates = [_fate(wish, seen, blown) for wish in wishes]
    for box_id, reason in blown.items():
        fuse.blow(box_id, reason, at=at)
    return fates


def judge_optional(wishes: Sequence[Wish], *, at: datetime) -> list[Fate]:
    """SEND or SKIP for letters that a person would write better: none is held, none blows a fuse.

    Where they are made uncounted they leave those that answer people their room; they themselves count every one.
    """
    seen = _seen(wishes, at, every=True)
    return [_optional(wish, seen) for wish in wishes]


def forget_old(*, at: datetime) -> int:
    """Counts older than two days explain nothing any more."""
    old = PeoplesLetters.objects.filter(at__lt=at - 2 * DAY).values("pk")[:5000]
    return PeoplesLetters.objects.filter(pk__in=old).delete()[0]


def _fate(wish: Wish, seen: _Seen, blown: dict[int, str]) -> Fate:
    box, address = wish.box, normal(wish.address)
    if box.mode != Box.Mode.ANSWER or is_robot(address):
        return Fate.SKIP
    if wish.asked:  # limited where it is asked for; a held code would be of no use
        seen.box_hour[box.pk] += 1
        return Fate.SEND
    if box.fuse_blown_at is None and box.pk not in blown:
        reason = _unusual(box, address, seen)
        if reason:
            blown[box.pk] = reason
    if seen.to_day[address] >= MOST_TO_ONE_A_DAY:
        return Fate.SKIP
    for counter in (seen.to_hour, seen.to_day):
        counter[address] += 1
    seen.box_hour[box.pk] += 1
    return Fate.HOLD if box.fuse_blown_at or box.pk in blown else Fate.SEND


def _optional(wish: Wish, seen: _Seen) -> Fate:
    box, address = wish.box, normal(wish.address)
    if box.mode != Box.Mode.ANSWER or is_robot(address) or box.fuse_blown_at:
        return Fate.SKIP
    if _unusual(box, address, seen) or seen.to_day[address] >= MOST_TO_ONE_A_DAY:
        return Fate.SKIP
    for counter in (seen.to_hour, seen.to_day):
        counter[address] += 1
    seen.box_hour[box.pk] += 1
    return Fate.SEND


def _unusual(box: Box, address: str, seen: _Seen) -> str:
    """Why one more automatic letter is one too many; '' when it is not."""
    if seen.to_hour[address] >= MOST_TO_ONE_AN_HOUR:
        reason = _("За час на адрес %(address)s накопилось больше %(most)s автоматических писем.")
        return reason % {"address": address, "most": MOST_TO_ONE_AN_HOUR}
    made, people = seen.box_hour[box.pk] + 1, seen.people_hour[box.pk]
    if made > max(FREE, TIMES * people):
        reason = _("За час автоматических писем %(made)s, а писем от людей только %(people)s.")
        return reason % {"made": made, "people": people}
    return ""


def _seen(wishes: Sequence[Wish], at: datetime, *, every: bool = False) -> _Seen:
    """every: also the letters that don't count against others."""
    seen = _Seen()
    if not wishes:
        return seen
    boxes = {wish.box.pk for wish in wishes}
    letters = AutomaticLetter.objects.filter(at__lte=at)
    if not every:
        letters = letters.filter(counted=True)
    to_them = letters.filter(address__in={normal(wish.address) for wish in wishes})
    for counter, length in ((seen.to_hour, HOUR), (seen.to_day, DAY)):
        rows = to_them.filter(at__gt=at - length).values_list("address").annotate(n=Count("pk"))
        counter.update(dict(rows))
    of_boxes = letters.filter(box__in=boxes, at__gt=at - HOUR).values_list("box").annotate(n=Count("pk"))
    seen.box_hour.update(dict(of_boxes))
    people = PeoplesLetters.objects.filter(box__in=boxes, at__gt=at - HOUR, at__lte=at)
    seen.people_hour.update(dict(people.values_list("box").annotate(n=Sum("letters"))))
    return seen
