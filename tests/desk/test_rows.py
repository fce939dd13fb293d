"""Rows are kept and shown again: never to somebody to whom, or when, they would say something else."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from otklik.accounts.models import User
from otklik.desk import lists, routing, rows
from otklik.desk.models import Ticket
from otklik.promises import promising
from tests import make
from tests.make import DAY, HOUR, MINUTE, NOON

pytestmark = pytest.mark.django_db
MOSCOW, VLADIVOSTOK = ZoneInfo("Europe/Moscow"), ZoneInfo("Asia/Vladivostok")


@pytest.fixture
def anya() -> User:
    return make.agent()


@pytest.fixture
def ticket(anya: User) -> Ticket:
    """Anya's, answered by her, due tomorrow."""
    ticket = make.ticket()
    routing.take(ticket, by=anya, at=NOON)
    make.reply(ticket, "Добрый день! Смотрим.", by=anya, at=NOON + MINUTE)
    promising.open_many([(ticket.pk, NOON + DAY)], at=NOON)
    return ticket


def shown(
    reader: User,
    *,
    at: datetime = NOON + HOUR,
    language: str = "ru",
    zone: ZoneInfo = MOSCOW,
    query: str = "",
) -> str:
    found = lists.queue(reader, "all", "due").rows
    with translation.override(language), timezone.override(zone):
        return rows.render(found, user=reader, current=None, query=query, at=at)


def words(html: str) -> list[str]:
    return [text for text in re.findall(r">([^<]+)<", html) if text.strip()]


def test_the_same_reader_in_the_same_moments_gets_the_kept_row(anya, ticket):
    first = shown(anya)
    before = rows._html.cache_info().hits

    assert shown(anya, at=NOON + HOUR + rows.STEP_S / 2 * (MINUTE / 60)) == first
    assert rows._html.cache_info().hits == before + 1


def test_ones_own_words_and_face_are_told_to_nobody_else(anya, ticket):
    boris = make.agent("Борис Ким")

    for mine, theirs in [(shown(anya), shown(boris)), (shown(anya), shown(boris))]:
        assert "Вы: Добрый день! Смотрим." in words(mine)
        assert anya.name not in mine
        assert "Добрый день! Смотрим." in words(theirs)
        assert f'title="{anya.name}"' in theirs


def test_each_language_zone_and_day_has_a_row_of_its_own(anya, ticket):
    ways: list[dict[str, object]] = [
        {}, {"language": "en"}, {"zone": VLADIVOSTOK}, {"at": NOON + DAY - HOUR}, {"at": NOON + 2 * DAY},
        {"query": "?view=all"},
    ]  # fmt: skip
    first = [shown(anya, **way) for way in ways]  # type: ignore[arg-type]  # ways are of mixed values

    assert len(set(first)) == len(ways)
    assert [shown(anya, **way) for way in ways] == first  # type: ignore[arg-type]  # ways are of mixed values
    assert ["12:01" in words(html) for html in first] == [True, True, False, False, False, True]
    assert "19:01" in words(first[2])


@pytest.mark.parametrize(
    "change",
    [
        {"unread": True}, {"state": "waiting_client", "next_due_at": None, "next_due_kind": ""},
        {"last_words": "Другое"}, {"next_due_at": NOON + 3 * DAY}, {"next_due_kind": "news"}, {"owner": None},
        {"last_message_at": NOON + 30 * MINUTE}, {"last_by": "client"}, {"channel": "page"},
    ],
)  # fmt: skip
def test_a_row_changes_with_all_that_it_shows(anya, ticket, change):
    Ticket.objects.filter(pk=ticket.pk).update(unread=False)
    before = shown(anya)
    assert shown(anya) == before

    Ticket.objects.filter(pk=ticket.pk).update(**change)

    assert shown(anya) != before


def test_a_clock_that_ran_out_is_late_within_one_step(anya, ticket):
    due = NOON + DAY

    assert "clock--late" not in shown(anya, at=due - MINUTE)
    assert "clock--late" in shown(anya, at=due + rows.STEP_S * (MINUTE / 60))


def test_a_new_name_of_the_client_or_the_owner_is_shown_at_once(anya, ticket):
    boris = make.agent("Борис Ким")
    assert "Вера Соколова" in shown(boris)

    ticket.client.name = "Вера Новая"
    ticket.client.save(update_fields=["name"])
    User.objects.filter(pk=anya.pk).update(name="Анна Иная")

    assert "Вера Новая" in shown(boris)
    assert 'title="Анна Иная"' in shown(boris)
