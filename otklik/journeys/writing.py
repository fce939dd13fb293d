"""What the holder of a link does on the page: writes, says that the matter is solved, closes the link.

The link alone is enough for all of it, by the line drawn in docs/decisions.md; `confirmed` says whether the browser has
proved that it is the participant's.

Blocked   we take no more words of this sender, by letter or here
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.accounts import links, throttling
from otklik.accounts.models import ClientLink
from otklik.desk import receiving, solving
from otklik.desk.files import File
from otklik.desk.models import Message, Ticket
from otklik.desk.receiving import Arrival
from otklik.env import env
from otklik.errors import NotAllowed
from otklik.journeys import letters
from otklik.journeys.models import Letter
from otklik.promises import promising
from otklik.sla import telling

WORDS = throttling.Limit("page-words", 30, timedelta(hours=1))
RENEWALS = throttling.Limit("page-renewals", 5, timedelta(hours=1))


class Blocked(NotAllowed):
    code = "page.blocked"


@dataclass(frozen=True, slots=True)
class Words:
    """What was sent. key: made with the form, so that sending it twice is one message; files lie in the store."""

    text: str
    key: str
    files: Sequence[File] = ()


def admit(link: ClientLink, *, at: datetime) -> None:
    """Whether one more message may come; asked before its files take room on the disk. Raises TooOften, Blocked."""
    _refuse_blocked(link)
    throttling.allow(WORDS, str(link.pk), at=at)


def write(link: ClientLink, words: Words, *, confirmed: bool, at: datetime) -> Message:
    """A message of the participant by the page, after admit(); the same key gives the same message.

    To a closed request it opens a new one, tied to it (receiving.receive), whose link goes by mail; the next word
    continues that one.
    """
    message_id = f"page.{link.pk}.{words.key}@{urlsplit(env().base_url).hostname}"
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=link.ticket_id)
        sent = Message.objects.filter(message_id=message_id).first()
        if sent:
            return sent
        arrival = _arrival(link, ticket, words, message_id, confirmed)
        [message] = receiving.receive([arrival], at=at, first_answers=telling.first_answers)
        if message.opens:
            promising.open_fresh([message.ticket], at=at)
            letters.owe(Letter.Kind.LINK, message.ticket, link.identity_id, at=at)
    return message


def say_solved(link: ClientLink, *, confirmed: bool, at: datetime) -> None:
    """«Да, всё в порядке». Unless the browser is known, the participant is told by letter how to undo it."""
    with transaction.atomic():
        was_open = Ticket.objects.select_for_update(of=("self",)).get(pk=link.ticket_id).is_open
        solving.client_says_solved(link.ticket, link.identity, at=at)
        if was_open and not confirmed:
            letters.owe(Letter.Kind.SOLVED, link.ticket, link.identity_id, at=at)


def say_not_solved(link: ClientLink, *, at: datetime) -> None:
    """«Пока нет»: a solved request opens again; an open one stays as it is. Raises Blocked."""
    _refuse_blocked(link)
    solving.client_says_not_solved(link.ticket, link.identity, at=at)


def renew(link: ClientLink, *, at: datetime) -> None:
    """Close this link and owe its participant a new one by mail. Raises TooOften."""
    throttling.allow(RENEWALS, f"{link.ticket_id}:{link.identity_id}", at=at)
    with transaction.atomic():
        links.revoke(link, at=at)
        letters.owe(Letter.Kind.LINK, link.ticket, link.identity_id, at=at)


def _refuse_blocked(link: ClientLink) -> None:
    if link.identity.blocked_at:
        raise Blocked(
            _("Мы больше не принимаем сообщения с этого адреса."), _("Если это ошибка, позвоните нам.")
        )


def _arrival(link: ClientLink, ticket: Ticket, words: Words, message_id: str, confirmed: bool) -> Arrival:
    identity = link.identity
    return Arrival(
        box_id=ticket.box_id,
        team_id=ticket.team_id,
        channel="page",
        sender=identity,
        author_name=identity.name or identity.client.name,
        subject=ticket.subject,
        text=words.text,
        reply_text=words.text,
        ticket=ticket,
        message_id=message_id,
        files=tuple(words.files),
        confirmed=confirmed,
    )
