"""The installation that the doctor looks at."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection

from otklik.env import Env, env
from otklik.site.postgres import Embedded


@pytest.fixture
def healthy(db, postgres: Embedded) -> Env:
    url = postgres.url.replace("/otklik?", f"/{connection.settings_dict['NAME']}?")
    return replace(env(), database_url=url, listen_url=url)


@pytest.fixture
def home(healthy: Env, tmp_path: Path) -> Env:
    """The same with a folder of its own."""
    folder = tmp_path / "home"
    for name in ("files", "log"):
        (folder / name).mkdir(parents=True, mode=0o700)
    (folder / "secret.key").touch(0o600)
    return replace(healthy, home=folder)
