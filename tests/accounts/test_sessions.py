"""Where I am signed in: each browser by itself, ending one or all, and what else ends with it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from otklik.accounts import sessions
from otklik.accounts.models import Session, User
from tests import make

pytestmark = pytest.mark.django_db
ADDRESS = "anna@primer.example"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
YANDEX = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 YaBrowser/25.10 Safari/537.36"


@pytest.fixture
def anna() -> User:
    return make.agent("Анна Орлова", email=ADDRESS)


def signed_in(agent: str = FIREFOX, place: str = "192.0.2.7") -> Client:
    browser = Client(headers={"user-agent": agent}, REMOTE_ADDR=place)
    browser.post("/sign-in/", {"email": ADDRESS, "password": make.PASSWORD})
    return browser


def test_the_list_says_which_browser_from_where_and_which_is_this_one(anna):
    signed_in(YANDEX, "198.51.100.4")
    page = signed_in().get("/me/security/").text

    assert "Яндекс Браузер, Windows" in page
    assert "Firefox, Linux" in page
    assert "198.51.100.4" in page
    assert page.count("этот браузер") == 1


def test_one_session_is_ended_and_the_others_stay(anna):
    mine, stolen = signed_in(), signed_in(YANDEX)
    found = re.search(r"/me/security/sessions/[0-9a-f]{20}/", mine.get("/me/security/").text)
    assert found

    mine.post(found[0])

    assert stolen.get("/me/").status_code == 302
    assert mine.get("/me/").status_code == 200


def test_sign_out_everywhere_ends_this_browser_too(anna):
    mine, other = signed_in(), signed_in(YANDEX)

    assert mine.post("/me/security/sessions/")["Location"] == "/sign-in/"

    assert [one.get("/me/").status_code for one in (mine, other)] == [302, 302]
    assert not Session.objects.filter(user=anna).exists()


def test_nobody_ends_a_session_of_somebody_else(anna):
    signed_in()
    name = sessions.of(anna, None, at=timezone.now())[0].key
    boris = Client()
    boris.force_login(make.agent("Борис Ким"))

    boris.post(f"/me/security/sessions/{name}/")

    assert Session.objects.filter(user=anna).count() == 1


@pytest.mark.parametrize("deed", ["one", "all"])
def test_live_streams_end_with_a_session(anna, deed):
    signed_in()
    before = User.objects.get().access_epoch

    if deed == "one":
        assert sessions.end(anna, sessions.of(anna, None, at=timezone.now())[0].key)
    else:
        sessions.end_all(anna)

    assert User.objects.get().access_epoch > before


def test_the_last_use_is_written_once_in_five_minutes(anna, django_assert_num_queries):
    browser = signed_in()
    early = timezone.now() - timedelta(minutes=6)
    Session.objects.update(seen_at=early)

    browser.get("/me/security/")
    seen = Session.objects.get(user=anna).seen_at
    browser.get("/me/security/")

    assert seen > early
    assert Session.objects.get(user=anna).seen_at == seen


def test_an_administrator_closes_the_sessions_of_somebody_and_an_agent_cannot(anna):
    browser, admin, boris = signed_in(), Client(), Client()
    admin.force_login(make.admin())
    boris.force_login(make.agent("Борис Ким"))

    assert boris.post(f"/people/{anna.pk}/sessions/").status_code == 403
    assert browser.get("/me/").status_code == 200
    admin.post(f"/people/{anna.pk}/sessions/")
    assert browser.get("/me/").status_code == 302


def test_who_left_and_comes_back_signs_in_anew(anna):
    browser = signed_in()
    admin = Client()
    admin.force_login(make.admin())
    admin.post(f"/people/{anna.pk}/leaving/")
    admin.post(f"/people/{anna.pk}/leaving/")

    assert browser.get("/me/").status_code == 302
    assert signed_in().get("/me/").status_code == 200


def test_sessions_whose_time_is_over_are_swept(anna):
    signed_in()
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    signed_in()

    assert sessions.forget_old(at=timezone.now()) == 1
    assert Session.objects.filter(user=anna).count() == 1
