"""What the composer is told while somebody types."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.assist import checking, grounds
from otklik.assist.models import Mute, Style, Verdict
from otklik.staff.models import Team
from tests import make
from tests.make import HOUR, NOON

pytestmark = pytest.mark.django_db
# warm but for what a test is about: no other rule has a word to say
HEAD, TAIL = "Вера, добрый день! Спасибо, что написали. ", " Если база не откроется, напишите мне."
COLD = f"{HEAD}НЕ ЗВОНИТЕ НАМ.{TAIL}"


def ask(client, ticket, text=COLD, **more):
    return client.post(f"/assist/{ticket.number}/findings/", {"text": text, **more})


def key_of(words):
    return checking.key("shouting", words)


def test_findings_stand_at_their_words_with_the_reason_and_the_better_ones(client, ticket):
    answer = ask(client, ticket)

    assert answer.status_code == 200
    assert "«НЕ ЗВОНИТЕ НАМ»" in answer.text
    assert 'data-take="Не звоните нам"' in answer.text
    assert f"{len(HEAD)},{len(HEAD) + 14},warning,{key_of('не звоните нам')}" in answer.text


def test_a_clean_reply_has_nothing_to_mend(client, ticket):
    answer = ask(client, ticket, f"{HEAD}Базу открыли.{TAIL}")

    assert "Замечаний нет" in answer.text
    assert "пока вы пишете" in ask(client, ticket, " \n").text
    assert "data-card" not in answer.text


def test_a_browser_counts_signs_beyond_the_first_plane_twice(client, ticket):
    answer = ask(client, ticket, f"{HEAD}😀😀 НЕ ЗВОНИТЕ НАМ.{TAIL}")

    assert f'data-marks="{len(HEAD) + 5},{len(HEAD) + 19},' in answer.text


def test_line_ends_of_a_form_count_once_as_in_the_field(client, ticket):
    answer = ask(client, ticket, f"{HEAD}Да.\r\nНЕ ЗВОНИТЕ НАМ.{TAIL}")

    assert f'data-marks="{len(HEAD) + 4},{len(HEAD) + 18},' in answer.text


def test_at_most_five_cards_stand_at_once(client, ticket):
    answer = ask(client, ticket, f"{HEAD}{' '.join(['Это ОЧЕНЬ важно.'] * 8)}{TAIL}")

    assert answer.text.count("data-card") == 5
    assert "Подсказки: 8" in answer.text
    assert "Ещё 3 подсказки" in answer.text


def test_a_text_that_no_letter_may_have_is_refused_and_the_longest_letter_is_read(client, ticket):
    assert ask(client, ticket, "а" * 200_001).status_code == 422
    longest = ask(client, ticket, "НЕ НАДО. " + "слово " * 33_000)
    assert longest.status_code == 200
    assert "Прочитали первые 20" in longest.text


def test_a_check_asks_the_database_once_beside_who_is_asking(client, ticket):
    ask(client, ticket)
    with CaptureQueriesContext(connection) as seen:
        ask(client, ticket)

    assert sum("assist_verdict" in one["sql"] for one in seen.captured_queries) == 1
    assert len(seen) <= 4


def test_what_the_client_wrote_since_our_last_reply_is_told_to_the_coach(anya, ticket):
    first = grounds.of_number(anya, ticket.number)
    make.reply(ticket, by=anya)
    make.received("Когда почините?", ticket=ticket, at=NOON + 2 * HOUR)
    make.received("И сколько стоит?", ticket=ticket, at=NOON + 3 * HOUR)
    later = grounds.of_number(anya, ticket.number)

    assert (first.first, first.client_text) == (True, "Здравствуйте! Не открывается база.")
    assert (later.first, later.client_text) == (False, "Когда почините?\n\nИ сколько стоит?")


def test_the_style_of_the_team_and_the_writers_own_wish_count(client, anya, ticket):
    words = [{"say": "юзер~", "instead": ["клиент"], "reason": ""}]
    Style.objects.create(team=Team.objects.get(), version=1, words=words, made_at=NOON)
    assert 'data-take="Клиент"' in ask(client, ticket, "Юзеры пишут ОЧЕНЬ часто.").text

    Mute.objects.create(user=anya, rule="shouting", at=NOON)
    assert "«ОЧЕНЬ»" not in ask(client, ticket, "Юзеры пишут ОЧЕНЬ часто.").text


def test_a_line_that_nobody_can_read_any_more_breaks_no_check(client, anya, ticket):
    words = [{"say": one, "instead": ["клиент"], "reason": ""} for one in ("слово <x>", "юзер~")]
    Style.objects.create(team=Team.objects.get(), version=1, words=words, made_at=NOON)
    answer = ask(client, ticket, "Юзеры пишут ОЧЕНЬ часто, слово за вами. Позвоню завтра до 12:00.")

    assert 'data-take="Клиент"' in answer.text
    assert "«ОЧЕНЬ»" in answer.text
    assert "data-pledge" in answer.text


def test_words_that_somebody_does_not_agree_on_stay_away_after_a_reload(client, anya, ticket):
    said = {"key": key_of("не звоните нам"), "what": "dismissed", "reason": "exact"}
    assert client.post(f"/assist/{ticket.number}/verdict/", said).status_code == 204

    assert "Замечаний нет" in ask(client, ticket).text
    assert "«НЕ НАДО»" in ask(client, ticket, f"{HEAD}НЕ НАДО.{TAIL}").text
    other = make.ticket(sender=make.identity("gleb@kvarts.example"))
    assert "НЕ ЗВОНИТЕ" in ask(client, other).text


def test_a_colleague_of_another_team_gets_nothing(client, ticket):
    client.force_login(make.agent("Борис", team=make.team("Хостинг")))

    assert ask(client, ticket).status_code == 404
    said = {"key": key_of("x"), "what": "taken"}
    assert client.post(f"/assist/{ticket.number}/verdict/", said).status_code == 404
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("wrong", [{"key": "нет"}, {"key": "shouting:" + "0" * 16, "what": "seen"}, {}])
def test_a_verdict_that_says_nothing_is_refused(client, ticket, wrong):
    assert client.post(f"/assist/{ticket.number}/verdict/", wrong).status_code == 422


def test_no_more_than_two_checks_run_at_once_and_a_third_is_put_off(client, ticket):
    with checking.in_turn(), checking.in_turn():
        assert ask(client, ticket).status_code == 503
    assert ask(client, ticket).status_code == 200


def test_a_rule_for_oneself_no_more_comes_back_from_the_page_of_hints(client, anya, ticket):
    said = {"key": key_of("не звоните нам"), "what": "dismissed", "wide": "me"}
    client.post(f"/assist/{ticket.number}/verdict/", said)
    assert "Крик" in client.get("/assist/mine/").text

    client.post("/assist/mine/", {"rule": "shouting"})
    assert not Mute.objects.exists()


def test_the_words_of_the_team_go_for_oneself_and_come_back_but_never_for_the_team(client, ticket):
    client.force_login(make.agent("Лида", role="lead"))
    words = [{"say": "юзер~", "instead": ["клиент"], "reason": ""}]
    Style.objects.create(team=Team.objects.get(), version=1, words=words, made_at=NOON)
    said = {"key": checking.key("own", "юзеры"), "what": "dismissed"}
    assert 'data-wide="team"' not in ask(client, ticket, f"{HEAD}Юзеры ждут.{TAIL}").text
    assert client.post(f"/assist/{ticket.number}/verdict/", said | {"wide": "team"}).status_code == 422

    other = f"{HEAD}Юзера ждут.{TAIL}"
    assert client.post(f"/assist/{ticket.number}/verdict/", said | {"wide": "me"}).status_code == 204
    assert "«Юзера»" not in ask(client, ticket, other).text
    client.post("/assist/mine/", {"rule": "own"})
    assert "«Юзера»" in ask(client, ticket, other).text


@pytest.mark.parametrize("rule", ["promise", "phantom"])
@pytest.mark.parametrize("wide", ["me", "team"])
def test_what_is_no_rule_can_not_be_switched_off(client, ticket, rule, wide):
    client.force_login(make.agent("Лида", role="lead"))
    said = {"key": checking.key(rule, "x"), "what": "dismissed", "wide": wide}

    assert client.post(f"/assist/{ticket.number}/verdict/", said).status_code == 422
    assert not Mute.objects.exists()
    assert not Style.objects.exists()


def test_only_a_lead_switches_a_rule_off_for_the_team(client, anya, ticket):
    said = {"key": key_of("не звоните нам"), "what": "dismissed", "wide": "team"}
    assert client.post(f"/assist/{ticket.number}/verdict/", said).status_code == 403
    assert not Style.objects.exists()

    client.force_login(make.agent("Лида", role="lead"))
    assert client.post(f"/assist/{ticket.number}/verdict/", said).status_code == 204
    assert Style.objects.get().off == ["shouting"]


def test_without_scripts_the_draft_is_kept_and_the_findings_stand_on_a_page(client, anya, ticket):
    answer = client.post(f"/assist/{ticket.number}/sheet/", {"text": COLD})

    assert "«Не звоните нам»" in answer.text
    assert anya.drafts.get().text == COLD
    assert f"/assist/{ticket.number}/sheet/" in client.get(f"/desk/{ticket.number}/").text
