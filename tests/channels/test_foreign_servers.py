"""A kept password is sent to the servers it was typed for, to no other."""

import pytest
from django.urls import reverse
from django.utils import timezone

from otklik.channels import connecting
from otklik.channels.connecting import Servers
from otklik.channels.email import credentials, presets
from otklik.channels.email.presets import Server
from otklik.channels.models import Box
from tests import make
from tests.channels.outbox.sinks import World, sink

pytestmark = pytest.mark.django_db
KNOWN = {
    "imap_host": "imap.primer.example", "imap_port": 993, "imap_security": "tls",
    "smtp_host": "smtp.primer.example", "smtp_port": 465, "smtp_security": "tls", "username": "",
}  # fmt: skip


@pytest.fixture
def admin(client):
    client.force_login(make.admin())
    return client


@pytest.fixture
def box():
    found = make.box(kind="imap", auth="password", secret=credentials.seal("тайна"), imap_host="x.example")
    Box.objects.update(**KNOWN)
    found.refresh_from_db()
    return found


def change(admin, box, **fields):
    answer = admin.post(reverse("channels:servers", args=[box.pk]), KNOWN | fields)
    box.refresh_from_db()
    return answer


@pytest.mark.parametrize(
    "change_of",
    [{"imap_host": "imap.evil.example"}, {"smtp_host": "smtp.evil.example"}, {"username": "other"},
     {"smtp_host": "imap.primer.example"}, {"imap_port": 31337}, {"smtp_port": 25},
     {"imap_security": "none"}, {"imap_security": "starttls"}, {"smtp_security": "none"}],
)  # fmt: skip
def test_another_server_or_name_asks_for_the_password_again(admin, box, change_of):
    answer = change(admin, box, **change_of)

    assert answer.status_code == 422
    assert "прежнему серверу: новому" in answer.text
    assert str(next(iter(change_of.values()))) in answer.text  # what was typed stays
    assert {name: getattr(box, name) for name in KNOWN} == KNOWN

    assert change(admin, box, secret="новая тайна", **change_of).status_code == 302
    assert credentials.password(box) == "новая тайна"
    assert {name: getattr(box, name) for name in change_of} == change_of


@pytest.mark.parametrize(
    "change_of",
    [{}, {"imap_host": "IMAP.primer.example"}, {"smtp_host": ""}, {"username": "help@primer.example"}],
)  # fmt: skip
def test_the_same_house_keeps_the_password(admin, box, change_of):
    assert change(admin, box, **change_of).status_code == 302
    assert credentials.password(box) == "тайна"


WEAK = {"imap_port": 31143, "imap_security": "none", "smtp_port": 587, "smtp_security": "starttls"}


@pytest.mark.parametrize(
    "change_of",
    [{"imap_port": 993, "imap_security": "tls"}, {"imap_port": 143, "imap_security": "starttls"},
     {"smtp_port": 465, "smtp_security": "tls"}],
)  # fmt: skip
def test_stronger_encryption_at_its_usual_port_keeps_the_password(admin, box, change_of):
    Box.objects.update(**WEAK)

    assert change(admin, box, **WEAK | change_of).status_code == 302
    assert credentials.password(box) == "тайна"
    assert {name: getattr(box, name) for name in change_of} == change_of


@pytest.mark.parametrize(
    "change_of",
    [{"imap_port": 8993, "imap_security": "tls"}, {"imap_port": 143}, {"imap_port": 993},
     {"smtp_port": 587, "smtp_security": "none"}, {"smtp_port": 587, "smtp_security": "tls"}],
)  # fmt: skip
def test_another_way_to_a_weak_server_asks_for_the_password_again(admin, box, change_of):
    Box.objects.update(**WEAK)

    assert change(admin, box, **WEAK | change_of).status_code == 422
    assert {name: getattr(box, name) for name in WEAK} == WEAK


def test_a_foreign_outgoing_server_is_not_even_tried(admin):
    by = make.admin()
    box = connecting.door("info@primer.example", "", make.team(), by=by, at=timezone.now())
    connecting.set_outgoing(box, Server("smtp.primer.example", 465, "tls"), "desk", "тайна", by=by)
    typed = {"smtp_host": "127.0.0.1", "smtp_security": "none", "username": "desk"}
    with sink(World(password="тайна")) as server:
        form = typed | {"smtp_port": server.port}
        refused = admin.post(reverse("channels:outgoing", args=[box.pk]), form)
        assert (refused.status_code, server.world.lines) == (422, 0)

        taken = admin.post(reverse("channels:outgoing", args=[box.pk]), form | {"secret": "тайна"})

    assert "прежнему серверу: новому" in refused.text
    assert taken.status_code == 302


def test_a_box_begun_anew_at_another_server_forgets_the_password():
    make.team()
    by, preset = make.admin(), presets.OWN
    for host, secret, kept in [
        ("a.example", "тайна", True),
        ("a.example", "", True),
        ("b.example", "", False),
    ]:
        servers = Servers(Server(host, 993, "tls"), Server("", 465, "tls"))
        connecting.begin("help@primer.example", preset, servers, secret, by=by, at=timezone.now())

        assert bool(Box.objects.get().secret) is kept
