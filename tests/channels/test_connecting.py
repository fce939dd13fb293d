import contextlib
import socket
import ssl
import threading

import pytest
from django.urls import reverse

from otklik.channels.email import checking, credentials, presets, troubles
from otklik.channels.models import Box, Envelope
from tests import make
from tests.channels.letters import letter
from tests.mailservers import certificate, free_port
from tests.relaying import relay

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.mailserver]


@pytest.fixture
def admin(client):
    client.force_login(make.admin())
    return client


@pytest.fixture
def account(dovecot, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.ca))
    return dovecot.account()


def address(name: str, *args: object) -> str:
    return reverse(f"channels:{name}", args=args)


def mailbox(dovecot, account, **fields) -> Box:
    values = {
        "kind": "imap", "mode": "off", "connected_at": None, "imap_host": "localhost", "auth": "password",
        "imap_port": dovecot.imaps_port, "secret": credentials.seal(account.password),
    }  # fmt: skip
    return make.box(account.address, **{**values, **fields})


def said(page) -> str:
    return " ".join(page.content.decode().replace("\xa0", " ").split())


def test_mailbox_is_connected_in_four_steps_without_a_script(admin, dovecot, account):
    team = make.team()
    with relay(dovecot, password=account.password) as smtp_port:
        typed = {
            "address": account.address, "preset": "own", "secret": account.password,
            "imap_host": "localhost", "imap_port": dovecot.imaps_port, "imap_security": "tls",
            "smtp_host": "127.0.0.1", "smtp_port": smtp_port, "smtp_security": "none",
        }  # fmt: skip
        admin.post(address("new"), typed)
        box = Box.objects.get()
        page = said(admin.post(address("check-all", box.pk), follow=True))
        for _ in range(5):  # the letter to ourselves is on its way for a moment
            page = (
                page if "вернулось" in page else said(admin.post(address("check-all", box.pk), follow=True))
            )

    for words in ("Нашли сервер почты", "сертификат действует до", "впустила", "во входящих", "вернулось"):
        assert words in page
    admin.post(address("take", box.pk), {"history_days": "30"})
    admin.post(address("answer", box.pk), {"team": team.pk, "name": "Поддержка", "answers": ""})
    box.refresh_from_db()
    assert (box.mode, box.history_days, box.sent_folder) == ("observe", 30, "Sent")
    assert box.connected_at is not None
    assert not Envelope.objects.exists()


def test_list_of_checks_comes_back_to_the_script_piece_by_piece(admin, dovecot, account):
    box = mailbox(dovecot, account)
    first = said(admin.post(address("check-one", box.pk, "server")))

    assert "<html" not in first
    assert "Нашли сервер почты" in first
    assert address("check-one", box.pk, "encryption") in first
    assert address("check-one", box.pk, "signin") not in first


def test_refused_password_is_explained_with_steps_and_a_new_one_is_tried(admin, dovecot, account):
    box = mailbox(dovecot, account, preset="yandex", secret=credentials.seal("prim-er20-26no-yabr"))
    page = said(admin.post(address("check-all", box.pk), {"secret": "prim-er20-26no-yabr"}, follow=True))

    assert "Почта не приняла пароль" in page
    assert ">«Пароли приложений»</a> в Яндекс ID" in page
    assert "16 латинских букв без цифр, в прошлый раз: 16 знаков, из них 4 цифры" in page
    assert "AUTHENTICATIONFAILED" in page
    assert "prim-er20" not in page

    page = said(admin.post(address("check-all", box.pk), {"secret": account.password}, follow=True))
    assert "Почта впустила нас" in page


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"imap_host": "nosuch.invalid"}, "Не нашли сервер почты"),
        ({"imap_port": None}, "Сервер почты не отвечает"),
    ],
)
def test_dead_server_is_told_from_a_wrong_name(dovecot, account, fields, title):
    if "imap_port" in fields:
        fields = {"imap_port": free_port()}
    result = checking.run("server", mailbox(dovecot, account, **fields))

    assert (result.ok, result.title) == (False, title)
    assert result.trouble.steps


def test_certificate_of_another_name_is_refused_in_words(dovecot, account, scratch, monkeypatch):
    pem = certificate(scratch, "other.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with tls_server(scratch) as port:
        result = checking.run("encryption", mailbox(dovecot, account, imap_port=port))

    assert result.title == "Сертификат сервера не подходит"
    assert "не на имя localhost" in result.words


def test_certificate_that_nobody_vouches_for_is_refused_and_a_known_one_is_taken(
    dovecot, account, monkeypatch
):
    box = mailbox(dovecot, account)
    assert checking.run("encryption", box).ok

    monkeypatch.delenv("SSL_CERT_FILE")
    assert "подписан тем, кого эта машина не знает" in checking.run("encryption", box).words


def test_port_without_tls_is_told(dovecot, account):
    result = checking.run("encryption", mailbox(dovecot, account, imap_port=dovecot.imap_port))

    assert "отвечают без TLS" in result.words


@contextlib.contextmanager
def tls_server(folder):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                line, _ = server.accept()
                with contextlib.suppress(OSError), line, context.wrap_socket(line, server_side=True):
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
    thread.join(5)


def test_letter_that_the_server_refuses_is_explained(admin, dovecot, account):
    box = mailbox(dovecot, account, smtp_host="127.0.0.1", smtp_port=free_port(), smtp_security="none")
    result = checking.run("sending", box)

    assert (result.ok, result.title) == (False, "Письмо не ушло")


def test_ledger_names_what_differs_and_fetches_it(admin, dovecot, account):
    box = mailbox(dovecot, account, mode="observe", connected_at=make.NOON)
    dovecot.deliver(account, letter("Раз", Subject="Есть"))
    admin.get(address("ledger", box.pk))
    admin.post(address("bring", box.pk))
    dovecot.deliver(account, letter("Два", Subject="Пропало у нас"))

    page = said(admin.get(address("ledger", box.pk)))
    assert "Расходятся: 1" in page
    assert "Пропало у нас" in page

    admin.post(address("bring", box.pk))
    assert "Всё сходится" in said(admin.get(address("ledger", box.pk)))


def test_disabled_imap_is_told_by_the_words_of_the_service():
    box = Box(address="a@yandex.ru", preset="yandex", auth="password")
    trouble = troubles.sign_in(box, "LOGIN invalid credentials or IMAP is disabled")

    assert trouble.title == "IMAP выключен"
    assert "Почтовые программы" in trouble.steps[0]


@pytest.mark.parametrize(
    ("domain", "key"),
    [("yandex.ru", "yandex"), ("bk.ru", "mailru"), ("gmail.com", "google"), ("live.ru", "microsoft")],
)
def test_service_is_known_by_the_domain_of_an_address(domain, key):
    found = presets.guess(f"help@{domain}")
    assert found is not None
    assert found.key == key


def test_unknown_domain_is_no_service():
    assert presets.guess("help@primer.example") is None
