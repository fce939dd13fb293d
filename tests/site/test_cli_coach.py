"""The command `otklik coach`: files, JSON, lines of JSON, exit codes, bad input of every kind."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from otklik import coach
from otklik.site import cli_coach, coach_words

LOUD, CALM = "КАССУ НЕ ОТКРЫВАЙТЕ!!!", "Да, бэкапы мы делаем каждую ночь."


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own, as a shell calls it."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "otklik", "coach", *arguments],
        input=given,
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def file(tmp_path: Path):
    def write(text: str | bytes, name: str = "reply.txt") -> str:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def test_a_reply_with_findings_is_marked_and_ends_with_one(file):
    done = run("--follow-up", file(LOUD))

    assert done.returncode == 1
    assert "[КАССУ НЕ ОТКРЫВАЙТЕ!!!]¹" in done.stdout.decode()
    assert "→ Кассу не открывайте!" in done.stdout.decode()


def test_a_clean_reply_ends_with_nought(file):
    done = run("--follow-up", file(CALM))

    assert (done.returncode, done.stderr) == (0, b"")
    assert "Замечаний нет." in done.stdout.decode()


def test_json_is_one_object_a_file_in_their_order(file):
    done = run("--json", "--follow-up", file(LOUD), file(CALM, "calm.txt"))

    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert [one["rule"] for one in first["findings"]] == ["shouting"]
    assert set(first["findings"][0]) == {"rule", "start", "end", "severity", "reason", "suggestions"}
    assert second["file"].endswith("calm.txt")
    assert second["findings"] == []


def test_the_standard_input_is_a_file_too():
    done = run("-", "--json", "--follow-up", given=LOUD.encode())

    assert json.loads(done.stdout)["file"] == "-"


def test_lines_are_answered_in_order_with_their_ids():
    asked = [{"id": "a", "text": LOUD, "first": False}, {"id": 7, "text": CALM, "first": False}]
    done = run("--jsonl", given="\n".join(json.dumps(one) for one in asked).encode())

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["id"], len(one["findings"])) for one in answers] == [("a", 1), (7, 0)]
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b'{"text": 5}', "text"),
        (b"{}", "нет ключа text"),
        (b'{"text": "x", "first": "yes"}', "first"),
        (b'{"text": "x", "our_fault": 1}', "our_fault"),
        (b'{"text": "x", "now": "2026-11-25"}', "now"),
        (b'{"text": "x", "lang": "de"}', "lang"),
        (b"oops", "JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b"[" * 100_000, "скобки"),
    ],
)
def test_a_bad_line_says_why_and_the_next_has_its_answer(line, word):
    done = run("--jsonl", given=line + b'\n{"id": 2, "text": "", "our_fault": null}\n')

    bad, good = (json.loads(one) for one in done.stdout.splitlines())
    assert word in bad["error"]
    assert good == {"id": 2, "findings": []}
    assert done.returncode == 2


def test_what_cannot_be_read_is_told_by_name_and_the_others_are_checked(file, tmp_path):
    done = run(
        str(tmp_path / "nowhere.txt"), file(b"\xcf\xf0\xe8\xe2\xe5\xf2", "cp1251.txt"), file(LOUD), "--json"
    )

    told = done.stderr.decode()
    assert done.returncode == 2
    assert "nowhere.txt: не открывается" in told
    assert "cp1251.txt: текст не в UTF-8" in told
    assert len(done.stdout.splitlines()) == 1


def test_without_a_file_it_says_what_it_wants():
    done = run()

    assert done.returncode == 2
    assert "otklik coach ответ.txt" in done.stderr.decode()


def test_an_unread_text_of_the_client_stops_the_check(file):
    assert run(file(CALM), "--client-text", "/nowhere").returncode == 2


def test_it_starts_without_django(file):
    script = """
import sys
from otklik.site.cli_coach import app
app(standalone_mode=False)
assert "django" not in sys.modules
"""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", script, file(CALM)], capture_output=True, check=False, timeout=60
    )

    assert (done.returncode, done.stderr.decode()) == (0, "")


def test_every_rule_has_words_for_people():
    assert set(coach_words.RULES) == set(coach.CODES)


def test_the_fields_of_the_contract_reach_the_coach():
    asked = {
        "text": "t", "first": False, "our_fault": True, "client_text": "c", "complaint": True, "lang": "en",
        "now": "2026-11-25T12:00:00+03:00",
    }  # fmt: skip
    reply = cli_coach.reply_of(asked)

    assert (reply.text, reply.first, reply.our_fault, reply.client_text) == ("t", False, True, "c")
    assert (reply.complaint, reply.lang, reply.now.isoformat()) == (True, "en", asked["now"])
