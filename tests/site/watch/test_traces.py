"""The name of a request goes with what it set going, and to whoever has to tell us of a fault."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.jobs import Job

from otklik.channels.models import Box
from otklik.channels.outbox.posting import Post
from otklik.desk.models import Delivery
from otklik.jobs import queue
from otklik.web import uploads
from tests import make
from tests.accounts.test_keys import key_of
from tests.channels.outbox.sinks import sink

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=1)


@pytest.fixture
def browser():
    browser = Client(raise_request_exception=False)
    browser.force_login(make.agent())
    return browser


@pytest.fixture(autouse=True)
def taken_back(db):
    """What a statement has spoilt is asked nothing more at the end."""
    yield
    transaction.set_rollback(True)


def broken():
    """A fault of ours, for all that reads requests, until the test is taken back."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE desk_ticket RENAME TO desk_ticket_gone")


def pages(browser):
    """Each page of a fault: (status, words, its number)."""
    big = {"CONTENT_LENGTH": str(uploads.MOST_BYTES + 1), "content_type": "multipart/form-data; boundary=x"}
    strict = Client(enforce_csrf_checks=True)
    yield 404, "Такой страницы нет", browser.get("/desk/no-such-page/")
    yield 403, "Сюда нужен другой доступ", browser.get("/people/")
    yield 403, "страница открыта слишком давно", strict.post("/sign-in/")
    yield 413, "их слишком много", browser.generic("POST", "/r/ask/", b"--x--\r\n", **big)
    yield 400, "Мы не поняли этот запрос", browser.get("/sign-in/", headers={"host": "чужой.example"})
    broken()
    yield 500, "у нас сбой", browser.get("/desk/")


def test_every_page_of_a_fault_shows_the_number_that_its_answer_and_line_bear(browser, log):
    for status, words, answer in pages(browser):
        text, number = answer.content.decode().replace("\xa0", " "), answer["X-Request-Id"]
        assert (answer.status_code, words in text) == (status, True), words
        assert f'id="fault-number">{number}</code>' in text
        assert "Скопируйте это, когда пишете администратору" in text
        line = next(
            line
            for line in log.lines()
            if line.get("trace_id") == number and line["logger"] == "otklik.request"
        )
        assert line["status"] == status


def test_the_same_page_in_english_speaks_english(browser, log):
    browser.cookies["django_language"] = "en"
    broken()

    answer = browser.get("/desk/")

    assert f'Case number: <code class="fault__code" id="fault-number">{answer["X-Request-Id"]}' in answer.text
    (fault,) = [line for line in log.lines() if line["logger"] == "django.request"]
    assert fault["trace_id"] == answer["X-Request-Id"]
    assert "desk_ticket" in fault["exception"]


def test_a_refusal_and_a_fault_of_the_api_bear_it_too(log):
    key = {"authorization": f"Bearer {key_of(make.agent())}"}
    refused = Client().get("/api/v1/me")
    missing = Client().get("/api/v1/requests/77", headers=key)
    broken()
    failed = Client().get("/api/v1/requests/77", headers=key)

    for answer, status, code in [
        (refused, 401, "key.missing"),
        (missing, 404, "not_found"),
        (failed, 500, "failed"),
    ]:
        told = answer.json()
        assert (answer.status_code, told["code"], told["trace_id"]) == (status, code, answer["X-Request-Id"])
    (fault,) = log.lines("request failed")
    assert fault["trace_id"] == failed["X-Request-Id"]


def test_a_letter_and_its_job_bear_the_name_of_the_request_that_wrote_it(browser, log):
    with sink() as server:
        box = make.box(smtp_host="127.0.0.1", smtp_port=server.port, smtp_security=Box.Security.NONE)
        ticket = make.ticket()
        seen = ticket.messages.get().pk
        sent = {"text": "Вера, базу открыли.", "to": "vera@kvarts.example", "box": box.pk, "seen": seen}
        answer = browser.post(f"/desk/{ticket.number}/reply/", sent)
        post = Post(box.pk, 77, clock=lambda: timezone.now() + SOON)
        assert post.batch() == 1
        post.close()

    (line,) = log.lines("letter handed over")
    assert line["trace_id"] == answer["X-Request-Id"] == Delivery.objects.get().trace_id
    assert (line["ticket"], line["box"]) == (ticket.number, box.pk)
    assert line["deliveries"] == {str(Delivery.objects.get().pk): "sent"}
    assert "vera" not in log.text.getvalue()
    assert "открыли" not in log.text.getvalue()


def job(**kwargs):
    return JobContext(
        app=queue.app, start_timestamp=0, abort_reason=lambda: None,
        job=Job(id=7, status="doing", queue="letters", lock=None, queueing_lock=None, task_name="t", attempts=1,
                task_kwargs=kwargs),
    )  # fmt: skip


def test_a_job_tells_its_beginning_and_end_under_the_name_of_what_deferred_it(log):
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    assert queue.told(lambda: "result", job(trace_id=trace), None) == "result"
    with pytest.raises(ZeroDivisionError):
        queue.told(lambda: 1 / 0, job(), None)

    began, done, _began, failed = log.lines()
    assert (began["message"], done["message"], failed["message"]) == ("job began", "job done", "job failed")
    assert {began["trace_id"], done["trace_id"]} == {trace}
    assert (done["job"], done["task"], failed["level"]) == (7, "t", "warning")
    assert failed["trace_id"] != trace
    assert settings.MIDDLEWARE[0].endswith("WatchMiddleware")
