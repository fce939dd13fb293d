"""What is not a client's word: our own letter come back, a bounce, a blocked sender, a copy of what we have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from otklik.channels.email.addresses import plain
from otklik.channels.intake import trusting
from otklik.channels.intake.posting import Post
from otklik.channels.outbox import addresses, bounces, evidence
from otklik.clients.identifying import normal
from otklik.clients.models import Identity
from otklik.desk import queries
from otklik.desk.models import Message


@dataclass(frozen=True, slots=True)
class Decision:
    """Why no request came of a letter. message_id: the message that already stands for it."""

    word: str  # Envelope.decision
    reason: str  # a sentence for people
    message_pk: int | None = None


def before_rows(post: Post, *, own: frozenset[str], at: datetime) -> Decision | None:
    """What the letter itself tells. Marks spam, doubt and robots on the post. Inside the caller's transaction."""
    letter = post.letter
    if letter.instance and letter.instance == addresses.instance():
        evidence.seen_in_box(post.message_id, post.box, at=at, raw=post.read.raw)
        return Decision("own", _("Это наше собственное письмо: оно вернулось к нам."))
    if post.history and plain(letter.from_email) in own:
        return Decision("own", _("Это письмо мы отправили сами ещё до подключения ящика."))
    if letter.kind == "bounce" and not post.history and bounces.returned(letter, post.read.envelope, at=at):
        return Decision("bounce", _("Почта вернула наше письмо: об этом сказано в запросе."))
    if letter.kind == "auto_reply":
        post.kind = Message.Kind.AUTO
    post.spam = trusting.spam_reason(post.read.raw, letter, post.box)
    if post.spam:
        post.odd.append(f"spam: {post.spam}")
    elif trusting.is_doubtful(letter, post.box):
        post.odd.append("sender_doubtful")
    return None


def by_sender(post: Post, identities: Mapping[str, Identity]) -> Decision | None:
    """Nothing of a blocked sender becomes a request."""
    sender = identities[normal(post.sender.address)]
    if sender.blocked_at is None:
        return None
    return Decision("blocked", _("Мы больше не принимаем писем этого отправителя: запрос не открыли."))


def copies(posts: Sequence[Post], identities: Mapping[str, Identity]) -> dict[int, Decision]:
    """By place in `posts`: letters whose Message-ID, sender and words are a message already. Two queries at most."""
    wanted = {post.message_id for post in posts if post.message_id}
    if not wanted:
        return {}
    rows = queries.of_ids(wanted).filter(direction=Message.Direction.IN)
    known = {
        (message_id, identity_id): (pk, number)
        for message_id, identity_id, pk, number in rows.values_list(
            "message_id", "identity_id", "pk", "ticket__number"
        )
    }
    if not known:
        return {}
    texts = dict(rows.values_list("pk", "text"))
    found: dict[int, Decision] = {}
    for place, post in enumerate(posts):
        sender = identities[normal(post.sender.address)]
        pk, number = known.get((post.message_id, sender.pk), (None, None))
        if pk is not None and texts[pk] == post.letter.text:
            reason = _("То же письмо уже есть в запросе № %(number)s.") % {"number": number}
            found[place] = Decision("duplicate", reason, pk)
    return found
