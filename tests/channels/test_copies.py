"""A copy of each of our letters to the box itself: on from the start where no Sent keeps what left, then as chosen."""

import pytest
from django.urls import reverse
from django.utils import timezone

from otklik.channels import connecting
from otklik.channels.connecting import AdministratorsOnly, Servers
from otklik.channels.email import presets
from otklik.channels.email.presets import Preset, Server
from otklik.channels.models import Box
from tests import make

pytestmark = pytest.mark.django_db
SERVERS = Servers(Server("imap.primer.example", 993, "tls"), Server("smtp.primer.example", 465, "tls"))
LABEL = "Присылать в этот ящик копию каждого нашего письма"


@pytest.fixture
def admin(client):
    user = make.admin()
    client.force_login(user)
    make.team()
    return user


def begun(preset: Preset, by) -> Box:
    return connecting.begin("help@primer.example", preset, SERVERS, "s", by=by, at=timezone.now())


def checked(page) -> bool:
    text = page.content.decode().replace("\xa0", " ")
    assert LABEL in text
    return "checked" in text.split('name="copies"')[1].split(">")[0]


def test_copies_come_by_themselves_where_the_service_keeps_no_sent(admin):
    assert begun(presets.OWN, admin).copy_to_self
    Box.objects.all().delete()

    assert not begun(presets.YANDEX, admin).copy_to_self


def test_to_begin_again_changes_nothing_that_was_chosen(admin):
    connecting.set_copies(begun(presets.OWN, admin), False, by=admin)

    assert not begun(presets.OWN, admin).copy_to_self


@pytest.mark.parametrize("chosen", [True, False])
def test_the_last_step_of_connecting_shows_the_choice_and_takes_it(client, admin, chosen):
    box = begun(presets.OWN, admin)
    page = reverse("channels:answer", args=[box.pk])
    assert checked(client.get(page))

    client.post(
        page, {"team": box.team_id, "name": "", "answers": "", **({"copies": "on"} if chosen else {})}
    )

    assert Box.objects.get().copy_to_self is chosen


@pytest.mark.parametrize("chosen", [True, False])
def test_a_door_offers_copies_and_takes_the_choice(client, admin, chosen):
    page = reverse("channels:door")
    assert checked(client.get(page))

    typed = {"address": "help@primer.example", "team": make.team().pk, "name": ""}
    client.post(page, {**typed, **({"copies": "on"} if chosen else {})})

    assert Box.objects.get().copy_to_self is chosen


def test_the_page_of_a_connected_box_turns_copies_on_and_off(client, admin):
    box = make.box()
    page = reverse("channels:settings", args=[box.pk])
    assert not checked(client.get(page))

    client.post(page, {"team": box.team_id, "answers": "1", "copies": "on"})
    assert Box.objects.get().copy_to_self
    assert checked(client.get(page))
    client.post(page, {"team": box.team_id, "answers": "1"})
    assert not Box.objects.get().copy_to_self


def test_copies_are_turned_on_by_an_administrator_alone(admin):
    box = make.box()
    with pytest.raises(AdministratorsOnly):
        connecting.set_copies(box, True, by=make.agent())

    assert connecting.set_copies(box, True, by=admin).copy_to_self
