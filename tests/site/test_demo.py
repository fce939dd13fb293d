"""The example company: what is promised stands, nothing of it wants to leave, and a start may be killed."""

import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from otklik.accounts.models import User
from otklik.channels.models import Box, Envelope
from otklik.channels.outbox import claiming, settling
from otklik.clients.models import Client, Identity, Organisation
from otklik.desk import files, reaching
from otklik.desk.models import Attachment, Delivery, Message, Note, Ticket
from otklik.journal.models import Entry
from otklik.promises.models import STANDING, NextNews
from otklik.site import demo
from otklik.site.demo import casting, house, people, talks
from otklik.site.demo.agreed import Agreed
from otklik.site.demo.shifts import Shifts
from otklik.site.postgres import Embedded
from otklik.sla import binding, calendars, deriving, following
from otklik.sla.course import TOLD
from otklik.staff.models import Team
from tests import make
from tests.running import end_sessions, make_running

WAITS_ON_US = Q(state__in=["new", "open", "waiting_other"])
KILLED_IN_THE_MIDDLE = """
import os, signal, django
django.setup()
from otklik.site import demo
def progress(line):
    if "письма" in line:
        os.kill(os.getpid(), signal.SIGKILL)
demo.fill(progress)
"""


@contextmanager
def copy_of_the_test_database(postgres: Embedded, name: str) -> Iterator[None]:
    """Django's connection leads to an empty database with our tables meanwhile."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    with psycopg.connect(postgres.url, autocommit=True) as server:
        # whatever still hangs on the usual one would refuse its copy
        end_sessions(server, usual)
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{usual}"')
        connection.settings_dict["NAME"] = name
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual
            end_sessions(server, name)
            server.execute(f'DROP DATABASE "{name}"')


@pytest.fixture(scope="module")
def filled(
    postgres: Embedded, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[list[str]]:
    """The example, filled by a start that was killed in its middle and by one that was not."""
    with django_db_blocker.unblock(), copy_of_the_test_database(postgres, "example"):
        killed = make_running()
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", KILLED_IN_THE_MIDDLE], env=killed.variables, check=False
        )
        said: list[str] = [f"killed: {done.returncode}, left: {User.objects.count()}"]
        demo.fill(said.append)
        yield said


def test_a_start_that_was_killed_left_nothing_behind_and_the_next_one_tells_its_steps(filled: list[str]):
    assert filled[0] == "killed: -9, left: 0"
    assert [line.strip().split(":")[0] for line in filled[1:]] == [
        "сотрудники", "клиенты", "запросы", "письма и заметки", "строки журнала"
    ]  # fmt: skip


def test_the_example_has_the_people_and_requests_that_are_promised(filled: list[str]):
    clients = Client.objects.exclude(identities__participations__part="vendor").distinct()

    assert (User.objects.count(), Team.objects.count(), Organisation.objects.count()) == (12, 4, 25)
    assert (clients.count(), Ticket.objects.count()) == (150, 400)
    assert Counter(User.objects.values_list("role", flat=True)) == {"agent": 9, "lead": 2, "admin": 1}
    assert set(Ticket.objects.values_list("state", flat=True)) == set(Ticket.State.values)
    assert Identity.objects.values("client").annotate(n=Count("pk")).filter(n__gt=1).count() >= 5


def test_every_request_that_waits_on_us_has_one_standing_news_that_the_list_shows(filled: list[str]):
    standing = dict(NextNews.objects.filter(STANDING).values_list("ticket", "due_at"))

    assert standing == dict(Ticket.objects.filter(WAITS_ON_US).values_list("pk", "next_due_at"))
    assert not Ticket.objects.exclude(WAITS_ON_US).exclude(next_due_at=None).exists()
    late = NextNews.objects.filter(STANDING, due_at__lt=timezone.now()).count()
    assert 3 <= late < len(standing) / 3  # by the hour of the day and the day of the week


def test_no_client_is_told_a_later_time_than_the_clocks_of_their_agreement_have(filled: list[str]):
    told = dict(NextNews.objects.filter(STANDING, made_by=None).values_list("ticket", "due_at"))
    with transaction.atomic():
        binding.bind_many(told, by=None, at=timezone.now())
        clocks = deriving.standings(told)
        transaction.set_rollback(True)

    dues = [(told[pk], one.due_at) for pk, some in clocks.items() for one in some
            if one.state == "running" and one.kind in TOLD and one.due_at]  # fmt: skip
    assert len(told) > 30
    assert len(dues) >= len(told)
    assert [pair for pair in dues if pair[1] > timezone.now() and pair[0] > pair[1]] == []
    assert len({one.version for some in clocks.values() for one in some}) == 3  # three tiers


def test_nothing_of_the_past_is_done_again(filled: list[str]):
    states = set(Delivery.objects.values_list("state", flat=True))

    assert states == {"sent", "bounced", "failed", "unknown"}
    assert claiming.due_boxes(timezone.now()) == []
    assert settling.ask(at=timezone.now()) == 0
    assert following.follow() == 0


def test_filling_twice_is_filling_once(filled: list[str]):
    said: list[str] = []

    hint = demo.fill(said.append)

    assert said == []
    assert "anna@primer.example" in hint
    assert house.PASSWORD in hint
    assert Ticket.objects.count() == 400


def test_only_people_of_the_team_own_and_answer(filled: list[str]):
    owned = Ticket.objects.exclude(owner=None)

    assert not owned.exclude(owner__teams=F("team")).exists()
    assert not Message.objects.filter(user__role=User.Role.ADMIN).exists()


def test_its_boxes_answer_through_the_practice_mail_server(filled: list[str]):
    boxes = Box.objects.all()

    assert {box.mode for box in boxes} == {Box.Mode.ANSWER}
    assert {(box.smtp_host, box.fuse_blown_at) for box in boxes} == {("127.0.0.1", None)}
    assert {box.team.level for box in boxes} == {1, 2, 3}


def test_letters_read_as_they_were_written_though_some_charsets_lie(filled: list[str]):
    texts = list(Message.objects.filter(direction="in").values_list("text", flat=True))

    assert not [text for text in texts if re.search("[\ufffdÐÑ]|пїЅ", text)]
    assert not [text for text in texts if re.search(r"\{[а-я ]+\}|\[[^\]]+\|", text)]
    assert any("После переезда сайт не открывается" in text for text in texts)
    assert max(len(text.split()) for text in texts) >= 2000


def test_threads_are_of_all_lengths_and_files_can_be_opened(filled: list[str]):
    lengths = set(Ticket.objects.annotate(n=Count("messages")).values_list("n", flat=True))

    assert {1, 2, 3, 4, 5, 6, 7} <= lengths
    assert max(lengths) in range(8, 16)
    assert Note.objects.count() >= 20
    assert Envelope.objects.count() == Message.objects.filter(direction="in").count()
    assert {one.rpartition(".")[2] for one in Attachment.objects.values_list("name", flat=True)} >= {
        "png",
        "pdf",
        "txt",
    }
    for sha in Attachment.objects.values_list("file", flat=True).distinct():
        assert files.path(sha).stat().st_size > 100


def test_conversations_are_hand_written_and_not_copies_of_a_few():
    written = talks.all_talks()

    assert len({talk.turns[0].text for talk in written}) >= 150
    assert sum(talk.most for talk in written) >= sum(casting.WANTED.values()) == 400


@pytest.mark.django_db
def test_the_same_seed_casts_the_same_conversations():
    house.build(at=make.NOON - demo.SINCE, smtp_port=2526)
    guests = people.settle(at=make.NOON, chance=random.Random(1))
    shifts = Shifts(calendars.default_hours(make.NOON), make.NOON)
    agreed = Agreed(guests.values(), at=make.NOON)

    once, again = (
        casting.Casting(talks.all_talks(), guests, shifts, agreed.within, 7).cases() for _time in range(2)
    )

    assert [(one.subject, one.guest, one.steps) for one in once] == [
        (one.subject, one.guest, one.steps) for one in again
    ]


@pytest.mark.django_db
def test_a_database_with_other_people_is_left_alone():
    make.admin()

    with pytest.raises(demo.NotEmpty, match="пустую папку"):
        demo.fill(lambda _line: None)

    assert not Ticket.objects.exists()


def test_a_talk_with_an_unknown_option_is_told_by_its_place():
    with pytest.raises(talks.BadTalk, match=r"money-1: options \['яшик'\]"):
        talks.read("money", "=== Тема\nяшик: help\n--- клиент\nСлова")


def test_a_request_whose_answer_never_arrived_waits_on_us(filled: list[str]):
    lost = Delivery.objects.filter(
        state__in=reaching.LOST, message__kind=Message.Kind.WORDS, message__circle=Message.Circle.CLIENT
    )
    tickets = Ticket.objects.filter(messages__deliveries__in=lost)

    assert tickets.count() == 3
    assert {(ticket.state, ticket.unread) for ticket in tickets} == {("open", True)}
    assert (
        Entry.objects.filter(word="ticket.reopened", ticket__in=tickets, facts__has_key="lost").count() == 3
    )
