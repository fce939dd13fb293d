"""What becomes of findings when their reply leaves: read by a loop, never in the request."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from otklik import coach
from otklik.assist import checking, deciding, sweeping
from otklik.assist.deciding import Word
from otklik.assist.models import Outcome, Verdict, Written
from otklik.desk import replying
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.journal.models import Entry, Follower
from otklik.promises.models import Promise
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)
# warm but for the capitals: no other rule has a word to say
LOUD = "Вера, добрый день! Спасибо, что написали. Это ОЧЕНЬ важно. НЕ звоните. Если база не откроется, напишите мне."


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def anya():
    return make.agent()


def follow():
    while sweeping.follow():
        pass


def outcomes():
    return sorted(Outcome.objects.values_list("rule", "what", "reason"))


def key(words):
    return checking.key("shouting", words)


def test_a_sent_reply_leaves_its_figures_and_no_words(anya, now):
    ticket = make.ticket(at=now)
    make.reply(ticket, LOUD, by=anya, at=now, then="solve", result="готово")
    follow()

    written = Written.objects.get()
    assert (written.length, written.counts, written.closes) == (len(LOUD), {"shouting": 2}, True)
    assert (written.user, written.team_id) == (anya, ticket.team_id)
    assert outcomes() == []  # nobody has seen the findings


def test_findings_end_as_taken_mended_dismissed_or_left(anya, now):
    ticket = make.ticket(at=now)
    before = now - 10 * SECOND
    seen = [key(one) for one in ("очень", "не", "внимание", "срочно")]
    deciding.saw(seen, ticket_id=ticket.pk, by=anya, at=before)
    deciding.say(Word(key("не"), "dismissed", "exact"), ticket_id=ticket.pk, by=anya, at=before)
    deciding.say(Word(key("срочно"), "taken"), ticket_id=ticket.pk, by=anya, at=before)
    make.reply(ticket, LOUD, by=anya, at=now)
    follow()

    assert outcomes() == [
        ("shouting", "dismissed", "exact"), ("shouting", "left", ""), ("shouting", "mended", ""),
        ("shouting", "taken", ""),
    ]  # fmt: skip


def test_a_reply_taken_back_takes_its_figures_along_and_gives_the_verdicts_back(anya, now):
    ticket = make.ticket(at=now)
    said = Word(key("очень"), "dismissed", "wrong")
    deciding.say(said, ticket_id=ticket.pk, by=anya, at=now - 10 * SECOND)
    message = make.reply(ticket, LOUD, by=anya, at=now)
    follow()
    assert Verdict.objects.get().message == message

    replying.undo(message, by=anya, at=now + SECOND)
    follow()

    assert Verdict.objects.get().message is None
    assert not Written.objects.exists()
    assert not Outcome.objects.exists()


def test_nothing_is_counted_twice_however_often_the_journal_is_read(anya, now):
    make.reply(make.ticket(at=now), LOUD, by=anya, at=now)
    follow()
    Follower.objects.filter(name=sweeping.FOLLOWER).update(tx="0", entry_id=0)
    follow()

    assert Written.objects.count() == 1


def test_replies_of_before_are_counted_beside_and_promise_nothing(anya, now):
    old = now - timedelta(days=40)
    make.reply(make.ticket(at=old), LOUD, by=anya, at=old)
    follow()
    assert not Written.objects.exists()

    sweeping.read_earlier()
    sweeping.read_earlier()

    assert Written.objects.get().counts == {"shouting": 2}
    assert Follower.objects.get(name=sweeping.EARLIER).entry_id == 0


def test_on_an_old_journal_the_reading_begins_a_day_back_and_not_at_its_beginning(anya, now):
    for hours in (50, 30, 20, 1):
        at = now - timedelta(hours=hours)
        make.reply(make.ticket(at=at), LOUD, by=anya, at=at)
    begin = import_module("otklik.assist.migrations.0002_from_yesterday")
    with connection.cursor() as cursor:
        cursor.execute(begin.YESTERDAY)

    place = Follower.objects.get(name=sweeping.FOLLOWER)
    older = Entry.objects.filter(at__lt=now - timedelta(days=1)).order_by("-pk")
    assert place.entry_id == older[0].pk
    follow()
    assert Written.objects.count() == 2


def test_a_step_that_takes_long_leaves_the_rest_to_the_next(anya, now, monkeypatch):
    monkeypatch.setattr(sweeping, "READ_S", -1, raising=False)
    for _number in range(3):
        make.reply(make.ticket(at=now), LOUD, by=anya, at=now)
    steps = []
    while sweeping.follow():
        steps.append(Written.objects.count())

    assert [steps.count(one) > 0 for one in (1, 2, 3)] == [True, True, True]
    assert Written.objects.count() == 3


def test_a_step_reads_over_many_entries_that_are_no_replies(anya, now):
    ticket = make.ticket(at=now)
    lines = [Line(ticket.pk, "ticket.seen", now, teams=(ticket.team_id,)) for _number in range(300)]
    journaling.write_many(lines)
    make.reply(ticket, LOUD, by=anya, at=now)
    sweeping.follow()

    assert Written.objects.exists()


def test_a_rule_that_fails_holds_up_no_reply(anya, now, monkeypatch):
    def fails(*_given):
        raise ZeroDivisionError

    monkeypatch.setattr(coach, "check", fails)
    make.reply(make.ticket(at=now), LOUD, by=anya, at=now)
    follow()

    assert Written.objects.get().thanks is None


def test_one_letter_of_years_ago_does_not_end_the_reading_of_earlier_replies(anya, now, monkeypatch):
    monkeypatch.setattr(sweeping, "FEW", 2)
    for days in (60, 50, 900, 40):
        at = now - timedelta(days=days)
        make.reply(make.ticket(at=at), LOUD, by=anya, at=at)
    for _step in range(3):
        sweeping.read_earlier()

    assert Written.objects.count() == 3


def test_once_all_earlier_replies_are_read_the_loop_only_looks_whether_they_are(anya, now):
    sweeping.read_earlier()
    with CaptureQueriesContext(connection) as asked:
        sweeping.read_earlier()

    assert [one["sql"][:6] for one in asked.captured_queries] == ["SELECT"]


def test_replies_of_the_last_day_are_left_to_the_loop_that_follows(anya, now):
    make.reply(make.ticket(at=now), "Вера, добрый день! Позвоню завтра до 12:00.", by=anya, at=now)
    sweeping.read_earlier()
    assert not Written.objects.exists()

    follow()
    assert Promise.objects.get().action


def test_verdicts_that_no_reply_needs_any_more_go(anya, now):
    ticket = make.ticket(at=now)
    for days, words in ((100, "старое"), (30, "черновик")):
        said = Word(key(words), "taken")
        deciding.say(said, ticket_id=ticket.pk, by=anya, at=now - timedelta(days=days))
    deciding.say(Word(key("отправлено"), "taken"), ticket_id=ticket.pk, by=anya, at=now - timedelta(days=2))
    message = make.reply(ticket, by=anya, at=now)
    Verdict.objects.filter(key=key("отправлено")).update(message=message)

    assert sweeping.tidy() == 2
    assert Verdict.objects.get().key == key("черновик")
