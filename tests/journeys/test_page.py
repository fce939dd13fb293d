"""The client's page: who, what now, what next; what it never shows; who gets in."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from otklik.accounts import links
from otklik.accounts.models import ClientLink
from otklik.channels.outbox import claiming
from otklik.desk import noting, routing, solving
from otklik.desk.models import Message, Participant, Ticket
from otklik.desk.receiving import Address
from otklik.journeys import saying
from otklik.promises import promising
from otklik.sla import binding
from otklik.staff import queries as staff
from tests import make
from tests.journeys.scene import scene

pytestmark = pytest.mark.django_db


def test_the_page_says_who_is_on_it_what_is_done_and_when_the_next_news_comes():
    it = scene()
    saying.now(it.ticket, "проверяю базу на сервере", by=it.anna, at=it.now)
    with transaction.atomic():
        promising.open_many([(it.ticket.pk, it.now + timedelta(days=1))], at=it.now)

    html = it.html()

    assert "Анна Орлова" in html
    assert "Проверяю базу на сервере" in html
    assert "<b>завтра до" in html
    assert "База не открывается с утра." in html


def test_a_request_without_an_owner_names_the_team():
    html = scene(owned=False).html()

    assert "Команда «Помощь»" in html
    assert "Выбираем, кто займётся запросом" in html


def test_the_page_never_shows_a_note_nor_the_exchange_with_a_vendor():
    it = scene()
    noting.write(it.ticket, "между нами: клиент ошибся", by=it.anna, at=it.now)
    make.received(
        "Ответ поставщика",
        ticket=it.ticket,
        circle=Message.Circle.VENDOR,
        sender=make.identity("v@v.example"),
    )
    it.answer("Базу открыли.")

    html = it.html()

    assert "Базу открыли." in html
    assert "между нами" not in html
    assert "Ответ поставщика" not in html


def test_the_page_does_not_claim_an_answer_that_never_arrived():
    it = scene()
    message = it.answer("Базу открыли.")
    assert "Ответили вам" in it.html()

    message.deliveries.update(state="sending")
    message.deliveries.update(state="failed")
    with transaction.atomic():
        claiming.tell(list(message.deliveries.all()), at=it.now)

    html = it.html()
    assert "Ответили вам" not in html
    assert "Ждём вашего ответа" not in html
    assert "не дошло до вашей почты" in html
    assert "Анна занимается вашим запросом" in html


def test_an_answer_is_hidden_until_its_undo_time_is_over():
    it = scene()
    it.answer("Ещё можно отменить", minutes_ago=0)
    it.answer("Уже не отменить", minutes_ago=5)

    html = it.html()

    assert "Уже не отменить" in html
    assert "Ещё можно отменить" not in html


def test_an_automatic_letter_of_the_clients_program_is_not_part_of_the_talk():
    it = scene()
    make.received("Я в отпуске", ticket=it.ticket, kind=Message.Kind.AUTO)
    make.received("Письмо вернулось", ticket=it.ticket, kind=Message.Kind.BOUNCE)

    html = it.html()

    assert "Я в отпуске" not in html
    assert "Письмо вернулось" not in html


def test_one_in_copy_reads_only_what_was_addressed_to_them():
    it = scene()
    oleg = make.identity("oleg@kvarts.example", "Олег Котов")
    Participant.objects.create(ticket=it.ticket, identity=oleg, part="copy", since=it.now)
    it.answer("Только Вере")
    it.answer("Олегу тоже", to="Oleg@kvarts.example")

    html = it.browser.get(make.page(it.ticket, oleg, at=it.now)).content.decode()

    assert "Олегу тоже" in html
    assert "Только Вере" not in html
    assert "База не открывается с утра." not in html


def test_the_page_shows_no_address_of_another_participant():
    it = scene()
    nameless = make.identity("tajna@kvarts.example", "tajna@kvarts.example")
    make.received("Я тоже жду", ticket=it.ticket, sender=nameless, author_name="tajna@kvarts.example")

    html = it.html()

    assert "Я тоже жду" in html
    assert "Участник переписки" in html
    assert "tajna@" not in html


def test_a_link_opens_no_other_request_of_the_same_client():
    it = scene()
    make.ticket("Совсем другое дело", at=it.now)

    assert "Совсем другое дело" not in it.html()


@pytest.mark.parametrize("tail", ["", "news/", "files/1/"])
def test_a_wrong_token_gets_the_page_that_sends_a_new_link(tail):
    it = scene()

    answer = it.browser.get(f"{it.path[:-2]}x/{tail}")

    assert answer.status_code == 404
    assert "Прислать новую ссылку" in answer.content.decode()


def test_an_expired_link_and_a_closed_one_say_so():
    it = scene()
    ClientLink.objects.update(made_at=it.now - timedelta(days=91), expires_at=it.now - timedelta(days=1))
    assert it.browser.get(it.path).status_code == 410

    ClientLink.objects.update(expires_at=it.now + timedelta(days=1))
    assert it.browser.get(it.path).status_code == 200

    links.revoke(ClientLink.objects.get(), at=it.now)
    assert "Эта ссылка закрыта" in it.html()


def test_a_vendor_has_no_page_even_with_a_link():
    it = scene()
    vendor = make.identity("vendor@vendor.example", "Поставщик")
    Participant.objects.create(ticket=it.ticket, identity=vendor, part="vendor", since=it.now)

    assert it.browser.get(make.page(it.ticket, vendor, at=it.now)).status_code == 404
    assert it.browser.get(it.path).status_code == 200


def test_the_page_is_kept_by_this_browser_alone_and_told_to_no_other_site():
    it = scene()
    answer = it.browser.get(it.path)

    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "sessionid" not in answer.cookies


def test_the_page_of_a_long_talk_asks_the_database_as_often_as_that_of_a_short_one(django_assert_num_queries):
    it = scene()
    it.answer("Первый ответ")
    staff.company()
    binding.bind_many([it.ticket.pk], by=None, at=it.now)
    it.html()
    with django_assert_num_queries(23):
        it.html()
    for n in range(30):
        make.received(f"Сообщение {n}", ticket=it.ticket, at=it.now - timedelta(minutes=20 - n / 10))
    with django_assert_num_queries(23):
        it.html()


def test_a_solved_request_says_when_and_offers_to_open_it_again():
    it = scene()
    solving.solve(it.ticket, result="Открыли базу", by=it.anna, at=it.now)

    html = it.html()

    assert "Запрос решён сегодня" in html
    assert "Вопрос остался" in html
    assert "Открыли базу" not in html  # the result is a word for colleagues


def test_an_owner_who_left_gives_the_page_back_to_the_team():
    it = scene()
    routing.assign(it.ticket, None, by=None, at=it.now)

    assert "Команда «Помощь»" in it.html()


def test_news_are_given_once_and_then_204():
    it = scene()
    first = it.html()
    mark = first.split('data-mark="')[1][:16]
    assert it.browser.get(f"{it.path}news/?mark={mark}").status_code == 204

    it.answer("Базу открыли.")

    fresh = it.browser.get(f"{it.path}news/?mark={mark}")
    assert fresh.status_code == 200
    assert "Базу открыли." in fresh.content.decode()


def test_an_agent_previews_the_clients_page_and_a_colleague_of_another_team_does_not():
    it = scene()
    boris = make.agent("Борис Котов", team=make.team("Серверы"))
    seen, unseen = Client(), Client()
    seen.force_login(it.anna)
    unseen.force_login(boris)

    preview = seen.get(f"/r/preview/{it.ticket.number}/")

    assert "Так эту страницу видит клиент" in preview.content.decode()
    assert "<textarea" not in preview.content.decode()
    assert unseen.get(f"/r/preview/{it.ticket.number}/").status_code == 404
    assert Client().get(f"/r/preview/{it.ticket.number}/").status_code == 302


def test_words_of_a_client_cannot_become_markup():
    it = scene()
    it.write("<script>alert(1)</script> <img src=x onerror=1>")

    html = it.html()

    assert "&lt;script&gt;alert(1)" in html
    assert "<img src=x" not in html


def test_a_page_of_a_request_with_a_very_long_subject_stands():
    it = scene()
    Ticket.objects.update(subject="Ы" * 500)

    assert it.browser.get(it.path).status_code == 200


def test_an_answer_to_somebody_else_alone_is_not_shown_to_the_requester():
    it = scene()
    make.reply(it.ticket, "Вере это не писали", by=it.anna, at=it.now - timedelta(minutes=5),
               to=(Address("to", "oleg@kvarts.example"),))  # fmt: skip

    assert "Вере это не писали" not in it.html()
