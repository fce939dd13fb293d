"""The coach on one reply of the desk: what it finds, with a key by which its writer can say something to it."""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from http import HTTPStatus

import structlog
from django.utils.translation import gettext as _

from otklik import coach
from otklik.assist.grounds import Ground
from otklik.assist.models import Verdict
from otklik.coach import Finding, House, Reply
from otklik.coach.checking import rules
from otklik.coach.phrases import Phrase, Phrases
from otklik.coach.reading import Reading
from otklik.coach.reply import Language
from otklik.errors import Refusal
from otklik.russian.text import fold

log = structlog.get_logger(__name__)
OWN = "own"  # the code of a team's own words: no rule of the contract
PROMISE = "promise"
LONGEST = 20_000  # characters that are read while somebody types; a reply of five pages
AT_ONCE = 2  # checks of one process, one more may wait: that leaves one of its four threads free for pages
_CYRILLIC, _LATIN = re.compile(r"[а-яё]", re.IGNORECASE), re.compile(r"[a-z]", re.IGNORECASE)
_FOREIGN = frozenset("<>")
_turns = threading.BoundedSemaphore(AT_ONCE)
_waiting = threading.Lock()


class Busy(Refusal):
    """Others are being read just now. The page keeps what it shows and asks again with the next key."""

    code = "coach.busy"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    retry_after_s = 1


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with its key: rule and print of the words, so that no words need be kept."""

    finding: Finding
    key: str
    words: str

    @property
    def rule(self) -> str:
        return self.finding.rule

    @property
    def is_promise(self) -> bool:
        return self.finding.promise is not None


def found(text: str, ground: Ground, house: House, *, now: datetime) -> list[Found]:
    """All findings of a reply in this request, those about the whole first. now: aware, in the zone of the company."""
    reply = Reply(
        text, first=ground.first, client_text=ground.client_text, complaint=ground.complaint, now=now,
        lang=language(text),
    )  # fmt: skip
    findings = [*_whatever_fails(coach.check, reply, house), *_whatever_fails(own, reply, house)]
    return [_found(one, text) for one in sorted(findings, key=lambda one: (one.start, one.end))]


def undecided(all_found: Sequence[Found], ground: Ground) -> list[Found]:
    """Without what its writer has already said no to in this draft; promises stay, since a no can be taken back."""
    said = ground.said
    return [
        one
        for one in all_found
        if one.is_promise or one.key not in said or said[one.key].what != Verdict.What.DISMISSED
    ]


def own(reply: Reply, house: House) -> list[Finding]:
    """Where the team's own words stand, unless they are muted. Entries with «<…>», which the page refuses, are not."""
    words = [one for one in house.words if _FOREIGN.isdisjoint(one.say)]
    if not words or OWN in house.off:
        return []
    listed = _own(tuple((one.say, tuple(one.instead), one.reason) for one in words))
    text = reply.text
    return [
        Finding(
            OWN, *one.place, "warning", one.phrase.reason or _("Команда договорилась писать иначе."),
            tuple(_cased(text[one.place[0]], instead) for instead in one.phrase.instead),
        )
        for one in listed.find(Reading(reply, house))
    ]  # fmt: skip


def language(text: str) -> Language:
    """Russian unless there are more Latin letters by far, and the coach speaks English."""
    head = text[:2000]
    latin = len(_LATIN.findall(head)) > 4 * len(_CYRILLIC.findall(head))
    return "en" if latin and speaks_english() else "ru"


def blocking(text: str, house: House) -> list[Finding]:
    """What stops a sending: an unfilled place, a bare refusal, an insult. Two milliseconds, no context."""
    look = getattr(coach, "blocking", None)
    return list(look(Reply(text, lang=language(text)), house)) if look else []


@contextmanager
def in_turn(wait_s: float = 0.0) -> Iterator[None]:
    """Never more than AT_ONCE checks in a process, so that a slow one holds up no page. Raises Busy.

    wait_s: how long this one would wait for a turn; it gets Busy at once where another waits already.
    """
    if not (_turns.acquire(blocking=False) or _waited(wait_s)):
        raise Busy(_("Подсказки сейчас заняты другими ответами."), _("Повторите через секунду."))
    try:
        yield
    finally:
        _turns.release()


def _waited(wait_s: float) -> bool:
    """Whether a turn came."""
    if not wait_s or not _waiting.acquire(blocking=False):
        return False
    try:
        return _turns.acquire(timeout=wait_s)
    finally:
        _waiting.release()


def warm() -> None:
    """Load dictionaries and lists of words, so that nobody's first check waits for them."""
    coach.check(Reply("Добрый день! Ваша заявка была передана специалисту, мы напишем завтра до 12:00."))


def key(rule: str, words: str) -> str:
    """Of the words as they are read: capitals, «ё» and blanks don't matter."""
    said = " ".join(fold(words).split())
    return f"{rule}:{blake2b(said.encode(), digest_size=8).hexdigest()}"


def rule_of(key_: str) -> str:
    return key_.partition(":")[0]


@lru_cache(maxsize=1)
def speaks_english() -> bool:
    """Whether the coach has rules for English replies."""
    try:
        return bool(rules("en"))
    except ModuleNotFoundError:
        return False


def _whatever_fails(
    look: Callable[[Reply, House], Sequence[Finding]], reply: Reply, house: House
) -> Sequence[Finding]:
    """A rule that fails empties neither the team's words nor the promises, nor they it."""
    try:
        return look(reply, house)
    except Exception:  # the edge: no reply waits for a tool
        log.exception("a part of the coach failed", part=look.__name__)
        return ()


def _found(one: Finding, text: str) -> Found:
    words = text[one.start : one.end]
    return Found(one, key(one.rule, words), words)


def _cased(first: str, instead: str) -> str:
    return instead[:1].upper() + instead[1:] if first.isupper() else instead


@lru_cache(maxsize=100)
def _own(words: tuple[tuple[str, tuple[str, ...], str], ...]) -> Phrases:
    return Phrases([Phrase(say, instead, reason) for say, instead, reason in words])


def has_rule(code: str, lang: Language) -> bool:
    """Whether the coach knows this rule in this language."""
    return code in dict(rules(lang))
