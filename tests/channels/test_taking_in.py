import pytest

from otklik.channels.models import Envelope
from tests import make
from tests.channels.letters import letter, received

pytestmark = pytest.mark.django_db(transaction=True)


def test_letter_becomes_a_request_of_its_writer_with_a_time_of_the_next_news():
    [message] = received(letter("Здравствуйте!\n\nНе открывается база."))

    ticket = message.ticket
    assert (ticket.subject, ticket.state, ticket.box) == ("Не открывается база", "new", make.box())
    assert ticket.client.name == "Вера Соколова"
    assert ticket.news.filter(ended_at=None).count() == 1
    envelope = Envelope.objects.get()
    assert (envelope.state, envelope.message) == ("done", message)


def test_answer_and_the_letter_it_answers_in_one_batch_are_one_request():
    first = letter(Message_ID="<one@kvarts.example>")
    second = letter("Уже открылась, спасибо.", In_Reply_To="<one@kvarts.example>")
    third = letter("И ещё одно.", References="<one@kvarts.example> <nobody@x.example>")

    messages = received(first, second, third)

    assert len({message.ticket_id for message in messages}) == 1
    assert [message.reply_text for message in messages][1:] == ["Уже открылась, спасибо.", "И ещё одно."]
