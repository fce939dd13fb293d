"""The example company of `otklik demo`: a hosting and 1C firm with two months of letters behind it.

`fill` makes it once, in one transaction, so a start that was killed begins anew; the same seed gives the same people,
words and ends, only the times hang on the moment of filling. Nothing of it waits to be sent.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from otklik.accounts.models import User
from otklik.channels.models import Box
from otklik.clients import identifying
from otklik.clients.identifying import Sender
from otklik.clients.models import Identity
from otklik.env import env
from otklik.site.demo import casting, house, letters, outages, people, saving, talks, telling, tiers, writing
from otklik.site.demo.agreed import Agreed
from otklik.site.demo.shifts import Shifts
from otklik.sla import calendars
from otklik.staff import queries as staff

SEED = 20261121
SINCE = timedelta(days=75)
VENDORS = (
    Sender("support@partner-1c.example", "Партнёры 1С, линия консультаций"),
    Sender("noc@reg-zona.example", "Регистратор «Зона», служба поддержки"),
    Sender("duty@dc-severny.example", "ЦОД «Северный», дежурная смена"),
    Sender("abuse@spisok-block.example", "Список «Блок», снятие с учёта"),
)
# the supervisor puts the address of this start for {url}
HINT = (
    "Вход: {anna} (сотрудник), {vera} (руководитель), {nina} (администратор). Пароль у всех: {password}\n"
    "Почта клиента, чтобы писать в компанию: {{url}}/practice/"
)
_LOCK = 0x6F74646D  # «otdm»: one filling at a time


class NotEmpty(Exception):
    """The database belongs to somebody else; the text is for a person at a terminal."""


def fill(progress: Callable[[str], None], *, at: datetime | None = None) -> str:
    """Fill an empty database; where the example stands already do nothing. Returns how to sign in.

    at: the moment that all dates hang on, now when None. Raises NotEmpty when there are people, but not ours.
    """
    at = at or timezone.now()
    if not User.objects.exists():
        written = talks.all_talks()
        letters.store_papers(written)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            if not User.objects.exists():
                _fill(written, progress, at)
    if not User.objects.filter(email=f"anna@{house.DOMAIN}").exists():
        raise NotEmpty(
            "В этой базе уже работают люди: пример мы в неё не положим. Укажите пустую папку: --home ПАПКА"
        )
    keys = {key: f"{key}@{house.DOMAIN}" for key in ("anna", "vera", "nina")}
    return HINT.format(password=house.PASSWORD, **keys)


def _fill(written: tuple[talks.Talk, ...], progress: Callable[[str], None], at: datetime) -> None:
    progress(f"  сотрудники: {len(house.AGENTS)}, команды: {len(house.TEAMS)}")
    made = house.build(at=at - SINCE, smtp_port=env().practice_port)
    progress(f"  клиенты: {len(people.everybody())}")
    guests = people.settle(at=at - SINCE, chance=random.Random(SEED))  # noqa: S311 - an example, no secret
    tiers.sign(made.users["nina"], at=at - SINCE)
    vendors = identifying.identify_many(VENDORS, at=at - SINCE)
    shifts = Shifts(calendars.default_hours(at), at)
    agreed = Agreed(guests.values(), at=at)
    cases = casting.Casting(written, guests, shifts, agreed.within, SEED).cases()
    progress(f"  запросы: {len(cases)}")
    identities = {one.value: one for one in Identity.objects.select_related("client")}
    desk = writing.Desk(made, shifts, agreed, staff.company(), vendors, identities)
    rows = writing.tickets(cases, desk)
    writing.rows(rows, desk)
    progress(f"  письма и заметки: {sum(len(one.done) for one in rows)}")
    saving.save(rows, desk)
    outages.happen(made.users["vera"], at=at)
    house.absences(made, at=at)
    progress(f"  строки журнала: {telling.tell(rows, desk)}")


def arrange() -> None:
    """At each start: answers of the example leave for the practice mail server, wherever it listens now."""
    boxes = Box.objects.filter(address__endswith=f"@{house.DOMAIN}", smtp_host="127.0.0.1")
    boxes.update(smtp_port=env().practice_port)
