"""The access log: each opening of somebody's data is a line, cheap, never changed, shown to who watches over it."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.accounts import looking
from otklik.accounts.models import Look, OwnRole, User
from otklik.channels.models import Envelope
from otklik.desk import files
from otklik.desk.files import File
from otklik.privacy import keeping
from tests import make

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def message():
    kept = (File(files.store(b"words"), 5, "договор.txt", "text/plain", "", False),)
    return make.received("Слова", files=kept, html="<p>Слова</p>")


def opened(path: str, user: User) -> list[str]:
    answer = signed_in(user).get(path)
    if answer.streaming:
        b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a file's answer has it
    return list(Look.objects.order_by("pk").values_list("kind", flat=True))


def test_opening_a_request_a_card_a_letter_a_file_and_searching_are_lines(message):
    anna, number = make.agent(), message.ticket.number
    paths = {
        f"/desk/{number}/": "request", f"/desk/{number}/card/": "card", f"/desk/letters/{message.pk}/": "letter",
        f"/desk/files/{message.attachments.get().pk}/": "file", "/desk/search/?q=слова": "search",
    }  # fmt: skip

    for path, kind in paths.items():
        assert opened(path, anna)[-1] == kind

    look = Look.objects.filter(kind="card").get()
    assert (look.user_id, look.ticket_id, look.client_id) == (
        anna.pk,
        message.ticket.pk,
        message.ticket.client_id,
    )
    assert Look.objects.get(kind="search").words == "слова"


def test_a_letter_as_it_came_is_a_line(message):
    raw = Envelope.objects.create(
        box=make.box(), key="k", source="door", raw=b"x", size_bytes=1, received_at=make.NOON, message=message
    )

    assert opened(f"/settings/boxes/letters/{raw.pk}.eml", make.admin()) == ["raw"]
    assert Look.objects.get().ticket_id == message.ticket.pk


def test_whom_a_page_was_refused_leaves_no_line(message):
    boris = make.agent("Борис Ким", team=make.team("Хостинг"))

    assert opened(f"/desk/{message.ticket.number}/", boris) == []


def test_the_same_look_within_ten_minutes_is_one_line_and_a_later_one_another(message):
    anna, path = make.agent(), f"/desk/{message.ticket.number}/"
    opened(path, anna)
    assert opened(path, anna) == ["request"]

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL otklik.erasing = 'on'")
        Look.objects.update(at=make.NOON)
        cursor.execute("SET LOCAL otklik.erasing = 'off'")
    assert opened(path, anna) == ["request", "request"]


def test_a_line_costs_a_page_one_statement(message, rf):
    request = rf.get("/")
    seen = looking.Seen("request", ticket_id=message.ticket.pk)

    with CaptureQueriesContext(connection) as captured:
        looking.note(request, make.agent(), seen, at=make.NOON)

    assert len([one for one in captured if "accounts_look" in one["sql"]]) == 1


@pytest.mark.parametrize("deed", ["change", "delete"])
def test_the_database_refuses_to_change_or_delete_a_line(deed):
    Look.objects.create(user_id=1, kind="request", at=make.NOON)

    rows = Look.objects.all()

    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        rows.update(user_id=2) if deed == "change" else rows.delete()
    assert Look.objects.get().user_id == 1


@pytest.mark.django_db(transaction=True)
def test_a_line_does_not_make_the_page_wait_for_the_disk(message, rf):
    """Outside a transaction only: the setting must not outlive the statement."""
    looking.note(rf.get("/"), make.agent(), looking.Seen("request", 1), at=make.NOON)

    assert Look.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)


def test_the_page_filters_by_person_kind_request_client_and_day(message):
    anna, boris = make.agent("Анна Орлова"), make.agent("Борис Ким")
    number, client = message.ticket.number, message.ticket.client_id
    opened(f"/desk/{number}/", anna)
    opened("/desk/search/?q=жираф", boris)
    admin = signed_in(make.admin())

    def told(query: str) -> tuple[bool, bool]:
        page = admin.get(f"/desk/looks/?{query}").text.split("<tbody>")[-1]
        return "Анна Орлова" in page, ">жираф</q>" in page

    assert told("") == (True, True)
    assert told(f"user={boris.pk}") == (False, True)
    assert told("kind=request") == told(f"ticket={number}") == told(f"client={client}") == (True, False)
    assert admin.get("/desk/looks/?day=2020-01-01").text.count("Таких просмотров нет") == 1
    assert admin.get("/desk/looks/?ticket=x").status_code == 422


def test_a_page_of_the_log_takes_as_many_queries_for_a_hundred_lines_as_for_one(
    message, django_assert_max_num_queries
):
    Look.objects.bulk_create(
        Look(user_id=n, kind="request", ticket_id=message.ticket.pk, client_id=n, at=make.NOON)
        for n in range(120)
    )
    admin = signed_in(make.admin())

    with django_assert_max_num_queries(9):
        page = admin.get("/desk/looks/").text
    assert "before=" in page


def lines_of(count: int, *, at: datetime, step: timedelta = timedelta(0)) -> None:
    Look.objects.bulk_create(Look(user_id=n % 7, kind="request", at=at + n * step) for n in range(count))


def test_lines_of_one_moment_are_each_on_one_page():
    lines_of(250, at=make.NOON)
    seen: list[int] = []

    while page := list(looking.lines(looking.Filter(before=seen[-1] if seen else None))):
        seen += [line.pk for line in page]

    assert len(seen) == len(set(seen)) == 250


def test_a_line_that_came_late_stands_by_its_time():
    lines_of(1, at=make.NOON)
    lines_of(1, at=make.NOON - make.HOUR)

    assert [line.at for line in looking.lines(looking.Filter())] == [make.NOON, make.NOON - make.HOUR]


def test_the_latest_a_day_and_the_oldest_are_found_by_their_time():
    lines_of(5000, at=make.NOON, step=make.HOUR)
    day = looking.Filter(since=make.NOON + 100 * make.HOUR, until=make.NOON + 124 * make.HOUR)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_look")
    old = {kind.name: kind.rows for kind in keeping.KINDS}["looks"](make.NOON + make.HOUR)

    asked = [looking.lines(looking.Filter()), looking.lines(day), old.order_by("pk")[:100]]

    assert ["look_latest" in one.explain() for one in asked] == [True] * 3


def test_the_right_to_watch_the_log_opens_it_and_nothing_else(message):
    own = OwnRole.objects.create(name="Служба безопасности", rights=["log"])
    watcher = make.agent()
    User.objects.filter(pk=watcher.pk).update(own_role=own)
    browser = signed_in(watcher)

    assert browser.get("/desk/looks/").status_code == 200
    assert browser.get(f"/desk/{message.ticket.number}/").status_code == 403
    assert signed_in(make.agent(role="lead")).get("/desk/looks/").status_code == 403
