"""Late words to a closed request: each client's go on in a request of their own, which nobody else's page shows."""

import pytest
from django.utils import timezone

from otklik.accounts import links
from otklik.clients import identifying
from otklik.clients.models import Domain, Organisation
from otklik.desk import replying
from otklik.desk.models import Message, Participant, Relation, Ticket
from otklik.desk.receiving import Address
from otklik.journeys import talk
from tests import make
from tests.channels.letters import letter, received

pytestmark = pytest.mark.django_db(transaction=True)
GLEB = "Глеб <gleb@stranger.example>"
SUPPORT, PETR = "support@vendor.example", "petr@vendor.example"


@pytest.fixture
def closed() -> Message:
    """Our answer to Вера, in a request that is closed now."""
    [first] = received(letter())
    ours = make.reply(first.ticket, at=timezone.now())
    Ticket.objects.update(state="closed")
    return ours


@pytest.fixture
def asked() -> Message:
    """Our question to a vendor, about a request of Вера that is closed now."""
    [first] = received(letter())
    words = make.words("Посмотрите, пожалуйста.", to=(Address("to", SUPPORT, "Поставщик"),))
    ours = replying.forward(first.ticket, words, by=make.agent(), at=timezone.now())
    Ticket.objects.update(state="closed")
    return ours


def answer(to: Message, text: str, **headers: str) -> bytes:
    return letter(text, In_Reply_To=f"<{to.message_id}>", **headers)


def reads(message: Message) -> list[str]:
    """What the writer of this message reads on the page of its request."""
    participant = Participant.objects.get(ticket=message.ticket_id, identity=message.identity)
    return [one.reply_text for one in talk.visible(participant, at=timezone.now()).order_by("pk")]


@pytest.mark.parametrize("at_once", [True, False])
def test_words_of_a_client_and_of_a_stranger_begin_a_request_each(closed, at_once):
    two = [answer(closed, "Мне это переслали", From=GLEB), answer(closed, "Пароль к базе: кварц")]

    foreign, own = received(*two) if at_once else [*received(two[0]), *received(two[1])]

    assert len({closed.ticket_id, foreign.ticket_id, own.ticket_id}) == 3
    assert (reads(foreign), reads(own)) == (["Мне это переслали"], ["Пароль к базе: кварц"])
    assert set(Relation.objects.values_list("ticket", "other", "kind")) == {
        (one.ticket_id, closed.ticket_id, "continues") for one in (foreign, own)
    }


@pytest.mark.parametrize("at_once", [True, False])
def test_each_of_them_goes_on_in_their_own(closed, at_once):
    four = [
        answer(closed, text, From=sender)
        for text in ("раз", "два")
        for sender in (GLEB, "Вера Соколова <vera@kvarts.example>")
    ]

    foreign, own, more, again = received(*four) if at_once else [received(one)[0] for one in four]

    assert (more.ticket, again.ticket) == (foreign.ticket, own.ticket)
    assert (reads(foreign), reads(own)) == (["раз", "два"], ["раз", "два"])
    assert [one.ticket.news.filter(ended_at=None).count() for one in (foreign, own)] == [1, 1]
    assert Ticket.objects.get(pk=own.ticket_id).last_words == "два"


def test_another_address_of_the_client_goes_on_in_the_same_request(closed):
    home = make.identity("vera@home.example")
    identifying.join(home, client=closed.ticket.client, by=make.agent(), at=make.NOON)

    [first, second] = received(
        answer(closed, "Опять"), answer(closed, "Пишу из дома", From="vera@home.example")
    )

    assert second.ticket == first.ticket != closed.ticket


def test_a_strangers_request_is_of_the_strangers_client_and_not_of_the_former_one(closed):
    firm = Organisation.objects.create(name="Кварц")
    Domain.objects.create(organisation=firm, name="kvarts.example")
    closed.ticket.client.__class__.objects.update(organisation=firm)

    [foreign, own] = received(answer(closed, "Мне это переслали", From=GLEB), answer(closed, "Опять"))

    assert (foreign.ticket.client.name, foreign.ticket.organisation) == ("Глеб", None)
    assert (own.ticket.client.name, own.ticket.organisation) == ("Вера Соколова", firm)
    assert foreign.ticket.team == own.ticket.team == closed.ticket.team


def test_the_number_of_a_strangers_request_does_not_lead_the_former_client_into_it(closed):
    [foreign] = received(answer(closed, "Мне это переслали", From=GLEB))
    number = foreign.ticket.number

    [named, theirs] = received(letter(Subject=f"№ {number}"), letter(Subject=f"№ {number}", From=GLEB))

    assert theirs.ticket == foreign.ticket != named.ticket
    assert Relation.objects.get(ticket=named.ticket).kind == "mentions"


def test_the_link_a_stranger_gets_opens_their_own_request_alone(closed, client):
    [foreign] = received(answer(closed, "Мне это переслали", From=GLEB))
    received(answer(closed, "Пароль к базе: кварц"))

    ack = Message.objects.get(kind="ack", answers=foreign)
    assert list(ack.recipients.values_list("address", flat=True)) == ["gleb@stranger.example"]
    page = client.get(links.url(ack.ticket_id, foreign.identity.pk, at=timezone.now())).content.decode()
    assert "Мне это переслали" in page
    assert not any(word in page for word in ("кварц", "Базу открыли", "Вера"))


@pytest.mark.parametrize("at_once", [True, False])
def test_late_words_of_vendors_go_on_in_one_request_which_the_client_joins(asked, at_once):
    three = [
        answer(asked, "Исправили", From=SUPPORT),
        answer(asked, "Проверьте", From=PETR),
        letter("Опять не открывается", Subject=f"Re: № {asked.ticket.number}"),
    ]

    first, second, own = received(*three) if at_once else [received(one)[0] for one in three]

    assert first.ticket == second.ticket == own.ticket != asked.ticket
    assert [one.circle for one in (first, second, own)] == ["vendor", "vendor", "client"]
    assert reads(own) == ["Опять не открывается"]


def test_late_word_of_a_vendor_goes_on_where_the_client_has_begun_anew(asked):
    [own] = received(letter("Опять", Subject=f"Re: № {asked.ticket.number}"))

    [late] = received(answer(asked, "Исправили", From=SUPPORT))

    assert (late.ticket, late.circle) == (own.ticket, "vendor")
    assert reads(own) == ["Опять"]


def test_whoever_is_in_copy_of_the_request_it_goes_on_in_is_no_vendor_there(asked):
    [own] = received(letter("Опять", Subject=f"Re: № {asked.ticket.number}", Cc="oleg@kvarts.example"))

    [word] = received(answer(asked, "Мне переслали вопрос", From="oleg@kvarts.example"))

    assert (word.ticket, word.circle) == (own.ticket, "client")
    assert reads(word) == ["Опять", "Мне переслали вопрос"]
