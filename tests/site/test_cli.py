import os
import subprocess
import sys

import pytest


def otklik(*words, **variables):
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-X", "importtime", "-m", "otklik", *words],
        env=os.environ | variables, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("words", [["sla", "--help"], ["mail", "--help"], ["--help"]])
def test_engine_commands_start_without_django_and_without_a_database(words):
    done = otklik(*words, OTKLIK_DATABASE_URL="")

    assert done.returncode == 0
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert "typer" in loaded
    assert not {"django", "psycopg", "procrastinate", "numpy"} & loaded


def test_all_wrong_variables_are_named_without_a_traceback():
    done = otklik("web", OTKLIK_PORT="восемь", OTKLIK_PROT="1")

    assert done.returncode == 2
    assert "OTKLIK_PORT: нужно: число от 0 до 65535." in done.stderr
    assert "OTKLIK_PROT: такой переменной нет." in done.stderr
    assert "Traceback" not in done.stderr


def test_django_commands_are_reached_through_manage():
    done = otklik("manage", "check", "--help")

    assert done.returncode == 0
    assert "usage: otklik manage check" in done.stdout
