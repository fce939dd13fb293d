"""The live stream as a real process on a real database, with transactions that end out of order."""

import json
import os
import signal
from contextlib import ExitStack
from dataclasses import replace

import pytest
from django.test import Client

from otklik.accounts.models import User
from otklik.staff import presence, working
from otklik.staff.models import Membership
from otklik.web import livetickets
from otklik.web.livetickets import LiveTicket
from tests import make
from tests.site.streams import ANYBODY, ORIGIN, Reader, add_person, hand, serving, ticket_of, write


def test_committed_entry_reaches_an_open_stream(server, database, admin):
    with Reader(server, admin) as reader, hand(database) as writer:
        write(writer, "ticket.solved")
        writer.commit()
        event = reader.next()

    assert event["event"] == "entry"
    assert json.loads(event["data"]) == {"ticket": None, "word": "ticket.solved"}


def test_batch_that_began_first_and_commits_last_is_told_whole(server, database, admin):
    with Reader(server, admin) as reader, hand(database) as slow, hand(database) as quick:
        for number in range(100):
            write(slow, f"slow.{number}")
        for number in range(20):
            write(quick, f"quick.{number}")
            quick.commit()
        slow.commit()
        heard = reader.words(120)

    assert sorted(heard) == sorted([f"slow.{n}" for n in range(100)] + [f"quick.{n}" for n in range(20)])


def test_rolled_back_entry_is_never_told(server, database, admin):
    with Reader(server, admin) as reader, hand(database) as writer:
        write(writer, "never.was")
        writer.rollback()
        write(writer, "really.was")
        writer.commit()

        assert reader.words(1) == ["really.was"]


def test_presence_is_heard_by_the_team_and_never_by_clients(server, database):
    user, ticket = make.agent(), make.ticket().pk
    anya = Reader(server, replace(ticket_of(user), teams=(1, 2)))
    boris = Reader(server, replace(ticket_of(make.agent()), teams=(3,)))
    client = Reader(server, LiveTicket(2_000_000_000, client_ticket=ticket))
    with anya, boris, client, hand(database) as writer:
        presence.tell(user, "writes", ticket_id=ticket, team_id=2)
        heard = anya.until("presence")[-1]
        write(writer, "after.all", teams=[3], ticket=ticket, public=True)
        writer.commit()

        assert "id" not in heard
        assert json.loads(heard["data"])["name"] == user.name
        for other in (boris, client):  # they may hear that the request was opened, too
            assert {one["event"] for one in other.until("entry", "after.all")} == {"entry"}


def test_signals_of_presence_that_repeat_at_once_are_told_once(server, database):
    user, ticket = make.agent(), make.ticket()
    with Reader(server, ticket_of(make.agent("Борис Ким"))) as boris, hand(database) as writer:
        for number, doing in enumerate(["looks", "looks", "looks", "gone"]):
            told = {
                "ticket": ticket.pk,
                "team": ticket.team_id,
                "user": user.pk,
                "doing": doing,
                "number": number,
            }
            writer.execute("SELECT pg_notify(%s, %s)", [presence.CHANNEL, json.dumps(told)])
        writer.commit()

        heard = [json.loads(boris.until("presence")[-1]["data"])["number"] for _ in range(2)]

    assert heard == [0, 3]


def test_agent_hears_of_their_teams_only(server, database):
    anya = Reader(server, replace(ticket_of(make.agent()), teams=(1, 2)))
    boris = Reader(server, replace(ticket_of(make.agent()), teams=(3,)))
    with anya, boris, hand(database) as writer:
        for word, teams in [("of.boris", [3]), ("of.nobody", []), ("of.anya", [2, 4]), ("of.both", [1, 3])]:
            write(writer, word, teams=teams)
        writer.commit()

        assert anya.words(2) == ["of.anya", "of.both"]
        assert boris.words(2) == ["of.boris", "of.both"]


def test_page_of_a_client_hears_public_news_of_its_own_request_only(server, database):
    mine, other = make.ticket().pk, make.ticket().pk
    vera = Reader(server, LiveTicket(2_000_000_000, client_ticket=mine))
    with vera, hand(database) as writer:
        write(writer, "secret.mine", ticket=mine)
        write(writer, "public.other", ticket=other, public=True)
        write(writer, "public.nobody", public=True)
        write(writer, "public.mine", ticket=mine, public=True)
        writer.commit()

        heard = [json.loads(vera.next()["data"])]
        while heard[-1]["word"] != "public.mine":
            heard.append(json.loads(vera.next()["data"]))

    assert {one["ticket"] for one in heard} == {mine}
    assert not [one for one in heard if one["word"].startswith("secret")]


def test_returning_reader_gets_what_it_missed_by_its_rights(server, database, admin):
    ticket = replace(ticket_of(make.agent()), teams=(1,))
    with Reader(server, ticket) as reader, hand(database) as writer:
        write(writer, "heard.before", teams=[1])
        writer.commit()
        last = reader.next()["id"]
    with hand(database) as writer, Reader(server, admin) as witness:
        write(writer, "of.others", teams=[2])
        write(writer, "was.missed", teams=[1])
        writer.commit()
        witness.words(2)

    with Reader(server, ticket, last=last) as reader:
        assert reader.words(1) == ["was.missed"]
        assert reader.next()["event"] == "ready"


def test_reader_that_missed_too_much_is_told_to_load_anew(server, database, admin):
    with Reader(server, admin) as reader, hand(database) as writer:
        for number in range(501):
            write(writer, f"many.{number}")
        writer.commit()
        assert len(set(reader.words(501))) == 501
        first = reader.first["id"]

    with Reader(server, admin, last=first) as reader:
        assert reader.next()["event"] == "reset"


@pytest.mark.parametrize(
    "ticket",
    [
        "", "no-dot", "a.b",
        livetickets.sign(LiveTicket(1, user_id=1, all=True)),  # its time is over
        "x" + livetickets.sign(ANYBODY),
    ],
)  # fmt: skip
def test_stranger_without_a_good_ticket_hears_nothing(server, ticket):
    with Reader(server, ticket) as reader:
        assert reader.status == 403


def test_page_of_another_site_is_refused_and_ours_is_named(server, admin):
    with Reader(server, admin, origin="https://evil.example") as reader:
        assert reader.status == 403
    with Reader(server, admin) as reader:
        assert reader.response.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_stream_lives_through_a_restart_of_the_database_and_loses_nothing(mortal, wait_until):
    with hand(mortal.url) as first:
        ticket = LiveTicket(2_000_000_000, user_id=add_person(first), all=True)
    with serving(mortal.url, wait_until) as port, Reader(port, ticket) as reader:
        os.kill(mortal.pid, signal.SIGKILL)
        wait_until(lambda: not mortal.is_running())
        mortal.start()
        with hand(mortal.url) as writer:
            write(writer, "after.the.storm")
            writer.commit()

        assert reader.words(1) == ["after.the.storm"]


def test_one_listener_cannot_take_all_places_and_gets_one_back(server, wait_until, admin):
    def status():
        with Reader(server, admin) as one_more:
            return one_more.status

    with ExitStack() as stack:
        readers = [stack.enter_context(Reader(server, admin)) for _ in range(50)]

        assert status() == 429
        readers.pop().close()
        wait_until(lambda: status() == 200)


def leaves_the_team(user):
    Membership.objects.filter(user=user).delete()


def is_let_go(user):
    working.leave(user, by=make.admin(), at=make.NOON)


def changes_the_password(user):
    user.set_password("совсем другой пароль")
    user.save()


def loses_the_role(user):
    User.objects.filter(pk=user.pk).update(role=User.Role.AGENT)


def signs_out(user):
    browser = Client()
    browser.force_login(user)
    browser.post("/sign-out/")


@pytest.mark.parametrize(
    "change", [leaves_the_team, is_let_go, changes_the_password, loses_the_role, signs_out]
)
def test_stream_of_a_person_whose_rights_changed_ends_and_its_ticket_opens_none(server, database, change):
    anya, boris = make.agent("Аня Орлова", role=User.Role.LEAD), make.agent("Борис Котов")
    old, other = ticket_of(anya), ticket_of(boris)
    team = make.team().pk
    with Reader(server, old) as hers, Reader(server, other) as his, hand(database) as writer:
        change(anya)
        write(writer, "after.that", teams=[team])
        writer.commit()

        assert b"after.that" not in hers.response.read()  # to the end of the stream
        assert his.words(1) == ["after.that"]

    with Reader(server, old) as hers:
        assert hers.status == 403


def test_person_whose_teams_changed_comes_back_with_a_new_ticket(server, database):
    anya, repairs = make.agent(), make.team("Ремонт")
    old = ticket_of(anya)
    working.save_team(repairs, members=[anya], by=make.admin(), at=make.NOON)

    with Reader(server, old) as late:
        assert late.status == 403
    with Reader(server, ticket_of(anya)) as reader, hand(database) as writer:
        write(writer, "of.repairs", teams=[repairs.pk])
        writer.commit()

        assert reader.words(1) == ["of.repairs"]


def test_rights_that_changed_while_the_database_was_away_from_us_count_too(mortal, wait_until):
    with hand(mortal.url) as first:
        ticket = LiveTicket(2_000_000_000, user_id=add_person(first), all=True)
    with serving(mortal.url, wait_until) as port, Reader(port, ticket) as reader:
        with hand(mortal.url) as writer:  # those who listen are cut off, nobody hears the change
            writer.execute("ALTER TABLE accounts_user DISABLE TRIGGER accounts_tell_access")
            writer.execute("UPDATE accounts_user SET is_active = false")
            writer.commit()
            writer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'otklik live'"
            )
            write(writer, "after.that")
            writer.commit()

        assert b"after.that" not in reader.response.read()


def test_epoch_of_rights_never_goes_back_when_an_old_row_is_saved(database):
    anya = make.agent()
    loaded = User.objects.get(pk=anya.pk)
    working.leave(anya, by=make.admin(), at=make.NOON)
    left = User.objects.get(pk=anya.pk).access_epoch

    loaded.name = "Аня Новая"
    loaded.save()

    assert (
        User.objects.get(pk=anya.pk).access_epoch > left
    )  # and she is active again, which is one more change
