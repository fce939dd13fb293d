import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DataError, OperationalError

from otklik.channels.email import group
from otklik.channels.email.group import GroupCommit
from otklik.channels.intake.storing import Raw

pytestmark = pytest.mark.django_db(transaction=True)


class Full(Exception):
    sqlstate = group.DISK_FULL


def raw(words: bytes) -> list[Raw]:
    return [Raw(1, words, "door")]


def answers(write, letters):
    """What each of these letters hears when they come at the same moment."""

    async def play():
        commit = GroupCommit(write)
        waiting = [asyncio.ensure_future(commit.store(letter)) for letter in letters]
        await asyncio.sleep(0)
        running = asyncio.ensure_future(commit.run())
        said = await asyncio.gather(*waiting)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return said

    with ThreadPoolExecutor(1) as apart:  # a browser of another test may keep a loop running in this thread
        return apart.submit(asyncio.run, play()).result()


def test_letters_that_wait_together_go_into_one_transaction():
    written: list[list[Raw]] = []
    said = answers(written.append, [raw(b"one"), raw(b"two"), raw(b"three")])

    assert said == [group.OK] * 3
    assert [len(batch) for batch in written] == [3]


def test_nobody_hears_250_while_the_database_is_away():
    def away(_letters: list[Raw]) -> None:
        raise OperationalError("server closed the connection")

    assert answers(away, [raw(b"one")]) == [group.LATER]


def test_full_disk_asks_to_come_later_and_says_why():
    def full(_letters: list[Raw]) -> None:
        raise OperationalError("no room") from Full()

    assert answers(full, [raw(b"one")]) == [group.NO_ROOM]


def test_server_that_restarted_is_tried_again_before_the_sender_is_sent_away():
    tries = iter([OperationalError("terminating connection"), None])

    def once(_letters: list[Raw]) -> None:
        fault = next(tries)
        if fault:
            raise fault

    assert answers(once, [raw(b"one")]) == [group.OK]


def test_letter_that_cannot_be_written_does_not_spoil_its_neighbours():
    def picky(letters: list[Raw]) -> None:
        if any(letter.content == b"bad" for letter in letters):
            raise DataError("bad")

    assert answers(picky, [raw(b"one"), raw(b"bad"), raw(b"two")]) == [group.OK, group.LATER, group.OK]


def test_batch_is_cut_by_bytes_and_nothing_is_forgotten(monkeypatch):
    monkeypatch.setattr(group, "MOST_BYTES", 10)
    sizes: list[int] = []
    said = answers(lambda letters: sizes.append(len(letters)), [raw(b"x" * 6), raw(b"y" * 6), raw(b"z" * 60)])

    assert (said, sizes) == ([group.OK] * 3, [1, 1, 1])
