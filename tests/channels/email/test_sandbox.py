"""The reader child: real processes, real limits."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from otklik.channels.email.sandbox import LIMIT_BYTES, NotStarted, Poisoned, Sandbox
from otklik.mime import Letter, read

GREETING = "From: Вера <vera@client.example>\nSubject: Вопрос\n\nДобрый день, №{}".encode()
NUMBERED = [GREETING.replace(b"{}", str(number).encode()) for number in range(100)]
SMALL = b"From: a <b@c.example>\nSubject: small\n\nx"
BIG = b"From: a <b@c.example>\nSubject: big\n\n" + b"x" * 40_000_000


def test_a_batch_comes_back_in_order_as_if_read_here():
    with Sandbox() as sandbox:
        results = sandbox.read_many(NUMBERED)

    assert results == [read(raw) for raw in NUMBERED]


def test_one_child_serves_many_batches_and_ends_with_the_sandbox():
    with Sandbox() as sandbox:
        sandbox.read_many(NUMBERED[:2])
        pid = sandbox.pid
        sandbox.read_many(NUMBERED[:2])
        assert sandbox.pid == pid

    assert sandbox.pid is None
    assert not _is_alive(pid)


def test_a_killed_child_is_started_again_and_no_letter_is_lost():
    with Sandbox() as sandbox:
        sandbox.read_many(NUMBERED[:1])
        assert sandbox.pid is not None
        os.kill(sandbox.pid, signal.SIGKILL)
        results = sandbox.read_many(NUMBERED)

    assert len(results) == len(NUMBERED)
    assert sum(isinstance(one, Poisoned) for one in results) <= 1
    assert all(isinstance(one, Letter) for one in results[1:])


def test_a_letter_past_its_time_is_poisoned_and_the_next_ones_are_read():
    with Sandbox(limit_s=1.5) as sandbox:
        sandbox.read_many(NUMBERED[:1])
        assert sandbox.pid is not None
        os.kill(sandbox.pid, signal.SIGSTOP)  # a child that hangs, whatever the letter
        results = sandbox.read_many([SMALL, NUMBERED[1]])

    assert results[0] == Poisoned("time", "b@c.example", "small")
    assert isinstance(results[1], Letter)


def test_a_letter_past_its_memory_is_poisoned_and_the_next_ones_are_read():
    with Sandbox(limit_s=60, limit_bytes=160 * 1024**2) as sandbox:
        results = sandbox.read_many([NUMBERED[0], BIG, NUMBERED[1]])

    assert results[1] == Poisoned("memory", "b@c.example", "big")
    assert [type(results[0]), type(results[2])] == [Letter, Letter]


def test_a_letter_of_fifty_megabytes_is_read_within_the_contracts_limits():
    files = (
        b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
        + (b"QUJD" * 19 + b"\n") * 640_000
    )
    with Sandbox(limit_s=60) as sandbox:
        (letter,) = sandbox.read_many([files])

    assert isinstance(letter, Letter)
    assert letter.attachments[0].size == 640_000 * 57


def test_a_child_ends_when_its_parent_is_gone():
    script = (
        "import os, sys; from otklik.channels.email.sandbox import Sandbox; s = Sandbox();"
        "s.read_many([b'x']); print(s.pid, flush=True); os._exit(9)"
    )
    command = [sys.executable, "-c", script]
    parent = subprocess.run(command, stdout=subprocess.PIPE, timeout=60, check=False)  # noqa: S603  # our own script
    pid = int(parent.stdout)

    end = time.monotonic() + 10
    while _is_alive(pid) and time.monotonic() < end:
        os.sched_yield()
    assert not _is_alive(pid)


def test_the_limits_are_those_of_the_contract():
    assert LIMIT_BYTES == 1024**3
    assert Sandbox()._limit_s == 2.0


def _is_alive(pid: int | None) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_a_child_that_cannot_start_is_no_letters_fault():
    with Sandbox(limit_bytes=1024**2) as sandbox, pytest.raises(NotStarted):
        sandbox.read_many([SMALL])

    assert sandbox.pid is None
