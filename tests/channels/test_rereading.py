import pytest
from django.urls import reverse

from otklik.channels.models import Envelope
from otklik.desk.models import Message
from otklik.journal.models import Entry
from tests import make
from tests.channels.letters import arrive, received, sweep

pytestmark = pytest.mark.django_db(transaction=True)
WRONG = (
    b"From: vera@kvarts.example\r\nTo: help@primer.example\r\nSubject: x\r\nMessage-ID: <w@kvarts.example>\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
)


def reread(client, envelope, charset=""):
    client.force_login(make.admin())
    return client.post(reverse("channels:reread", args=[envelope.pk]), {"charset": charset}, follow=True)


def test_letter_is_read_again_in_the_charset_that_a_person_chose(client):
    [message] = received(WRONG.replace(b"utf-8", b"windows-1251") + "Где?".encode("koi8-r"))
    assert message.text == "зДЕ?"

    reread(client, Envelope.objects.get(), "koi8-r")

    message = Message.objects.select_related("ticket").get(direction="in")
    assert (message.text, message.ticket.last_words) == ("Где?", "Где?")
    assert Entry.objects.filter(word="envelope.reread").count() == 1


def test_letter_that_the_database_refused_goes_through_the_sweep_again(client):
    [envelope] = arrive(WRONG + b"hi\r\n")
    Envelope.objects.update(state="fault", reason="Мы не смогли записать это письмо")

    reread(client, envelope)
    sweep()

    assert Envelope.objects.get().state == "done"


def test_trimmed_letter_is_refused_with_what_to_do(client):
    [envelope] = arrive(WRONG + b"hi\r\n")
    sweep()
    Envelope.objects.update(raw=None)

    page = reread(client, envelope)
    assert "Попросите прислать" in page.content.decode()
