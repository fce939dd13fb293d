"""What the writer of a reply says to a finding: took a suggestion, doesn't agree, doesn't want the rule at all."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from otklik.accounts.models import User
from otklik.assist.checking import PROMISE, key, rule_of
from otklik.assist.models import Mute, Verdict
from otklik.promises import promising, tracking
from otklik.promises.models import OPEN, Promise

LATE = timedelta(seconds=5)  # a word may arrive after the letter that it was said in
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
    """The last word on one finding of this draft counts. About a promise it may come just after its letter.

    The loop that reads the letter holds the request too, so it has heard the word, or its promise is found here.
    """
    with transaction.atomic():
        sent = _just_promised(word, ticket_id, by, at) if rule_of(word.key) == PROMISE else None
        mine = Verdict.objects.filter(user=by, ticket_id=ticket_id, message=None, key=word.key)
        mine.exclude(what=What.SEEN).delete()
        Verdict.objects.create(
            user=by, ticket_id=ticket_id, message=sent.message if sent else None, key=word.key, what=word.what,
            reason=word.reason, words=word.words[:200], due_at=word.due_at, at=at,
        )  # fmt: skip
        if sent and word.what == What.DISMISSED:
            tracking.drop(sent, by=by, at=at)
        elif sent and word.due_at and sent.due_at != word.due_at and word.due_at > at:
            tracking.move(sent, due_at=word.due_at, by=by, at=at)


def _just_promised(word: Word, ticket_id: int, by: User, at: datetime) -> Promise | None:
    """The promise of a letter that left a moment ago, with the words that this is about."""
    promising.lock([ticket_id])
    late = Promise.objects.filter(OPEN, ticket=ticket_id, made_by=by, made_at__gte=at - LATE)
    of_letter = late.filter(made_at=F("message__at")).select_related("message").order_by("-pk")
    return next((one for one in of_letter if key(PROMISE, one.action) == word.key), None)


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
