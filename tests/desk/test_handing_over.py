"""All requests of one colleague pass on at once: evenly, to one, into the queue; and back."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from otklik.accounts.models import User
from otklik.desk import handing_over, noting, routing, solving
from otklik.desk.handing_over import Wish
from otklik.desk.models import HandedOver, HandOver, Note, Ticket
from otklik.journal.models import Entry
from otklik.promises import promising
from otklik.promises.models import STANDING, NextNews
from otklik.staff import absences
from otklik.staff.models import Membership
from tests import make
from tests.make import HOUR, MINUTE, NOON

pytestmark = pytest.mark.django_db
LONG = timedelta(minutes=1)


@pytest.fixture
def vera(db):
    return make.agent("Вера Чижова", role=User.Role.LEAD)


@pytest.fixture
def anya(db):
    return make.agent()


@pytest.fixture
def boris(db):
    return make.agent("Борис Ким")


def owned(user, count=1, **fields):
    tickets = [make.ticket(**fields) for _ in range(count)]
    return [routing.assign(one, user, by=None, at=NOON) for one in tickets]


def pass_on(user, people, *, by, reason="ill", words=""):
    run = handing_over.begin(user, Wish(people, reason, words), by=by, at=timezone.now())
    return handing_over.finish(run, within=LONG)


def count(user):
    return Ticket.objects.filter(owner=user).count()


def test_all_open_requests_go_to_one_colleague_with_a_line_and_a_note_each(vera, anya, boris):
    owned(anya, 3)

    run = pass_on(anya, [boris], by=vera, words="звонить только после обеда")

    assert (count(anya), count(boris), run.stage) == (0, 3, "done")
    lines = Entry.objects.filter(word="ticket.assigned", user=vera)
    assert [one.facts for one in lines] == [{"from": anya.pk, "to": boris.pk, "run": run.pk}] * 3
    assert {one.text for one in Note.objects.all()} == {
        "Запрос передали: Аня Орлова → Борис Ким. Причина: болезнь. звонить только после обеда"
    }


def test_spread_evens_out_what_people_have_already(vera, anya, boris):
    gleb = make.agent("Глеб Прохоров")
    owned(boris, 4)
    owned(anya, 6)

    pass_on(anya, [boris, gleb], by=vera)

    assert (count(anya), count(boris), count(gleb)) == (0, 5, 5)


def test_what_is_urgent_is_spread_first(vera, anya, boris):
    gleb = make.agent("Глеб Прохоров")
    tickets = owned(anya, 4)
    Ticket.objects.filter(pk__in=[tickets[2].pk, tickets[3].pk]).update(priority=3)

    pass_on(anya, [boris, gleb], by=vera)

    assert {one.owner for one in Ticket.objects.filter(priority=3)} == {boris, gleb}


def test_into_the_queue_and_an_ended_request_stays_with_its_owner(vera, anya):
    solved = owned(anya)[0]
    solving.solve(solved, result="сделали", by=anya, at=NOON + HOUR)
    owned(anya, 2)

    run = pass_on(anya, [], by=vera, reason="leave")

    assert Ticket.objects.filter(owner=None).count() == 2
    assert Ticket.objects.get(pk=solved.pk).owner == anya
    assert run.total == 2


def test_the_promise_to_the_client_stays_and_is_the_new_owners(vera, anya, boris):
    ticket = owned(anya)[0]
    due_at = timezone.now() + HOUR
    promising.open_many([(ticket.pk, due_at)], at=NOON, by=anya)

    pass_on(anya, [boris], by=vera)

    ticket.refresh_from_db()
    assert (NextNews.objects.get(STANDING).due_at, ticket.next_due_at, ticket.owner) == (
        due_at,
        due_at,
        boris,
    )


def test_what_the_new_owner_has_not_opened_is_unread_for_them(vera, anya, boris):
    ticket = owned(anya)[0]
    Ticket.objects.update(unread=False)

    pass_on(anya, [boris], by=vera)

    ticket.refresh_from_db()
    assert ticket.unread


def test_requests_of_a_team_that_the_lead_does_not_see_stay(vera, anya, boris):
    hosting = make.team("Хостинг")
    Membership.objects.create(user=anya, team=hosting)
    hidden = owned(anya, team_id=hosting.pk)[0]
    owned(anya, 2)

    run = pass_on(anya, [boris], by=vera)

    hidden.refresh_from_db()
    assert (hidden.owner, run.total, handing_over.moved(run)) == (anya, 2, 2)


def test_nobody_gets_a_request_of_a_team_they_are_not_in_and_the_rest_is_told(vera, anya, boris):
    hosting = make.team("Хостинг")
    for one in (vera, anya):
        Membership.objects.create(user=one, team=hosting)
    stays = owned(anya, team_id=hosting.pk)[0]
    owned(anya, 2)

    run = pass_on(anya, [boris], by=vera)

    stays.refresh_from_db()
    assert (stays.owner, run.left, count(boris)) == (anya, 1, 2)


def test_nobody_who_is_away_or_may_not_work_or_the_owner_is_given_anything(vera, anya, boris):
    owned(anya)
    watcher = make.agent("Зритель", role=User.Role.LIGHT)
    absences.mark(boris, until=timezone.localdate(), stand_in=None, by=vera, at=timezone.now())

    for unfit in (boris, watcher, anya):
        with pytest.raises(handing_over.UnfitPeople, match=unfit.name):
            pass_on(anya, [unfit], by=vera)
    assert count(anya) == 1


def test_nothing_to_pass_on_is_said(vera, anya, boris):
    with pytest.raises(handing_over.NothingToGive, match="Аня Орлова"):
        pass_on(anya, [boris], by=vera)


def test_while_one_runs_a_second_lead_is_told_and_moves_nothing(vera, anya, boris):
    owned(anya, 2)
    handing_over.begin(anya, Wish([boris], "ill"), by=vera, at=NOON)

    with pytest.raises(handing_over.AlreadyRunning), transaction.atomic():
        handing_over.begin(anya, Wish([], "ill"), by=make.admin(), at=NOON)
    assert handing_over.sweep() == 3

    assert (count(boris), HandedOver.objects.count()) == (2, 2)


def test_the_database_refuses_a_second_running_hand_over_of_one_person(vera, anya, boris):
    owned(anya)
    run = handing_over.begin(anya, Wish([boris], "ill"), by=vera, at=NOON)
    run.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        run.save(force_insert=True)


def test_a_lead_who_lost_the_right_meanwhile_moves_nothing_more(vera, anya, boris):
    owned(anya, 2)
    run = handing_over.begin(anya, Wish([boris], "ill"), by=vera, at=NOON)
    User.objects.filter(pk=vera.pk).update(role=User.Role.AGENT)

    run = handing_over.finish(run, within=LONG)

    assert (count(anya), run.stage) == (2, "done")


def test_batches_go_on_where_the_last_one_ended(vera, anya, boris, monkeypatch):
    monkeypatch.setattr(handing_over, "BATCH", 2)
    owned(anya, 5)
    run = handing_over.begin(anya, Wish([boris], "ill"), by=vera, at=NOON)

    steps = [handing_over.step(run.pk) for _ in range(5)]

    assert steps == [3, 3, 2, 1, 0]
    assert (count(boris), HandedOver.objects.count()) == (5, 5)


def test_giving_back_returns_what_nobody_changed_since(vera, anya, boris):
    tickets = owned(anya, 4)
    run = pass_on(anya, [boris], by=vera)
    solving.solve(Ticket.objects.get(pk=tickets[0].pk), result="сделали", by=boris, at=timezone.now())
    routing.assign(tickets[1], vera, by=boris, at=timezone.now())
    noting.write(tickets[2], "заметка ничего не меняет", by=boris, at=timezone.now())

    handing_over.give_back(run, by=vera, at=timezone.now())
    run = handing_over.finish(run, within=LONG)

    assert (count(anya), run.stage) == (2, HandOver.Stage.RETURNED)
    assert HandedOver.objects.filter(is_back=True).count() == 2


def test_giving_back_twice_and_to_somebody_who_left_is_refused(vera, anya, boris):
    owned(anya)
    run = pass_on(anya, [boris], by=vera)
    handing_over.give_back(run, by=vera, at=timezone.now())
    run = handing_over.finish(run, within=LONG)

    with pytest.raises(handing_over.AlreadyRunning):
        handing_over.give_back(run, by=vera, at=timezone.now())
    run.user.is_active = False
    with pytest.raises(routing.NotInTeam, match="Аня Орлова"):
        handing_over.give_back(run, by=vera, at=timezone.now() + MINUTE)


def test_the_number_of_statements_does_not_grow_with_the_requests(
    vera, anya, boris, django_assert_num_queries
):
    owned(anya, 3)
    run = handing_over.begin(anya, Wish([boris], "ill"), by=vera, at=NOON)
    with django_assert_num_queries(13):
        handing_over.step(run.pk)
    handing_over.finish(run, within=LONG)
    owned(anya, 30)
    run = handing_over.begin(anya, Wish([boris], "ill"), by=vera, at=NOON)

    with django_assert_num_queries(13):
        handing_over.step(run.pk)


def at_once(*deeds):
    """Each in a thread and on a connection of its own; what was refused."""
    barrier, refused = threading.Barrier(len(deeds)), []

    def run(deed):
        barrier.wait()
        try:
            deed()
        except handing_over.AlreadyRunning as refusal:
            refused.append(refusal)
        connection.close()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


@pytest.mark.django_db(transaction=True)
def test_two_leads_and_the_loop_at_once_move_each_request_once(vera, anya, boris):
    gleb, ada = make.agent("Глеб Прохоров"), make.admin()
    owned(anya, 12)

    at_once(
        lambda: pass_on(anya, [boris], by=vera),
        lambda: pass_on(anya, [gleb], by=ada),
        lambda: [handing_over.sweep() for _ in range(5)],
    )
    while handing_over.sweep():
        pass

    assert sorted([count(boris), count(gleb)]) == [0, 12]
    assert HandedOver.objects.count() == Note.objects.count() == 12
