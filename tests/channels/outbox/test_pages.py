"""What an agent reads of a letter in trouble, and the deeds on its page. Cast: Аня, Борис of another team."""

import pytest
from django.test import Client

from otklik.channels.outbox import explaining, parts, queries
from otklik.desk.models import Delivery
from tests import make


def failed(reason: str = "550 5.1.1 No such user", state: str = "failed") -> Delivery:
    message = make.reply(make.ticket())
    Delivery.objects.filter(message=message).update(state="sending")
    Delivery.objects.filter(message=message).update(state=state, reason=reason, ended_at=make.NOON)
    return Delivery.objects.get(message=message)


def signed_in(client: Client, **who: object) -> Client:
    client.force_login(make.agent(**who))  # type: ignore[arg-type]  # make's own fields
    return client


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("550 5.1.1 <a@b.example>: Recipient address rejected: User unknown", "Такого ящика у получателя нет."),
        ("552 5.2.2 Mailbox full", "Ящик получателя переполнен."),
        ("552 5.3.4 Message size exceeds fixed limit", "Письмо слишком большое для сервера получателя."),
        ("554 5.7.1 Message rejected under suspicion of SPAM", "Сервер получателя принял наше письмо за спам."),
        ("550 5.7.26 DMARC check failed", "Сервер получателя принял наше письмо за спам."),
        ("554 5.7.1 Relay access denied", "Наш почтовый сервер отказался передать письмо на этот адрес."),
        ("535 5.7.8 Authentication failed", "Почтовый сервер не принял имя или пароль нашего ящика."),
        ("550 5.1.2 Host or domain name not found", "Почтового сервера с таким именем нет."),
        ("550 5.2.1 mailbox disabled", "Ящик получателя отключён."),
        ("553 5.7.1 Sender not owned by user", "Почтовый сервер не разрешает писать от имени нашего ящика."),
        ("550 something odd", "Почтовый сервер не принял письмо."),
    ],
)  # fmt: skip
def test_servers_refusal_is_explained(said: str, why: str):
    assert explaining.explain(said).why == why
    assert explaining.explain(said).todo.endswith(".")


def test_agent_reads_why_and_what_to_do(db: None):
    delivery = failed()

    told = queries.states([delivery.message_id], at=make.NOON)[delivery.message_id][0]

    assert told.words == "Письмо не ушло. Такого ящика у получателя нет."
    assert told.todo.startswith("Проверьте адрес")
    assert (told.may_resend, told.may_count) == (True, False)


@pytest.mark.parametrize("state", Delivery.State.values)
def test_every_state_has_a_sentence(db: None, state: str):
    row = Delivery(state=state, address="a@b.example", next_at=make.NOON, ended_at=make.NOON)

    words = queries.fate(row, make.NOON).words.replace("\xa0", " ")

    assert words.endswith(".")
    assert "None" not in words


def test_trouble_is_shown_at_the_letter(db: None):
    delivery = failed(state="unknown", reason="")

    html = parts.trouble(make.agent(), [delivery.message_id])[delivery.message_id]

    assert f"/settings/letters/{delivery.pk}/" in html


def test_letter_without_trouble_shows_nothing(db: None):
    delivery = failed(state="sent", reason="")

    assert parts.trouble(make.agent(), [delivery.message_id]) == {}


def test_ann_sends_the_unclear_letter_again(db: None, client: Client):
    delivery = failed(state="unknown", reason="")

    page = signed_in(client).get(f"/settings/letters/{delivery.pk}/")
    answer = client.post(f"/settings/letters/{delivery.pk}/resending/")

    delivery.refresh_from_db()
    assert "Отправить ещё раз" in page.content.decode()
    assert answer.status_code == 302
    assert delivery.state == "retry"


def test_ann_counts_it_as_sent(db: None, client: Client):
    delivery = failed(state="unknown", reason="")

    signed_in(client).post(f"/settings/letters/{delivery.pk}/counting/")

    delivery.refresh_from_db()
    assert delivery.state == "sent"


def test_boris_of_another_team_sees_and_decides_nothing(db: None, client: Client):
    delivery = failed(state="unknown", reason="")
    signed_in(client, team=make.team("Серверы"))

    seen = client.get(f"/settings/letters/{delivery.pk}/").status_code
    done = client.post(f"/settings/letters/{delivery.pk}/resending/").status_code

    delivery.refresh_from_db()
    assert (seen, done, delivery.state) == (404, 404, "unknown")


def test_stranger_is_sent_to_sign_in(db: None, client: Client):
    answer = client.get(f"/settings/letters/{failed().pk}/")

    assert answer.status_code == 302
    assert "sign-in" in answer["Location"]


def test_second_press_says_that_it_is_decided(db: None, client: Client):
    delivery = failed(state="sent", reason="")

    answer = signed_in(client).post(f"/settings/letters/{delivery.pk}/counting/")

    assert answer.status_code == 409
    assert "Это письмо кто-то уже разобрал" in answer.content.decode()
