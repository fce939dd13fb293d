"""What clients and vendors of a case send, as raw letters read by the product's own reader."""

from __future__ import annotations

import hashlib
import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from otklik import mime
from otklik.clients.models import Identity
from otklik.desk import files
from otklik.desk.files import File
from otklik.desk.models import Message
from otklik.site.demo import house, mailers, papers
from otklik.site.demo.casting import Case, Step
from otklik.site.demo.people import Person
from otklik.site.demo.talks import Talk

QUOTES_OFTEN, SIGNS_OFTEN = 0.6, 0.7


@dataclass(frozen=True, slots=True)
class Came:
    """A letter in both forms, with the address it came from."""

    raw: bytes
    letter: mime.Letter
    identity: Identity
    papers: tuple[File, ...]


def store_papers(talks: Sequence[Talk]) -> None:
    """Put every file that the talks name into the file store, before any transaction."""
    for talk in talks:
        for turn in talk.turns:
            for name in names(turn.options):
                files.store(paper(name).content)


def names(options: dict[str, str]) -> list[str]:
    return [name.strip() for name in options.get("файлы", "").split(",") if name.strip()]


def paper(name: str) -> mailers.Paper:
    return papers.paper(name, zlib.crc32(name.encode()))


def stored(name: str) -> File:
    """The row-side value of a file that store_papers() has kept."""
    one = paper(name)
    return File(hashlib.sha256(one.content).hexdigest(), len(one.content), one.name, one.type)


def from_client(case: Case, step: Step, before: Sequence[Message], copies: Sequence[Identity]) -> Came:
    """before: earlier messages of the client's circle, oldest first."""
    person, chance = case.guest.person, _chance(case, step)
    identity = case.guest.identities[int(step.turn.options.get("с", "1")) - 1]
    program = _program(person, step)
    text = step.text + _signature(person, program, chance, first=not before)
    answered = next((one for one in reversed(before) if one.direction == "out"), None)
    return _read(
        mailers.Mail(
            program=program,
            name=person.name,
            address=identity.shown,
            to=f"{case.box}@{house.DOMAIN}",
            subject=_subject(case.subject, before),
            text=text,
            at=step.at,
            message_id=_id(case, step, identity.shown),
            cc=tuple((one.name, one.shown) for one in copies),
            chain=_chain(before),
            quoted=_quoted(step, answered, case, chance),
            papers=tuple(paper(name) for name in names(step.turn.options)),
            broken=_broken(step),
        ),
        identity,
    )


def from_vendor(case: Case, step: Step, before: Sequence[Message], vendor: Identity) -> Came:
    mail = mailers.Mail(
        program="outlook",
        name=vendor.name,
        address=vendor.shown,
        to=f"{case.box}@{house.DOMAIN}",
        subject=_subject(case.subject, before),
        text=step.text,
        at=step.at,
        message_id=_id(case, step, vendor.shown),
        chain=_chain(before),
        quoted=_quoted(step, before[-1] if before else None, case, _chance(case, step)),
    )
    return _read(mail, vendor)


def _read(mail: mailers.Mail, identity: Identity) -> Came:
    raw = mailers.write(mail)
    return Came(raw, mime.read(raw), identity, tuple(stored(one.name) for one in mail.papers))


def _chance(case: Case, step: Step) -> random.Random:
    return random.Random(f"{case.talk.key} {case.guest.person.key} {step.text[:40]}")  # noqa: S311 - an example


def _program(person: Person, step: Step) -> mailers.Program:
    """Everybody keeps to one program; «с телефона» is said in the turn."""
    how = step.turn.options.get("как", "")
    if how == "телефон":
        return "iphone"
    if how:
        return "plain"
    return mailers.PROGRAMS[zlib.crc32(person.key.encode()) % len(mailers.PROGRAMS)]


def _broken(step: Step) -> str:
    how = step.turn.options.get("как", "")
    return how if how in mailers.BROKEN else ""


def _signature(person: Person, program: str, chance: random.Random, *, first: bool) -> str:
    if program == "iphone":
        return "\n\nОтправлено с iPhone"
    if not person.firm or not person.calling or chance.random() > (SIGNS_OFTEN if first else SIGNS_OFTEN / 2):
        return ""
    position = f"{person.position}, " if person.position else ""
    return f"\n\n--\nС уважением,\n{person.name}\n{position}{person.firm}"


def _subject(subject: str, before: Sequence[Message]) -> str:
    return f"Re: {subject}" if before and not subject.startswith("Re:") else subject


def _id(case: Case, step: Step, address: str) -> str:
    seed = f"{case.talk.key} {case.guest.person.key} {step.at.timestamp()}"
    return f"{hashlib.sha256(seed.encode()).hexdigest()[:22]}@{address.rpartition('@')[2]}"


def _chain(before: Sequence[Message]) -> tuple[str, ...]:
    return tuple(one.message_id for one in before[-8:])


def _quoted(step: Step, answered: Message | None, case: Case, chance: random.Random) -> mailers.Quoted | None:
    wished = "цитата" in step.turn.options or chance.random() < QUOTES_OFTEN
    if answered is None or not wished:
        return None
    return mailers.Quoted(
        name=answered.author_name, address=f"{case.box}@{house.DOMAIN}", at=answered.at, text=answered.text,
        subject=answered.subject,
    )  # fmt: skip
