"""«Отправить и оставить в работе»: the client is promised the time that the agent chose, else that of the rule."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from otklik.desk.models import Message
from otklik.promises.models import NextNews
from otklik.sla import following
from tests import make

pytestmark = pytest.mark.django_db


def answer(client, ticket, **more):
    seen = ticket.messages.order_by("-pk").values_list("pk", flat=True)[0]
    sent = {"text": "Ищем причину.", "to": "vera@kvarts.example", "box": make.box().pk, "seen": seen, **more}
    return client.post(f"/desk/{ticket.number}/reply/", sent)


def field(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def promised(ticket):
    """What the journal's follower made of it: it reads what is committed."""
    following.follow()
    return NextNews.objects.get(ticket=ticket, ended_at=None).due_at


@pytest.mark.django_db(transaction=True)
def test_the_client_is_promised_the_time_that_was_chosen(client, ticket):
    chosen = (timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)

    assert answer(client, ticket, then="work", news_due_at=field(chosen)).status_code == 302

    assert promised(ticket) == chosen


@pytest.mark.django_db(transaction=True)
def test_an_empty_time_is_left_to_the_rule(client, ticket):
    answer(client, ticket, then="work", news_due_at="")

    assert isinstance(promised(ticket), datetime)


@pytest.mark.parametrize(
    ("days", "said"), [(-1, "Время новости уже прошло"), (400, "До новости больше года")]
)
def test_a_strange_time_comes_back_with_words_and_time_kept(client, ticket, days, said):
    wrong = field(timezone.now() + timedelta(days=days))

    page = answer(client, ticket, then="work", news_due_at=wrong, result="искали в журнале")

    assert page.status_code == 422
    assert said in page.text
    for kept in ["Ищем причину.", f'value="{wrong}"', 'value="искали в журнале"']:
        assert kept in page.text
    assert not Message.objects.filter(direction="out").exists()


def test_what_is_no_time_comes_back_too(client, ticket):
    page = answer(client, ticket, then="work", news_due_at="завтра")

    assert page.status_code == 422
    assert "Не разобрали время новости" in page.text


@pytest.mark.parametrize("wrong", ["завтра", "2020-01-01T10:00"])
def test_a_time_left_in_the_field_holds_no_other_letter(client, ticket, wrong):
    assert answer(client, ticket, then="wait", news_due_at=wrong).status_code == 302

    assert Message.objects.filter(direction="out").count() == 1


def test_to_send_in_spite_of_something_newer_keeps_what_was_to_happen_next(client, ticket):
    page = answer(client, ticket, then="work", seen=0)

    assert page.status_code == 409
    assert '<input type="hidden" name="then" value="work">' in page.text
