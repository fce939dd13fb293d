"""A letter that leaves by itself where a promised news would be missed: when, to whom, how often, what it says."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test import Client

from otklik import coach, rows
from otklik.channels.models import Box
from otklik.channels.outbox import acknowledging, automatic, newsletters
from otklik.coach import Reply
from otklik.desk import noting, replying, routing, solving
from otklik.desk.models import Delivery, Message, Ticket
from otklik.desk.receiving import Address
from otklik.journal.models import Entry
from otklik.journeys import saying
from otklik.promises import promising
from otklik.promises.models import NextNews
from otklik.sla import alerts, binding, deriving, hastening, nearing, warning
from otklik.sla.models import Alert
from otklik.staff.models import Team
from tests import make
from tests.make import DAY, HOUR, MINUTE, NOON

DUE = NOON + 4 * HOUR
SHORTLY = DUE - 5 * MINUTE


def allowed(due_at: datetime = DUE, *, answered: bool = True) -> Ticket:
    """Anna of a team that allows it has answered and promised news by then."""
    anna = make.agent("Анна Орлова")
    ticket = make.ticket()
    Team.objects.update(automatic_news=True)
    if answered:
        make.reply(ticket, by=anna, at=NOON + MINUTE, then="work")
    else:
        routing.take(ticket, by=anna, at=NOON + MINUTE)
    with transaction.atomic():
        promising.open_many([(ticket.pk, due_at)], at=NOON + MINUTE)
    return ticket


def promised(count: int, *, team: Team | None = None) -> list[Ticket]:
    """So many others, each of its own client, answered with news promised by the same time; a box a team."""
    team, anna = team or make.team(), make.agent(team=team)
    box = make.box(f"box{team.pk}@primer.example", team=team)
    made = [
        make.ticket(sender=make.identity(f"c{team.pk}.{n}@x.example", ""), team_id=team.pk, box_id=box.pk)
        for n in range(count)
    ]
    for ticket in made:
        make.reply(ticket, by=anna, at=NOON + MINUTE, then="work", box_id=box.pk)
    with transaction.atomic():
        promising.open_many([(one.pk, DUE) for one in made], at=NOON + MINUTE)
    Team.objects.update(automatic_news=True)
    return made


def vendor_says(ticket: Ticket, *, at: datetime, kind: str = Message.Kind.WORDS) -> Message:
    """They were asked before, and answer now."""
    asked = make.words("Посмотрите, пожалуйста.", to=(Address("to", "vendor@x.example"),))
    replying.forward(ticket, asked, by=make.agent(), at=NOON)
    sender = make.identity("vendor@x.example", "Поставщик")
    return make.received("Исправили.", ticket=ticket, circle="vendor", sender=sender, at=at, kind=kind)


def left() -> list[Message]:
    return list(Message.objects.filter(kind="notice").order_by("pk"))


@pytest.mark.django_db
def test_shortly_before_the_time_a_letter_says_that_nothing_is_new_who_works_on_it_and_when():
    ticket = allowed()
    assert newsletters.leave(at=DUE - 11 * MINUTE) == 0
    assert newsletters.leave(at=SHORTLY) == 1

    (message,) = left()
    text = message.text.replace("\xa0", " ")
    for words in (
        "Это автоматическое письмо: нового по вашему запросу", "пока нет", "Запрос ведёт Анна Орлова.",
        "Следующую новость напишем в понедельник, 23 ноября, до 11:00.", "[личная ссылка]",
    ):  # fmt: skip
        assert words in text, text
    assert Delivery.objects.get(message=message).state == Delivery.State.WAITING
    news = promising.standing(ticket.pk)
    assert news is not None
    assert (news.due_at, news.made_by) == (NOON + 2 * DAY + 23 * HOUR, None)
    assert NextNews.objects.get(outcome="moved").due_at == DUE
    assert [one for one in coach.check(Reply(text, first=False)) if one.severity != "hint"] == []


@pytest.mark.django_db
def test_the_sweep_leaves_the_time_that_it_told():
    ticket = allowed()
    binding.bind_many([ticket.pk], by=None, at=NOON)
    newsletters.leave(at=SHORTLY)
    deriving.derive([ticket.pk], at=SHORTLY)  # the agreement's news is owed by a person still, in six minutes

    assert hastening.hasten(ticket.pk, ticket.pk + 1, at=SHORTLY) == 0
    assert promising.standing(ticket.pk).due_at > DUE


@pytest.mark.django_db
def test_the_thread_shows_it_as_automatic_and_the_lead_is_told():
    lead = make.agent("Лида Лидова", role="lead")
    ticket = allowed()
    newsletters.leave(at=SHORTLY)

    warning.sweep(clock=lambda: SHORTLY)
    (notice,) = alerts.shown(lead, at=SHORTLY)
    assert "ушло автоматическое письмо: нового пока нет" in notice.words.replace("\xa0", " ")
    assert Alert.objects.filter(user=lead, share=Alert.ITSELF).count() == 1
    browser = Client()
    browser.force_login(lead)
    assert "автоматическое письмо" in browser.get(f"/desk/{ticket.number}/thread/").text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spoil",
    [
        lambda _ticket: Team.objects.update(automatic_news=False),
        lambda ticket: make.received("Ну что там?", ticket=ticket, at=NOON + HOUR),
        lambda ticket: make.reply(ticket, at=NOON + 2 * HOUR),
        lambda ticket: solving.close(ticket, by=None, at=NOON + HOUR),
        lambda ticket: solving.set_state(ticket, Ticket.State.WAITING_CLIENT, by=None, at=NOON + HOUR),
        lambda _ticket: Box.objects.update(mode=Box.Mode.OBSERVE),
        lambda ticket: ticket.client.identities.update(blocked_at=NOON),
        lambda ticket: promising.drop([ticket.pk], at=NOON + HOUR),
        lambda ticket: vendor_says(ticket, at=NOON + 3 * HOUR),  # there is something new
        lambda ticket: saying.now(ticket, "Счёт готов", by=make.agent(), at=NOON + 3 * HOUR),
    ],
)
def test_it_does_not_leave(spoil):
    ticket = allowed()
    spoil(ticket)
    assert newsletters.leave(at=SHORTLY) == 0
    assert left() == []
    assert not NextNews.objects.filter(outcome="moved").exists()


@pytest.mark.django_db
def test_what_was_new_before_our_last_word_and_a_vendors_robot_stop_nothing():
    ticket = allowed()
    saying.now(ticket, "Смотрим", by=make.agent(), at=NOON)
    vendor_says(ticket, at=NOON + 3 * HOUR, kind=Message.Kind.AUTO)
    assert newsletters.leave(at=SHORTLY) == 1


@pytest.mark.django_db
def test_they_blow_no_fuse_take_no_room_from_others_and_hold_up_no_other_box():
    promised(newsletters.BATCH + 1)
    there = promised(1, team=make.team("Серверы"))[0]
    box = Box.objects.get(team=make.team())

    assert newsletters.leave(at=SHORTLY) == automatic.FREE + 1
    assert newsletters.leave(at=SHORTLY) == 0  # a person writes to the others
    assert there.pk in [one.ticket_id for one in left()]

    asked = make.received(sender=make.identity("new@x.example", ""), box_id=box.pk, at=SHORTLY)
    (told,) = acknowledging.acknowledge_many([asked], at=SHORTLY)
    assert Delivery.objects.get(message=told).state == Delivery.State.WAITING
    assert not Box.objects.exclude(fuse_blown_at=None).exists()


@pytest.mark.django_db
def test_one_that_cannot_be_made_stops_no_other(monkeypatch):
    bad, good = promised(2)
    Ticket.objects.filter(pk=bad.pk).update(priority=Ticket.Priority.URGENT)
    usual = nearing.next_due

    def too_far(judge, priority, *, at):
        return at + 400 * DAY if priority == Ticket.Priority.URGENT else usual(judge, priority, at=at)

    monkeypatch.setattr(nearing, "next_due", too_far)
    assert newsletters.leave(at=SHORTLY) == 1
    assert [one.ticket_id for one in left()] == [good.pk]
    assert promising.standing(bad.pk).due_at == DUE


@pytest.mark.django_db
def test_an_answer_that_came_while_its_request_was_being_locked_is_seen(monkeypatch):
    ticket = allowed()

    def answered_meanwhile(sql, values):
        found = rows.ask(sql, values)
        if not Message.objects.filter(text="Готово.").exists():
            make.reply(ticket, "Готово.", at=SHORTLY, then="work")
        return found

    monkeypatch.setattr(newsletters, "rows", SimpleNamespace(ask=answered_meanwhile))
    assert newsletters.leave(at=SHORTLY) == 0
    assert left() == []


@pytest.mark.django_db
def test_it_never_speaks_over_a_client_whom_no_person_has_answered_yet():
    allowed(answered=False)
    assert newsletters.leave(at=SHORTLY) == 0


@pytest.mark.django_db
def test_never_twice_in_a_row_without_a_person_between():
    ticket = allowed()
    newsletters.leave(at=SHORTLY)
    second = promising.standing(ticket.pk).due_at - 5 * MINUTE
    assert newsletters.leave(at=second) == 0

    noting.write(ticket, "Позвонила в банк, ждём", by=make.agent("Борис Котов"), at=second)
    assert newsletters.leave(at=second) == 1
    assert len(left()) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("due", "at", "count"),
    [
        (timedelta(hours=20, minutes=5), timedelta(hours=19, minutes=58), 0),  # 07:58, due 08:05: it can wait
        (timedelta(hours=20, minutes=5), timedelta(hours=20, minutes=1), 1),  # 08:01
        (timedelta(hours=15), timedelta(hours=14, minutes=55), 1),  # promised by 03:00: it can't wait
    ],
)
def test_at_night_it_waits_for_the_day_where_it_can(due, at, count):
    allowed(NOON + due)
    assert newsletters.leave(at=NOON + at) == count


@pytest.mark.django_db
def test_who_allowed_it_and_when_is_in_the_journal():
    team, browser, admin = make.team(), Client(), make.admin()
    browser.force_login(admin)
    assert "Писать клиенту автоматически" in browser.get(f"/teams/{team.pk}/").text
    for allow in ("on", ""):
        browser.post(f"/teams/{team.pk}/", {"name": team.name, "level": 1, "automatic_news": allow})
        assert Team.objects.get().automatic_news is bool(allow)
    told = Entry.objects.filter(word="team.automatic_news", user=admin).order_by("pk")
    assert [one.facts["allowed"] for one in told] == [True, False]


def _leave(_number: int) -> int:
    try:
        return newsletters.leave(at=SHORTLY)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one():
    allowed()
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(_leave, range(2))) == 1
    assert len(left()) == 1
    assert NextNews.objects.filter(outcome="moved").count() == 1


KILLS = """
    CREATE FUNCTION kills() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
    CREATE TRIGGER kills BEFORE INSERT ON sla_alert FOR EACH ROW EXECUTE FUNCTION kills();
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_sends_one():
    allowed()
    with connection.cursor() as cursor:
        cursor.execute(KILLS)
    try:
        with ThreadPoolExecutor(1) as pool, pytest.raises(OperationalError):
            list(pool.map(_leave, range(1)))
        assert left() == []
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER kills ON sla_alert; DROP FUNCTION kills()")
    assert newsletters.leave(at=SHORTLY) == 1
    assert (len(left()), newsletters.leave(at=SHORTLY)) == (1, 0)
