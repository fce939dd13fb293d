"""Faults of mail, work and rules, each planted and found."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from otklik.accounts.models import User
from otklik.channels.models import Alarm, Box, Envelope
from otklik.channels.outbox import fuse
from otklik.desk import files
from otklik.desk.models import Delivery, Ticket
from otklik.promises.models import NextNews
from otklik.site import beating, doctor
from otklik.site.doctor import mail, work
from otklik.site.models import Backup, Beat
from otklik.sla import following
from tests import make
from tests.site.doctor.scene import bad

ALL = (mail.boxes, mail.fuses, mail.envelopes, mail.deliveries, mail.stored, work.processes, work.jobs, work.owners,
       work.administrator, work.backups)  # fmt: skip


def envelope(**fields):
    values = {
        "box": make.box(),
        "key": "k",
        "source": "door",
        "raw": b"x",
        "size_bytes": 1,
        "received_at": timezone.now(),
    }
    return Envelope.objects.create(**{**values, **fields})


def test_healthy_work_is_praised(healthy):
    make.admin()
    beating.worker()
    beating.intake()
    make.reply(make.ticket(at=timezone.now()), at=timezone.now())

    for check in ALL:
        assert bad(check, healthy) == []


def test_mailbox_that_is_not_read(healthy):
    make.box(
        "it@primer.example",
        kind=Box.Kind.IMAP,
        imap_host="i",
        alive_at=timezone.now() - timedelta(minutes=20),
    )

    (text,) = bad(mail.boxes, healthy)
    assert "it@primer.example: не заглядывали" in text


def test_mailbox_in_trouble(healthy):
    make.box("it@primer.example", kind=Box.Kind.IMAP, imap_host="i", trouble="Пароль не подошёл.")

    assert bad(mail.boxes, healthy) == ["Ящик it@primer.example: Пароль не подошёл."]


def test_blown_fuse(healthy):
    fuse.blow(make.box().pk, "За час писем 300.", at=timezone.now())

    (text,) = bad(mail.fuses, healthy)
    assert "За час писем 300." in text


def test_letter_that_was_not_read(healthy):
    broken = envelope(state="fault", reason="не письмо")

    assert bad(mail.envelopes, healthy) == [f"Не прочитались письма: 1 ({broken.pk})."]


def test_letter_that_nobody_reads(healthy):
    envelope(received_at=timezone.now() - timedelta(minutes=11))

    (text,) = bad(mail.envelopes, healthy)
    assert "ждут чтения" in text


@pytest.mark.parametrize(
    ("state", "said"),
    [("unknown", "Неизвестно, ушли ли"), ("failed", "не ушли"), ("waiting", "пора было отправить")],
)
def test_letter_that_did_not_leave(healthy, state, said):
    long_ago = timezone.now() - timedelta(minutes=11)
    ticket = make.reply(make.ticket(at=long_ago), at=long_ago).ticket
    rows = Delivery.objects.all()
    if state == "failed":
        rows.update(state="failed", ended_at=long_ago)
    elif state == "unknown":
        rows.update(state="sending", began_at=long_ago)
        rows.update(state="unknown")

    (text,) = bad(mail.deliveries, healthy)
    assert said in text
    assert f"№ {ticket.number}" in text


def test_alarm_that_reaches_nobody(healthy):
    box = make.box("it@primer.example")
    Alarm.objects.create(
        box=box,
        user=make.admin(),
        kind="dead",
        words="x",
        made_at=make.NOON,
        next_at=make.NOON,
        fault="Сервер молчит.",
    )

    (text,) = bad(mail.alarms, healthy)
    assert text == "Письмо администратору о ящике it@primer.example не уходит: Сервер молчит."


def test_file_that_is_gone_from_the_disk(healthy):
    sha256 = files.store(b"soon gone, said the doctor")
    make.ticket(files=(files.File(sha256, 9, "a.txt", "text/plain"),))
    assert bad(mail.stored, healthy) == []
    files.path(sha256).unlink()

    (text,) = bad(mail.stored, healthy)
    assert sha256[:12] in text


def test_processes_that_do_not_work(healthy):
    beating.worker()
    Beat.objects.update(at=timezone.now() - timedelta(minutes=7))

    assert bad(work.processes, healthy) == [
        "Рабочий процесс (отправка, сроки): последний знак 7 мин назад.",
        "Приём писем: не запускали ни разу.",
    ]


def job(status, minutes):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('letters', 'none') RETURNING id"
        )
        (pk,) = cursor.fetchone()
        for step in ["doing", status] if status != "todo" else []:
            cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [step, pk])
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - make_interval(mins => %s) WHERE job_id = %s",
            [minutes, pk],
        )
    return pk


def test_job_that_failed(healthy):
    assert bad(work.jobs, healthy) == []
    pk = job("failed", 0)

    assert bad(work.jobs, healthy) == [f"Задания не удались: 1 ({pk})."]


@pytest.mark.parametrize("status", ["todo", "doing"])
def test_job_that_is_stuck(healthy, status):
    job(status, 1)
    assert bad(work.jobs, healthy) == []
    pk = job(status, 11)

    assert bad(work.jobs, healthy) == [f"Задания стоят дольше десяти минут: 1 ({pk})."]


@pytest.mark.django_db(transaction=True)
def test_request_that_waits_without_a_promise(healthy):
    ticket = make.ticket()
    while following.follow():
        pass
    assert bad(work.news, healthy) == []
    NextNews.objects.all().delete()

    (text,) = bad(work.news, healthy)
    assert f"№ {ticket.number}" in text


def test_request_of_somebody_who_left(healthy):
    agent = make.agent()
    ticket = make.ticket()
    Ticket.objects.update(owner=agent)
    assert bad(work.owners, healthy) == []
    User.objects.filter(pk=agent.pk).update(is_active=False)

    (text,) = bad(work.owners, healthy)
    assert text == f"Запросы висят на ушедших сотрудниках: 1 (№ {ticket.number})."


def test_queue_that_nobody_looks_at(healthy):
    make.ticket(team_id=make.team("Пустая").pk)

    (text,) = bad(work.owners, healthy)
    assert "некому смотреть" in text


def test_nobody_who_administers(healthy):
    make.admin()
    User.objects.update(is_active=False)

    (text,) = bad(work.administrator, healthy)
    assert text == "Нет ни одного действующего администратора."


def test_no_copy_and_an_old_one(healthy):
    make.ticket(at=timezone.now() - timedelta(days=9))
    assert bad(work.backups, healthy) == ["Копий ещё не снимали."]
    for days in (3, 1):
        shows = timezone.now() - timedelta(days=days)
        Backup.objects.create(at=shows, shows=shows, place="a:/b", size_bytes=1)
        assert len(bad(work.backups, healthy)) == (days == 3)


def test_first_look_at_an_empty_machine_says_where_to_begin(home, capsys, monkeypatch):
    empty = replace(home, home=home.home / "none", database_url="", listen_url="", secret_key="")
    monkeypatch.setattr(doctor, "env", lambda: empty)

    assert doctor.tell() == 1
    said = capsys.readouterr().out
    assert "Запустите otklik up" in said
    assert "Секретного ключа нет." in said


def test_findings_for_programs_say_the_same(home, capsys, monkeypatch):
    monkeypatch.setattr(doctor, "env", lambda: home)

    assert doctor.tell(as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    by_check = {one["check"]: one for one in told}
    assert by_check["database"]["good"]
    assert by_check["administrator"] == {
        "check": "administrator", "good": False, "warns": False, "text": "Нет ни одного действующего администратора.",
        "advice": "Заведите: otklik admin ПОЧТА --name «Имя Фамилия»",
    }  # fmt: skip
