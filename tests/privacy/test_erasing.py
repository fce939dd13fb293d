"""«Erase a client who appears in 200 requests»: no trace is left; the skeleton and others' words stay."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from otklik.accounts import prints
from otklik.channels.intake import storing
from otklik.channels.intake.storing import Raw
from otklik.channels.models import Envelope
from otklik.clients import identifying
from otklik.clients.models import Client, Identity
from otklik.desk import files, tagging
from otklik.desk.models import Attachment, Message, Note, StoredFile, Tag, Ticket
from otklik.desk.receiving import Address
from otklik.env import env
from otklik.journal.models import Entry
from otklik.privacy import erasing, gathering, marks, sql, verifying, working
from otklik.privacy.models import Erasure
from otklik.promises import tracking
from otklik.promises.models import Promise
from otklik.promises.tracking import Pledge
from tests import make
from tests.channels.letters import arrive, letter, received, sweep
from tests.privacy import life
from tests.privacy.life import Life

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = timedelta()
MANY = 200


@pytest.fixture(autouse=True)
def own_marks():
    marks.path().unlink(missing_ok=True)
    yield
    marks.path().unlink(missing_ok=True)


def erase(lived: Life) -> Erasure:
    return erase_client(lived.client)


def erase_client(client: Client, *, wide: bool = False) -> Erasure:
    erasure = erasing.begin(client, ground="asked", by=make.admin(), at=timezone.now(), wide=wide)
    working.run(at=timezone.now(), fresh=AT_ONCE)
    return Erasure.objects.get(pk=erasure.pk)


def traces() -> list[str]:
    found = verifying.find(life.SIGNS, logs=[marks.path()])
    return [f"{one.place}: {one.word} × {one.count}" for one in found]


def skeleton(lived: Life) -> list[tuple[object, ...]]:
    rows = Ticket.objects.filter(client=lived.client).order_by("pk")
    return list(rows.values_list("pk", "created_at", "last_message_at", "team", "owner", "channel", "number"))


def test_client_of_200_requests_leaves_no_trace():
    lived = life.live(MANY)
    before, there = skeleton(lived), traces()
    assert len(before) == MANY
    assert len({one.split(":")[0] for one in there}) > 40, there

    erasure = erase(lived)

    assert traces() == []
    assert (erasure.stage, erasure.left_over, erasure.requests) == ("done", [], MANY + 1)
    assert skeleton(lived) == before


def test_others_words_and_files_stay():
    lived = life.live(8)
    logo = Attachment.objects.filter(message__direction="out", name="logo.png").get().file_id
    erase(lived)

    vera = Message.objects.filter(identity=lived.vera).order_by("pk")
    assert {one.reply_text for one in vera} == {
        "Мой вопрос про печать бланков", "Согласна, печать важнее.", "Совсем другое дело",
    }  # fmt: skip
    assert set(Note.objects.filter(ticket__client=lived.vera.client).values_list("text", flat=True)) == {
        "Печать бланков обсудим в среду.",
        "Похоже на случай, о котором писал … (…).",
    }
    assert files.path(logo).read_bytes() == life.LOGO
    assert not files.path(StoredFile(sha256=sha(life.FILE)).sha256).exists()
    assert Message.objects.filter(user=lived.ann, text="Вера, печать починили. … в копии.").exists()


def sha(content: bytes) -> str:
    import hashlib

    return hashlib.sha256(content).hexdigest()


def test_mark_tells_who_when_and_why_and_nothing_of_the_person():
    lived = life.live(4)
    erasure = erase(lived)

    entry = Entry.objects.get(word="client.erased")
    assert entry.facts == {"client": lived.client.pk, "erasure": erasure.pk}
    assert (erasure.by, erasure.ground, erasure.sealed, erasure.files) == (entry.user, "asked", None, [])
    client = Client.objects.get(pk=lived.client.pk)
    assert (client.name, client.organisation, client.erased_at) == (gathering.NAME, None, erasure.asked_at)
    assert set(lived.client.tickets.values_list("state", flat=True)) == {"closed"}


def test_erased_letters_do_not_come_back_and_the_person_may_begin_anew():
    lived = life.live(4)
    count = Envelope.objects.count()
    erase(lived)

    again = [Raw(lived.box.pk, life.raw(number), "imap") for number in range(4)]
    assert storing.store(again, at=make.NOON) == 0
    assert Envelope.objects.count() == count
    ours = Message.objects.filter(direction="out", ticket__client=lived.client).first()
    [fresh] = received(
        letter("Это снова я", From=f"{life.NAME} <{life.ADDRESS}>", In_Reply_To=f"<{ours.message_id}>")
    )
    assert fresh.ticket.client != lived.client
    assert fresh.ticket.client.name == life.NAME


def test_blocked_address_stays_blocked_without_being_kept():
    lived = life.live(4)
    erase(lived)
    assert not Identity.objects.filter(value=life.SECOND).exists()

    arrive(letter("Куплю базу", From=life.SECOND), mail_from=life.SECOND)
    sweep()

    assert Envelope.objects.latest("pk").decision == "blocked"


def test_what_was_erased_is_known_also_under_a_new_key(monkeypatch):
    lived = life.live(4)
    erase(lived)
    told = env()
    changed = replace(told, secret_key="another " * 6, old_secret_keys=(told.secret_key,))
    monkeypatch.setattr(prints, "env", lambda: changed)

    arrive(letter("Куплю базу", From=life.SECOND), mail_from=life.SECOND)
    sweep()

    assert (
        storing.store([Raw(lived.box.pk, life.raw(number), "imap") for number in range(4)], at=make.NOON) == 0
    )
    assert Envelope.objects.latest("pk").decision == "blocked"


def test_page_of_the_erased_says_so_kindly():
    lived = life.live(4)
    path = make.page(lived.tickets[0], Identity.objects.get(value=life.ADDRESS), at=timezone.now())
    assert Browser().get(path).status_code == 200

    erase(lived)

    answer = Browser().get(path)
    assert answer.status_code == 410
    assert "мы стёрли ваши данные" in answer.content.decode()


KILLED = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from otklik.privacy import working
for count in range(1000):
    working.step(at=timezone.now(), fresh=timedelta())
    print(count, flush=True)
"""


@pytest.mark.parametrize("steps", [2, 4, 6])
def test_erasure_whose_process_is_killed_goes_on_where_it_was(steps: int):
    lived = life.live(30)
    erasing.begin(lived.client, ground="asked", by=make.admin(), at=timezone.now())
    url = "postgresql://{USER}@/{NAME}?host={HOST}&port={PORT}".format(
        **{
            name: str(connection.settings_dict[name]).replace("/", "%2F")
            for name in ("USER", "NAME", "HOST", "PORT")
        }
    )
    child = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", KILLED], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "OTKLIK_DATABASE_URL": url, "OTKLIK_LISTEN_URL": url},
    )  # fmt: skip
    for _step in range(steps):
        child.stdout.readline()
    child.send_signal(signal.SIGKILL)
    child.communicate()

    assert not Erasure.objects.get().done_at
    working.run(at=timezone.now(), fresh=AT_ONCE)

    assert Erasure.objects.get().stage == "done"
    assert traces() == []


def test_file_that_was_stored_just_now_waits_and_is_kept_when_somebody_names_it():
    lived = life.live(4)
    erasing.begin(lived.client, ground="asked", by=make.admin(), at=timezone.now())
    working.run(at=timezone.now())
    assert Erasure.objects.get().stage == "files"
    message = make.received(
        files=(files.File(files.store(life.FILE), len(life.FILE), "same.txt", "text/plain"),)
    )

    working.run(at=timezone.now() + timedelta(hours=1))

    assert Erasure.objects.get().stage == "done"
    assert files.path(message.attachments.get().file_id).read_bytes() == life.FILE


def test_name_that_somebody_else_has_too_is_left_in_requests_of_others():
    other = make.ticket("Иван Петров звонил", sender=make.identity())
    mine = make.ticket("Это Иван Петров", sender=make.identity("ivan@one.example", "Иван Петров"))
    make.identity("ivan@two.example", "Иван Петров")

    assert erasing.preview(mine.client).shared == ["Иван Петров"]
    erasing.begin(mine.client, ground="asked", by=make.admin(), at=timezone.now())
    working.run(at=timezone.now(), fresh=AT_ONCE)

    assert other.messages.get(direction="in").text == "Иван Петров звонил"
    assert mine.messages.get(direction="in").text == gathering.TEXT


def test_client_with_two_addresses_in_one_letter_is_erased():
    mine = make.identity("ivan@one.example", "Иван Петров")
    identifying.join(make.identity("ivan@two.example"), client=mine.client, by=make.admin(), at=make.NOON)
    to = tuple(Address("cc", one) for one in ("ivan@one.example", "Ivan@Two.example", "ivan@two.example"))
    theirs = make.received("Беда", sender=mine, recipients=to)
    ours = make.reply(theirs.ticket, "Починили", to=to)

    done = erase_client(mine.client)

    assert (done.stage, done.fault) == ("done", "")
    known = [set(one.recipients.values_list("address", flat=True)) for one in (theirs, ours)]
    assert [len(one) for one in known] == [3, 2]
    assert all(one.startswith(f"erased-{done.pk}-") for both in known for one in both)
    assert ours.deliveries.count() == 2


def test_two_tags_that_name_erased_people_stay_two_tags():
    ticket = make.ticket()
    for address in ("ivan@one.example", "petr@two.example"):
        tagging.tag(ticket, address, by=make.agent(), at=make.NOON)
        erase_client(make.identity(address, "").client)

    assert sorted(one.partition(" ")[0] for one in Tag.objects.values_list("name", flat=True)) == ["…", "…"]


def test_erasure_that_cannot_go_on_is_told_and_those_behind_it_do():
    stuck, free = make.ticket(sender=make.identity("ivan@one.example", "Иван")), make.ticket()
    ada = make.admin()
    first = erasing.begin(stuck.client, ground="asked", by=ada, at=timezone.now())
    Erasure.objects.filter(pk=first.pk).update(sealed=b"closed by a lost key")

    assert erase_client(free.client).stage == "done"

    first.refresh_from_db()
    assert (first.fault, first.stage) == ("Unreadable", "mark")
    browser = Browser()
    browser.force_login(ada)
    assert "Пробуем снова" in browser.get(f"/privacy/clients/{stuck.client_id}/").content.decode()
    assert "остановилось, пробуем снова" in browser.get("/settings/privacy/").content.decode()


def test_only_an_administrator_erases_and_only_once():
    ticket = make.ticket()
    with pytest.raises(erasing.NotYours):
        erasing.begin(ticket.client, ground="asked", by=make.agent(), at=make.NOON)
    ada = make.admin()
    erasing.begin(ticket.client, ground="asked", by=ada, at=timezone.now())

    with pytest.raises(erasing.AlreadyErased):
        erasing.begin(ticket.client, ground="asked", by=ada, at=timezone.now())


def test_no_table_is_out_of_sight_of_the_verifier():
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE later_room (id bigint, said text, packed bytea, many text[], facts jsonb)"
        )
        cursor.execute(
            "INSERT INTO later_room VALUES (1, 'от Жирафова', convert_to('Жирафов', 'WIN1251'), '{жирафов}',"
            ' \'{"a": "Жирафов"}\')'
        )
    try:
        found = {one.place for one in verifying.find(["Жирафов"])}
        assert found == {f"later_room.{column}" for column in ("said", "packed", "many", "facts")}
        assert {"said", "many", "facts"} <= set(
            next(one for one in sql.swept() if one.name == "later_room").texts
        )
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE later_room")


def test_nothing_is_owed_to_somebody_who_was_erased():
    reply = make.reply(make.ticket(), "Позвоню завтра.", by=make.agent())
    with transaction.atomic():
        tracking.remember(
            reply, [Pledge(0, "Позвоню завтра.", "", None)], by=reply.user, at=make.NOON + make.HOUR
        )

    erase_client(reply.ticket.client)

    assert Promise.objects.get().outcome == "dropped"
