"""Jobs that outlive the worker that took them."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from otklik.jobs import queue

pytestmark = pytest.mark.django_db(transaction=True)
LONG_S = 60  # a worker asks every five seconds when it missed the call; on a busy machine it needs several
KILLED_WORKER = """
import os, threading
from otklik.site import roles
roles.django()
from django.conf import settings
from otklik.jobs import queue

@queue.app.task(name="tests.slow", queue="tests")
def slow():
    print("began", flush=True)
    threading.Event().wait(60)

queue.run(threading.Event())
"""


@queue.app.task(name="tests.slow", queue="tests")
def slow() -> None:
    """What the killed worker was at; the next one finds it short."""


def url():
    settings = connection.settings_dict
    return (
        f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}&port={settings['PORT']}"
    )


def put_back_stalled():
    """As the worker's loop calls it, in a thread: the main one may have a browser's event loop running."""

    def call():
        try:
            return queue.put_back_stalled(silent_s=0)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result()


def rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, attempts FROM procrastinate_jobs ORDER BY id")
        return cursor.fetchall()


@contextmanager
def working():
    """A worker in a thread of this process. It ends with the block, whatever befalls that: no test inherits it."""
    stopping = threading.Event()
    thread = threading.Thread(target=queue.run, args=(stopping, url()))
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(30)
    assert not thread.is_alive()


@pytest.fixture(autouse=True)
def no_old_jobs():
    """The tables of the queue are not Django's own, so its flush leaves them."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def test_job_lives_and_dies_with_the_transaction_of_its_deed():
    with transaction.atomic():
        slow.defer()
        transaction.set_rollback(True)
    assert rows() == []

    with transaction.atomic():
        slow.defer()
    assert rows() == [("todo", 0)]


def test_deferred_job_is_run_and_leaves_no_row(wait_until):
    with working():
        slow.defer()

        wait_until(lambda: rows() == [], LONG_S)


def test_job_whose_worker_was_killed_is_put_back_and_run_by_another(wait_until):
    slow.defer()
    told = os.environ | {"OTKLIK_DATABASE_URL": url()}
    killed = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", KILLED_WORKER], env=told, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with killed, killed.stdout:
        assert b"began\n" in iter(killed.stdout.readline, b"")
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    assert rows() == [("doing", 0)]

    assert put_back_stalled() == 1
    assert rows() == [("todo", 1)]
    with working():
        wait_until(lambda: rows() == [], LONG_S)


def test_job_that_kills_every_worker_is_given_up_and_stays_visible():
    slow.defer()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 5, status = 'doing'")
    assert put_back_stalled() == 1

    assert rows() == [("failed", 6)]
