"""Sessions that nobody guesses or reads off an address, and what the server never gives out."""

import re

import pytest
from django.conf import settings

from otklik.accounts.models import Session
from tests import make
from tests.rights import doors
from tests.safety import walking
from tests.test_shape import files, name

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(400)]  # a walk over all addresses


def test_a_session_key_cannot_be_guessed():
    keys = {walking.administrator().session.session_key for _ in range(1)} | {
        Session.get_session_store_class()()._get_new_session_key() for _ in range(50)
    }

    assert len(keys) == 51
    assert all(re.fullmatch(r"[a-z0-9]{32}", one or "") for one in keys)  # 32 of 36 signs: 165 bits


def test_no_page_and_no_redirect_names_the_session(there):
    browser = walking.administrator()
    key = str(browser.session.session_key)

    told = [seen.body + str(seen.answer.headers) for seen in walking.walk(there, browser, "GET")]

    assert [one[:80] for one in told if key in one] == []


@pytest.mark.parametrize(
    "path",
    [
        "/static/", "/static/web/", "/static/../env.py", "/static/%2e%2e/env.py", "/.git/config", "/.env", "/files/",
        "/secret.key", "/static/web/css/tokens.css~", "/pyproject.toml", "/otklik/env.py", "/media/",
    ],
)  # fmt: skip
def test_no_folder_and_no_file_of_the_repository_is_given_out(path):
    answer = walking.nobody().get(path)
    doors.body(answer)

    assert answer.status_code == 404


def test_the_practice_mailbox_and_the_apis_documentation_are_not_there():
    browser = walking.administrator()

    for path in ("/practice/", "/api/v1/docs", "/api/v1/openapi.json", "/admin/", "/__debug__/"):
        assert browser.get(path).status_code == 404, path
    assert settings.DEBUG is False


def test_no_script_of_ours_evaluates_words():
    bad = re.compile(
        r"\beval\(|new Function\(|\.innerHTML\s*=|insertAdjacentHTML|document\.write|setTimeout\(\s*[\"']"
    )
    ours = [path for path in files(".js") if "/vendor/" not in name(path)]

    assert len(ours) > 10
    assert [name(path) for path in ours if bad.search(path.read_text(encoding="utf-8"))] == []


def test_a_page_of_a_session_that_was_ended_leads_to_the_door():
    browser = walking.administrator()
    make.agent()
    Session.objects.all().delete()

    assert browser.get("/desk/")["Location"].startswith("/sign-in/")
