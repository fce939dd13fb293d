"""Pages of personal data: consents on the client's page, and the way to an erasure."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.utils import timezone

from otklik.accounts.models import Look, User
from otklik.clients.models import Consent
from otklik.desk.models import Ticket
from otklik.privacy import consenting, erasing
from otklik.privacy.consenting import Said
from otklik.privacy.models import Erasure
from tests import make

pytestmark = pytest.mark.django_db
WORDS = {
    "purpose": "news",
    "door": "phone",
    "given_on": "2026-11-20",
    "version": "1",
    "text": "Согласна на новости",
}


@pytest.fixture
def ticket() -> Ticket:
    return make.ticket()


def signed_in(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def page(ticket: Ticket, tail: str = "") -> str:
    return f"/privacy/clients/{ticket.client_id}/{tail}"


def test_agent_notes_a_consent_and_it_stands_on_the_card(ticket):
    browser = signed_in(make.agent())

    assert browser.post(page(ticket, "consents/"), WORDS).status_code == 302

    consent = Consent.objects.get()
    assert (consent.purpose, consent.door, consent.noted_by.name) == ("news", "phone", "Аня Орлова")
    assert "новости и предложения" in browser.get(f"/desk/{ticket.number}/card/").content.decode()
    assert "Согласна на новости" in browser.get(page(ticket)).content.decode()
    assert Look.objects.filter(kind="card", client_id=ticket.client_id).exists()


def test_consent_of_tomorrow_is_refused_with_words(ticket):
    answer = signed_in(make.agent()).post(page(ticket, "consents/"), {**WORDS, "given_on": "2999-01-01"})

    assert answer.status_code == 422
    assert "ещё не наступил" in answer.content.decode()


def test_withdrawn_consent_leaves_the_card_and_is_withdrawn_once(ticket):
    consent = consenting.note(ticket.client, Said("news", "Да", "", "paper", make.NOON), by=None)
    browser = signed_in(make.agent())

    assert browser.post(f"/privacy/consents/{consent.pk}/withdrawal/").status_code == 302

    assert "согласий не записано" in browser.get(f"/desk/{ticket.number}/card/").content.decode()
    with pytest.raises(consenting.Withdrawn):
        consenting.withdraw(consent, by=None, at=timezone.now())


def test_database_refuses_a_consent_without_words_or_withdrawn_before_it_was_given(ticket):
    for wrong in ({"text": ""}, {"text": "Да", "withdrawn_at": make.NOON - make.DAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.create(
                client=ticket.client, purpose="news", door="paper", given_at=make.NOON, **wrong
            )


def test_preview_counts_warns_of_open_requests_and_wants_the_name_typed(ticket):
    ada = signed_in(make.admin())

    shown = ada.get(page(ticket, "erasure/")).content.decode()
    wrong = ada.post(page(ticket, "erasure/"), {"ground": "asked", "typed": "Вера"})

    assert f"№\xa0{ticket.number}" in shown
    assert "vera@kvarts.example" in shown
    assert wrong.status_code == 422
    assert not Erasure.objects.exists()


def test_typed_name_begins_the_erasure_and_the_page_tells_how_far_it_is(ticket):
    ada = signed_in(make.admin())

    assert (
        ada.post(page(ticket, "erasure/"), {"ground": "withdrew", "typed": " вера  соколова "}).status_code
        == 302
    )

    told = ada.get(page(ticket)).content.decode()
    assert "Стираем данные" in told
    assert "человек отозвал согласие" in told
    assert "vera@kvarts.example" not in told
    assert ada.get(page(ticket, "erasure/")).status_code == 404
    assert "отозвал согласие" in ada.get("/settings/privacy/").content.decode()


def test_agent_of_another_team_and_one_who_may_not_export_see_less(ticket):
    assert signed_in(make.agent("Борис", team=make.team("Хостинг"))).get(page(ticket)).status_code == 404
    told = signed_in(make.agent()).get(page(ticket)).content.decode()
    assert "Собрать выгрузку" not in told
    assert "erasure/" not in told


def test_nobody_is_asked_to_answer_a_client_who_was_erased(ticket):
    anna, other = signed_in(make.agent()), make.ticket(sender=make.identity("gleb@kvarts.example"))
    erasing.begin(ticket.client, ground="asked", by=make.admin(), at=timezone.now())

    shown, talk = anna.get(f"/desk/{ticket.number}/").text, anna.get(f"/desk/{other.number}/").text

    assert "отвечать некому" in shown.replace("\xa0", " ")
    assert ('name="text"' in shown, 'name="text"' in talk) == (False, True)


@pytest.mark.parametrize("deed", ["reply", "vendor"])
def test_an_answer_to_a_client_who_was_erased_is_refused_in_words(ticket, deed):
    anna, box = make.agent(), make.box("it@primer.example", smtp_host="smtp.example", mode="answer")
    words = {"text": "Ответ", "to": "vera@kvarts.example", "box": box.pk, "seen": ticket.messages.get().pk}
    erasing.begin(ticket.client, ground="asked", by=make.admin(), at=timezone.now())

    refused = signed_in(anna).post(f"/desk/{ticket.number}/{deed}/", words)

    assert (refused.status_code, "отвечать некому" in refused.text.replace("\xa0", " ")) == (409, True)
    assert not ticket.messages.filter(direction="out").exists()
