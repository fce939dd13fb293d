"""Rows for tests, made by the product's own deeds where there is one. Cast: Аня, Борис (other team), Вера, Глеб."""

import itertools
from datetime import UTC, datetime, timedelta
from functools import cache

from django.contrib.auth.hashers import make_password
from django.db import transaction

from otklik.accounts import links
from otklik.accounts.models import User
from otklik.channels.models import Box
from otklik.clients import identifying
from otklik.clients.identifying import Sender
from otklik.clients.models import Identity
from otklik.desk import receiving, replying
from otklik.desk.models import Message, Ticket
from otklik.desk.receiving import Address, Arrival
from otklik.desk.replying import Words
from otklik.staff.models import Membership, Profile, Team

NOON = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # Friday, noon in Moscow
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PASSWORD = "длинный пароль для тестов"

_next = itertools.count(1)


def team(name: str = "Помощь", level: int = 1) -> Team:
    return Team.objects.get_or_create(name=name, defaults={"level": level})[0]


def agent(
    name: str = "Аня Орлова",
    *,
    team: Team | None = None,
    role: str = User.Role.AGENT,
    email: str = "",
    speech: str = "f",
) -> User:
    """An agent of one team («Помощь» when none is given); an administrator needs none."""
    user = _user(email or f"agent{next(_next)}@primer.example", name, role)
    Profile.objects.create(user=user, speech=speech)
    Membership.objects.create(user=user, team=team or globals()["team"]())
    return user


def admin(name: str = "Ада Главная") -> User:
    return _user(f"admin{next(_next)}@primer.example", name, User.Role.ADMIN)


def _user(email: str, name: str, role: str) -> User:
    return User.objects.create(email=email, name=name, role=role, password=_hashed())


@cache
def _hashed() -> str:
    """One hash for all: Argon2 takes 50 ms on purpose."""
    return make_password(PASSWORD)


def box(address: str = "help@primer.example", *, team: Team | None = None, **fields: object) -> Box:
    """A door box that answers."""
    values: dict[str, object] = {
        "name": "Поддержка «Пример»", "kind": Box.Kind.DOOR, "mode": Box.Mode.ANSWER, "auth": Box.Auth.NONE,
        "team": team or globals()["team"](), "created_at": NOON - DAY, "connected_at": NOON - DAY,
    }  # fmt: skip
    return Box.objects.get_or_create(address=address, defaults={**values, **fields})[0]


def identity(
    address: str = "vera@kvarts.example", name: str = "Вера Соколова", *, at: datetime = NOON
) -> Identity:
    found = identifying.identify_many([Sender(address, name)], at=at)
    return found[identifying.normal(address)]


def arrival(text: str = "Здравствуйте! Не открывается база.", **fields: object) -> Arrival:
    """A letter of Вера to the box of «Помощь», understood and ready to be received."""
    if "box_id" not in fields:
        fields["box_id"] = box().pk
    values: dict[str, object] = {
        "team_id": team().pk, "channel": "email", "sender": fields.get("sender") or identity(), "text": text,
        "reply_text": text, "subject": "Не открывается база", "message_id": f"letter{next(_next)}@kvarts.example",
        "recipients": (Address("to", "help@primer.example"),),
    }  # fmt: skip
    return Arrival(**{**values, **fields})  # type: ignore[arg-type]  # fields are Arrival's own


def received(
    text: str = "Здравствуйте! Не открывается база.", *, at: datetime = NOON, **fields: object
) -> Message:
    with transaction.atomic():
        return receiving.receive([arrival(text, **fields)], at=at)[0]


def ticket(
    text: str = "Здравствуйте! Не открывается база.", *, at: datetime = NOON, **fields: object
) -> Ticket:
    return received(text, at=at, **fields).ticket


def words(text: str = "Вера, добрый день! Базу открыли, проверьте.", **fields: object) -> Words:
    values: dict[str, object] = {"to": (Address("to", "vera@kvarts.example", "Вера Соколова"),)}
    if "box_id" not in fields:
        values["box_id"] = box().pk
    return Words(text, **{**values, **fields})  # type: ignore[arg-type]  # fields are Words' own


def reply(ticket: Ticket, text: str = "Вера, добрый день! Базу открыли, проверьте.", *, by: User | None = None,
          at: datetime = NOON + HOUR, **fields: object) -> Message:  # fmt: skip
    fields.setdefault("force", True)
    return replying.reply(ticket, words(text, **fields), by=by or agent(), at=at)


def page(ticket: Ticket, who: Identity | None = None, *, at: datetime = NOON) -> str:
    """The path of a participant's page, Вера's when nobody is named."""
    url = links.url(ticket.pk, (who or identity()).pk, at=at)
    return url[url.index("/r/") :]
