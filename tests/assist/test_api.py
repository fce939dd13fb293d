"""The coach for programs: contract fields in, findings out, clear refusals."""

import json
import threading

import pytest
from django.utils import timezone

from otklik.accounts import keys
from otklik.accounts.keys import Wish
from otklik.assist import checking
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(client):
    """Send this JSON with a key of the scope «coach»."""
    text = keys.make(Wish("x", ["coach"]), by=make.admin(), at=timezone.now())[1]

    def send(body, path="/api/v1/coach", key=text):
        raw = body if isinstance(body, str) else json.dumps(body)
        headers = {"authorization": f"Bearer {key}"} if key else {}
        return client.post(path, raw, content_type="application/json", headers=headers)

    return send


@pytest.mark.parametrize("path", ["/api/v1/coach", "/api/coach"])
def test_findings_come_in_the_fields_of_the_contract(post, path):
    answer = post({"text": "НЕ ЗВОНИТЕ НАМ!!!", "first": False}, path)

    assert answer.status_code == 200
    shouting = next(one for one in answer.json()["findings"] if one["rule"] == "shouting")
    assert set(shouting) == {"rule", "start", "end", "severity", "reason", "suggestions"}
    assert (shouting["start"], shouting["end"]) == (0, 17)


def test_every_field_of_the_contract_is_taken(post):
    body = {
        "text": "Да.", "first": True, "our_fault": None, "client_text": "Когда?", "complaint": True,
        "now": "2026-11-20T12:00:00+03:00", "lang": "ru",
    }  # fmt: skip

    assert post(body).status_code == 200


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "text"),
        ({"text": 5}, "text"),
        ({"text": "а", "now": "2026-11-20T12:00:00"}, "now"),
        ({"text": "а", "lang": "fr"}, "lang"),
        ({"text": "а", "colour": "red"}, "colour"),
        ({"text": "а" * 200_001}, "200 000"),
        ({"text": "а", "client_text": "а" * 200_001}, "client_text"),
        ("{", "JSON"),
    ],
)
def test_what_can_not_be_read_is_named_with_422(post, body, said):
    answer = post(body)

    assert answer.status_code == 422
    assert said in answer.json()["reason"]


def test_the_longest_text_is_read(post):
    assert post({"text": "слово " * 33_333}).status_code == 200


def test_only_one_program_waits_for_its_turn_and_another_is_told_when_to_come_back(post, wait_until):
    answers = []
    waiter = threading.Thread(target=lambda: answers.append(_waits()))
    with checking.in_turn(), checking.in_turn():
        waiter.start()
        wait_until(checking._waiting.locked)
        refused = post({"text": "а"})
        assert (refused.status_code, refused.json()["code"]) == (503, "coach.busy")
        assert refused.headers["Retry-After"] == "1"
    waiter.join(10)

    assert answers == [True]
    assert post({"text": "а"}).status_code == 200


def _waits():
    """A program that waits for its turn; whether it gets one."""
    with checking.in_turn(wait_s=10):
        return True


def test_a_key_without_the_scope_and_no_key_open_nothing(post):
    other = keys.make(Wish("y", ["me"]), by=make.admin(), at=timezone.now())[1]

    assert post({"text": "а"}, key=other).status_code == 403
    assert post({"text": "а"}, key="").status_code == 401
    assert post({"text": "а"}, "/api/coach", key="").status_code == 401
