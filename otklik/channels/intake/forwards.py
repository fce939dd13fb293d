"""A client's letter passed on to the desk by one of our own people: the client becomes the requester."""

from dataclasses import replace
from datetime import datetime

from otklik.accounts.models import User
from otklik.channels.intake import trusting
from otklik.channels.intake.posting import Post
from otklik.clients.identifying import Sender, normal
from otklik.desk import noting
from otklik.desk.models import Message

MARK = "forwarded_by_colleague"


def from_client(post: Post, staff: frozenset[str]) -> Post:
    """The post as the client's own, when a colleague passed it on and our mail server vouches for the colleague.

    Without that proof it stays the colleague's letter: else anybody could write in another's name.
    """
    forwarded = post.letter.forwarded
    colleague = normal(post.sender.address)
    if forwarded is None or "@" not in forwarded.from_email or colleague not in staff:
        return post
    if not trusting.is_verified(post.letter, post.box) or not _works_here(colleague):
        return post
    letter = replace(
        post.letter,
        from_email=forwarded.from_email,
        from_name=forwarded.from_name,
        subject=forwarded.subject or post.letter.subject,
        reply_text=forwarded.text or post.letter.reply_text,
        auto=True,  # the client wrote to somebody else: an automatic «we got it» would puzzle them
    )
    read = replace(post.read, letter=letter)
    sender = Sender(forwarded.from_email, forwarded.from_name)
    copies = [address for address in post.copies if address != normal(sender.address)]
    return replace(post, read=read, sender=sender, copies=copies, odd=[*post.odd, f"{MARK}:{colleague}"])


def _works_here(address: str) -> bool:
    """Whoever has left speaks for nobody any more."""
    return User.objects.filter(email__iexact=address, is_active=True).exists()


def keep_note(post: Post, message: Message, *, at: datetime) -> None:
    """What the colleague wrote above the forwarded letter is for colleagues: a note."""
    colleague = next((odd.partition(":")[2] for odd in post.odd if odd.startswith(f"{MARK}:")), "")
    if not colleague:
        return
    words = post.letter.text.partition(post.letter.reply_text[:60])[0].strip()
    author = User.objects.filter(email__iexact=colleague, is_active=True).first()
    if words and author:
        noting.write(message.ticket, words[:5000], by=author, at=at)
