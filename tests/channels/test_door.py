import smtplib
import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from otklik.channels.email.door import Door
from otklik.channels.models import Box, Envelope
from otklik.staff.models import Team

pytestmark = pytest.mark.django_db(transaction=True)
LETTER = b"From: vera@client.example\r\nTo: help@desk.example\r\nSubject: hi\r\n\r\nHello\r\n"
NOW = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


@pytest.fixture
def box():
    team = Team.objects.create(name="Поддержка")
    return Box.objects.create(address="help@desk.example", kind="door", team=team, created_at=NOW)


@pytest.fixture
def door(box):
    with _open() as opened:
        yield opened


@contextmanager
def _open():
    stopping = threading.Event()
    door = Door("127.0.0.1", None, None)
    thread = threading.Thread(target=door.run, args=(stopping,))
    thread.start()
    assert door.ready.wait(10)
    yield door
    stopping.set()
    thread.join(10)


def _smtp(door):
    return smtplib.SMTP("127.0.0.1", door.smtp_port, timeout=10)


def _raw() -> list[bytes]:
    return [bytes(raw or b"") for raw in Envelope.objects.order_by("pk").values_list("raw", flat=True)]


def test_letter_is_stored_byte_for_byte_before_the_sender_hears_250(door, box):
    with _smtp(door) as smtp:
        smtp.sendmail("vera@client.example", ["help@desk.example"], LETTER)

        kept = Envelope.objects.get()
    assert (bytes(kept.raw or b""), kept.box, kept.state) == (LETTER, box, "new")
    assert (kept.mail_from, kept.rcpt_to) == ("vera@client.example", ["help@desk.example"])


def test_swaks_is_understood(door):
    command = ["swaks", "--server", f"127.0.0.1:{door.smtp_port}", "--from", "vera@client.example"]
    done = subprocess.run(  # noqa: S603 - swaks of this machine
        [*command, "--to", "help@desk.example", "--tls-optional"], capture_output=True, check=False
    )

    assert done.returncode == 0, done.stdout.decode()
    assert Envelope.objects.count() == 1


def test_stranger_address_is_refused_and_ours_in_the_same_letter_is_taken(door):
    with _smtp(door) as smtp:
        refused = smtp.sendmail("a@b.example", ["help@desk.example", "victim@other.example"], LETTER)

    assert list(refused) == ["victim@other.example"]
    assert refused["victim@other.example"][0] == 550
    assert b"do not relay" in refused["victim@other.example"][1]
    assert Envelope.objects.get().rcpt_to == ["help@desk.example"]


def test_box_that_is_switched_off_takes_no_letters(box):
    Box.objects.update(mode=Box.Mode.OFF)
    with _open() as door, _smtp(door) as smtp, pytest.raises(smtplib.SMTPRecipientsRefused):
        smtp.sendmail("a@b.example", ["help@desk.example"], LETTER)


@pytest.mark.parametrize("address", ["help+t12.abc@desk.example", "HELP@Desk.Example"])
def test_plus_part_and_case_lead_to_the_same_box(door, address):
    with _smtp(door) as smtp:
        smtp.sendmail("a@b.example", [address], LETTER)

    assert Envelope.objects.get().rcpt_to == [address]


def test_bounce_with_an_empty_return_path_is_taken(door):
    with _smtp(door) as smtp:
        smtp.sendmail("", ["help@desk.example"], LETTER)

    assert Envelope.objects.get().mail_from == ""


def test_same_bytes_twice_are_one_letter(door):
    with _smtp(door) as smtp:
        for _ in range(2):
            smtp.sendmail("a@b.example", ["help@desk.example"], LETTER)

    assert len(_raw()) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"x" * 200_000 + b"\r\n",
        b"nul \0 inside\r\n",
        b"bare\nline\nfeeds\n.\nand \r alone\r\n",
        b".\r\n..two dots\r\n.one\r\n",
        b"ends with a full stop.\r\n" * 3000,
        "кириллица без объявления\r\n".encode("cp1251"),
        b"",
    ],
)
def test_odd_bytes_are_kept_as_they_are(door, body):
    letter = b"Subject: odd\r\n\r\n" + body

    assert _said_to_raw(door, letter.replace(b"\r\n.", b"\r\n..")) == 250
    assert _raw() == [letter]


def _said_to_raw(door, letter: bytes):
    """Send these bytes and the dot as they are; the code of the answer."""
    with _smtp(door) as smtp:
        smtp.ehlo()
        smtp.mail("a@b.example")
        smtp.rcpt("help@desk.example")
        assert smtp.docmd("DATA")[0] == 354
        smtp.send(letter + b".\r\n")
        return smtp.getreply()[0]


def test_letter_that_is_only_a_dot_is_an_empty_letter(door):
    assert _said_to_raw(door, b"") == 250
    assert _raw() == [b""]


def test_letter_over_the_limit_is_refused_and_the_session_goes_on(door, monkeypatch):
    monkeypatch.setattr("otklik.channels.email.door.LIMIT_BYTES", 100_000)
    with _smtp(door) as smtp:
        smtp.ehlo()
        smtp.mail("a@b.example")
        smtp.rcpt("help@desk.example")
        code, words = smtp.data(b"x" * 150_000)
        assert (code, b"larger" in words) == (552, True)

        smtp.sendmail("a@b.example", ["help@desk.example"], LETTER)
    assert _raw() == [LETTER]


def test_limit_is_announced_and_a_declared_giant_is_refused_at_once(door):
    with _smtp(door) as smtp:
        smtp.ehlo()

        assert smtp.esmtp_features["size"] == "52428800"
        assert {"8bitmime", "smtputf8", "pipelining", "starttls"} <= set(smtp.esmtp_features)
        assert "auth" not in smtp.esmtp_features
        assert smtp.mail("a@b.example", ["SIZE=60000000"])[0] == 552


def test_pipelined_commands_are_answered_in_their_order(door):
    commands = b"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<help@desk.example>\r\nDATA\r\n"
    with socket.create_connection(("127.0.0.1", door.smtp_port), 10) as line:
        line.sendall(commands)
        heard = b""
        while b"354 " not in heard:
            heard += line.recv(4096)
        line.sendall(LETTER + b".\r\nQUIT\r\n")
        while chunk := line.recv(4096):
            heard += chunk

    codes = [one[:3] for one in heard.split(b"\r\n") if one and one[3:4] == b" "]
    assert codes == [b"220", b"250", b"250", b"250", b"354", b"250", b"221"]
    assert _raw() == [LETTER]


def test_starttls_with_our_own_certificate_hides_the_letter(door):
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    with _smtp(door) as smtp:
        assert smtp.starttls(context=trusting)[0] == 220
        smtp.sendmail("a@b.example", ["help@desk.example"], LETTER)

    assert _raw() == [LETTER]


def test_lmtp_answers_for_each_recipient(door):
    with smtplib.LMTP("127.0.0.1", door.lmtp_port) as lmtp:
        lmtp.ehlo()
        lmtp.mail("a@b.example")
        for address in ("help@desk.example", "help+t1@desk.example"):
            lmtp.rcpt(address)
        lmtp.docmd("DATA")
        lmtp.send(LETTER + b".\r\n")
        answers = [lmtp.getreply()[0], lmtp.getreply()[0]]

    assert (answers, _raw()) == ([250, 250], [LETTER])


def test_letters_of_many_sessions_at_once_are_all_there(door):
    def send(number: int) -> None:
        with _smtp(door) as smtp:
            for letter in range(20):
                smtp.sendmail("a@b.example", ["help@desk.example"], LETTER + b"%d %d\r\n" % (number, letter))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert Envelope.objects.count() == 160


def test_one_who_guesses_addresses_is_sent_away(door):
    with _smtp(door) as smtp:
        smtp.ehlo()
        smtp.mail("a@b.example")
        codes = [smtp.rcpt(f"guess{number}@desk.example")[0] for number in range(25)]

    assert codes[:20] == [550] * 20
    assert codes[-1] == 421
