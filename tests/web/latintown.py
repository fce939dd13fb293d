"""A company whose every word is in Latin letters: whatever Cyrillic its pages show is a word of ours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from django.db import transaction
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from otklik.accounts import invitations, keys, vault
from otklik.accounts.models import ApiKey, Look, OwnRole, Provider, User
from otklik.accounts.rights import Right
from otklik.accounts.scopes import Scope
from otklik.assist import styling
from otklik.assist.models import Mute, Outcome, Style, Written
from otklik.assist.styling import Wanted
from otklik.channels.models import Box, Cursor, Envelope
from otklik.clients.models import Client as Person
from otklik.clients.models import Consent, Identity
from otklik.coach import OwnWords
from otklik.desk import drafting, files, noting, routing, solving, tagging
from otklik.desk.drafting import DraftWords
from otklik.desk.files import File
from otklik.desk.models import Attachment, Delivery, HandedOver, HandOver, Message, Ticket
from otklik.desk.receiving import Address
from otklik.journeys import saying
from otklik.privacy import consenting, exporting
from otklik.privacy.models import Erasure, Export, Tidying
from otklik.promises import promising, tracking
from otklik.promises.models import Promise
from otklik.promises.tracking import Pledge
from otklik.sla import agreements, calendars
from otklik.sla.models import Agreement, Calendar
from otklik.staff.models import Company, Profile, Team
from tests import make
from tests.make import DAY, HOUR, MINUTE

ELSEWHERE = (
    "operator/",
    "practice/",
)  # Django's admin for the operator; the demo's own mail, with Russian people
NOTHING = 987654  # the number of no row
AGES = (timedelta(), 3 * HOUR, DAY, 5 * DAY, 400 * DAY)
WHOLE = {"desk:ticket", "desk:card", "journeys:page", "channels:box", "outbox:letter"}  # other for each thing
VIEWS = ("mine", "unowned", "all", "waiting", "solved", "spam")
PARTS = [f"?view=all&owner=1&only={only}" for only in ("late", "today", "ours")]
QUERIES = {
    "desk:inbox": [*(f"?view={view}" for view in VIEWS), *PARTS],
    "desk:search": ["?q=site", "?q=nothing"],
}
INVITATION = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:test
METHOD:REQUEST
BEGIN:VEVENT
UID:1
SUMMARY:Server move
DTSTART;VALUE=DATE:20301124
DTEND;VALUE=DATE:20301127
END:VEVENT
END:VCALENDAR
"""


@dataclass
class Town:
    """ann is an agent, ada the administrator; link is the token by which ann sets a password."""

    ada: User
    ann: User
    vera: Identity
    link: str

    def addresses(self) -> Iterator[tuple[str, list[str]]]:
        """(name, its addresses) of all pages: of everything that stands here, or of a few things and of nothing."""
        for name, parts in names():
            first, *rest = [self._values(name, key) for key in parts] or [[]]
            some = first if name in WHOLE else [*first[:3], *first[3:][-1:]]
            chosen = product(some, *(values[-2:] for values in rest)) if parts else [()]
            more = [f"{address(name, {})}{query}" for query in QUERIES.get(name, [])]
            yield name, [address(name, dict(zip(parts, one, strict=True))) for one in chosen] + more

    def _values(self, name: str, key: str) -> list[Any]:
        """What stands for this part of the address. Any: what its converter takes."""
        if name == "set-password":
            return [self.link, "over"]
        if key == "token":
            return [
                *(make.page(one, self.vera, at=timezone.now())[3:-1] for one in Ticket.objects.all()),
                "none",
            ]
        if key == "number":
            return [*Ticket.objects.values_list("number", flat=True), NOTHING]
        fixed: dict[str, list[Any]] = {
            "mode": ["reply", "note", "vendor"], "content_id": ["none"], "name": ["server"],
            "slug": ["none"], "provider_id": ["none"], "version": [0, 1, 99], "rule": ["shouting", "none"],
        }  # fmt: skip
        return fixed.get(key) or [*_model(name).objects.values_list("pk", flat=True), NOTHING]


def names() -> Iterator[tuple[str, list[str]]]:
    """(name, names of its parts) of every address but those of ELSEWHERE."""

    def walk(resolver: URLResolver, space: str) -> Iterator[tuple[str, list[str]]]:
        for one in resolver.url_patterns:
            if isinstance(one, URLPattern):
                yield f"{space}{one.name or one.pattern}", list(one.pattern.converters)
            elif str(one.pattern) not in ELSEWHERE:
                yield from walk(one, f"{one.namespace}:" if one.namespace else space)

    return walk(get_resolver(), "")


def address(name: str, values: dict[str, Any]) -> str:  # Any: what the converters take
    try:
        return reverse(name, kwargs=values)
    except NoReverseMatch:  # an address without a name is its own path
        return f"/{name}"


def _model(name: str) -> type[Any]:  # Any: models of all rooms
    room, _, page = name.rpartition(":")
    if page in {"raw", "reread"}:
        return Envelope
    by_page: dict[str, type[Any]] = {
        "file": Attachment, "picture": Attachment, "team": Team, "team-goes": Team, "role": OwnRole,
        "lead-absence": User, "lead-hand-over": User, "lead-run": HandOver, "lead-return": HandOver,
        "role-goes": OwnRole, "key-revoked": ApiKey, "service": Provider, "service-goes": Provider,
    }  # fmt: skip
    if room == "privacy":
        return {"withdrawal": Consent, "download": Export}.get(page, Person)
    by_room = {
        "assist": Team,
        "promises": Promise,
        "outbox": Delivery,
        "channels": Box,
        "desk": Message,
        "": User,
    }
    return by_page.get(page) or by_room.get(room, Attachment)


def found() -> Town:
    """Real rows of every kind that pages show, made now: pages read the clock themselves."""
    _company()
    help_, hosting = Team.objects.get(name="Help"), make.team("Hosting", level=2)
    ada, ann = make.admin("Ada Main"), make.agent("Ann Eagle", team=help_)
    Profile.objects.filter(user=ann).update(position="Engineer", signature="Ann, Help")
    make.agent("Bob Stone", team=hosting, speech="m")
    vera = make.identity("vera@quartz.example", "Vera Falcon", at=timezone.now())
    _boxes(help_)
    _doors(ada)
    town = Town(ada, ann, vera, _invitation(ann))
    _states(town, help_)
    _talk(town, help_)
    _sent(town, help_)
    _handed_over(town, help_)
    _privacy(town)
    _coached(town, help_)
    Team.objects.filter(name="Помощь").delete()  # make.* keeps one for those who name none
    return town


def _company() -> None:
    Company.objects.update_or_create(
        only=True, defaults={"name": "Acme", "phone": "+1 555 0100", "phone_hours": "9-18"}
    )
    Calendar.objects.filter(pk=calendars.default().pk).update(name="Office")
    Agreement.objects.filter(pk=agreements.default().pk).update(name="Usual")
    make.team("Help")


def _invitation(user: User) -> str:
    return invitations.link(user, at=timezone.now()).strip("/").split("/")[-1]


def _doors(ada: User) -> None:
    """A role, a key and a service of sign-in, and a line of the access log."""
    OwnRole.objects.create(name="Watcher", rights=[one.value for one in Right])
    keys.make(keys.Wish("Export", list(Scope)), by=ada, at=timezone.now())
    Provider.objects.create(
        slug="sso", name="Acme SSO", address="http://localhost:9", client_id="x", secret=vault.seal("x")
    )
    Look.objects.create(user_id=ada.pk, kind=Look.Kind.SEARCH, words="site", at=timezone.now())


def _privacy(town: Town) -> None:
    """Consents, an export that is ready, and one whose data were erased."""
    now = timezone.now()
    said = consenting.Said("news", "I agree.", "1", "phone", now - DAY)
    consenting.withdraw(consenting.note(town.vera.client, said, by=town.ann), by=town.ann, at=now)
    consenting.note(town.vera.client, said, by=town.ann)
    exporting.ask(town.vera.client, by=town.ada, at=now)
    exporting.tick()
    Erasure.objects.create(
        uid="x", client_id=town.vera.client_id + 1000, by=town.ada, ground="asked", asked_at=now, stage="done",
        done_at=now,
    )  # fmt: skip
    Tidying.objects.create(at=now, kind="spam", gone=3)


def _coached(town: Town, team: Team) -> None:
    """A style with versions, promises of a reply, figures of it with a rule that nobody agrees with."""
    now = timezone.now()
    every = Wanted(frozenset({"vague"}), (OwnWords("user~", ("client",), "People"),), Style.Apologise.KNOWN)
    styling.change(team, every, by=town.ada, at=now - DAY)
    styling.restore(team, 0, by=town.ada, at=now)
    Mute.objects.create(user=town.ann, rule="long", at=now)
    message = Message.objects.filter(direction="out", user__isnull=False).first()
    assert message
    pledges = [Pledge(0, "We call tomorrow.", "we", now + DAY), Pledge(1, "We look.", "", None)]
    with transaction.atomic():
        tracking.remember(message, pledges, by=town.ann, at=now)
    facts = {"message": message, "team": team, "user": town.ann, "at": now}
    Written.objects.create(**facts, length=400, counts={"shouting": 2}, closes=True, thanks=True)
    for what in ["dismissed"] * 50 + ["taken", "mended", "left"]:
        Outcome.objects.create(**facts, ticket=message.ticket, rule="long", what=what)


def _boxes(team: Team) -> None:
    now = timezone.now()
    make.box(team=team, name="Help")
    imap: dict[str, Any] = {  # Any: fields of Box
        "name": "Sales", "team": team, "kind": "imap", "auth": "password", "imap_host": "127.0.0.1",
        "imap_port": 1, "smtp_host": "127.0.0.1", "smtp_port": 1, "username": "sales",
    }  # fmt: skip
    read = make.box("sales@primer.example", **imap, alive_at=now - HOUR)
    make.box("bills@primer.example", **imap, trouble="No route", trouble_at=now)
    make.box("news@primer.example", **imap, fuse_blown_at=now, fuse_reason="Loop")
    make.box("begun@primer.example", **imap | {"connected_at": None})
    make.box("off@primer.example", **imap | {"mode": "off"})
    Cursor.objects.create(box=read, folder="INBOX", on_server=21, counted_at=now)
    for state, why in (("fault", {"reason": "Bad charset"}), ("decided", {"decision": "own"}), ("new", {})):
        Envelope.objects.create(
            box=read, key=state, source="imap", raw=b"From: a", size_bytes=1_500_000, state=state,
            received_at=now - DAY, **why,
        )  # fmt: skip


def _box() -> int:
    return Box.objects.get(address="help@primer.example").pk


def opened(town: Town, team: Team, *, at: datetime, **more: Any) -> Ticket:  # Any: fields of Arrival
    """A request of Vera to «Help»."""
    words = "Hello! The site is down."
    fields = {
        "team_id": team.pk, "sender": town.vera, "subject": "Site is down",
        "recipients": (Address("to", "help@primer.example"),), "box_id": _box(),
    }  # fmt: skip
    return make.ticket(words, at=at, **fields | more)


def _states(town: Town, team: Team) -> None:
    """A request in each state, of each age; with and without an owner."""
    now = timezone.now()
    tickets = [opened(town, team, at=now - age) for age in (*AGES, 2 * DAY, MINUTE)]
    dues = (now + 2 * HOUR, now + DAY, now + 6 * DAY, now - HOUR, now - DAY, now - 5 * DAY, now + 20 * MINUTE)
    promising.open_many([(one.pk, due) for one, due in zip(tickets, dues, strict=True)], at=now - 400 * DAY)
    for one in tickets[2:5]:
        routing.assign(one, town.ann, by=town.ada, at=now - 3 * DAY)
    for state in ("waiting_client", "waiting_other"):
        ticket = opened(town, team, at=now - DAY)
        make.reply(
            ticket,
            "Please try.",
            by=town.ann,
            at=now - HOUR,
            to=(Address("to", "vera@quartz.example"),),
            box_id=_box(),
        )
        solving.set_state(ticket, state, by=town.ann, at=now)
    solving.solve(opened(town, team, at=now - DAY), result="Restarted", by=town.ann, at=now)
    solving.close(opened(town, team, at=now - 5 * DAY), by=town.ann, at=now - 5 * DAY)
    solving.spam(opened(town, team, at=now - DAY), block=False, by=town.ann, at=now)


def _talk(town: Town, team: Team) -> None:
    """One long talk: files, an invitation, a quote, HTML, notes, deeds, drafts; the agent says what happens now."""
    now = timezone.now()
    carried = [_file("a.bin", b"x" * 700), _file("b.bin", b"x" * 90_000), _file("c.bin", b"x" * 1_500_000)]
    rich = {
        "files": (*carried, _file("invite.ics", INVITATION, "text/calendar")), "html": "<p>Hello</p>",
        "quoted_text": "> one\n> two", "copies": (make.identity("gleb@quartz.example", "Gleb", at=now),),
    }  # fmt: skip
    ticket = opened(town, team, at=now - 2 * DAY, **rich)
    for hour in range(8):
        more = {"ticket": ticket, "sender": town.vera, "team_id": team.pk, "confirmed": hour % 2 == 0}
        make.received(f"More {hour}", at=now - DAY + hour * HOUR, box_id=_box(), **more)
    ticket = routing.take(Ticket.objects.get(pk=ticket.pk), by=town.ann, at=now - HOUR)
    noting.write(ticket, "Disk is full", by=town.ann, at=now - HOUR)
    tagging.tag(ticket, "disk", by=town.ann, at=now - HOUR)
    tagging.set_priority(ticket, 3, by=town.ann, at=now - HOUR)
    saying.now(ticket, "Ann restores the disk", by=town.ann, at=now - HOUR)
    make.identity("other@quartz.example", "Other", at=now)
    for mode in ("reply", "note", "vendor"):
        draft = drafting.save(town.ann, ticket, mode, DraftWords("Hello"), at=now)
        drafting.attach(draft, carried[0], at=now)


def _sent(town: Town, team: Team) -> None:
    """An answer in each state of its delivery; the last may still be undone."""
    now = timezone.now()
    ticket = opened(town, team, at=now - DAY)
    to = (Address("to", "vera@quartz.example", "Vera Falcon"),)
    for state in Delivery.State.values:
        at = now if state == "waiting" else now - HOUR
        rows = Delivery.objects.filter(
            message=make.reply(ticket, "Please try.", by=town.ann, at=at, to=to, box_id=_box())
        )
        for before in {
            "waiting": (),
            "held": (),
            "delivered": ("sending", "sent"),
            "bounced": ("sending", "sent"),
        }.get(state, ("sending",)):
            rows.update(state=before, began_at=at)
        reason = {"reason": "550 5.1.1 No such user"} if state in {"failed", "bounced", "retry"} else {}
        rows.update(state=state, next_at=now + HOUR, ended_at=at, **reason)


def _handed_over(town: Town, team: Team) -> None:
    """Requests of Tom, who is away, passed on: under way, done, returned."""
    now = timezone.now()
    tom = make.agent("Tom Reed", team=team)
    routing.assign(opened(town, team, at=now), tom, by=town.ada, at=now)
    Profile.objects.filter(user=tom).update(away_until=timezone.localdate(), stand_in=town.ann)
    for stage in ("going", "done", "returned"):
        facts = {"by": town.ada, "at": now, "reason": "ill", "total": 2, "left": 1, "changed_at": now}
        run = HandOver.objects.create(user=tom, stage=stage, words="Call after noon", **facts)
        for ticket, to in zip(Ticket.objects.all()[:2], (town.ann, None), strict=True):
            HandedOver.objects.create(run=run, ticket=ticket, to=to)


def _file(name: str, content: bytes, kind: str = "application/octet-stream") -> File:
    return File(files.store(content), len(content), name, kind)
