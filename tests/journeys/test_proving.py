"""The code that shows whose browser this is."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from otklik.accounts import links, throttling
from otklik.accounts.models import ClientLink
from otklik.journeys import letters, proving
from otklik.journeys.models import Letter, Proof
from tests import make
from tests.journeys.scene import scene
from tests.make import MINUTE, NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def link() -> ClientLink:
    ticket = make.ticket()
    make.page(ticket)
    return ClientLink.objects.select_related("ticket", "identity__client").get()


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_right_code_proves_the_browser_spaces_and_all(link):
    proof = proving.ask(link, at=NOON)
    code = proving.code(proof)

    proving.prove(proof, f" {code[:3]} {code[3:]} ", at=NOON + 14 * MINUTE)

    kept = proving.of_browser(link, proving.cookie(proof))
    assert kept is not None
    assert kept.proved_at is not None


def test_a_wrong_code_says_how_many_tries_are_left(link):
    proof = proving.ask(link, at=NOON)

    with pytest.raises(proving.WrongCode, match="Код не подошёл") as refusal:
        proving.prove(proof, other_than(proving.code(proof)), at=NOON)

    assert refusal.value.next_step == "Остались 4 попытки."


def test_the_fifth_wrong_code_is_the_last_and_then_the_right_one_fails_too(link):
    proof = proving.ask(link, at=NOON)
    for _try in range(5):
        with pytest.raises(proving.WrongCode):
            proving.prove(proof, other_than(proving.code(proof)), at=NOON)

    with pytest.raises(proving.Spent):
        proving.prove(proof, proving.code(proof), at=NOON)


def test_a_code_of_sixteen_minutes_ago_is_spent(link):
    proof = proving.ask(link, at=NOON)

    with pytest.raises(proving.Spent):
        proving.prove(proof, proving.code(proof), at=NOON + 16 * MINUTE)


def test_a_code_proves_nothing_once_its_link_is_closed(link):
    proof = proving.ask(link, at=NOON)
    links.revoke(link, at=NOON)

    with pytest.raises(proving.Spent):
        proving.prove(proof, proving.code(proof), at=NOON)


def test_each_browser_has_a_code_of_its_own(link):
    mine, strangers = proving.ask(link, at=NOON), proving.ask(link, at=NOON)

    proving.prove(mine, proving.code(mine), at=NOON)

    strangers.refresh_from_db()
    assert strangers.proved_at is None


def test_a_cookie_of_one_link_is_worthless_for_another(link):
    proof = proving.ask(link, at=NOON)
    proving.prove(proof, proving.code(proof), at=NOON)
    make.page(make.ticket("Другой запрос"))
    other = ClientLink.objects.latest("pk")

    assert proving.of_browser(link, proving.cookie(proof)) == proof
    assert proving.of_browser(other, proving.cookie(proof)) is None
    assert proving.of_browser(link, f"{proof.pk}") is None


def test_a_sixth_code_within_an_hour_has_to_wait(link):
    for _code in range(5):
        proving.ask(link, at=NOON)

    with pytest.raises(throttling.TooOften):
        proving.ask(link, at=NOON)
    proving.ask(link, at=NOON + timedelta(hours=1))


def test_the_letter_carries_the_code_only_while_it_works(link):
    proof = proving.ask(link, at=NOON)
    letter = Letter.objects.get()

    told = letters.words(letter, at=NOON)

    assert told is not None
    assert proving.code(proof) in told.text
    assert letters.words(letter, at=NOON + 16 * MINUTE) is None


def test_the_database_refuses_a_sixth_try(link):
    proof = proving.ask(link, at=NOON)

    with pytest.raises(IntegrityError, match="proof_five_tries"), transaction.atomic():
        Proof.objects.filter(pk=proof.pk).update(tries=6)


def test_the_page_asks_for_the_code_and_takes_it():
    it = scene()
    assert it.post("code/") == 302
    proof = Proof.objects.get()
    assert "Введите код из письма" in it.html()

    wrong = it.browser.post(f"{it.path}proof/", {"code": other_than(proving.code(proof))})
    assert wrong.status_code == 422
    assert "Остались 4 попытки" in wrong.content.decode()

    assert it.post("proof/", code=proving.code(proof)) == 302
    assert "из этого браузера пишете вы" in it.html()


def test_a_code_typed_into_another_browser_proves_nothing_there():
    it = scene()
    it.post("code/")
    stranger = type(it.browser)()

    answer = stranger.post(f"{it.path}proof/", {"code": proving.code(Proof.objects.get())})

    assert answer.status_code == 302
    assert "otklik_proof" not in stranger.cookies
    assert Proof.objects.get().proved_at is None
