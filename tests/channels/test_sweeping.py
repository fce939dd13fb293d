from datetime import timedelta

import pytest
from django.db import connection

from otklik.channels.email.sandbox import Sandbox
from otklik.channels.intake import sweeping, taking
from otklik.channels.intake.sweeping import Sweeper
from otklik.channels.models import Envelope
from otklik.desk import files
from otklik.desk.files import NoRoom
from otklik.desk.models import Message, Ticket
from tests import make
from tests.channels.letters import arrive, letter, sweep

pytestmark = pytest.mark.django_db(transaction=True)
NESTED = b"From: eve@evil.example\r\nSubject: =?utf-8?b?0L/QsNC60LXRgg==?=\r\n" + b"".join(
    b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000)
)


def test_letter_that_cannot_be_read_opens_a_request_that_says_so_and_keeps_the_bytes():
    arrive(NESTED, letter("Обычное"))
    with Sandbox(limit_s=0.0001) as sandbox:
        sweep(sandbox)

    message = Message.objects.select_related("ticket").filter(identity__value="eve@evil.example").get()
    assert "Мы не смогли показать это письмо" in message.text
    assert message.ticket.subject == "пакет"
    attachment = message.attachments.get()
    with files.open_stored(attachment.file_id) as stored:
        assert stored.read() == NESTED
    assert Envelope.objects.get(message=message).state == "fault"


def test_letter_without_any_address_is_kept_as_of_nobody():
    arrive(b"Subject: tishe\r\n\r\nhi\r\n", mail_from="")
    sweep()

    message = Message.objects.select_related("identity").get(direction="in")
    assert message.identity.value.endswith(".invalid")
    assert Message.objects.filter(direction="out").count() == 0


def test_letter_that_killed_every_reader_is_a_visible_fault_and_the_healthy_go_first():
    [worn, healthy] = arrive(letter("Убийца"), letter("Здоровое"))
    Envelope.objects.filter(pk=worn.pk).update(attempts=taking.FAULT_AFTER)
    sweeper = Sweeper()
    sweeper.tick()
    assert Envelope.objects.get(pk=healthy.pk).state == "done"

    sweeper.tick()
    sweeper.close()
    worn.refresh_from_db()
    assert worn.state == "fault"
    assert "попыток прочитать письмо оборвались" in worn.message.text


def test_attempt_is_counted_before_the_letter_is_read():
    arrive(letter())
    [taken] = taking.take(at=make.NOON)

    assert Envelope.objects.get().attempts == taken.attempts == 1
    assert taking.take(at=make.NOON) == []
    [again] = taking.take(at=make.NOON + taking.LEASE + timedelta(seconds=1))
    assert again.attempts == 2


def test_suspect_is_read_alone():
    arrive(letter("Раз"), letter("Два"), letter("Три"))
    Envelope.objects.update(attempts=taking.ALONE_AFTER)

    assert len(taking.take(at=make.NOON)) == 1


def test_batch_is_cut_by_bytes_and_a_giant_comes_alone():
    arrive(letter("Маленькое"), letter("Большое"), letter("Ещё"))
    Envelope.objects.update(size_bytes=taking.MOST_BYTES + 1)

    assert len(taking.take(at=make.NOON)) == 1


def test_one_letter_that_the_database_refuses_stops_nobody_elses(monkeypatch):
    from otklik.channels.intake import taking_in

    arrive(letter("Раз"), letter("Негодное"), letter("Три"))
    arrival = taking_in._arrival

    def spoiled(one, *rest):
        found = arrival(one, *rest)
        return found if "Негодное" not in found.text else _with_nul(found)

    monkeypatch.setattr(taking_in, "_arrival", spoiled)
    sweep()

    assert sorted(Ticket.objects.values_list("last_words", flat=True)) == ["Раз", "Три"]
    refused = Envelope.objects.get(state="fault")
    assert "прочитать заново" in refused.reason


def _with_nul(arrival):
    from dataclasses import replace

    return replace(arrival, author_name="x" * 10, in_reply_to="y", references="z", html="a\ud800")


def test_full_disk_keeps_letters_waiting_without_blaming_them(monkeypatch):
    from tests.channels.test_taking_in import incoming

    def full(content: bytes) -> str:
        raise NoRoom("нет места")

    from otklik.channels.intake import taking_in

    arrive(letter("С файлом"))
    monkeypatch.setattr(taking_in, "files_of", lambda _reads: {0: (full(b""),)})
    sweeper = Sweeper()
    with pytest.raises(NoRoom):
        sweeper.tick()
    assert (Envelope.objects.get().state, Envelope.objects.get().attempts) == ("new", 0)

    monkeypatch.undo()
    sweeper.tick()
    sweeper.close()
    assert incoming().count() == 1


def test_two_sweepers_make_one_request_of_one_letter():
    arrive(letter())
    one, other = Sweeper(), Sweeper()
    reads = one._read()
    Envelope.objects.update(taken_at=make.NOON)  # its lease ran out: it seemed dead
    late = other._read()
    assert (len(reads), len(late)) == (1, 1)

    one._take_in(reads)
    other._take_in(late)
    one.close()
    other.close()

    assert Ticket.objects.count() == 1


def test_letter_with_a_message_id_too_wide_for_an_index_is_taken_in():
    wide = "".join(chr(0x4E00 + n * 7 % 20000) for n in range(1000))
    arrive(letter("Раз"), b"Message-ID: <" + wide.encode() + b"@x.example>\r\n" + letter(Message_ID=""))
    sweep()

    assert Envelope.objects.exclude(state="done").count() == 0


def test_letter_that_the_database_cannot_hold_is_a_visible_fault_and_the_others_are_taken_in():
    [healthy, wide] = arrive(letter("Раз"), letter("".join(chr(0x4E00 + n * 7 % 20000) for n in range(9000))))
    with connection.cursor() as cursor:  # class 54, as an index of ours would say it
        cursor.execute("CREATE INDEX too_narrow ON desk_message (text)")
    try:
        sweep()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX too_narrow")

    assert [Envelope.objects.get(pk=one.pk).state for one in (healthy, wide)] == ["done", "fault"]


def test_under_a_stream_each_letter_is_taken_in_once_and_what_was_read_ahead_is_given_back(monkeypatch):
    monkeypatch.setattr(sweeping, "STREAM", 2)
    monkeypatch.setattr(taking, "MOST_LETTERS", 2)
    monkeypatch.setattr(taking.take, "__kwdefaults__", {"limit": 2})
    arrive(*(letter(f"Письмо {n}") for n in range(7)))
    sweeper = Sweeper()
    taken = sweeper.tick() + sweeper.tick()
    sweeper.close()

    assert taken == Message.objects.filter(direction="in").count() == 4
    waiting = Envelope.objects.filter(state="new")
    assert sorted(waiting.values_list("attempts", "taken_at")) == [(0, None)] * 3
    assert sweep() == 3


def test_what_is_taken_comes_whole_and_in_the_order_of_arrival():
    raws = [b"Subject: \x00\xff\r\n\r\n" + bytes(range(256)), letter("Два")]
    arrive(*raws, rcpt_to=("help@primer.example", "отдел@primer.example"))

    taken = taking.take(at=make.NOON)

    assert [one.raw for one in taken] == raws
    assert taken[0].rcpt_to == ["help@primer.example", "отдел@primer.example"]
    assert (taken[0].received_at, taken[0].taken_at, taken[0].attempts) == (make.NOON, make.NOON, 1)
    assert taken[0].message_id is None
