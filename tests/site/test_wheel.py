"""The wheel holds everything: in a place of its own, without the clone, it says its version and serves a page."""

import os
import shutil
import site
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.db import connection

from tests.mailservers import free_port
from tests.running import database_url

ROOT = Path(__file__).resolve().parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def ran(*words, **more):
    done = subprocess.run(words, capture_output=True, text=True, timeout=110, check=False, **more)  # noqa: S603 - ours
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Folder with wheel and sdist, as a packager builds them."""
    folder = tmp_path_factory.mktemp("dist")
    ran(sys.executable, "-m", "hatchling", "build", "-d", str(folder), cwd=ROOT)
    return folder


@pytest.fixture(scope="module")
def clean(built):
    """The program out of the wheel in an environment that has the other packages, but neither clone nor tests."""
    folder = Path(os.environ["OTKLIK_HOME"]) / "wheel"
    ran(sys.executable, "-m", "venv", "--without-pip", str(folder))
    (packages,) = folder.glob("lib/python3*/site-packages")
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        wheel.extractall(packages)  # noqa: S202 - we have just built it
    (packages / "others.pth").write_text("\n".join(site.getsitepackages()))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def otklik(clean):
    """(command line, environment) of the installed program; run it from anywhere but the clone."""
    words = [str(clean / "bin" / "python"), "-m", "otklik"]
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    return words, kept | {"OTKLIK_DATABASE_URL": database_url()}


def known(folder):
    """What git knows or would add of a folder: the truth of the source tree."""
    listing = ran("git", "ls-files", "-co", "--exclude-standard", folder, cwd=ROOT)
    return {name for name in listing.splitlines() if (ROOT / name).exists()}


def test_the_wheel_holds_each_file_of_the_product_and_nothing_else(built):
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}

    assert held == known("otklik")
    for needed in ("locale/en/LC_MESSAGES/django.mo", "web/templates/500.html", "site/data/demo/clients.txt"):
        assert f"otklik/{needed}" in held


def test_the_sdist_is_enough_to_build_the_same(built):
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        held = {name.partition("/")[2] for name in sdist.getnames()}

    assert known("otklik") | known("deploy") <= held
    assert {"pyproject.toml", "LICENSE", "README.md", "requirements/run.txt", "docs/administrator.md"} <= held
    assert not any(name.startswith(("tests/", "bench/", ".")) for name in held - {".gitignore"})


def test_the_installed_program_says_the_version_of_pyproject(clean):
    words, variables = otklik(clean)

    assert ran(*words, "--version", cwd="/", env=variables) == f"Отклик {VERSION}\n"
    where = ran(words[0], "-c", "import otklik; print(otklik.__file__)", cwd="/", env=variables)
    assert str(clean) in where


@pytest.mark.django_db(transaction=True)
def test_the_installed_program_checks_itself_and_knows_all_steps_of_the_tables(clean):
    words, variables = otklik(clean)

    ran(*words, "manage", "check", cwd="/", env=variables)
    ran(*words, "manage", "migrate", "--check", cwd="/", env=variables)


@contextmanager
def serving(words, variables):
    with subprocess.Popen([*words, "web"], cwd="/", env=variables, stderr=subprocess.PIPE) as pages:  # noqa: S603
        try:
            yield pages
        finally:
            pages.terminate()


@pytest.mark.django_db(transaction=True)
def test_the_installed_program_serves_a_page_with_its_style(clean, wait_until):
    words, variables = otklik(clean)
    port = free_port()
    address = f"http://localhost:{port}"
    connection.close()
    with serving(words, variables | {"OTKLIK_PORT": str(port)}):
        page = wait_until(lambda: opened(f"{address}/first-run/"))
        assert "Отклик" in page
        assert "layer" in opened(f"{address}/static/web/css/web.css")


def opened(url):
    """'' while nobody answers."""
    try:
        with urlopen(url, timeout=10) as answer:  # noqa: S310 - our own page on loopback
            return answer.read().decode()
    except OSError:
        return ""
