"""A client gets all that is theirs and nothing of others, for a time."""

import json
import os
import shutil
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from otklik.accounts.models import Look, OwnRole, User
from otklik.clients.models import Client
from otklik.desk import files, noting
from otklik.desk.files import File
from otklik.desk.models import Ticket
from otklik.desk.receiving import Address
from otklik.privacy import consenting, erasing, exporting, telling
from otklik.privacy.consenting import Said
from otklik.privacy.models import Export
from tests import make
from tests.promises.test_promising_at_once import someone_waits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder() -> Iterator[None]:
    yield
    shutil.rmtree(exporting.folder(), ignore_errors=True)


@pytest.fixture
def ticket() -> Ticket:
    kept = File(files.store(b"spec"), 4, "../спец.txt", "text/plain")
    ticket = make.ticket("Моя беда", files=(kept,), copies=(make.identity("gleb@kvarts.example", "Глеб"),))
    make.received("Слова Глеба", ticket=ticket, sender=make.identity("gleb@kvarts.example"))
    make.reply(ticket, "Ответ Вере", at=timezone.now() - make.HOUR)
    make.reply(
        ticket,
        "Ответ только Глебу",
        to=(Address("to", "gleb@kvarts.example"),),
        at=timezone.now() - make.HOUR,
    )
    noting.write(ticket, "Вера Соколова просила скидку", by=make.agent(), at=make.NOON)
    noting.write(ticket, "обсудить с бухгалтерией", by=make.agent(), at=make.NOON)
    consenting.note(ticket.client, Said("news", "Согласна на новости", "1", "paper", make.NOON), by=None)
    return ticket


def made(client: Client, **how: bool) -> dict[str, str]:
    """Path in the archive → its text."""
    exporting.ask(client, by=make.admin(), at=timezone.now(), **how)
    assert exporting.tick() == 1
    with zipfile.ZipFile(exporting.folder() / Export.objects.get().name) as archive:
        return {one: archive.read(one).decode() for one in archive.namelist()}


def test_archive_holds_letters_answers_files_and_consents(ticket):
    found = made(ticket.client)

    person, request = json.loads(found["person.json"]), json.loads(found[f"requests/{ticket.number}.json"])
    assert person["addresses"][0]["value"] == "vera@kvarts.example"
    assert person["consents"][0]["text"] == "Согласна на новости"
    assert {"addresses[]", "messages[]", "consents[]"} <= set(person["fields"])
    assert "Моя беда" in [one["text"] for one in request["messages"]]
    assert "Ответ Вере" in [one["text"] for one in request["messages"]]
    assert [text for name, text in found.items() if name.startswith("files/")] == ["spec"]
    assert "Согласна на новости" in found["index.html"]
    assert "Моя беда" in found[f"requests/{ticket.number}.html"]


def test_archive_holds_nothing_of_others_and_only_notes_that_name_the_client(ticket):
    found = "".join(made(ticket.client).values())

    assert "Ответ только Глебу" not in found
    assert "gleb@kvarts.example" not in found
    assert "Вера Соколова просила скидку" in found
    assert "бухгалтерией" not in found


def test_notes_may_be_left_out(ticket):
    assert "просила скидку" not in "".join(made(ticket.client, with_notes=False).values())


def test_one_in_copy_gets_their_own_words_of_it(ticket):
    found = "".join(made(make.identity("gleb@kvarts.example").client).values())

    assert "Слова Глеба" in found
    assert "Ответ только Глебу" in found
    assert "Ответ Вере" not in found


def test_names_of_files_lead_nowhere_outside(ticket):
    assert all(".." not in name.split("/") and "\\" not in name for name in made(ticket.client))


def test_holder_of_the_right_downloads_it_and_the_log_says_so(ticket):
    made(ticket.client)
    browser = Browser()
    browser.force_login(make.admin())

    answer = browser.get(f"/privacy/exports/{Export.objects.get().pk}/")

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]  # a file's answer has it
    look = Look.objects.get(kind="export")
    assert (look.client_id, look.object_id) == (ticket.client_id, Export.objects.get().pk)


def test_right_to_export_without_seeing_all_teams_gets_nothing(ticket):
    role = OwnRole.objects.create(name="Выгрузки", rights=["see", "export"])
    user = make.agent()
    User.objects.filter(pk=user.pk).update(own_role=role)

    with pytest.raises(exporting.NotYours):
        exporting.ask(
            ticket.client, by=User.objects.select_related("own_role").get(pk=user.pk), at=timezone.now()
        )


def test_export_ends_with_its_file(ticket):
    made(ticket.client)
    place = exporting.folder() / Export.objects.get().name
    later = timezone.now() + timedelta(days=8)
    with pytest.raises(exporting.Over):
        exporting.fetch(Export.objects.get(), by=make.admin(), at=later)

    assert exporting.drop_old(at=later) == 1
    assert not place.exists()
    assert not Export.objects.exists()


def test_files_that_no_row_names_go_after_an_hour(ticket):
    made(ticket.client)
    named = exporting.folder() / Export.objects.get().name
    left = [exporting.folder() / name for name in ("killed.half", "killed.zip", "fresh.half")]
    later = timezone.now() + timedelta(hours=2)
    for place in left:
        place.write_bytes(b"PK")
    for place in (named, *left[:2]):
        os.utime(place, (later.timestamp() - 3700,) * 2)
    os.utime(left[2], (later.timestamp(),) * 2)

    exporting.drop_old(at=later)

    assert [one.exists() for one in (named, *left)] == [True, False, False, True]


@pytest.mark.django_db(transaction=True)
def test_export_that_breaks_is_told_and_the_next_one_is_made(ticket):
    """The table of this client's links is away while the first one is made."""
    exporting.ask(ticket.client, by=make.admin(), at=timezone.now())
    exporting.ask(make.identity("gleb@stranger.example", "Глеб").client, by=make.admin(), at=timezone.now())
    with renamed("accounts_clientlink"):
        assert exporting.tick() == 1

    assert exporting.tick() == 1

    broken, whole = Export.objects.order_by("pk")
    assert "ProgrammingError" in broken.fault
    assert whole.ready_at
    assert list(exporting.folder().glob("*.half")) == []


@contextmanager
def renamed(table: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO away")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE away RENAME TO {table}")


@pytest.mark.django_db(transaction=True)
def test_erasure_that_begins_while_an_export_is_made_leaves_no_file(ticket, wait_until):
    ada = make.admin()
    exporting.ask(ticket.client, by=ada, at=timezone.now())
    left_by_others = set(exporting.folder().glob("*"))

    def make_it() -> None:
        exporting.tick()
        connection.close()

    thread = threading.Thread(target=make_it)
    with transaction.atomic():
        with connection.cursor() as cursor:  # whoever reads letters waits
            cursor.execute("LOCK TABLE desk_message IN ACCESS EXCLUSIVE MODE")
        thread.start()
        wait_until(someone_waits)
    erasing.begin(ticket.client, ground="asked", by=ada, at=timezone.now())
    thread.join()

    assert not Export.objects.exists()
    assert set(exporting.folder().glob("*")) <= left_by_others


def test_second_export_waits_for_the_first(ticket):
    exporting.ask(ticket.client, by=make.admin(), at=timezone.now())

    with pytest.raises(exporting.AlreadyAsked):
        exporting.ask(ticket.client, by=make.admin(), at=timezone.now())


def test_the_page_tells_how_far_an_export_is(ticket, monkeypatch):
    """Each step is committed by itself: whoever looks at the page meanwhile sees it."""
    seen: list[str] = []
    ada, told = Browser(), telling.request
    ada.force_login(make.admin())
    for name in ("Вторая беда", "Третья беда"):
        make.ticket(name)

    def look(*what: object, **how: object) -> telling.Told:
        page = ada.get(f"/privacy/clients/{ticket.client_id}/").text.replace("\xa0", " ")
        seen.append(page.split("Готово запросов: ")[1].split("<")[0])
        return told(*what, **how)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(exporting, "TELL_S", 0)
    monkeypatch.setattr(telling, "request", look)
    made(ticket.client)

    assert seen == ["0 из 3", "1 из 3", "2 из 3"]
    assert "скачать можно" in ada.get(f"/privacy/clients/{ticket.client_id}/").text


def test_one_that_was_cut_short_is_made_anew_when_its_maker_is_silent(ticket):
    export = exporting.ask(ticket.client, by=make.admin(), at=timezone.now())
    now = timezone.now()
    assert exporting._claim(now) == export

    assert exporting.tick() == 0  # its maker may live
    Export.objects.update(held_until=now - make.MINUTE)

    assert exporting.tick() == 1
    assert Export.objects.get().ready_at


def test_an_erasure_takes_an_export_out_of_its_makers_hands(ticket, monkeypatch):
    person = telling.person

    def erased_meanwhile(client: Client) -> object:
        told = person(client)
        exporting.drop_all(client)
        return told

    monkeypatch.setattr(telling, "person", erased_meanwhile)
    exporting.ask(ticket.client, by=make.admin(), at=timezone.now())
    before = set(exporting.folder().glob("*"))

    assert exporting.tick() == 1
    assert not Export.objects.exists()
    assert set(exporting.folder().glob("*")) == before
