"""An address with its own door answers only through a server that lets it in."""

import pytest
from django.urls import reverse
from django.utils import timezone

from otklik.channels import connecting
from otklik.channels.models import Box
from tests import make
from tests.channels.outbox.sinks import World, sink
from tests.mailservers import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = make.admin()
    client.force_login(user)
    return user


@pytest.fixture
def box(admin):
    return connecting.door("info@primer.example", "", make.team(), by=admin, at=timezone.now())


def words(port, **more):
    return {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"} | more


def test_a_new_door_that_shall_answer_is_asked_for_its_server(client, admin):
    form = {"address": "info@primer.example", "team": make.team().pk, "answers": "1"}

    answer = client.post(reverse("channels:door"), form)

    box = Box.objects.get()
    assert answer.url == reverse("channels:outgoing", args=[box.pk])
    assert box.mode == Box.Mode.OBSERVE


def test_a_server_that_lets_us_in_makes_the_address_answer(client, box):
    with sink() as server:
        answer = client.post(reverse("channels:outgoing", args=[box.pk]), words(server.port))

    box.refresh_from_db()
    assert answer.url == reverse("channels:box", args=[box.pk])
    assert (box.mode, box.smtp_host) == (Box.Mode.ANSWER, "127.0.0.1")


@pytest.mark.parametrize("secret", ["", "wrong"])
def test_a_server_that_refuses_us_changes_nothing_and_the_words_stay(client, box, secret):
    with sink(World(password="right")) as server:
        form = words(server.port, username="desk", secret=secret or "also wrong")
        answer = client.post(reverse("channels:outgoing", args=[box.pk]), form)

    box.refresh_from_db()
    assert answer.status_code == 422
    assert 'value="desk"' in answer.text
    assert (box.mode, box.smtp_host) == (Box.Mode.OBSERVE, "")


def test_a_dead_server_is_named(client, box):
    answer = client.post(reverse("channels:outgoing", args=[box.pk]), words(free_port()))

    assert answer.status_code == 422
    assert "127.0.0.1" in answer.text


def test_a_door_without_a_server_is_not_switched_to_answers(admin, box):
    with pytest.raises(connecting.NoOutgoing, match="не знает, через какой сервер"):
        connecting.set_mode(box, Box.Mode.ANSWER, by=admin, at=timezone.now())

    assert connecting.set_mode(box, Box.Mode.OFF, by=admin, at=timezone.now()).mode == Box.Mode.OFF


def test_only_administrators_name_a_server(client, box):
    client.force_login(make.agent())

    assert client.post(reverse("channels:outgoing", args=[box.pk]), words(25)).status_code == 403
