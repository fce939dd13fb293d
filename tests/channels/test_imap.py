import contextlib
import imaplib
import ssl
import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from otklik.channels.email import credentials, fetching, imap
from otklik.channels.email.watching import Patience, Watchers
from otklik.channels.models import Box, Cursor, Envelope
from otklik.desk.models import Delivery, Message, Ticket
from tests import make
from tests.channels.letters import letter, sweep

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.mailserver]
QUICK = Patience(look_s=60, connect_s=5, pauses_s=(0.05,), sign_in_pauses_s=(0.05,))


@pytest.fixture
def account(dovecot, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.ca))
    return dovecot.account()


@pytest.fixture
def box(dovecot, account):
    return imap_box(dovecot, account)


def imap_box(dovecot, account, **fields) -> Box:
    values = {
        "kind": "imap", "mode": "observe", "imap_host": "localhost", "imap_port": dovecot.imaps_port,
        "imap_security": "tls", "auth": "password", "secret": credentials.seal(account.password),
    }  # fmt: skip
    return make.box(account.address, **{**values, **fields})


@contextlib.contextmanager
def watched(patience=QUICK):
    stopping = threading.Event()
    watchers = Watchers(patience)
    thread = threading.Thread(target=watchers.run, args=(stopping,))
    thread.start()
    try:
        yield watchers
    finally:
        stopping.set()
        thread.join(20)


def connect(box) -> None:
    """The moment of our acquaintance is now; the server tells times in whole seconds."""
    box.connected_at = timezone.now() + timedelta(seconds=1)
    box.save()


def fetch(box) -> fetching.Fetched:
    with imap.dial(box) as line:
        return fetching.fetch(line, box, "INBOX", at=make.NOON)


def seen_flags(dovecot, account) -> bytes:
    with dovecot.open(account) as test:
        return b" ".join(test.uid("fetch", "1:*", "(FLAGS)")[1])


def test_letter_pushed_by_the_server_is_ours_without_a_poll(dovecot, account, box, wait_until):
    with watched():
        wait_until(lambda: Cursor.objects.filter(box=box).exists())
        dovecot.deliver(account, letter("Пришло само"))
        wait_until(lambda: Envelope.objects.filter(box=box).exists())

    envelope = Envelope.objects.get()
    assert (envelope.source, envelope.history, envelope.uid) == ("imap", False, 1)
    assert b"Seen" not in seen_flags(dovecot, account)


def test_letters_that_lay_there_are_history_and_later_ones_are_not(dovecot, account, box):
    dovecot.deliver(account, letter("Старое"))
    connect(box)
    fetch(box)
    dovecot.deliver(account, letter("Новое"))
    fetch(box)
    sweep()

    states = {
        message.reply_text: message.ticket.state for message in Message.objects.select_related("ticket")
    }
    assert states == {"Старое": "closed", "Новое": "new"}
    assert Ticket.objects.get(state="closed").news.count() == 0


@pytest.mark.parametrize("days", [0, 90])
def test_letter_that_came_before_our_first_look_but_after_the_connecting_is_no_history(
    dovecot, account, box, days
):
    dovecot.deliver(account, letter("Старое"))
    box.connected_at, box.history_days = timezone.now() - timedelta(hours=1), days
    box.save()  # an hour ago, and nobody could look since
    fetch(box)

    assert Envelope.objects.get().history is False


def test_history_of_no_days_leaves_what_lay_there_on_the_server(dovecot, account, box):
    dovecot.deliver(account, letter("Старое"))
    box.history_days = 0
    connect(box)
    fetch(box)
    dovecot.deliver(account, letter("Новое"))
    fetch(box)
    sweep()

    assert Message.objects.get().reply_text == "Новое"


def test_box_is_read_on_after_its_server_was_killed(dovecot, account, box, wait_until):
    with watched():
        wait_until(lambda: Cursor.objects.filter(box=box).exists())
        dovecot.kill()
        wait_until(lambda: Box.objects.get(pk=box.pk).trouble)
        dovecot.start()
        dovecot.deliver(account, letter())
        # a line that was just being made is given up after CONNECT_LIMIT_S
        wait_until(lambda: Envelope.objects.filter(box=box).exists(), timeout_s=60)
        wait_until(lambda: not Box.objects.get(pk=box.pk).trouble)


def test_letters_are_not_doubled_when_the_server_numbers_them_anew(dovecot, account, box):
    for text in ("Раз", "Два"):
        dovecot.deliver(account, letter(text))
    fetch(box)
    before = Cursor.objects.get(box=box).uidvalidity
    for name in dovecot.home(account).glob("dovecot*"):
        name.unlink()
    uidlist = dovecot.home(account) / "dovecot-uidlist"
    uidlist.write_text("3 V1234567 N1\n")
    uidlist.chmod(0o666)
    dovecot.deliver(account, letter("Три"))
    fetch(box)

    cursor = Cursor.objects.get(box=box)
    assert cursor.uidvalidity != before
    assert Envelope.objects.count() == 3
    assert set(Envelope.objects.values_list("uidvalidity", flat=True)) == {cursor.uidvalidity}


def test_letter_that_vanishes_between_search_and_fetch_stops_nobody(dovecot, account, box, monkeypatch):
    fetch(box)
    for text in ("Исчезнет", "Останется"):
        dovecot.deliver(account, letter(text))
    with imap.dial(box) as line:
        found = line.uids_from
        meeting = lambda first, last=None: _then_delete_first(dovecot, account, found(first, last))  # noqa: E731
        monkeypatch.setattr(line, "uids_from", meeting)
        got = fetching.fetch(line, box, "INBOX", at=make.NOON)

    assert (got.looked, got.stored) == (2, 1)
    assert Cursor.objects.get(box=box).last_uid == 2


def _then_delete_first(dovecot, account, uids):
    with dovecot.open(account) as test:
        test.uid("store", str(uids[0]), "+FLAGS", "(\\Deleted)")
        test.expunge()
    return uids


def test_letter_over_the_limit_opens_a_request_that_says_so(dovecot, account, box, monkeypatch):
    fetch(box)
    dovecot.deliver(account, letter("Начало письма " + "х" * 200_000, Subject="Большое"))
    for module in ("otklik.channels.email.fetching", "otklik.channels.intake.storing"):
        monkeypatch.setattr(f"{module}.LIMIT_BYTES", 100_000)
    fetch(box)
    sweep()

    envelope = Envelope.objects.get()
    assert envelope.state == "fault"
    assert len(envelope.raw or b"") == fetching.BEGINNING_BYTES < envelope.size_bytes
    message = Message.objects.get()
    assert message.ticket.subject == "Большое"
    assert "показываем только его начало" in message.text


def test_letter_that_appears_below_the_cursor_is_found_by_looking_back(dovecot, account, box):
    fetch(box)
    for text in ("Раз", "Два"):
        dovecot.deliver(account, letter(text))
    fetch(box)
    Envelope.objects.filter(uid=1).delete()
    doubles: set[int] = set()
    with imap.dial(box) as line:
        assert fetching.look_back(line, box, "INBOX", doubles, at=make.NOON) == 1
        assert fetching.look_back(line, box, "INBOX", doubles, at=make.NOON) == 0


def test_access_token_opens_a_box_where_an_expired_one_does_not(dovecot, account, box, monkeypatch):
    box.auth = "xoauth2"
    monkeypatch.setattr(credentials, "access_token", lambda _box: dovecot.token(account))
    with imap.dial(box) as line:
        assert line.open("INBOX").letters == 0

    monkeypatch.setattr(credentials, "access_token", lambda _box: dovecot.token(account, lives_s=-60))
    with pytest.raises(imaplib.IMAP4.error):
        imap.dial(box)


def test_starttls_line_is_encrypted(dovecot, account):
    box = imap_box(dovecot, account, imap_port=dovecot.imap_port, imap_security="starttls")
    with imap.dial(box) as line:
        sock = line._client.sock
        assert isinstance(sock, ssl.SSLSocket)
        assert str(sock.version()).startswith("TLS")


def test_two_processes_do_not_watch_one_box(dovecot, account, box):
    one, other = Watchers(QUICK), Watchers(QUICK)
    try:
        one.tick()
        other.tick()
        assert (list(one._watches), list(other._watches)) == ([box.pk], [])

        one.close()
        other.tick()
        assert list(other._watches) == [box.pk]
    finally:
        one.close()
        other.close()


def test_new_password_is_tried_at_once(dovecot, account, box, wait_until):
    Box.objects.update(secret=credentials.seal("старый"))
    patience = Patience(look_s=60, connect_s=5, pauses_s=(60,), sign_in_pauses_s=(60,))
    with watched(patience) as watchers:
        wait_until(lambda: "пароль" in Box.objects.get().trouble)
        Box.objects.update(secret=credentials.seal(account.password))
        watchers.tick()
        wait_until(lambda: Box.objects.get().alive_at and not Box.objects.get().trouble)


def test_history_of_a_box_that_only_looks_sends_nothing(dovecot, account, box):
    for number in range(300):
        dovecot.deliver(account, letter(f"Письмо {number}"))
    connect(box)
    fetch(box)
    sweep()

    assert Ticket.objects.filter(state="closed").count() == 300
    assert Delivery.objects.count() == 0
