"""Letters to agents: when a request becomes theirs, when a client answers while they are away."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from otklik.accounts.models import User
from otklik.channels.models import Box
from otklik.channels.outbox import claiming, staffletters
from otklik.channels.outbox.rows import StaffLetter
from otklik.desk import handing_over, routing
from otklik.desk.models import Message, Ticket
from otklik.staff.models import Profile
from tests import make
from tests.channels.outbox.conftest import LATER, SHORT
from tests.channels.outbox.sinks import DROP, Sink


@pytest.fixture
def ann(db: None) -> User:
    return make.agent("Аня Орлова", email="ann@primer.example")


def follow(at: datetime = LATER) -> list[StaffLetter]:
    while staffletters.follow(clock=lambda: at):
        pass
    return list(StaffLetter.objects.order_by("pk"))


def send(at: datetime = LATER) -> int:
    return staffletters.send_due(at=at, patience=SHORT)


def given(owner: User, by: User | None = None) -> Ticket:
    return routing.assign(make.ticket(), owner, by=by or make.agent("Борис Котов"), at=make.NOON)


def saw(user: User, at: datetime) -> None:
    Profile.objects.filter(user=user).update(seen_at=at)


@pytest.mark.django_db(transaction=True)
def test_request_given_by_a_colleague_makes_a_letter(server: Sink):
    ann = make.agent("Аня Орлова", email="ann@primer.example")
    make.box(smtp_host="127.0.0.1", smtp_port=server.port, smtp_security=Box.Security.NONE)
    ticket = given(ann)

    follow()
    send()

    letter = server.world.letters[0]
    assert letter.recipients == ("ann@primer.example",)
    assert f"http://localhost:8000/desk/{ticket.number}/" in letter.plain
    assert "Кто передал: Борис Котов." in letter.plain


@pytest.mark.django_db(transaction=True)
def test_own_deed_makes_no_letter():
    ann = make.agent()
    given(ann, by=ann)

    assert follow() == []


@pytest.mark.django_db(transaction=True)
def test_answer_of_a_client_makes_one_letter_until_the_agent_looks():
    ann = make.agent()
    ticket = given(ann, by=ann)
    for minute in (10, 20):
        make.received("Есть новости?", ticket=ticket, at=make.NOON + minute * make.MINUTE)
    first = follow()

    saw(ann, make.NOON + 30 * make.MINUTE)
    StaffLetter.objects.update(done_at=LATER)
    make.received("А теперь?", ticket=ticket, at=make.NOON + 40 * make.MINUTE)

    assert [one.words for one in first] == ["Есть новости?"]
    assert [one.words for one in follow()] == ["Есть новости?", "А теперь?"]


@pytest.mark.django_db(transaction=True)
def test_agent_who_is_at_the_desk_gets_no_letter_of_an_answer():
    ann = make.agent()
    ticket = given(ann, by=ann)
    saw(ann, make.NOON + 8 * make.MINUTE)
    make.received("Есть новости?", ticket=ticket, at=make.NOON + 10 * make.MINUTE)

    assert follow() == []


@pytest.mark.django_db(transaction=True)
def test_agent_who_wants_none_gets_none():
    ann = make.agent()
    Profile.objects.filter(user=ann).update(mail_assigned=False, mail_answered=False)
    ticket = given(ann)
    make.received("Есть новости?", ticket=ticket, at=make.NOON + 10 * make.MINUTE)

    assert follow() == []


@pytest.mark.django_db(transaction=True)
def test_news_older_than_half_a_day_make_no_letters():
    given(make.agent())

    assert follow(at=make.NOON + make.DAY) == []


def owed(user: User) -> StaffLetter:
    return StaffLetter.objects.create(
        user=user,
        ticket=make.ticket(),
        kind="assigned",
        by_name="Борис",
        made_at=make.NOON,
        next_at=make.NOON,
    )


def test_letter_whose_fate_is_unclear_is_not_sent_twice(box: Box, server: Sink, ann: User):
    server.world.at_dot = DROP
    owed(ann)

    send()
    send(LATER + make.DAY)

    assert len(server.world.letters) == 1


def test_refused_letter_to_an_agent_is_tried_again(box: Box, server: Sink, ann: User):
    server.world.at_mail = "451 later"
    letter = owed(ann)
    send()

    server.world.at_mail = ""
    send(LATER + make.HOUR)

    letter.refresh_from_db()
    assert len(server.world.letters) == 1
    assert letter.done_at is not None


def test_observing_box_sends_no_letters_to_agents(box: Box, server: Sink, ann: User):
    Box.objects.update(mode=Box.Mode.OBSERVE)
    owed(ann)

    send()

    assert server.world.letters == []


def test_two_processes_do_not_take_the_same_letter(ann: User):
    owed(ann)
    with transaction.atomic():
        first = staffletters.send_due(at=LATER, patience=SHORT)
        second = staffletters.send_due(at=LATER, patience=SHORT)

    assert (first, second) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_letter_that_still_waits_stops_no_later_ones():
    ann = make.agent()
    given(ann)
    first = follow()
    saw(ann, make.NOON + 5 * make.MINUTE)
    make.received("Есть новости?", ticket=first[0].ticket, at=make.NOON + 20 * make.MINUTE)

    assert [one.pk for one in follow()] == [first[0].pk]


def test_letter_that_waits_for_somebody_who_left_is_not_sent(box: Box, server: Sink, ann: User):
    owed(ann)
    User.objects.filter(pk=ann.pk).update(is_active=False)
    send()
    assert server.world.letters == []

    User.objects.filter(pk=ann.pk).update(is_active=True)
    send()
    assert len(server.world.letters) == 1


def lose(message: Message) -> None:
    """Our answer does not reach the client."""
    for state in ("sending", "failed"):
        message.deliveries.update(state=state)
    with transaction.atomic():
        claiming.tell(list(message.deliveries.all()), at=LATER)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("seen_ago", "letters"), [(10 * make.MINUTE, ["lost"]), (make.MINUTE, [])])
def test_owner_who_is_away_hears_that_their_answer_got_lost(seen_ago: timedelta, letters: list[str]):
    ann = make.agent()
    message = make.reply(given(ann, by=ann), by=ann)
    saw(ann, LATER - seen_ago)

    lose(message)

    assert [one.kind for one in follow()] == letters


@pytest.mark.django_db(transaction=True)
def test_letter_of_a_lost_answer_says_where_it_did_not_arrive(server: Sink):
    ann = make.agent("Аня Орлова", email="ann@primer.example")
    box = make.box(smtp_host="127.0.0.1", smtp_port=server.port, smtp_security=Box.Security.NONE)
    message = make.reply(given(ann, by=ann), by=ann, box_id=box.pk)
    lose(message)

    follow()
    send()

    assert "не дошёл до адреса vera@kvarts.example" in server.world.letters[0].plain


@pytest.mark.django_db(transaction=True)
def test_who_gets_a_colleagues_requests_reads_of_all_of_them_in_one_letter(server: Sink):
    ann, boris = make.agent("Аня Орлова"), make.agent("Борис Ким", email="boris@primer.example")
    make.box(smtp_host="127.0.0.1", smtp_port=server.port, smtp_security=Box.Security.NONE)
    numbers = [routing.take(make.ticket(), by=ann, at=make.NOON).number for _ in range(25)]
    wish = handing_over.Wish([boris], "ill")
    run = handing_over.begin(ann, wish, by=make.admin(), at=timezone.now())
    handing_over.finish(run, within=make.HOUR)

    follow(at=timezone.now())
    send(at=timezone.now() + 2 * make.MINUTE)
    handing_over.give_back(run, by=make.admin(), at=timezone.now())
    handing_over.finish(run, within=make.HOUR)
    back = follow(at=timezone.now())[-1]

    (letter,) = [one for one in server.world.letters if one.recipients == ("boris@primer.example",)]
    assert "Теперь у вас ещё запросы: 25." in letter.plain
    assert "Раньше вёл запросы: Аня Орлова." in letter.plain
    assert f"№ {numbers[0]} " in letter.plain
    assert "и ещё 5" in letter.plain
    assert (back.kind, back.user, StaffLetter.objects.count()) == (StaffLetter.Kind.HANDED, ann, 2)
