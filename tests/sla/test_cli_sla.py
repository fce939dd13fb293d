import io
import json
import re
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from otklik.site import cli_sla, jsonl
from tests.sla.calendars import OFFICE_WEEK

OFFICE = {"tz": "Europe/Moscow", "week": OFFICE_WEEK}
ADD = {"id": 1, "kind": "add", "calendar": OFFICE, "start": "2026-03-02T16:00:00+03:00", "seconds": 3 * 3600}


def ask(*lines: dict[str, Any] | bytes) -> list[dict[str, Any]]:
    """Answers to questions (dictionaries) and raw lines (bytes)."""
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    answers = io.BytesIO()
    cli_sla.answer_lines(io.BytesIO(b"\n".join(raw)), answers)
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def test_due_time_of_a_line():
    assert ask(ADD) == [{"id": 1, "due": "2026-03-03T07:00:00+00:00"}]


def test_due_time_in_posix_seconds_when_the_start_was():
    assert ask({**ADD, "id": "a", "start": 1772456400}) == [{"id": "a", "due": 1772521200}]


def test_pauses_of_a_line_and_an_open_one():
    closed = [["2026-03-02T16:00:00+03:00", "2026-03-02T17:00:00+03:00"]]

    assert ask({**ADD, "pauses": closed}, {**ADD, "pauses": [["2026-03-02T16:30:00+03:00", None]]}) == [
        {"id": 1, "due": "2026-03-03T08:00:00+00:00"}, {"id": 1, "due": None}
    ]  # fmt: skip


def test_working_seconds_between():
    line = {
        "id": 2,
        "kind": "between",
        "calendar": OFFICE,
        "start": ADD["start"],
        "end": "2026-03-03T07:00:00Z",
    }

    assert ask(line, {**line, "pauses": [[ADD["start"], None]]}) == [
        {"id": 2, "seconds": 10_800}, {"id": 2, "seconds": 0}
    ]  # fmt: skip


def test_replay_of_a_clock():
    steps = [
        {"at": 0, "event": "start", "target": 60},
        {"at": 10, "event": "pause"},
        {"at": 20, "event": "hours", "calendar": {"always": True}},
        {"at": 30, "event": "resume"},
        {"at": 90, "event": "resolve"},
    ]

    assert ask({"id": 3, "kind": "replay", "calendar": {"always": True}, "steps": steps}) == [
        {
            "id": 3,
            "steps": [
                {"elapsed": 0, "due": 60, "breached": False},
                {"elapsed": 10, "due": None, "breached": False},
                {"elapsed": 10, "due": None, "breached": False},
                {"elapsed": 10, "due": 80, "breached": False},
                {"elapsed": 70, "due": 80, "breached": True},
            ],
        }
    ]


UNREADABLE = [
    b"nonsense",
    b"[1]",
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"id": NaN}',
    b'{"id": 1e999}',
    b"9" * 5_000,
]


@pytest.mark.parametrize("line", UNREADABLE, ids=range(len(UNREADABLE)))
def test_an_unreadable_line_gets_an_error_without_id_and_the_rest_goes_on(line):
    bad, good = ask(line, ADD)

    assert bad == {"id": None, "error": bad["error"]}
    assert good["due"]


BAD = [
    ({"kind": "guess"}, "kind — одно из add, between, replay"),
    ({"kind": ["add"]}, "kind"),
    ({"calendar": 1}, "календарь"),
    ({"calendar": {"tz": "Mars", "week": 1}}, "Mars.*week"),
    ({"start": "2026-03-02T16:00:00"}, "часовой пояс"),
    ({"start": "вчера"}, "start — время"),
    ({"start": True}, "start — время"),
    ({"start": 1e300}, "1900–2199"),
    ({"seconds": "5"}, "seconds — число"),
    ({"seconds": -5}, "меньше нуля"),
    ({"seconds": 1e12}, "десять лет"),
    ({"pauses": 5}, "pauses — список"),
    ({"pauses": [[1]]}, "пауза — пара"),
    ({"pauses": [[None, 1]]}, "начало паузы"),
    ({"kind": "between"}, "end — время"),
    ({"kind": "replay"}, "steps — список"),
    ({"kind": "replay", "steps": [5]}, r"steps\[0\]"),
    ({"kind": "replay", "steps": [{"at": 5, "event": {}}]}, r"steps\[0\].event"),
    ({"kind": "replay", "steps": [{"at": 5, "event": "start"}]}, "target"),
    ({"kind": "replay", "steps": [{"at": 5, "event": "pause"}]}, "первый шаг"),
]


@pytest.mark.parametrize(("change", "words"), BAD)
def test_a_bad_line_gets_its_id_and_the_reason_and_the_rest_goes_on(change, words):
    bad, good = ask({**ADD, "id": ["x", 7], **change}, ADD)

    assert bad["id"] == ["x", 7]
    assert re.search(words, bad["error"])
    assert good["due"]


def test_a_line_without_a_calendar_says_which_key_is_missing():
    assert ask({"kind": "add"}) == [{"id": None, "error": "нет ключа calendar"}]


def test_blank_lines_are_passed_over_and_a_byte_order_mark_is_no_fault():
    assert len(ask(b"", b"\xef\xbb\xbf" + json.dumps(ADD).encode(), b"  ", ADD)) == 2


def test_a_line_too_long_is_read_past_and_not_kept():
    too_long = b"x" * (2 * jsonl.LONGEST + 7)

    assert [answer.get("error") for answer in ask(too_long, ADD, too_long)] == [
        "строка длиннее 4194304 байт", None, "строка длиннее 4194304 байт"
    ]  # fmt: skip


def test_half_a_surrogate_pair_in_an_id_comes_back_as_it_was():
    assert ask(b'{"id": "\\ud800"}')[0]["id"] == "\ud800"


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(st.binary(max_size=40), st.integers(0, 400), st.integers(0, 40))
def test_any_bytes_in_a_line_leave_the_next_line_its_answer(junk, place, cut):
    good = json.dumps({**ADD, "pauses": [[5, 6]], "start": 5}).encode()
    broken = (good[:place] + junk + good[place + cut :]).replace(b"\n", b"")

    assert ask(broken, ADD)[-1] == {"id": 1, "due": "2026-03-03T07:00:00+00:00"}


def test_the_command_answers_line_by_line():
    run = CliRunner().invoke(cli_sla.app, ["worktime", "--jsonl"], input=json.dumps(ADD) + "\noops\n")

    assert run.exit_code == 0
    assert [json.loads(line)["id"] for line in run.stdout.splitlines()] == [1, None]


def test_the_command_without_jsonl_says_what_it_wants():
    run = CliRunner().invoke(cli_sla.app, ["worktime"])

    assert run.exit_code == 2
    assert "--jsonl" in run.output


def test_the_command_answers_each_question_at_once_and_without_django():
    script = "import sys; from otklik.site.cli_sla import app; assert 'django' not in sys.modules; app()"
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", script, "worktime", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdin
        assert program.stdout
        for _ in range(2):
            program.stdin.write(json.dumps(ADD).encode() + b"\n")
            program.stdin.flush()
            assert json.loads(program.stdout.readline())["id"] == 1
        program.stdin.close()

    assert program.returncode == 0
