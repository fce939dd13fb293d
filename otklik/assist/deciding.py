"""What the writer of a reply says to a finding: took a suggestion, doesn't agree, doesn't want the rule at all."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from otklik.accounts.models import User
from otklik.assist.checking import PROMISE, rule_of
from otklik.assist.models import Mute, Verdict

MOST_SEEN = 100  # of one question
What = Verdict.What


@dataclass(frozen=True, slots=True)
class Word:
    """due_at: of a promise, aware; reason and words: of a no."""

    key: str
    what: str
    reason: str = ""
    words: str = ""
    due_at: datetime | None = None


def say(word: Word, *, ticket_id: int, by: User, at: datetime) -> None:
    """The last word on one finding of this draft counts."""
    with transaction.atomic():
        mine = Verdict.objects.filter(user=by, ticket_id=ticket_id, message=None, key=word.key)
        mine.exclude(what=What.SEEN).delete()
        Verdict.objects.create(
            user=by, ticket_id=ticket_id, key=word.key, what=word.what, reason=word.reason, words=word.words[:200],
            due_at=word.due_at, at=at,
        )  # fmt: skip


def saw(keys: Collection[str], *, ticket_id: int, by: User, at: datetime) -> None:
    """These findings stood before the writer's eyes for some seconds: one that goes away now was mended by hand."""
    wanted = sorted(set(keys))[:MOST_SEEN]
    mine = Verdict.objects.filter(user=by, ticket_id=ticket_id, message=None, key__in=wanted)
    known = set(mine.values_list("key", flat=True))
    Verdict.objects.bulk_create(
        Verdict(user=by, ticket_id=ticket_id, key=one, what=What.SEEN, at=at)
        for one in wanted
        if one not in known and rule_of(one) != PROMISE
    )


def mute(rule: str, *, by: User, at: datetime) -> None:
    """«Больше не показывать мне это правило»."""
    Mute.objects.get_or_create(user=by, rule=rule, defaults={"at": at})


def unmute(rule: str, *, by: User) -> None:
    Mute.objects.filter(user=by, rule=rule).delete()


def muted(by: User) -> list[str]:
    return sorted(Mute.objects.filter(user=by).values_list("rule", flat=True))
