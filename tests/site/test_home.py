import os
import socket
from dataclasses import replace

import pytest

from otklik.env import read
from otklik.site import home as homes
from otklik.site.home import HomeFault, Lock


@pytest.fixture
def env(tmp_path):
    return read({"OTKLIK_HOME": str(tmp_path)})


@pytest.fixture
def taken():
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_first_free_ports_are_taken_when_none_was_set(env, taken):
    chosen = homes.addresses(replace(env, port=taken))

    assert chosen.port > taken
    assert chosen.base_url == f"http://localhost:{chosen.port}"
    assert chosen.live_url == f"http://localhost:{chosen.live_port}/live"
    assert len({chosen.port, chosen.live_port, chosen.door_port}) == 3


def test_port_that_the_operator_set_is_taken_or_refused(env, taken, monkeypatch):
    monkeypatch.setenv("OTKLIK_PORT", str(taken))

    with pytest.raises(HomeFault, match=f"Порт {taken} занят"):
        homes.addresses(replace(env, port=taken))


def test_known_address_stays_and_the_stream_follows_it(env, monkeypatch):
    monkeypatch.setenv("OTKLIK_BASE_URL", "https://desk.example.ru")
    told = read(dict(os.environ) | {"OTKLIK_HOME": str(env.home)})

    assert homes.addresses(told).live_url == "https://desk.example.ru/live"


def test_new_home_gets_a_private_key_that_the_next_start_keeps(tmp_path):
    homes.make(tmp_path / "home")
    key = tmp_path / "home" / "secret.key"
    first = key.read_text()
    homes.make(tmp_path / "home")

    assert key.read_text() == first
    assert len(first.strip()) >= 48
    assert key.stat().st_mode & 0o077 == 0


def test_lock_is_for_one_and_names_its_holder(tmp_path):
    first, second = Lock(tmp_path), Lock(tmp_path)
    first.take()
    first.say("http://localhost:8000")

    with pytest.raises(HomeFault, match=f"процесс {os.getpid()}, адрес http://localhost:8000"):
        second.take()
    first.release()
    second.take()
    second.release()


def test_scratch_folders_of_copies_that_are_gone_go_too(tmp_path):
    old, other, mine = (tmp_path / f"otklik-demo-{name}" for name in ("old", "other", "mine"))
    for folder, made_by in [(old, tmp_path / "gone"), (other, tmp_path), (mine, "")]:
        folder.mkdir()
        (folder / "made-by").write_text(str(made_by))

    homes.sweep_demos(mine)

    assert not old.exists()
    assert other.exists()
    assert mine.exists()


def test_what_was_chosen_reaches_the_children_and_a_file_variable_does_not_contradict(env, monkeypatch):
    monkeypatch.setenv("OTKLIK_DATABASE_URL_FILE", "/run/secrets/database")
    told = homes.variables(env.home, homes.addresses(env), "postgresql://u@h/d")

    assert read(told).database_url == "postgresql://u@h/d"
