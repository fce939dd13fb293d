"""«Служебная»: what is in trouble, and the deed that helps, for administrators alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from otklik.channels.models import Alarm, Box, Envelope
from otklik.desk.models import Delivery
from otklik.journal.models import Entry
from otklik.site import beating
from otklik.site.models import Backup
from otklik.site.upkeep import queries
from otklik.staff import queries as staff
from tests import make
from tests.channels.letters import letter

pytestmark = pytest.mark.django_db
PAGE = "/settings/upkeep/"


@pytest.fixture
def admin(client):
    client.force_login(make.admin())
    return client


def broken(number=0):
    raw = letter(f"Слова письма {number}")
    return Envelope.objects.create(
        box=make.box(), key=f"broken{number}", source="door", raw=raw, size_bytes=len(raw), state="fault",
        received_at=timezone.now(), reason="Неизвестная кодировка.",
    )  # fmt: skip


def unclear():
    make.reply(make.ticket(at=timezone.now()), at=timezone.now())
    row = Delivery.objects.order_by("-pk")[0]
    Delivery.objects.filter(pk=row.pk).update(state="sending", began_at=timezone.now())
    Delivery.objects.filter(pk=row.pk).update(state="unknown")
    return row


def job(*steps):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('a', 'room.job') RETURNING id"
        )
        (pk,) = cursor.fetchone()
        for step in steps:
            cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [step, pk])
    return pk


def status(pk):
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [pk])
        return cursor.fetchone()[0]


def press(client, name, pk):
    return client.post(reverse(f"upkeep:{name}", args=[pk]), follow=True)


def test_installation_in_order_says_so(admin):
    beating.worker()
    said = admin.get(PAGE).content.decode()

    for words in (
        "Все письма прочитались.",
        "Письма уходят вовремя.",
        "Задания выполняются.",
        "Все ящики работают.",
    ):
        assert words in said


def test_all_that_is_in_trouble_stands_on_one_page(admin):
    broken()
    unclear()
    job("doing", "failed")
    box = make.box("it@primer.example", trouble="Пароль не подошёл.")
    who = make.admin("Ольга Вторая")
    Alarm.objects.create(
        box=box,
        user=who,
        kind="dead",
        words="x",
        made_at=make.NOON,
        next_at=make.NOON,
        fault="Сервер молчит.",
    )
    Backup.objects.create(at=make.NOON, shows=make.NOON, place="desk:/var/copies/one", size_bytes=10**6)

    said = admin.get(PAGE).content.decode()

    for words in ("Неизвестная кодировка.", "vera@kvarts.example", "room.job", "Пароль не подошёл.",
                  "Письмо для Ольга Вторая о ящике it@primer.example не уходит: Сервер молчит.",
                  "desk:/var/copies/one"):  # fmt: skip
        assert words in said


@pytest.mark.django_db(transaction=True)
def test_letter_is_read_again_by_its_button(admin):
    envelope = broken()

    assert "Прочитали письмо заново." in press(admin, "reread", envelope.pk).content.decode()
    envelope.refresh_from_db()
    assert envelope.state == "new"  # for the intake's next sweep


def test_unclear_letter_is_sent_again_or_counted_as_sent(admin):
    first, second = unclear(), unclear()

    assert press(admin, "resend", first.pk).redirect_chain == [(PAGE, 302)]
    press(admin, "count", second.pk)

    states = {one.pk: one.state for one in Delivery.objects.all()}
    assert states == {first.pk: "retry", second.pk: "sent"}
    assert press(admin, "count", second.pk).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_failed_job_stands_in_the_queue_again_and_no_other_does(admin):
    failed, waiting = job("doing", "failed"), job()

    press(admin, "retry", failed)

    assert status(failed) == "todo"
    assert press(admin, "retry", waiting).status_code == 409
    assert press(admin, "retry", 10**9).status_code == 404


def test_days_that_letters_are_kept_can_be_chosen(admin):
    assert admin.post(reverse("upkeep:keeping"), {"raw_kept_days": "90"}, follow=True).status_code == 200
    assert staff.company().raw_kept_days == 90
    refused = admin.post(reverse("upkeep:keeping"), {"raw_kept_days": "-1"})
    assert refused.status_code == 422
    assert staff.company().raw_kept_days == 90
    [line] = Entry.objects.filter(word="keeping.changed")
    assert line.facts == {"kind": "raw", "was": 365, "to": 90}


def test_agent_may_neither_look_nor_press_and_a_stranger_signs_in(client):
    envelope, delivery = broken(), unclear()
    assert client.get(PAGE).status_code == 302
    client.force_login(make.agent())

    assert client.get(PAGE).status_code == 403
    for name, pk in (("reread", envelope.pk), ("resend", delivery.pk), ("count", delivery.pk), ("retry", 1)):
        assert client.post(reverse(f"upkeep:{name}", args=[pk])).status_code == 403
    assert Delivery.objects.get().state == "unknown"


def test_thirty_troubles_cost_as_many_queries_as_one(admin):
    counts = []
    admin.get(PAGE)  # the company's row is made by whoever asks first
    for number in (1, 30):
        for one in range(number):
            broken(number * 100 + one)
            unclear()
            job("doing", "failed")
            make.box(f"b{number}-{one}@primer.example", trouble="Молчит.")
        with CaptureQueriesContext(connection) as seen:
            assert admin.get(PAGE).status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_box_that_lives_is_not_on_the_page(admin):
    make.box("it@primer.example", kind=Box.Kind.IMAP, imap_host="i", alive_at=timezone.now())
    assert "it@primer.example" not in admin.get(PAGE).content.decode()
    Box.objects.update(alive_at=timezone.now() - timedelta(hours=1))
    assert "it@primer.example" in admin.get(PAGE).content.decode()


def many(state, at, count=3000):
    """So many letters of one message that ended so at that time."""
    message = make.reply(make.ticket())
    message.deliveries.all().delete()
    rows = (
        Delivery(message=message, address=f"{n}@x.example", state=state, ended_at=at) for n in range(count)
    )
    Delivery.objects.bulk_create(rows)


def test_each_kind_of_trouble_is_read_by_an_index_that_holds_little_else():
    now = timezone.now()
    many("sent", now - timedelta(hours=1))
    many("failed", now - timedelta(days=400))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE desk_delivery")

    plans = [one.values("pk")[:50].explain() for one in queries.in_trouble(now)]

    used = ["delivery_unsettled", "delivery_failed", "delivery_due", "delivery_due"]
    assert [name in plan for name, plan in zip(used, plans, strict=True)] == [True] * 4, plans


def test_a_letter_that_failed_long_ago_makes_place_for_one_of_today(admin):
    many("failed", timezone.now() - timedelta(days=30), count=60)
    Delivery.objects.filter(address="7@x.example").update(ended_at=timezone.now() - timedelta(days=1))

    found = queries.look(timezone.now()).letters

    assert [one.delivery.address for one in found] == ["7@x.example"]
