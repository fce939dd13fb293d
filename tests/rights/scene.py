"""One of each thing of the team «Помощь», with words that stand nowhere else."""

from dataclasses import dataclass

from django.utils import timezone

from otklik.accounts import invitations, keys
from otklik.accounts.keys import Wish
from otklik.accounts.models import ApiKey, Look, OwnRole, Provider, User
from otklik.accounts.scopes import Scope
from otklik.accounts.vault import seal
from otklik.channels.models import Box, Envelope
from otklik.clients.models import Consent, Organisation
from otklik.desk import files, noting
from otklik.desk.files import File
from otklik.desk.models import Attachment, Delivery, HandedOver, HandOver, Message, Ticket
from otklik.privacy import consenting, exporting
from otklik.privacy.consenting import Said
from otklik.privacy.models import Export
from otklik.promises.models import Promise
from otklik.sla.models import Agreement, Cover, Replay
from otklik.sla.uptime.models import Incident, PeriodAccount
from otklik.staff.models import Team
from tests import make
from tests.sla import tiers
from tests.sla.uptime import scene as uptime

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
SUBJECT, WORDS, NOTE, CLIENT = "Пропажа жирафа", "кракозябра", "барсучья заметка", "Вера Ягуарова"
FILE, PERSON, BOX, KEY, ROLE = (
    "договор пингвина.txt",
    "Пётр Выдрин",
    "ящик бегемота",
    "ключ бобра",
    "роль ежа",
)
LOOKED, SERVICE, TIER, FIRM = "искал утконоса", "вход ленивца", "соглашение лося", "фирма выхухоли"


@dataclass(frozen=True)
class Scene:
    """Rows of the team `ours`; nothing of `theirs`."""

    ours: Team
    theirs: Team
    message: Message
    file: Attachment
    picture: Attachment
    delivery: Delivery
    box: Box
    envelope: Envelope
    person: User
    hand_over: HandOver
    own: OwnRole
    key: ApiKey
    service: Provider
    consent: Consent
    export: Export
    link: str
    promise: Promise
    tier: Agreement
    cover: Cover
    incident: Incident
    account: PeriodAccount
    replay: Replay
    firm: Organisation

    @property
    def ticket(self) -> Ticket:
        return self.message.ticket


def build() -> Scene:
    ours, theirs = make.team(), make.team("Хостинг")
    box = make.box(team=ours, name=BOX)
    message = _message(box)
    person = make.agent(PERSON, team=ours, email="petr@primer.example")
    noting.write(message.ticket, NOTE, by=person, at=make.NOON)
    make.reply(message.ticket, by=person, box_id=box.pk)
    Box.objects.filter(pk=box.pk).update(kind=Box.Kind.IMAP, imap_host="127.0.0.1", imap_port=1)
    ada = make.admin("Ада Главная")
    tier = tiers.tier(TIER, by=ada)
    Look.objects.create(user_id=ada.pk, kind="search", words=LOOKED, at=make.NOON)
    file, picture = message.attachments.order_by("pk")
    return Scene(
        ours=ours, theirs=theirs, message=message, file=file, picture=picture,
        delivery=Delivery.objects.get(), box=Box.objects.get(pk=box.pk), envelope=_envelope(box), person=person,
        hand_over=_handed_over(message.ticket, person, ada), own=OwnRole.objects.create(name=ROLE, rights=["see"]),
        key=keys.make(Wish(KEY, list(Scope)), by=ada, at=timezone.now())[0],
        service=Provider.objects.create(
            slug="sso", name=SERVICE, address="http://localhost:9", client_id="desk", secret=seal("secret")
        ),
        consent=consenting.note(
            message.ticket.client, Said("news", "Согласна.", "1", "phone", make.NOON), by=person
        ),
        export=_export(message.ticket, ada),
        link=invitations.link(person, at=timezone.now()).split("/")[-2],
        promise=Promise.objects.create(
            ticket=message.ticket, message=Message.objects.get(direction="out"), place=0, action="Позвоним завтра.",
            made_at=make.NOON,
        ),
        replay=Replay.objects.create(by=ada, asked_at=timezone.now(), chosen={"days": 30}, wish={"more": 1}),
        tier=tier, incident=uptime.outage("10 12:00", "10 13:00"), account=uptime.closed(tier),
        cover=tiers.cover(tier, message.ticket.client), firm=Organisation.objects.create(name=FIRM),
    )  # fmt: skip


def _handed_over(ticket: Ticket, person: User, ada: User) -> HandOver:
    """The request is late, and has been handed over once."""
    Ticket.objects.filter(pk=ticket.pk).update(next_due_at=make.NOON, next_due_kind="news")
    run = HandOver.objects.create(
        user=person, by=ada, at=make.NOON, reason="ill", total=1, stage="done", changed_at=make.NOON
    )
    HandedOver.objects.create(run=run, ticket=ticket)
    return run


def _export(ticket: Ticket, ada: User) -> Export:
    exporting.ask(ticket.client, by=ada, at=timezone.now())
    exporting.tick()
    return Export.objects.get()


def _message(box: Box) -> Message:
    kept = [(b"words", FILE, ""), (PICTURE, "схема.png", "scheme")]
    stored = [File(files.store(one), len(one), name, "text/plain", cid, bool(cid)) for one, name, cid in kept]
    return make.received(
        f"{WORDS} пришла", subject=SUBJECT, files=tuple(stored), html=f"<p>{WORDS}</p>", box_id=box.pk,
        sender=make.identity("vera@yaguar.example", CLIENT),
    )  # fmt: skip


def _envelope(box: Box) -> Envelope:
    raw = b"Subject: x\r\n\r\nraw words\r\n"
    return Envelope.objects.create(
        box=box, key="rights", source="imap", received_at=make.NOON, raw=raw, size_bytes=len(raw)
    )
