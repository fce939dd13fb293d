"""Short letters that the client's page owes: rows here, the outbox sends them (style §1: a row, and that side sweeps).

A letter goes only to the mailbox of a participant, never to an address that somebody typed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.accounts import links
from otklik.desk.models import Ticket
from otklik.jobs import wakeups
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.journal.models import Entry
from otklik.journeys.models import Letter, Proof
from otklik.web.language import in_company_language


@dataclass(frozen=True, slots=True)
class Words:
    """A letter ready to be written: plain text, Russian, signed by the sender's side."""

    subject: str
    text: str


def owe(kind: str, ticket: Ticket, identity_id: int, *, at: datetime, proof: Proof | None = None) -> Letter:
    """Put a letter down; the outbox is woken on commit."""
    with transaction.atomic():
        letter = Letter.objects.create(
            kind=kind, ticket=ticket, identity_id=identity_id, proof=proof, asked_at=at
        )
        facts: dict[str, object] = {"letter": letter.pk, "kind": str(kind), "identity": identity_id}
        journaling.write(
            Line(ticket.pk, "link.asked", at, teams=(ticket.team_id,), actor=Entry.Actor.CLIENT, facts=facts)
        )
        wakeups.tell("outbox")
    return letter


def take_owed(limit: int = 50) -> Sequence[Letter]:
    """Letters not sent yet, oldest first, locked for this transaction; others skip them. Uses index letter_owed.

    Of each comes the ticket with its box and the identity; the caller writes the message and calls done().
    """
    owed = Letter.objects.filter(done_at=None).order_by("pk")
    whole = owed.select_related("ticket__box", "identity__client", "proof__link")
    return list(whole.select_for_update(skip_locked=True, of=("self",))[:limit])


def done(owed: Sequence[Letter], *, at: datetime) -> None:
    Letter.objects.filter(pk__in=[letter.pk for letter in owed], done_at=None).update(done_at=at)


@in_company_language()
def words(letter: Letter, *, at: datetime) -> Words | None:
    """What to write; None when there is nothing to say any more (the code is too old, the link is closed)."""
    if letter.kind == Letter.Kind.CODE:
        return _code_words(letter, at)
    address = links.url(letter.ticket_id, letter.identity_id, at=at)
    if letter.kind == Letter.Kind.SOLVED:
        return _solved_words(letter, address)
    return _link_words(letter, address)


def _link_words(letter: Letter, address: str) -> Words:
    number = letter.ticket.number
    subject = _("Новая ссылка на запрос № %(number)s") % {"number": number}
    text = _(
        "Здравствуйте!\n\n"
        "Вот новая ссылка на ваш запрос № %(number)s «%(subject)s»:\n%(address)s\n\n"
        "По ней видно, кто занимается запросом, что происходит сейчас и когда мы напишем снова. "
        "Ссылка действует 90 дней, и мы продлеваем её с каждым нашим письмом.\n\n"
        "Вы не просили ссылку? Тогда просто удалите это письмо: доступ получает только его адресат."
    )
    return Words(subject, text % {"number": number, "subject": letter.ticket.subject, "address": address})


def _code_words(letter: Letter, at: datetime) -> Words | None:
    from otklik.journeys import proving  # proving owes letters: it imports this module

    proof = letter.proof
    if proof is None or proof.expires_at <= at or proof.proved_at or proof.link.revoked_at:
        return None
    code = proving.code(proof)
    text = _(
        "Здравствуйте!\n\n"
        "Код для страницы запроса № %(number)s: %(code)s\n\n"
        "Введите его на странице, с которой вы пишете: так мы поймём, что пишете именно вы. "
        "Код действует 15 минут.\n\n"
        "Вы не просили код? Никому его не называйте и удалите это письмо."
    )
    subject = _("Код %(code)s для запроса № %(number)s") % {"code": code, "number": letter.ticket.number}
    return Words(subject, text % {"number": letter.ticket.number, "code": code})


def _solved_words(letter: Letter, address: str) -> Words:
    number = letter.ticket.number
    subject = _("Запрос № %(number)s отметили решённым") % {"number": number}
    text = _(
        "Здравствуйте!\n\n"
        "На странице запроса № %(number)s «%(subject)s» нажали «Да, всё в порядке», и мы отметили его решённым.\n\n"
        "Это сделали не вы или вопрос остался? Ответьте на это письмо или напишите на странице: "
        "запрос сразу откроется снова.\n%(address)s"
    )
    return Words(subject, text % {"number": number, "subject": letter.ticket.subject, "address": address})
