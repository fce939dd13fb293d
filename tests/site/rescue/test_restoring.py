"""`otklik backup` and `otklik restore`: everything is there again, and nothing happens twice."""

import os
import threading
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection

from otklik.accounts.models import Session
from otklik.channels.models import Box
from otklik.desk import files
from otklik.desk.models import Delivery
from otklik.site import cli_rescue
from otklik.site.models import Backup
from otklik.site.rescue import census, keeping, restoring, reviving
from otklik.site.rescue.archive import Secret
from otklik.site.rescue.faults import RescueFault, WrongSecret
from tests import make
from tests.site.rescue import scene

pytestmark = pytest.mark.django_db(transaction=True)
PHRASE = Secret("passphrase", "верный конь щиплет траву".encode())


def furnish():
    """One request with a file, and an answer that waits to leave."""
    attached = (files.File(files.store(b"content of a file"), 17, "a.txt", "text/plain"),)
    return make.reply(make.ticket(files=attached)).ticket


@pytest.fixture
def no_place_for_a_note():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE otklik_site_backup ADD CONSTRAINT full_disk CHECK (false) NOT VALID")
        yield
        cursor.execute("ALTER TABLE otklik_site_backup DROP CONSTRAINT full_disk")


def test_a_copy_that_the_database_can_not_note_is_whole_and_says_so(tmp_path, no_place_for_a_note, capsys):
    kept = scene.backup(tmp_path / "one.copy")
    cli_rescue._tell_kept(tmp_path / "one.copy", kept, with_key=False, locked=False)

    assert "full_disk" in kept.untold
    assert (tmp_path / "one.copy").stat().st_size == kept.size_bytes
    assert "В базу о копии записать не удалось" in capsys.readouterr().out
    assert not Backup.objects.exists()


@pytest.fixture
def copy(tmp_path):
    furnish()
    scene.backup(tmp_path / "one.copy")
    return tmp_path / "one.copy"


def counts(place):
    with psycopg.connect(place.database_url) as line:
        return census.take(line)


def test_restored_place_holds_the_same_and_does_nothing_twice(copy, postgres, scratch):
    """One restore, since it takes seconds; what must be so is said line by line below."""
    before, number = datetime.now(UTC), make.ticket("Другое").number
    with scene.empty_place(postgres, scratch) as place:
        done = scene.restore(place, copy)

        same_rows(place)
        nothing_leaves_by_itself(place, done)
        numbers_are_not_given_again(place, number)
        letters_from_before_are_not_acknowledged(place, before)
        is_not_half_done(place)


def same_rows(place):
    found, was = counts(place), counts(scene.here())
    # «Другое» came after the copy
    assert found["desk_message"].rows == was["desk_message"].rows - 1
    for table in ("staff_team", "desk_storedfile", "desk_attachment"):
        assert found[table] == was[table]
    stored = [path for path in (place.home / "files").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in stored] == [b"content of a file"]


def nothing_leaves_by_itself(place, done):
    query = "SELECT state, dot_at IS NOT NULL, next_at, reason LIKE '%стояло в очереди%' FROM desk_delivery"
    assert scene.rows(place, query) == [("unknown", True, None, True)]
    assert any("ждали отправки: 1" in note for note in done.notes)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"waiting"}  # where the copy was taken


def numbers_are_not_given_again(place, number):
    assert scene.rows(place, "SELECT otklik_next_ticket_number()")[0][0] > number + 900


def letters_from_before_are_not_acknowledged(place, before):
    ((quiet,),) = scene.rows(place, "SELECT quiet_before FROM channels_box")
    assert isinstance(quiet, datetime)
    assert before < quiet < datetime.now(UTC)
    assert Box.objects.get().quiet_before is None


def is_not_half_done(place):
    assert not (place.home / "restoring").exists()
    assert scene.rows(place, "SELECT to_regclass('otklik_restore')") == [(None,)]


def test_restore_killed_before_its_last_mark_went_is_ended_by_the_next_try(copy, tmp_path, postgres, scratch):
    scene.backup(tmp_path / "other.copy")
    with scene.empty_place(postgres, scratch) as place:
        scene.restore(place, copy)
        mark = place.home / "restoring"
        mark.write_text(restoring.read(copy, lambda _header: PHRASE).header.id)  # as the kill leaves it
        with pytest.raises(RescueFault, match="База не пустая"):
            scene.restore(place, tmp_path / "other.copy")
        assert mark.exists()

        done = scene.restore(place, copy)

        assert done.notes == [restoring.DONE_BEFORE]
        is_not_half_done(place)
        assert counts(place)["desk_message"] == counts(scene.here())["desk_message"]


def test_place_that_is_not_empty_stays_as_it_is(copy, postgres, scratch):
    with scene.empty_place(postgres, scratch) as place:
        with psycopg.connect(place.database_url) as line:
            line.execute("CREATE TABLE somebodys AS SELECT 1 AS it")

        with pytest.raises(RescueFault, match="База не пустая"):
            scene.restore(place, copy)
        assert scene.rows(place, "SELECT it FROM somebodys") == [(1,)]


def test_folder_with_files_stays_as_it_is(copy, postgres, scratch):
    with scene.empty_place(postgres, scratch) as place:
        (place.home / "files").mkdir(parents=True)
        (place.home / "files" / "somebodys").write_text("x")

        with pytest.raises(RescueFault, match="уже лежат файлы"):
            scene.restore(place, copy)
        assert scene.rows(place, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


def test_copy_of_a_newer_version_is_refused_before_anything_is_touched(tmp_path, postgres, scratch):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('desk', '0999_later', now())"
        )
    try:
        scene.backup(tmp_path / "newer.copy")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '0999_later'")
    with scene.empty_place(postgres, scratch) as place:
        with pytest.raises(RescueFault, match=r"более новая версия.*desk\.0999_later"):
            scene.restore(place, tmp_path / "newer.copy")
        assert scene.rows(place, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


def test_damaged_copy_touches_nothing(copy, postgres, scratch):
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 1
    copy.write_bytes(content)

    with scene.empty_place(postgres, scratch) as place, pytest.raises(RescueFault, match="повреждён"):
        scene.restore(place, copy)
    assert not (scratch / "restored").exists()


def test_closed_copy_opens_with_its_phrase_and_brings_the_key(tmp_path, postgres, scratch, monkeypatch):
    make.ticket()
    scene.backup(tmp_path / "closed", secret=PHRASE, with_key=True)
    key = scene.here().secret_key
    monkeypatch.delenv("OTKLIK_SECRET_KEY")
    with scene.empty_place(postgres, scratch) as place:
        with pytest.raises(WrongSecret):
            scene.restore(place, tmp_path / "closed", Secret("passphrase", b"not this one"))
        done = scene.restore(replace(place, secret_key=""), tmp_path / "closed", PHRASE)

        assert (place.home / "secret.key").read_text().strip() == key
    assert not any("Секретный ключ" in note for note in done.notes)


def test_other_key_is_told_with_what_must_be_entered_again(tmp_path, postgres, scratch, monkeypatch):
    from allauth.mfa.totp.internal.auth import TOTP

    from otklik.channels.email import credentials

    make.box("it@primer.example", secret=credentials.seal("secret"))
    TOTP.activate(make.agent(email="anna@primer.example"), "JBSWY3DPEHPK3PXP")
    scene.backup(tmp_path / "one")
    monkeypatch.setenv("OTKLIK_SECRET_KEY", "another key that is long enough for everybody")
    with scene.empty_place(postgres, scratch) as place:
        done = scene.restore(place, tmp_path / "one")

    assert any("Секретный ключ не тот" in note for note in done.notes)
    assert any("ящик it@primer.example, второй шаг входа anna@primer.example" in note for note in done.notes)


def test_copy_while_letters_come_is_of_one_moment(tmp_path, postgres, scratch):
    stop = threading.Event()

    def letters():
        try:
            while not stop.is_set():
                make.ticket(files=(files.File(files.store(os.urandom(9)), 9, "a", "text/plain"),))
        finally:
            connection.close()

    writer = threading.Thread(target=letters)
    writer.start()
    try:
        kept = scene.backup(tmp_path / "one")
    finally:
        stop.set()
        writer.join()

    with scene.empty_place(postgres, scratch) as place:
        scene.restore(place, tmp_path / "one")  # compares counts and checksums itself
        ((tickets, messages),) = scene.rows(
            place, "SELECT (SELECT count(*) FROM desk_ticket), (SELECT count(*) FROM desk_message)"
        )
    assert tickets == messages == kept.manifest.tables["desk_ticket"].rows


def test_copy_is_remembered_and_an_old_file_is_never_replaced_unasked(tmp_path):
    make.ticket()
    scene.backup(tmp_path / "one")
    with pytest.raises(RescueFault, match="уже есть"):
        scene.backup(tmp_path / "one")
    before = (tmp_path / "one").read_bytes()
    scene.backup(tmp_path / "one", force=True)

    assert (tmp_path / "one").read_bytes() != before
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    assert Backup.objects.count() == 2


def test_key_goes_only_into_a_closed_copy(tmp_path):
    with pytest.raises(RescueFault, match="только в закрытую"):
        scene.backup(tmp_path / "one", with_key=True)
    assert list(tmp_path.iterdir()) == []


def test_file_that_is_gone_from_the_disk_is_told_and_stops_nothing(tmp_path):
    sha256 = files.store(b"soon gone")
    make.ticket(files=(files.File(sha256, 9, "a.txt", "text/plain"),))
    files.path(sha256).unlink()

    kept = scene.backup(tmp_path / "one")

    assert (kept.manifest.missing, kept.manifest.files) == ([sha256], 0)


def test_file_that_the_disk_does_not_give_back_is_told_and_stops_nothing(tmp_path):
    bad, good = files.store(b"bad place of the disk"), files.store(b"good")
    stored = (files.File(bad, 0, "a.txt", "text/plain"), files.File(good, 4, "b.txt", "text/plain"))
    make.ticket(files=stored)
    files.path(bad).unlink()
    files.path(bad).symlink_to("/proc/self/mem")  # zero bytes long, and reading it is an error of input

    kept = scene.backup(tmp_path / "one")

    assert (kept.manifest.missing, kept.manifest.files) == ([bad], 1)
    files.path(bad).unlink()  # the folder is that of all tests


def test_address_past_the_pooler_that_leads_elsewhere_is_refused(tmp_path, postgres, scratch, monkeypatch):
    make.ticket()
    monkeypatch.setenv("OTKLIK_DATABASE_URL", scene.here().database_url)
    with scene.empty_place(postgres, scratch) as other:
        mixed = replace(scene.here(), listen_url=other.listen_url)
        with pytest.raises(RescueFault, match="ведут в разные базы"):
            keeping.backup(mixed, keeping.Wish(tmp_path / "one"))
    same = replace(scene.here(), listen_url=f"{scene.here().listen_url}&application_name=straight")
    assert keeping.backup(same, keeping.Wish(tmp_path / "one")).manifest.tables["desk_ticket"].rows == 1


def test_database_brought_back_by_its_own_server_sends_nothing_twice(monkeypatch):
    make.reply(make.ticket())
    number = make.ticket("Другое").number
    Session.objects.create(session_key="k" * 32, session_data="", expire_date=make.NOON)
    place = scene.here()
    for name, value in scene.variables(place).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OTKLIK_LISTEN_URL", place.listen_url)

    notes = reviving.rewound(datetime(2026, 11, 20, 3, tzinfo=UTC))

    assert set(Delivery.objects.values_list("state", flat=True)) == {"unknown"}
    assert make.ticket("После").number > number + 900
    assert not Session.objects.exists()
    assert not any("Секретный ключ" in note for note in notes)
