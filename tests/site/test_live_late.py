"""Transactions that commit late while a reader is away: it comes back to all of them, and to none twice."""

import json
import threading
from dataclasses import replace

import pytest

from otklik.desk import routing
from otklik.desk.models import Ticket
from otklik.staff import working
from tests import make
from tests.site.streams import Reader, hand, ticket_of, write

WORDS = 40


def heard_until(reader, word):
    """(the words of all entries up to this one, the place of the last)."""
    events = [one for one in reader.until("entry", word) if one["event"] == "entry"]
    return [json.loads(one["data"])["word"] for one in events], events[-1]["id"]


def place_of(server, database, admin):
    """A reader that has heard one entry and gone: where it left."""
    with Reader(server, admin) as reader, hand(database) as writer:
        write(writer, "before.all")
        writer.commit()
        return reader.until("entry", "before.all")[-1]["id"]


@pytest.mark.parametrize("returns", ["before the commit", "after the commit"])
def test_batch_of_a_lower_transaction_that_commits_while_the_reader_is_away_is_caught_up(
    server, database, admin, returns
):
    last = place_of(server, database, admin)
    with hand(database) as slow, hand(database) as quick, Reader(server, admin) as witness:
        for number in range(WORDS):
            write(slow, f"slow.{number}")
        write(quick, "quick")
        quick.commit()
        if returns == "after the commit":
            slow.commit()
            heard_until(witness, "quick")
        with Reader(server, admin, last=last) as reader:
            slow.commit()
            heard, _place = heard_until(reader, "quick")

    # slow has the lower transaction: it is told first, though it was committed last
    assert heard == [*(f"slow.{number}" for number in range(WORDS)), "quick"]


def test_nothing_above_the_floor_is_told_early_so_that_no_place_can_skip_what_commits_late(
    server, database, admin
):
    last = place_of(server, database, admin)
    with hand(database) as slow, hand(database) as quick:
        write(slow, "slow")
        write(quick, "quick")
        quick.commit()
        with Reader(server, admin, last=last) as early:
            ready = early.until("ready")
        slow.commit()
        with Reader(server, admin, last=ready[-1].get("id", last)) as late:
            heard, _place = heard_until(late, "quick")

    assert [one["event"] for one in ready] == ["ready"]
    assert heard == ["slow", "quick"]


def test_reader_that_comes_and_goes_among_overlapping_transactions_hears_each_once(server, database, admin):
    last, heard = place_of(server, database, admin), []

    def overlap():
        with hand(database) as first, hand(database) as second:
            for number in range(WORDS):
                write(first, f"first.{number}")
                write(second, f"second.{number}")
                (second if number % 3 else first).commit()
            first.commit()
            second.commit()
            write(first, "the.end")
            first.commit()

    writing = threading.Thread(target=overlap)
    writing.start()
    while "the.end" not in heard:
        with Reader(server, admin, last=last) as reader:
            event = reader.until("entry")[-1]
            heard.append(json.loads(event["data"])["word"])
            last = event["id"]
    writing.join()

    wanted = [f"{who}.{number}" for number in range(WORDS) for who in ("first", "second")]
    assert sorted(heard[:-1]) == sorted(wanted)


def test_not_a_byte_of_another_team_reaches_a_reader(server, database):
    hers = make.agent("Аня Орлова")
    hosting = make.team("Хостинг")
    theirs = make.ticket(team_id=hosting.pk, sender=make.identity("secret@kvarts.example", "Тайный Клиент"))
    Ticket.objects.filter(pk=theirs.pk).update(number=987654321)
    mine = make.ticket()
    with Reader(server, ticket_of(hers)) as reader, hand(database) as writer:
        for number in range(20):
            write(writer, f"secret.{number}", teams=[hosting.pk], ticket=theirs.pk)
        write(writer, "mine", teams=[make.team().pk], ticket=mine.pk)
        writer.commit()
        events = reader.until("entry", "mine")

    told = [json.loads(one["data"])["ticket"] for one in events if one["event"] == "entry"]
    assert theirs.pk not in told
    assert not [one for one in events if "secret" in str(one) or "987654321" in str(one)]
    assert {name for one in events for name in one} <= {"id", "event", "data", "retry"}


def test_request_that_moves_is_heard_of_by_the_former_team_for_the_last_time(server, database):
    anya, boris = make.agent(), make.agent("Борис Ким", team=make.team("Хостинг"))
    ticket = make.ticket()
    with Reader(server, ticket_of(anya)) as hers, Reader(server, ticket_of(boris)) as his:
        routing.move(ticket, make.team("Хостинг"), by=anya, at=make.NOON)
        routing.assign(Ticket.objects.get(), boris, by=boris, at=make.NOON)
        make.received("Ещё слово", ticket=Ticket.objects.get(), at=make.NOON + make.HOUR)
        with hand(database) as writer:
            write(writer, "the.end", teams=[make.team().pk, make.team("Хостинг").pk])
            writer.commit()
        left, _place = heard_until(hers, "the.end")
        came, _place = heard_until(his, "the.end")

    after = left[left.index("ticket.moved") + 1 :]
    assert after == ["the.end"]
    assert came[0] == "ticket.moved"
    assert {"ticket.assigned", "message.received"} <= set(came)
    assert "ticket.opened" not in came


def missed_words(server, ticket, last):
    """What a returning listener is told. A machine too busy to look at their rights says `reset`: they ask again."""
    for _ in range(5):
        with Reader(server, ticket, last=last) as reader:
            events = reader.until("ready")
        if all(one["event"] != "reset" for one in events):
            return [json.loads(one["data"])["word"] for one in events if one["event"] == "entry"]
    raise AssertionError("five resets one after another")


def test_catching_up_across_a_move_gives_the_new_team_nothing_from_before_it(server, database, admin):
    last = place_of(server, database, admin)
    boris = make.agent("Борис Ким", team=make.team("Хостинг"))
    ticket = make.ticket()
    routing.move(ticket, make.team("Хостинг"), by=make.admin(), at=make.NOON)
    make.received("Ещё слово", ticket=Ticket.objects.get(), at=make.NOON + make.HOUR)
    with Reader(server, admin, last=last) as witness:  # the stream has come as far as the last word
        witness.until("entry", "ticket.moved")
        witness.until("entry", "message.received")

    words = missed_words(server, ticket_of(boris), last)

    assert words[0] == "ticket.moved"
    assert "ticket.opened" not in words


def test_person_put_into_another_team_mid_stream_hears_of_that_team_alone(server, database):
    anya, repairs = make.agent(), make.team("Ремонт")
    old = ticket_of(anya)
    with Reader(server, old) as reader, hand(database) as writer:
        person = working.Person(anya.email, anya.name, anya.role, [repairs])
        working.change_person(anya, person, by=make.admin(), at=make.NOON)
        write(writer, "of.the.former", teams=old.teams)
        writer.commit()
        assert b"of.the.former" not in reader.response.read()

    new = ticket_of(anya)
    assert new.teams == (repairs.pk,)
    with Reader(server, new) as reader, hand(database) as writer:
        for word, teams in (("of.the.former", old.teams), ("of.repairs", new.teams)):
            write(writer, word, teams=teams)
        writer.commit()
        assert reader.words(1) == ["of.repairs"]
    with Reader(server, replace(new, teams=old.teams, epoch=old.epoch)) as forged:
        assert forged.status == 403
