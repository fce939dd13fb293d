"""A letter of ours that begins a request: the agent writes first."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from otklik.accounts.models import User
from otklik.clients.models import Identity
from otklik.desk import boxes, drafting, replying
from otklik.desk.models import Draft, Message, Participant, Ticket
from otklik.desk.receiving import NO_SUBJECT, words_of
from otklik.desk.replying import Words
from otklik.journal import journaling
from otklik.journal.journaling import Line


def letter(to: Identity, subject: str, words: Words, *, by: User, at: datetime) -> Message:
    """Open a request of this client in the box's team, owned by its author, with the letter as its first message.

    Raises what replying.reply raises.
    """
    box = boxes.refuse_if_silent(words.box_id)
    with transaction.atomic():
        drafting.spend(words.sheet, words.typed, at=at)
        ticket = Ticket.objects.create(
            subject=subject.strip()[:500] or NO_SUBJECT,
            client_id=to.client_id,
            organisation_id=to.client.organisation_id,
            channel="email",
            box_id=box.pk,
            team_id=box.team_id,
            state=Ticket.State.OPEN,
            created_at=at,
            last_message_at=at,
            last_words=words_of(words.text),
            last_by=Ticket.Last.AGENT,
            unread=False,
        )
        Participant.objects.create(ticket=ticket, identity=to, part=Participant.Part.REQUESTER, since=at)
        line = Line(ticket.pk, "ticket.opened", at, teams=(ticket.team_id,), by=by, public=True)
        journaling.write(line)
        drafting.opened(words.sheet, ticket)
        message = replying.reply(ticket, replace(words, sheet=""), by=by, at=at)
        drafting.drop(by, None, Draft.Mode.LETTER)
    return message
