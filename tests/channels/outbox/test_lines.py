"""Opening the line: encryption, passwords, and a clear word when it does not open."""

import ssl
from pathlib import Path

import pytest

from otklik.channels.outbox.smtp import Line, Parcel, Unreachable, Verdict, Way
from tests.channels.outbox.conftest import SHORT
from tests.channels.outbox.sinks import Sink, World, sink
from tests.mailservers import certificate

LETTER = Parcel("help@primer.example", ("vera@kvarts.example",), b"Subject: x\r\n\r\n.dot\r\nend")


def context(folder: Path, name: str) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate(folder, name), folder / "server.key")
    return made


def nothing() -> None:
    """No mark to make: there is no database here."""


def test_line_with_starttls_takes_a_letter_from_a_known_authority(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
):
    tls = context(scratch, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(scratch / "server.pem"))
    with sink(tls=tls) as server:
        line = Line(Way("localhost", server.port, "starttls"), SHORT)
        answers = line.send(LETTER, nothing)
        line.close()

    assert answers["vera@kvarts.example"].verdict == Verdict.SENT


def test_certificate_of_another_name_stops_us_with_a_word(scratch: Path, monkeypatch: pytest.MonkeyPatch):
    tls = context(scratch, "other.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(scratch / "server.pem"))
    with sink(tls=tls) as server, pytest.raises(Unreachable, match=r"Сертификат сервера .* не подходит"):
        Line(Way("localhost", server.port, "starttls"), SHORT)


def test_server_without_starttls_stops_us_with_a_word(server: Sink):
    with pytest.raises(Unreachable, match="не умеет STARTTLS"):
        Line(Way("127.0.0.1", server.port, "starttls"), SHORT)


@pytest.mark.parametrize("password", ["secret", "пароль с буквами"])
def test_password_opens_the_line_russian_letters_too(password: str):
    with sink(World(password=password)) as server:
        line = Line(Way("127.0.0.1", server.port, "none", "help@primer.example", password), SHORT)
        line.close()

    assert server.world.lines == 1


def test_wrong_password_stops_us_with_a_word():
    with (
        sink(World(password="right")) as server,
        pytest.raises(Unreachable, match="не принял имя или пароль"),
    ):
        Line(Way("127.0.0.1", server.port, "none", "help@primer.example", "wrong"), SHORT)


def test_lines_that_begin_with_a_dot_arrive_as_they_were(server: Sink):
    line = Line(Way("127.0.0.1", server.port, "none"), SHORT)
    line.send(LETTER, nothing)
    line.close()

    assert server.world.letters[0].raw.rstrip() == LETTER.content


def test_address_in_russian_letters_fails_where_the_server_cannot_take_it(server: Sink):
    line = Line(Way("127.0.0.1", server.port, "none"), SHORT)
    answers = line.send(Parcel("help@primer.example", ("вера@кварц.example",), b"x"), nothing)
    line.close()

    assert answers["вера@кварц.example"].verdict == Verdict.FAILED
    assert server.world.letters == []


def test_domain_in_russian_letters_goes_as_idna(server: Sink):
    line = Line(Way("127.0.0.1", server.port, "none"), SHORT)
    line.send(Parcel("help@primer.example", ("vera@кварц.example",), b"x"), nothing)
    line.close()

    assert server.world.letters[0].recipients == ("vera@xn--80adx0a4a.example",)


def test_mark_that_is_refused_keeps_the_letter_from_leaving(server: Sink):
    line = Line(Way("127.0.0.1", server.port, "none"), SHORT)

    def refuse() -> None:
        raise KeyError("taken over")

    with pytest.raises(KeyError):
        line.send(LETTER, refuse)

    assert not line.is_open
    assert server.world.letters == []


def test_letter_that_the_server_refused_at_data_spoils_nothing_for_the_next(server: Sink):
    line = Line(Way("127.0.0.1", server.port, "none"), SHORT)
    server.world.at_data = "451 4.3.0 too busy"
    refused = line.send(LETTER, nothing)
    server.world.at_data = ""
    taken = line.send(LETTER, nothing)
    line.close()

    assert [one["vera@kvarts.example"].verdict for one in (refused, taken)] == [Verdict.RETRY, Verdict.SENT]


def test_host_that_can_be_no_name_stops_us_with_a_word():
    with pytest.raises(Unreachable, match="не отвечает"):
        Line(Way("smtp..example", 465, "tls"), SHORT)
