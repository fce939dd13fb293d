"""The lead's page: what is nobody's, late and with whom; each figure leads to the very list that it counts."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from otklik.accounts.models import User
from otklik.desk import handing_over, leading, routing
from otklik.desk.models import HandOver, Ticket
from otklik.promises import promising
from otklik.staff import absences
from otklik.staff import queries as staff
from otklik.staff.models import Membership, Profile
from tests import make
from tests.make import DAY, HOUR, MINUTE
from tests.plans import rows_read

pytestmark = pytest.mark.django_db
SWAP = {"HX-Request": "true"}


@pytest.fixture
def vera(client):
    """A lead of «Помощь», signed in."""
    user = make.agent("Вера Чижова", role=User.Role.LEAD)
    client.force_login(user)
    return user


@pytest.fixture
def boris(db):
    return make.agent("Борис Ким", speech="m")


def ticket(owner=None, *, due=None, **fields):
    """Came three hours ago; due: how long from now the client shall hear of us, past ones are late."""
    made = make.ticket(at=timezone.now() - 3 * HOUR, **fields)
    if owner:
        routing.assign(made, owner, by=None, at=timezone.now())
    if due:
        promising.open_many([(made.pk, timezone.now() + due)], at=timezone.now() - 3 * HOUR)
    return made


def words(answer):
    """What a person reads, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).replace("\xa0", " ").split())


def numbers(client, address):
    """Of the requests in a list of the desk."""
    return {int(one) for one in re.findall(r'data-number="(\d+)"', client.get(address).text)}


def figures(answer, owner):
    """(address, figure) of the four figures of one person."""
    row = answer.text.partition(f'<tr id="crew-{owner.pk}"')[2].partition("</tr>")[0]
    found = re.findall(r'<a class="figure[^"]*" href="([^"]+)"[^>]*>([^<]+)</a>', row)
    return [(address.replace("&amp;", "&"), int(count)) for address, count in found]


def test_one_glance_tells_what_is_nobodys_and_what_is_late_by_how_much(client, vera, boris):
    ticket()
    ticket(boris, due=-2 * HOUR - 10 * MINUTE)

    said = words(client.get("/desk/lead/"))

    assert "Без ответственного 1 самое старое ждёт 3 ч" in said
    assert "Опаздываем 1 дольше всех на 2 ч 10 мин: Борис Ким" in said


def test_each_figure_of_a_person_counts_the_list_it_leads_to(client, vera, boris):
    ticket(boris, due=-HOUR)
    ticket(boris, due=MINUTE)
    waits = ticket(boris)
    Ticket.objects.filter(pk=waits.pk).update(state="waiting_client")
    ticket(vera)

    found = figures(client.get("/desk/lead/"), boris)

    assert [count for _address, count in found][:3] == [3, 2, 1]
    for address, count in found:
        assert len(numbers(client, address)) == count, address


def test_the_figures_above_count_the_lists_they_lead_to(client, vera, boris):
    for owner, due in ((None, None), (None, -HOUR), (boris, -MINUTE), (boris, 9 * DAY)):
        ticket(owner, due=due)

    page = client.get("/desk/lead/").text
    tiles = re.findall(r'<a class="sum[^"]*" href="([^"]+)">.*?<b class="sum__count">(\d+)', page, re.DOTALL)

    assert [int(count) for _address, count in tiles] == [2, 2, 0, 4]
    for address, count in tiles:
        assert len(numbers(client, address.replace("&amp;", "&"))) == int(count), address


def test_no_figure_is_cut_by_another_that_is_past_the_most(client, vera, boris, monkeypatch):
    monkeypatch.setattr(leading, "MANY", 2)
    for _ in range(7):
        ticket(boris, due=-HOUR)
    Ticket.objects.update(state="waiting_client")
    due = ticket(boris, due=MINUTE)
    Ticket.objects.filter(pk=due.pk).update(priority=3)
    ticket(boris)
    at, teams = timezone.now(), staff.team_ids(vera)

    sums, load = leading.sums(teams, at), leading.loads([boris.pk], teams, at)[boris.pk]

    assert (sums.opened, sums.late, load.opened, load.late) == (3, 3, 9, 7)  # «2+» each
    assert (sums.ours, sums.today, load.ours, load.today, load.calm, load.urgent) == (2, 1, 2, 1, 2, 1)
    assert sums.next_at == Ticket.objects.get(pk=due.pk).next_due_at
    assert "не меньше" not in client.get("/desk/lead/").text


def test_past_the_most_the_page_says_that_there_are_more(client, vera, boris, monkeypatch):
    monkeypatch.setattr(leading, "MANY", 2)
    for _ in range(3):
        ticket()
        ticket(boris, due=-HOUR)

    said = words(client.get("/desk/lead/"))

    assert "Без ответственного 2+ самое старое ждёт не меньше 3 ч" in said
    assert "открыто 2+, опаздываем 2+" in client.get("/desk/lead/").text


def test_a_part_of_a_list_says_what_it_is_and_keeps_to_it_page_by_page(client, vera, boris, monkeypatch):
    monkeypatch.setattr("otklik.desk.lists.queue.__defaults__", (None, 1))
    kept = {ticket(boris, due=-HOUR * number).number for number in (1, 2)}
    ticket(vera, due=-HOUR)
    address = f"/desk/?view=all&owner={boris.pk}&only=late"

    first = client.get(address)
    further = re.findall(r'id="list-more" href="([^"]+)"', first.text)[0].replace("&amp;", "&")

    assert "Борис Ким · опаздываем" in words(first)
    assert numbers(client, address) | numbers(client, further) == kept


def test_strange_words_in_the_address_of_a_list_are_the_usual_list(client, vera):
    shown = ticket(vera).number

    assert numbers(client, "/desk/?owner=zzz&only=%00&owner=٣") == {shown}


def test_requests_of_other_teams_are_in_no_figure(client, vera):
    hosting = make.team("Хостинг")
    other = make.agent("Зоя Чужая", team=hosting)
    ticket(other, due=-HOUR, team_id=hosting.pk)
    ticket(team_id=hosting.pk)

    page = client.get("/desk/lead/")

    assert "Зоя Чужая" not in page.text
    assert re.findall(r'sum__count">(\d+)', page.text) == ["0", "0", "0", "0"]
    assert "Никто не опаздывает" in page.text


def test_a_swap_gets_the_parts_alone_and_nothing_when_nothing_changed(client, vera, boris):
    first = client.get("/desk/lead/", headers=SWAP)
    again = client.get("/desk/lead/", {"version": first.headers["X-Version"]}, headers=SWAP)
    ticket(boris)

    assert "<main" not in first.text
    assert again.status_code == 204
    assert client.get("/desk/lead/", {"version": first.headers["X-Version"]}, headers=SWAP).status_code == 200


def test_the_page_costs_as_many_queries_for_thirty_people_as_for_one(
    client, vera, django_assert_max_num_queries
):
    client.get("/desk/lead/")
    with django_assert_max_num_queries(15) as one:
        client.get("/desk/lead/")
    for number in range(30):
        ticket(make.agent(f"Сотрудник {number}"), due=-HOUR)

    with django_assert_max_num_queries(len(one)):
        client.get("/desk/lead/")


def test_who_is_here_who_is_away_and_who_stands_in_is_said(client, vera, boris):
    anya = make.agent()
    Profile.objects.filter(user=boris).update(seen_at=timezone.now() - DAY)
    ticket(anya)
    absences.mark(anya, until=timezone.localdate(), stand_in=boris, by=vera, at=timezone.now())

    page = client.get("/desk/lead/")

    assert "замещает Борис Ким" in page.text
    assert "последний раз: вчера" in page.text
    assert "на месте" in page.text  # the lead's own session
    assert "crew__row--forsaken" in page.text


def test_a_lead_passes_on_all_of_an_ill_colleague_and_marks_the_absence(client, vera, boris):
    anya = make.agent()
    for _ in range(3):
        ticket(anya)
    until = timezone.localdate() + timedelta(days=3)
    sent = {"way": "people", "to": [boris.pk], "reason": "ill", "until": until.isoformat()}

    answer = client.post(f"/desk/lead/people/{anya.pk}/requests/", sent, follow=True)

    assert "Передали 3 из 3" in answer.text
    assert Ticket.objects.filter(owner=boris).count() == 3
    profile = Profile.objects.get(user=anya)
    assert (profile.away_until, profile.stand_in) == (until, boris)


def test_the_form_shows_what_each_has_and_offers_nobody_who_is_away_or_elsewhere(client, vera, boris):
    anya, zoya = make.agent(), make.agent("Зоя Чужая", team=make.team("Хостинг"))
    absences.mark(boris, until=timezone.localdate(), stand_in=None, by=vera, at=timezone.now())
    ticket(anya, due=-HOUR)

    page = client.get(f"/desk/lead/people/{anya.pk}/requests/")

    assert "Открыто: 1" in page.text
    assert "опаздываем: 1" in page.text
    assert f'value="{vera.pk}"' in page.text
    assert not any(f'name="to" value="{one.pk}"' in page.text for one in (boris, zoya, anya))


def test_a_form_without_anybody_chosen_keeps_its_words_and_says_what_is_missing(client, vera, boris):
    anya = make.agent()
    ticket(anya)

    answer = client.post(f"/desk/lead/people/{anya.pk}/requests/", {"way": "people", "words": "звонить"})

    assert answer.status_code == 422
    assert "Отметьте, кто возьмёт запросы" in answer.text
    assert "звонить" in answer.text
    assert not HandOver.objects.exists()


def test_teams_out_of_sight_are_named_and_their_requests_neither_counted_nor_moved(client, vera, boris):
    anya, hosting = make.agent(), make.team("Хостинг")
    Membership.objects.create(user=anya, team=hosting)
    hidden = ticket(anya, team_id=hosting.pk)
    ticket(anya)
    address = f"/desk/lead/people/{anya.pk}/requests/"

    assert "«Хостинг»" in client.get(address).text
    assert "Открыто: 1" in client.get(address).text
    client.post(address, {"way": "queue", "reason": "ill"})
    hidden.refresh_from_db()
    assert hidden.owner == anya


def test_a_second_lead_is_told_that_it_runs_already(client, vera, boris):
    anya = make.agent()
    ticket(anya)
    handing_over.begin(anya, handing_over.Wish([], "ill"), by=make.admin(), at=timezone.now())

    answer = client.post(f"/desk/lead/people/{anya.pk}/requests/", {"way": "queue", "reason": "ill"})

    assert answer.status_code == 422
    assert "уже передают" in answer.text


def test_one_press_gives_all_back(client, vera, boris):
    anya = make.agent()
    ticket(anya)
    client.post(f"/desk/lead/people/{anya.pk}/requests/", {"to": [boris.pk], "reason": "ill"})
    run = HandOver.objects.get()

    answer = client.post(f"/desk/lead/hand-overs/{run.pk}/return/", follow=True)

    assert "Вернули 1 из 1" in answer.text
    assert Ticket.objects.get().owner == anya
    assert "вернули 1" in client.get("/desk/lead/").text


def test_a_lead_who_sees_a_part_of_a_hand_over_does_not_use_up_its_return(client, vera, boris):
    anya, hosting = make.agent(), make.team("Хостинг")
    Membership.objects.create(user=anya, team=hosting)
    seen, hidden = ticket(anya), ticket(anya, team_id=hosting.pk)
    wish = handing_over.Wish([], "ill")
    run = handing_over.begin(anya, wish, by=make.admin(), at=timezone.now())
    handing_over.finish(run, within=timedelta(minutes=1))
    address = f"/desk/lead/hand-overs/{run.pk}/"

    refused = client.post(f"{address}return/")

    assert "есть запросы других команд" in refused.text
    assert "Вернуть: Аня" not in client.get(address).text
    Membership.objects.create(user=vera, team=hosting)
    assert "Вернуть: Аня" in client.get(address).text
    client.post(f"{address}return/")
    assert set(Ticket.objects.filter(owner=anya)) == {seen, hidden}


def test_a_lead_of_another_team_sees_neither_the_person_nor_the_hand_over(client, vera, boris):
    anya = make.agent()
    ticket(anya)
    client.post(f"/desk/lead/people/{anya.pk}/requests/", {"way": "queue", "reason": "ill"})
    run = HandOver.objects.get()
    client.force_login(make.agent("Зоя Чужая", team=make.team("Хостинг"), role=User.Role.LEAD))

    for address in (
        f"people/{anya.pk}/requests/", f"people/{anya.pk}/absence/", f"hand-overs/{run.pk}/",
    ):  # fmt: skip
        assert client.get(f"/desk/lead/{address}").status_code == 404
    assert client.post(f"/desk/lead/hand-overs/{run.pk}/return/").status_code == 404
    assert "Аня Орлова" not in client.get("/desk/lead/").text


def test_hand_overs_are_counted_without_reading_what_was_not_passed_on(client, vera, boris):
    anya = make.agent()
    ticket(anya)
    client.post(f"/desk/lead/people/{anya.pk}/requests/", {"to": [boris.pk], "reason": "ill"})
    now = timezone.now()
    for _ in range(30):
        ticket(vera)

    assert rows_read("desk_ticket", lambda: leading.recent(vera, now)) <= 2
    assert [vars(one)["moved"] for one in leading.recent(make.admin(), now)] == [1]


def test_an_agent_has_no_such_page_and_no_place_on_the_rail(client, boris):
    client.force_login(boris)

    assert client.get("/desk/lead/").status_code == 403
    assert "/desk/lead/" not in client.get("/desk/").text


def test_an_absence_is_marked_ended_and_seen_by_its_person(client, vera, boris):
    sent = {"until": timezone.localdate().isoformat(), "stand_in": vera.pk}
    client.post(f"/desk/lead/people/{boris.pk}/absence/", sent)
    client.force_login(boris)

    assert "замещает Вера Чижова" in client.get("/me/").text
    client.post("/me/return/")
    assert Profile.objects.get(user=boris).away_until is None


def test_a_lead_ends_an_absence(client, vera, boris):
    absences.mark(boris, until=timezone.localdate(), stand_in=vera, by=vera, at=timezone.now())

    answer = client.post(f"/desk/lead/people/{boris.pk}/absence/", {"back": ""}, follow=True)

    assert "Борис Ким снова на месте" in answer.text
    assert Profile.objects.get(user=boris).away_until is None


def test_a_day_that_is_over_is_refused_with_its_words(client, vera, boris):
    past = (timezone.localdate() - timedelta(days=1)).isoformat()

    answer = client.post(f"/desk/lead/people/{boris.pk}/absence/", {"until": past})

    assert answer.status_code == 422
    assert "должен быть впереди" in answer.text
