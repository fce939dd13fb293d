from pathlib import Path

import pytest

from otklik.env import WrongEnv, read


def test_without_variables_the_embedded_database_of_the_home_is_meant(tmp_path):
    seen = read({"OTKLIK_HOME": str(tmp_path)})

    assert (seen.home, seen.database_url, seen.base_url) == (tmp_path, "", "http://localhost:8000")


def test_what_the_first_start_left_in_the_home_is_read(tmp_path):
    (tmp_path / "secret.key").write_text("s" * 50 + "\n")
    (tmp_path / "database.url").write_text("postgresql://otklik@/otklik?host=%2Fx\n")

    seen = read({"OTKLIK_HOME": str(tmp_path)})

    assert seen.secret_key == "s" * 50
    assert seen.listen_url == seen.database_url == "postgresql://otklik@/otklik?host=%2Fx"


def test_all_faults_are_told_at_once_with_the_wanted_form():
    with pytest.raises(WrongEnv) as told:
        read({"OTKLIK_PORT": "восемь", "OTKLIK_TIMEZONE": "Mars/Base", "OTKLIK_DATABASE_URL": "mysql://x"})

    assert len(told.value.faults) == 3
    assert "OTKLIK_PORT: нужно: число от 0 до 65535." in told.value.faults


def test_misspelt_name_is_refused():
    with pytest.raises(WrongEnv, match="OTKLIK_PROT: такой переменной нет"):
        read({"OTKLIK_PROT": "8000"})


def test_names_of_others_are_left_alone():
    assert read({"PORT": "1", "HOME": "/", "OTKLIK_HOME": "/srv/otklik"}).port == 8000


def test_value_may_lie_in_a_file(tmp_path):
    (tmp_path / "key").write_text("k" * 40 + "\n")

    assert read({"OTKLIK_SECRET_KEY_FILE": str(tmp_path / "key")}).secret_key == "k" * 40


def test_unreadable_file_and_a_name_given_twice_are_faults(tmp_path):
    with pytest.raises(WrongEnv) as told:
        read({
            "OTKLIK_SECRET_KEY_FILE": str(tmp_path / "none"),
            "OTKLIK_PORT": "1", "OTKLIK_PORT_FILE": str(tmp_path),
        })  # fmt: skip

    assert len(told.value.faults) == 2


def test_secrets_are_not_shown_in_logs():
    seen = read({"OTKLIK_SECRET_KEY": "k" * 40, "OTKLIK_DATABASE_URL": "postgresql://u:word@h/d"})

    assert "k" * 40 not in repr(seen)
    assert "word" not in repr(seen)


def test_live_stream_stands_on_the_next_port_or_behind_the_proxy():
    assert read({"OTKLIK_PORT": "8100"}).live_url == "http://localhost:8101/live"
    assert read({"OTKLIK_BASE_URL": "https://desk.example.ru"}).live_url == "https://desk.example.ru/live"


def test_home_must_be_a_full_path():
    with pytest.raises(WrongEnv, match="полный путь"):
        read({"OTKLIK_HOME": "data"})
    assert read({"OTKLIK_HOME": "~/desk"}).home == Path.home() / "desk"
