"""The first administrator, and passwords set by a one-time link."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from otklik.accounts import firstrun, invitations
from otklik.accounts.models import User
from tests import make
from tests.make import NOON

PASSWORD = "четыре слова подряд тут"


def form(**fields: str) -> dict[str, str]:
    return {
        "code": firstrun.code(), "name": "Ада Главная", "email": "ada@primer.example", "password": PASSWORD, **fields
    }  # fmt: skip


@pytest.mark.django_db
def test_the_code_of_the_terminal_makes_the_first_administrator_and_signs_in():
    browser = Client()
    assert browser.get("/sign-in/")["Location"] == "/first-run/"

    answer = browser.post("/first-run/", form(code=firstrun.code().lower().replace("-", " ")))

    assert answer["Location"] == "/desk/"
    assert User.objects.get().is_admin
    assert browser.session["_auth_user_id"]


@pytest.mark.django_db
def test_a_wrong_code_makes_nobody():
    answer = Client().post("/first-run/", form(code="AAAA-BBBB-CCCC"))

    assert answer.status_code == 422
    assert "Код не подошёл" in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_once_somebody_signs_in_here_the_code_opens_nothing():
    make.admin()

    assert Client().get("/first-run/")["Location"] == "/sign-in/"
    assert Client().post("/first-run/", form())["Location"] == "/sign-in/"
    with pytest.raises(firstrun.AlreadyBegun):
        firstrun.begin(firstrun.code(), email="b@b.example", name="Б", password="x", visitor="1", at=NOON)
    assert User.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["короткий", "password1234", "12345678901", "ада главная"])
def test_a_weak_password_is_refused_with_words(password):
    answer = Client().post("/first-run/", form(password=password, name="Ада Главная"))

    assert answer.status_code == 422
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_first_administrators_at_once_one_is_made():
    def begin(n: int) -> str:
        try:
            email = f"admin{n}@primer.example"
            firstrun.begin(
                firstrun.code(), email=email, name="Ада", password=PASSWORD, visitor=str(n), at=NOON
            )
        except firstrun.AlreadyBegun:
            return "late"
        finally:
            connection.close()
        return "first"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(begin, range(2))) == ["first", "late"]
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_a_link_sets_a_password_once():
    anna = make.agent("Анна Орлова")
    path = invitations.link(anna, at=timezone.now()).removeprefix("http://localhost:8000")
    assert Client().get(path).status_code == 200

    assert Client().post(path, {"password": PASSWORD})["Location"] == "/desk/"

    anna.refresh_from_db()
    assert anna.check_password(PASSWORD)
    assert Client().get(path).status_code == 410
    assert Client().post(path, {"password": "другой длинный пароль"}).status_code == 410


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/password/x/", "/password/%00/", "/password/OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ/"]
)
def test_a_made_up_link_sets_nothing(path):
    make.agent()

    assert Client().get(path).status_code == 410


@pytest.mark.django_db
def test_the_link_of_one_who_left_is_over():
    anna = make.agent("Анна Орлова")
    path = invitations.link(anna, at=timezone.now()).removeprefix("http://localhost:8000")
    User.objects.update(is_active=False)

    assert Client().get(path).status_code == 410
