"""What happened at the doors stands in the log, without addresses, passwords or keys."""

import json

import pytest
from structlog.testing import capture_logs

from otklik.accounts import keys
from tests import make
from tests.safety import walking

pytestmark = pytest.mark.django_db
ADDRESS = "anna@primer.example"


def test_what_happened_at_the_door_is_logged_without_addresses_or_secrets():
    anna = make.agent(email=ADDRESS)
    with capture_logs() as lines:
        for password in ["не тот пароль"] * 5 + [make.PASSWORD]:
            walking.nobody().post("/sign-in/", {"email": ADDRESS, "password": password})
        walking.nobody().post("/sign-in/", {"email": "boris@primer.example", "password": "не тот пароль"})
        walking.nobody().get("/api/v1/me", headers={"Authorization": f"Bearer {keys.BEGINS}_abc_secretword"})
        walking.nobody().force_login(anna)

    events = [one["event"] for one in lines]
    assert events.count("sign_in.wrong") == 6
    assert {"sign_in.too_soon", "sign_in.done", "key.wrong"} <= set(events)
    wrong = [one["address"] for one in lines if one["event"] == "sign_in.wrong"]
    assert len(set(wrong)) == 2  # the same address is known again
    told = json.dumps(lines, ensure_ascii=False, default=str)
    for secret in (ADDRESS, "boris", make.PASSWORD, "не тот пароль", "secretword", "127.0.0.1"):
        assert secret not in told


def test_a_refusal_of_rights_is_logged():
    browser, anna = walking.nobody(), make.agent()
    browser.force_login(anna)
    with capture_logs() as lines:
        assert browser.get("/people/").status_code == 403

    refused = [one for one in lines if one["event"] == "access.refused"]
    assert [(one["address"], one["user"], one["method"]) for one in refused] == [("people", anna.pk, "GET")]


def test_a_line_of_the_log_is_one_line(capsys):
    import logging

    import structlog

    from otklik.site import logs

    kept = structlog.get_config()
    handlers = logging.getLogger().handlers[:]
    try:
        logs.set_up(debug=False)
        structlog.get_logger("otklik.security").warning(
            "sign_in.wrong", address="a\nsign_in.done user=1\r\x1b[2J"
        )
    finally:
        structlog.configure(**kept)
        logging.getLogger().handlers[:] = handlers

    said = capsys.readouterr()
    assert len((said.out + said.err).strip().splitlines()) == 1
    assert "\x1b[2J" not in said.out + said.err
