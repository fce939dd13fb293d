import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from otklik.channels.email import credentials, granting
from otklik.channels.email.credentials import Grant, NoCredentials
from tests import make

pytestmark = pytest.mark.django_db


@contextmanager
def token_endpoint(answers):
    """A token endpoint on loopback: gives these (status, object) in turn and keeps what it was asked."""
    asked: list[dict[str, list[str]]] = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            status, body = answers[min(len(asked), len(answers)) - 1]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/token", asked
    server.shutdown()
    thread.join()
    server.server_close()


def box_with(url: str, refresh: str = "долгий ключ"):
    granted = Grant("наше приложение", "секрет", refresh, url)
    secret = credentials.seal(granted)
    return make.box(kind="imap", imap_host="imap.gmail.com", preset="google", auth="xoauth2", secret=secret)


def test_access_token_is_fetched_once_and_kept_while_it_lives():
    with token_endpoint([(200, {"access_token": "А", "expires_in": 3600})]) as (url, asked):
        box = box_with(url)
        assert [credentials.access_token(box) for _ in range(3)] == ["А"] * 3

    assert len(asked) == 1
    assert asked[0]["refresh_token"] == ["долгий ключ"]


def test_token_near_its_end_or_forgotten_is_fetched_again():
    answers = [
        (200, {"access_token": name, "expires_in": life})
        for name, life in (("А", 60), ("Б", 3600), ("В", 3600))
    ]
    with token_endpoint(answers) as (url, _asked):
        box = box_with(url)
        assert credentials.access_token(box) == "А"
        assert credentials.access_token(box) == "Б"
        credentials.forget(box)
        assert credentials.access_token(box) == "В"


@pytest.mark.parametrize(
    ("status", "body", "words", "final"),
    [
        (400, {"error": "invalid_grant"}, "отозвали, или он истёк", True),
        (401, {"error": "invalid_client"}, "не узнала приложение", True),
        (503, {}, "сломалась у себя", False),
        (200, {"token_type": "bearer"}, "не дала ключ доступа", True),
    ],
)
def test_refusal_of_the_service_is_said_with_what_to_do(status, body, words, final):
    with (
        token_endpoint([(status, body)]) as (url, _asked),
        pytest.raises(NoCredentials, match=words) as refused,
    ):
        credentials.access_token(box_with(url))

    assert refused.value.final is final


def test_code_is_changed_into_a_long_key_with_the_proof_of_this_browser():
    with token_endpoint([(200, {"access_token": "А", "refresh_token": "ключ"})]) as (url, asked):
        granted = granting.finish(
            box_with(url, ""), "код", redirect="https://desk.example/", verifier="доказательство"
        )

    assert granted.refresh_token == "ключ"
    assert asked[0]["code_verifier"] == ["доказательство"]


def test_service_that_gives_no_long_key_is_told():
    with (
        token_endpoint([(200, {"access_token": "А"})]) as (url, _asked),
        pytest.raises(granting.NotGranted, match="не дала долгого ключа"),
    ):
        granting.finish(box_with(url, ""), "код", redirect="https://desk.example/", verifier="v")


def test_secret_sealed_with_another_key_asks_for_the_password_again(monkeypatch):
    box = make.box(auth="password", secret=b"gAAAAA-not-ours")

    with pytest.raises(NoCredentials, match="Введите пароль заново"):
        credentials.password(box)
