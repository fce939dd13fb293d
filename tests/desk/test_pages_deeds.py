"""Small deeds from the thread: each by a plain form and by a swap, wrong input with its words."""

import pytest

from otklik.clients.models import Identity
from otklik.desk import routing, solving
from otklik.desk.models import Ticket
from tests import make
from tests.make import NOON

pytestmark = pytest.mark.django_db
SWAP = {"HX-Request": "true"}


def post(client, ticket, deed, sent=None, **kwargs):
    answer = client.post(f"/desk/{ticket.number}/{deed}/", sent or {}, **kwargs)
    ticket.refresh_from_db()
    return answer


def test_a_swap_makes_list_and_thread_look_again(client, ticket, anya):
    answer = post(client, ticket, "owner", headers=SWAP)

    assert (answer.status_code, ticket.owner) == (204, anya)
    assert "otklik:list" in answer.headers["HX-Trigger"]


def test_a_plain_form_goes_back_to_the_request_with_its_list(client, ticket, anya):
    answer = client.post(f"/desk/{ticket.number}/owner/?view=all", {})

    assert (answer.status_code, answer.url) == (302, f"/desk/{ticket.number}/?view=all")


def test_taking_what_a_colleague_took_says_who_has_it(client, ticket):
    routing.take(ticket, by=make.agent("Зоя Быстрая"), at=NOON)

    answer = post(client, ticket, "owner")

    assert answer.status_code == 409
    assert "Зоя Быстрая" in answer.text


def test_a_request_goes_to_a_colleague_and_back_to_the_queue(client, ticket):
    zoya = make.agent("Зоя Быстрая")
    post(client, ticket, "hand-over", {"owner": zoya.pk, "team": ticket.team_id})
    assert ticket.owner == zoya

    post(client, ticket, "hand-over", {"owner": "", "team": ticket.team_id})
    assert ticket.owner is None


def test_a_request_goes_to_another_team_with_what_was_tried(client, ticket):
    hosting = make.team("Хостинг")

    post(client, ticket, "hand-over", {"team": hosting.pk, "tried": "перезапустили сервер"})

    assert ticket.team == hosting
    assert "перезапустили сервер" in ticket.notes.get().text


def test_a_page_of_a_deed_aims_at_no_dialog_that_it_has_not(client, ticket):
    assert "hx-target" not in client.get(f"/desk/{ticket.number}/hand-over/").text.split('class="fields"')[1]
    assert 'hx-target="#sheet-body"' in client.get(f"/desk/{ticket.number}/hand-over/", headers=SWAP).text


def test_a_further_level_gets_a_request_only_with_what_was_tried(client, ticket, anya):
    wise = make.team("Разработка", level=3)
    wise.memberships.create(user=anya)

    asked = post(client, ticket, "hand-over", {"team": wise.pk, "tried": "  "})
    assert (asked.status_code, ticket.team_id != wise.pk) == (422, True)
    assert "Если ничего, так и напишите" in asked.text.replace("\xa0", " ")

    first = ticket.team
    post(client, ticket, "hand-over", {"team": wise.pk, "tried": "ничего, письмо не к нам"})
    assert ticket.team == wise
    assert "Что уже пробовали: ничего, письмо не к нам" in client.get(f"/desk/{ticket.number}/").text

    post(client, ticket, "hand-over", {"team": first.pk})  # back down nobody has to tell anything
    assert (ticket.team, ticket.notes.count()) == (first, 1)


def test_what_was_tried_is_kept_within_the_team_too(client, ticket):
    zoya = make.agent("Зоя Быстрая")

    post(client, ticket, "hand-over", {"owner": zoya.pk, "team": ticket.team_id, "tried": "сбросили пароль"})

    assert ticket.owner == zoya
    assert "сбросили пароль" in client.get(f"/desk/{ticket.number}/").text


def test_a_stranger_to_the_team_can_not_be_chosen(client, ticket):
    boris = make.agent("Борис Ким", team=make.team("Хостинг"))

    answer = post(client, ticket, "hand-over", {"owner": boris.pk, "team": ticket.team_id})

    assert (answer.status_code, ticket.owner) == (422, None)


def test_state_and_priority_change_together(client, ticket):
    post(client, ticket, "state", {"state": "waiting_other", "priority": 3})

    assert (ticket.state, ticket.priority) == (Ticket.State.WAITING_OTHER, Ticket.Priority.URGENT)


@pytest.mark.parametrize("sent", [{"state": "solved", "priority": 1}, {"state": "open", "priority": 9}, {}])
def test_a_strange_state_or_priority_is_422(client, ticket, sent):
    assert post(client, ticket, "state", sent).status_code == 422


def test_closing_asks_for_the_result_in_one_line(client, ticket):
    answer = post(client, ticket, "solution", {"result": ""})
    assert answer.status_code == 422
    assert "что сделали для клиента" in answer.text

    post(client, ticket, "solution", {"result": "открыли доступ"})
    assert (ticket.state, ticket.result) == (Ticket.State.SOLVED, "открыли доступ")


def test_a_closed_request_opens_again(client, ticket, anya):
    solving.solve(ticket, result="открыли", by=anya, at=NOON)

    post(client, ticket, "reopening")

    assert ticket.state == Ticket.State.OPEN


def test_spam_blocks_its_sender_and_not_spam_hears_them_again(client, ticket):
    post(client, ticket, "spam", {"block": "on"})
    assert ticket.state == Ticket.State.SPAM
    assert Identity.objects.get(value="vera@kvarts.example").blocked_at

    post(client, ticket, "reopening")
    assert ticket.state == Ticket.State.OPEN
    assert Identity.objects.get(value="vera@kvarts.example").blocked_at is None


def test_tags_come_and_go(client, ticket):
    post(client, ticket, "tags", {"name": "Возврат"})
    assert ticket.tags.get().name == "возврат"

    post(client, ticket, "tags/removal", {"name": "возврат"})
    assert not ticket.tags.exists()


@pytest.mark.parametrize("participant", ["", "не число", "\0", "9" * 5000])
def test_a_strange_participant_is_not_found_and_a_true_one_is_blocked(client, ticket, participant):
    assert post(client, ticket, "blocking", {"participant": participant}).status_code == 404

    vera = ticket.participants.get()
    assert post(client, ticket, "blocking", {"participant": vera.pk}).status_code == 302
    vera.identity.refresh_from_db()
    assert vera.identity.blocked_at


def test_a_strange_tag_takes_nothing_away(client, ticket):
    post(client, ticket, "tags", {"name": "счёт"})
    assert post(client, ticket, "tags/removal", {"name": "счёт\0и"}).status_code == 302
    assert ticket.tags.count() == 1


def test_a_second_address_joins_its_client(client, ticket):
    second = make.identity("vera@home.example", "Вера")

    post(client, ticket, "addresses", {"address": "vera@home.example"})

    second.refresh_from_db()
    assert second.client_id == ticket.client_id


@pytest.mark.parametrize(("sent", "said"), [("", "Укажите адрес"), ("не адрес", "name@company.ru")])
def test_a_wrong_second_address_is_told(client, ticket, sent, said):
    answer = post(client, ticket, "addresses", {"address": sent})

    assert answer.status_code == 422
    assert said in answer.text


def test_unread_makes_the_row_bold_until_its_owner_opens_it(client, ticket, anya):
    routing.take(ticket, by=anya, at=NOON)
    client.get(f"/desk/{ticket.number}/")
    post(client, ticket, "unread")
    assert ticket.unread
    assert "row--unread" in client.get("/desk/").text

    client.get(f"/desk/{ticket.number}/")
    assert "row--unread" not in client.get("/desk/").text
