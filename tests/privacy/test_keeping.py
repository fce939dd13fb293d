"""What was kept long enough goes at night, in pieces; what is younger stays."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from otklik.accounts import stepping
from otklik.accounts.models import Look
from otklik.channels.intake import storing
from otklik.channels.intake.storing import Raw
from otklik.desk import drafting, files, solving
from otklik.desk.drafting import DraftWords
from otklik.desk.files import File
from otklik.desk.models import Draft, Message, Ticket
from otklik.journal.models import Entry
from otklik.privacy import keeping
from otklik.privacy.gathering import TEXT
from otklik.privacy.models import Keeping, Tidying
from otklik.promises import tracking
from otklik.promises.models import Promise
from otklik.promises.tracking import Pledge
from tests import make
from tests.channels.letters import letter, received
from tests.promises.test_promising_at_once import someone_waits

pytestmark = pytest.mark.django_db(transaction=True)
LATER = make.NOON + 100 * make.DAY


def tidied(name: str, days: int, **more: int) -> int:
    kind = next(one for one in keeping.KINDS if one.name == name)
    Keeping.objects.update_or_create(only=True, defaults={name: days, **more})
    return keeping.tidy(kind, keeping.settings(), at=LATER)


def test_texts_of_closed_requests_go_and_the_requests_stay():
    old = make.ticket("Старое")
    solving.close(old, by=None, at=make.NOON)
    young, open_ = make.ticket("Свежее", at=LATER - make.DAY), make.ticket("Открытое")
    solving.close(young, by=None, at=LATER)

    assert tidied("closed", 30) == 1

    texts = {one.ticket_id: one.text for one in Message.objects.filter(direction="in")}
    assert texts == {old.pk: TEXT, young.pk: "Свежее", open_.pk: "Открытое"}
    assert Ticket.objects.count() == 3
    assert Tidying.objects.get().gone == 1
    assert tidied("closed", 30) == 0


def promised(ticket: Ticket, words: str) -> None:
    reply = make.reply(ticket, words, by=make.agent(), at=make.NOON)
    with transaction.atomic():
        pledge = Pledge(0, words, "Вера Соколова", make.NOON + make.DAY)
        tracking.remember(reply, [pledge], by=reply.user, at=make.NOON)


def test_words_of_promises_go_with_the_texts_and_nothing_is_owed_in_them():
    old, young = make.ticket("Старое", at=make.NOON), make.ticket("Свежее", at=LATER - make.DAY)
    promised(old, "Позвоню завтра.")
    promised(young, "Отвечу завтра.")
    Ticket.objects.update(state="solved")
    Ticket.objects.filter(pk=young.pk).update(last_message_at=LATER)

    assert tidied("closed", 30) == 1

    rows = Promise.objects.order_by("pk").values_list("action", "who", "outcome")
    assert list(rows) == [(TEXT, "", "dropped"), ("Отвечу завтра.", "Вера Соколова", "")]


def test_nothing_goes_while_the_time_is_not_set():
    solving.close(make.ticket("Старое"), by=None, at=make.NOON)

    assert tidied("closed", 0) == 0
    assert Message.objects.get(direction="in").text == "Старое"


def test_spam_goes_with_its_files_and_does_not_come_again():
    raw = letter("Купите базу")
    [message] = received(raw)
    kept = File(files.store(b"spam"), 4, "spam.txt", "text/plain")
    drafting.attach(
        drafting.save(make.agent(), message.ticket, "reply", DraftWords(text="х"), at=make.NOON),
        kept,
        at=make.NOON,
    )
    solving.spam(message.ticket, block=False, by=make.agent(), at=make.NOON)
    Ticket.objects.update(created_at=make.NOON, last_message_at=make.NOON)

    assert tidied("spam", 30) == 1

    assert not Ticket.objects.exists()
    assert storing.store([Raw(make.box().pk, raw, "imap")], at=LATER) == 0


def test_lines_of_the_access_log_and_forgotten_drafts_go():
    ann = make.agent()
    for at in (make.NOON, LATER):
        Look.objects.create(user_id=ann.pk, kind="search", words="сервер", at=at)
    drafting.save(ann, make.ticket(), "reply", DraftWords(text="забытое"), at=make.NOON)
    drafting.save(ann, make.ticket(), "reply", DraftWords(text="свежее"), at=LATER)

    assert (tidied("looks", 30), tidied("drafts", 30)) == (1, 1)

    assert Look.objects.get().at == LATER
    assert Draft.objects.get().text == "свежее"


def test_pieces_are_bounded_and_all_are_taken(monkeypatch):
    monkeypatch.setattr(keeping, "BATCH", 2)
    for _ in range(5):
        Look.objects.create(user_id=1, kind="search", at=make.NOON)

    assert tidied("looks", 30) == 5


def test_page_counts_what_would_go_without_saving():
    Look.objects.create(user_id=1, kind="search", at=make.NOON - 40 * make.DAY)
    browser = Browser()
    browser.force_login(make.admin())
    wanted = {"closed": 0, "spam": 90, "looks": 30, "drafts": 180, "exports": 7}

    counted = browser.post("/settings/privacy/", {**wanted, "only": "count"})
    assert "уйдёт ближайшей ночью: 1" in " ".join(counted.content.decode().split())
    assert keeping.settings().looks == 1095

    assert browser.post("/settings/privacy/", wanted).status_code == 302
    assert keeping.settings().looks == 30
    assert browser.post("/settings/privacy/", {**wanted, "exports": 0}).status_code == 422
    [line] = Entry.objects.filter(word="keeping.changed")
    assert line.facts == {"kind": "looks", "was": 1095, "to": 30}


def test_days_that_would_take_the_access_log_tonight_are_refused_with_words():
    browser = Browser()
    browser.force_login(make.admin())

    answer = browser.post(
        "/settings/privacy/", {"closed": 0, "spam": 90, "looks": 1, "drafts": 180, "exports": 7}
    )

    assert answer.status_code == 422
    assert "Не меньше 30 дней" in answer.content.decode().replace("\xa0", " ")


def test_page_of_times_is_an_administrators_and_asks_again_who_they_are():
    browser, ada = Browser(), make.admin()
    browser.force_login(make.agent())
    assert browser.get("/settings/privacy/").status_code == 403
    browser.force_login(ada)
    assert browser.get("/settings/privacy/").status_code == 200
    assert {"privacy:page", "privacy:download"} <= stepping.SURE


@pytest.mark.parametrize("wrong", [{"exports": 0}, {"looks": 29}])
def test_times_that_must_not_be_are_refused_by_the_database(wrong: dict[str, int]):
    Keeping.objects.create(looks=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Keeping.objects.update(**wrong)


def kind_of(name: str) -> keeping.Kind:
    return next(one for one in keeping.KINDS if one.name == name)


def test_client_who_writes_again_at_that_moment_keeps_all_words(wait_until):
    """Their letter is committed after the piece was chosen and before it is emptied."""
    old, other = (
        make.ticket("Старое"),
        make.ticket("Чужое", sender=make.identity("gleb@stranger.example", "Глеб")),
    )
    for ticket in (old, other):
        solving.close(ticket, by=None, at=make.NOON)

    def tidy() -> None:
        tidied("closed", 30)
        connection.close()

    thread = threading.Thread(target=tidy)
    with transaction.atomic():
        Ticket.objects.filter(pk=old.pk).update(state="open", last_message_at=LATER)
        thread.start()
        wait_until(lambda: someone_waits() or not thread.is_alive())
    thread.join()

    texts = {one.ticket_id: one.text for one in Message.objects.filter(direction="in")}
    assert texts == {old.pk: "Старое", other.pk: TEXT}


def test_spam_that_somebody_takes_back_at_that_moment_stays(wait_until):
    saved = make.ticket("Это не спам")
    Ticket.objects.update(state="spam", created_at=make.NOON, last_message_at=make.NOON)

    def tidy() -> None:
        tidied("spam", 30)
        connection.close()

    thread = threading.Thread(target=tidy)
    with transaction.atomic():
        Ticket.objects.filter(pk=saved.pk).update(state="open")
        thread.start()
        wait_until(lambda: someone_waits() or not thread.is_alive())
    thread.join()

    assert Ticket.objects.filter(pk=saved.pk).exists()


def test_a_night_that_is_too_short_ends_between_two_pieces(monkeypatch):
    for _ in range(5):
        Look.objects.create(user_id=1, kind="search", at=make.NOON - 2000 * make.DAY)
    monkeypatch.setattr(keeping, "BATCH", 2)
    monkeypatch.setattr(keeping, "STEP_S", 0.0001)
    monkeypatch.setattr(keeping, "KINDS", (kind_of("looks"),))
    monkeypatch.setattr(keeping, "NIGHT", (0, 24))
    assert keeping.tick() == 1
    monkeypatch.setattr(keeping, "NIGHT", (0, 0))

    assert keeping.tick() == 0

    assert (Look.objects.count(), Tidying.objects.get().gone) == (3, 2)


def test_night_work_is_done_once_a_night(monkeypatch):
    monkeypatch.setattr(keeping, "NIGHT", (0, 24))
    while keeping.tick():
        pass

    assert Tidying.objects.count() == len(keeping.KINDS)
    assert timezone.now() - Tidying.objects.latest("pk").at < make.HOUR
