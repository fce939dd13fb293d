"""Reading the journal in order, losing nothing of what commits late."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from otklik.journal import journaling
from otklik.journal.following import follow
from otklik.journal.journaling import Line
from otklik.journal.models import Entry
from tests.make import NOON


def _seen(into: list[str]):
    return lambda entries: into.extend(entry.word for entry in entries)


@pytest.mark.django_db(transaction=True)
def test_each_entry_is_taken_once_and_in_order():
    seen: list[str] = []
    for word in ("a.one", "a.two"):
        journaling.write(Line(None, word, NOON))

    assert (follow("test", _seen(seen)), follow("test", _seen(seen))) == (2, 0)
    journaling.write(Line(None, "a.three", NOON))
    follow("test", _seen(seen))

    assert seen == ["a.one", "a.two", "a.three"]


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_commits_late_is_not_lost():
    seen: list[str] = []
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            journaling.write(Line(None, "slow.written", NOON))
            written.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    written.wait(10)
    journaling.write(Line(None, "quick.written", NOON))
    follow("test", _seen(seen))
    before = list(seen)
    go_on.set()
    thread.join()
    follow("test", _seen(seen))

    assert before == []
    assert seen == ["slow.written", "quick.written"]


@pytest.mark.django_db(transaction=True)
def test_what_a_reader_raises_leaves_its_place_where_it_was():
    journaling.write(Line(None, "a.one", NOON))

    def fail(entries: object) -> None:
        raise ValueError("a reader's own fault")

    with pytest.raises(ValueError, match="own fault"):
        follow("test", fail)
    seen: list[str] = []
    assert follow("test", _seen(seen)) == 1


@pytest.mark.django_db
def test_the_database_refuses_to_change_an_entry():
    journaling.write(Line(None, "a.one", NOON))

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Entry.objects.filter(word="a.one").update(word="a.two")


@pytest.mark.django_db(transaction=True)
def test_a_follower_that_wants_some_words_passes_over_the_others_for_good():
    for word in ("a.one", "b.two", "a.three", "b.four"):
        journaling.write(Line(None, word, NOON))
    seen: list[str] = []

    follow("picky", _seen(seen), words={"a.one", "a.three"})
    follow("picky", _seen(seen), words={"a.one", "a.three", "b.two", "b.four"})

    assert seen == ["a.one", "a.three"]
