import threading

import pytest
from django.db import connection

from otklik.jobs import wakeups
from otklik.jobs.loops import Loop, Runner, Service
from otklik.jobs.pauses import Pauses


@pytest.fixture
def run():
    """Starts a runner of these parts; it is stopped at the end and must have nobody late."""
    runners: list[Runner] = []

    def start(*parts):
        runner = Runner(parts)
        runners.append(runner)
        runner.start()
        return runner

    yield start
    assert [late for runner in runners for late in runner.stop(10)] == []


def test_loop_that_did_something_is_called_again_at_once(run, wait_until):
    left = [3]

    def tick():
        left[0] -= 1
        return max(0, left[0])

    run(Loop("sweep", tick, pause_s=3600))

    wait_until(lambda: left[0] == 0)


def test_resting_loop_is_woken_by_its_word_only(run, wait_until):
    ticks = {"outbox": 0, "clocks": 0}

    def counting(name):
        def tick():
            ticks[name] += 1
            return 0

        return Loop(name, tick, pause_s=3600, wake=name)

    runner = run(counting("outbox"), counting("clocks"))
    wait_until(lambda: ticks == {"outbox": 1, "clocks": 1})
    runner.wake("outbox")
    wait_until(lambda: ticks["outbox"] == 2)

    assert ticks["clocks"] == 1


def test_word_told_while_the_loop_works_is_not_lost(run, wait_until):
    began, go_on, ticks = threading.Event(), threading.Event(), []

    def tick():
        ticks.append(1)
        began.set()
        go_on.wait(10)
        return 0

    runner = run(Loop("sweep", tick, pause_s=3600, wake="sweep"))
    began.wait(10)
    runner.wake("sweep")
    go_on.set()

    wait_until(lambda: len(ticks) == 2)


def test_failing_loop_goes_on_and_does_not_stop_the_others(run, wait_until):
    calls = {"bad": 0, "good": 0}

    def bad():
        calls["bad"] += 1
        raise ValueError("нет такого файла")

    def good():
        calls["good"] += 1
        return 0

    run(Loop("bad", bad, pause_s=0.01), Loop("good", good, pause_s=0.01))

    wait_until(lambda: calls["bad"] >= 2 and calls["good"] >= 2)


def test_service_that_fell_is_started_again(run, wait_until):
    starts = []

    def listen(stopping):
        starts.append(1)
        if len(starts) == 1:
            raise OSError("порт занят")
        stopping.wait()

    run(Service("door", listen))

    wait_until(lambda: len(starts) == 2)


def test_pauses_grow_to_half_a_minute_and_begin_again_after_success():
    pauses = Pauses()

    assert [pauses.take() for _ in range(8)] == [0, 1, 2, 4, 8, 16, 30, 30]
    pauses.reset()
    assert pauses.take() == 0


@pytest.mark.django_db(transaction=True)
def test_told_word_arrives_when_the_deed_commits(wait_until, monkeypatch):
    heard: list[str] = []
    stopping = threading.Event()
    listener = threading.Thread(target=wakeups.listen, args=(stopping, heard.append, _url()))
    listener.start()
    wait_until(lambda: heard == [""])  # the first call: something may have been missed

    wakeups.tell("outbox")

    wait_until(lambda: heard == ["", "outbox"])
    stopping.set()
    listener.join(10)


def _url():
    settings = connection.settings_dict
    return (
        f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}&port={settings['PORT']}"
    )
