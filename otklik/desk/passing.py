"""«Клиент сказал»: anybody of the company hands on what a client told them, in one field, and sees nothing else (R-L4).

«№ 1042: …» goes to that request as a note; an address of a known client to their open request; anything else opens a
new request of the team that serves this client, else of the first line.

NoTeam   there is nobody yet to hand it to
"""

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from otklik.accounts.models import User
from otklik.clients import identifying
from otklik.clients.identifying import Sender
from otklik.clients.models import Client, Identity
from otklik.desk import drafting, noting, solving
from otklik.desk.models import OPEN, Note, Participant, Ticket
from otklik.desk.receiving import words_of
from otklik.errors import Refusal
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.staff.models import Team
from otklik.web.language import in_company_language

CHANNEL = "passed"
_NUMBER = re.compile(r"[№#]\s?([0-9]{1,18})(?![0-9])")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
LONGEST_NAME = 100


class NoTeam(Refusal):
    code = "passing.no_team"


def pass_on(text: str, *, by: User, at: datetime, sheet: str = "") -> Note:
    """A note in the right request, an open one of theirs or a new one. text: not blank. Raises NoTeam, AlreadySent.

    sheet: the key of the form (drafting.spend).
    """
    with transaction.atomic():
        drafting.spend(sheet, drafting.digest(text), at=at)
        named, identity = _named(text), _identity(text, at)
        if named and named.is_open:
            ticket = named
        else:
            client = named.client if named else identity.client if identity else None
            ticket = _open_of(client) or _new(text, client, identity, by, at)
        Ticket.objects.filter(pk=ticket.pk).update(unread=True)
        if ticket.state == Ticket.State.WAITING_CLIENT:
            solving.set_state(ticket, Ticket.State.OPEN, by=by, at=at)
        return noting.write(ticket, _note(text), by=by, at=at)


@in_company_language()
def _note(text: str) -> str:
    return _("Клиент сказал:\n%s") % text.strip()


def _named(text: str) -> Ticket | None:
    number = _NUMBER.search(text)
    return Ticket.objects.select_related("client").filter(number=int(number[1])).first() if number else None


def _identity(text: str, at: datetime) -> Identity | None:
    address = _ADDRESS.search(text)
    if address is None:
        return None
    name = _name(text.replace(address[0], " "))
    found = identifying.identify_many([Sender(address[0], name)], at=at)
    return found.get(identifying.normal(address[0]))


def _open_of(client: Client | None) -> Ticket | None:
    """The client's open request that was spoken in last. Uses ticket_of_client."""
    if client is None:
        return None
    return Ticket.objects.filter(OPEN, client=client).order_by("-last_message_at").first()


def _new(text: str, client: Client | None, identity: Identity | None, by: User, at: datetime) -> Ticket:
    client = client or Client.objects.create(name=_name(text) or _unknown(by), created_at=at)
    ticket = Ticket.objects.create(
        subject=words_of(text, 100), client=client, organisation_id=client.organisation_id, channel=CHANNEL,
        team=_team(client, by), created_at=at, last_message_at=at, last_words=words_of(text),
    )  # fmt: skip
    if identity is not None:
        Participant.objects.create(
            ticket=ticket, identity=identity, part=Participant.Part.REQUESTER, since=at
        )
    state: dict[str, object] = {"to": str(ticket.state)}  # the next news is promised after it
    journaling.write_many(
        [
            Line(ticket.pk, "ticket.opened", at, teams=(ticket.team_id,), by=by),
            Line(ticket.pk, "ticket.state", at, teams=(ticket.team_id,), by=by, facts=state),
        ]
    )
    return ticket


def _team(client: Client, by: User) -> Team:
    """Who served this client last; else the writer's own team; else the first line."""
    last = Ticket.objects.filter(client=client).select_related("team").order_by("-last_message_at").first()
    team = last.team if last else by.teams.first() or Team.objects.first()
    if team is None:
        raise NoTeam(
            _("Передать пока некому: команд ещё нет."), _("Скажите администратору, он заведёт первую.")
        )
    return team


def _name(text: str) -> str:
    """«Вера Соколова» of «Вера Соколова, kvarts: не открывается база»; '' when nobody is named."""
    before, colon, _after = text.strip().partition(":")
    name = before.split(",")[0].strip(" \t\r\n,;()<>")
    return name if colon and "\n" not in before and 0 < len(name) <= LONGEST_NAME else ""


@in_company_language()
def _unknown(by: User) -> str:
    return _("Клиент, о ком сообщает %s") % by.name
