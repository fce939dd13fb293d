"""`otklik mail read`: any bytes, two views, no Django."""

import json
import random
import subprocess
import sys

from typer.testing import CliRunner

from otklik.mime import read
from otklik.site.cli_mail import app

LETTER = "From: Вера <vera@client.example>\nSubject: Вопрос\n\nГде заказ?\n\n-- \nВера\x1b[2J\n".encode()


def test_json_is_the_contracts_dictionary(tmp_path):
    file = tmp_path / "a.eml"
    file.write_bytes(LETTER)

    result = CliRunner().invoke(app, ["read", str(file), "--json"])

    assert json.loads(result.stdout) == read(LETTER).as_dict()


def test_a_person_sees_the_new_words_and_no_terminal_codes():
    result = CliRunner().invoke(app, ["read", "-"], input=LETTER)

    assert result.exit_code == 0
    assert "Где заказ?" in result.stdout
    assert "\x1b[2J" not in result.stdout


def test_any_bytes_end_well():
    chance = random.Random(7)
    for size in (0, 1, 100, 5_000):
        result = CliRunner().invoke(app, ["read", "--json"], input=chance.randbytes(size))
        assert (result.exit_code, set(json.loads(result.stdout))) == (0, set(read(b"").as_dict()))


def test_a_missing_file_is_told_in_russian():
    result = CliRunner().invoke(app, ["read", "/no/such/letter.eml"])

    assert result.exit_code == 2
    assert "Не удалось прочитать файл" in result.output


def test_the_command_starts_without_django():
    script = "import sys, otklik.site.cli_mail; print('django' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603

    assert done.stdout.strip() == "False"
