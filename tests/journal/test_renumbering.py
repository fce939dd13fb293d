"""A journal out of another server, whose transaction numbers lie above all of this one's."""

import pytest
from django.db import connection

from otklik.journal import following, journaling, renumbering
from otklik.journal.journaling import Line
from otklik.journal.models import Entry, Follower
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
FAR = 10**12


def entry(word: str, tx: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_entry (tx, at, actor, word, facts, audience, public) "
            "VALUES (%s::text::xid8, now(), 'system', %s, '{}', '{}', false) RETURNING id",
            [tx, word],
        )
        return int(cursor.fetchone()[0])


def follower(name: str, tx: int, entry_id: int) -> None:
    Follower.objects.create(name=name, tx=str(tx), entry_id=entry_id)


def heard(name: str, limit: int = 2) -> list[str]:
    words: list[str] = []
    while following.follow(name, lambda entries: words.extend(one.word for one in entries), limit=limit):
        pass
    return words


def write(word: str) -> None:
    journaling.write(Line(None, word, make.NOON))


def test_each_reader_goes_on_where_it_was_and_hears_what_comes_after():
    first = entry("a", FAR)
    second, third, fourth = entry("b", FAR + 7), entry("c", FAR + 3), entry("d", FAR + 7)
    follower("behind", FAR, first)
    follower("inside", FAR + 7, second)
    follower("ahead", FAR + 7, fourth)
    follower("lost its entry", FAR + 5, third)
    assert heard("behind") == []  # all of it lies above the floor

    assert renumbering.renumber() == 4
    write("new")

    assert heard("behind") == ["c", "b", "d", "new"]
    assert heard("inside") == ["d", "new"]
    assert heard("ahead") == ["new"]
    assert heard("lost its entry") == ["b", "d", "new"]
    assert heard("behind") == []


def test_reader_that_never_read_hears_everything_in_order():
    words = [f"w{number}" for number in range(20)]
    for place, word in enumerate(words):
        entry(word, FAR + place * 5)
    follower("new", 0, 0)

    renumbering.renumber()

    assert heard("new") == words


def test_numbers_of_this_server_stay_as_they_are():
    write("a")
    before = list(Entry.objects.values_list("pk", "tx"))

    assert renumbering.renumber() == 0
    assert list(Entry.objects.values_list("pk", "tx")) == before


def test_more_unread_transactions_than_the_server_has_counted_are_made_room_for(monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        here = int(cursor.fetchone()[0])
        cursor.execute(
            "INSERT INTO journal_entry (tx, at, actor, word, facts, audience, public) "
            "SELECT (%s + n)::text::xid8, now(), 'system', n::text, '{}', '{}', false FROM generate_series(1, %s) n",
            [FAR, here + 500],
        )
    follower("far behind", 0, 0)

    renumbering.renumber()
    write("new")

    assert heard("far behind", limit=1000) == [*map(str, range(1, here + 501)), "new"]


def test_journal_cannot_be_changed_after_it():
    entry("a", FAR)
    renumbering.renumber()

    with pytest.raises(Exception, match="append-only"):
        Entry.objects.update(word="b")


def test_no_other_table_keeps_transaction_numbers():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND data_type IN ('xid8', 'xid') ORDER BY 1"
        )
        assert cursor.fetchall() == [("journal_entry", "tx"), ("journal_follower", "tx")]
