"""What all tests stand on: a PostgreSQL and variables of their own, waiting without sleeping."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import django
import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as properties

from otklik.site.postgres import Embedded
from tests.browsing import browser, page  # noqa: F401 - fixtures for all
from tests.mailservers import Dovecot
from tests.mailservers import running as running_dovecot
from tests.running import end_sessions, running, with_tables  # noqa: F401 - a fixture for all

# in /var/tmp, since the server's system user can't enter a private temporary folder of root
SCRATCH = Path("/var/tmp")  # noqa: S108 - mkdtemp below makes a name of its own there
MARK = "otklik-test-"
HERE = Path(__file__).parent


def _scratch_folder() -> Path:
    """A folder for this run; those of runs that were killed go first."""
    for left in SCRATCH.glob(f"{MARK}*"):
        pid = left.name.removeprefix(MARK).split("-")[0]
        with suppress(FileNotFoundError):  # another run takes it away at the same moment
            if left.stat().st_uid == os.geteuid() and not Path("/proc", pid).exists():
                shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{MARK}{os.getpid()}-", dir=SCRATCH))
    folder.chmod(0o711)
    return folder


HOME = _scratch_folder()
POSTGRES = Embedded(HOME, durable=False)

# Settings are read once per process, so the variables stand before anything imports them. The server
# starts later, with the first test that asks for a database: its address is known without it.
for name in [name for name in os.environ if name.startswith("OTKLIK_")]:
    del os.environ[name]
os.environ.update(
    OTKLIK_HOME=str(HOME),
    OTKLIK_DATABASE_URL=POSTGRES.url,
    OTKLIK_ALLOW_NETWORKS="127.0.0.0/8 ::1/128",  # the outer world of the tests stands on loopback
    OTKLIK_SECRET_KEY="a key of tests that is long enough for everybody",
    DJANGO_SETTINGS_MODULE="otklik.site.settings",
)

# a process of ours starts in half the time when it finds its bytecode, and the tests start hundreds
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

django.setup()  # pytest-django does it only for whoever has imported Django before its hooks
from tests import emptying  # noqa: E402 - it knows models, which come with the setup

# the same hasher at its cheapest: at full cost each person of a test takes 80 ms
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1
TransactionTestCase._fixture_teardown = emptying.empty  # type: ignore[attr-defined]  # has no public name
# a busy machine is no fault of what is tested
properties.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("any machine")
connection_created.connect(emptying.forget)
# every test client makes the middleware anew, which would read all static files each time
settings.WHITENOISE_AUTOREFRESH = True


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Each process of a run beside others names its own folder and server: it must not inherit ours."""
    del os.environ["DJANGO_SETTINGS_MODULE"]  # pytest-django would read the settings before this file does


def pytest_unconfigure() -> None:
    POSTGRES.stop()
    shutil.rmtree(HOME, ignore_errors=True)


# what each marker needs; scripts/test-machine installs it
OUTSIDE = {
    "browser": ["chromium"],
    "mailserver": ["dovecot", "smtpd"],
    "cluster": ["nginx", "pgbouncer", "openssl"],
}
OUTSIDE_FOLDERS = ("browser", "chaos", "cluster", "site")
LONG = (*OUTSIDE_FOLDERS, "privacy", "safety", "sla")  # folders


@pytest.hookimpl(trylast=True)  # after the order was shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    _long_ones_first(items)
    _try_again_what_lives_outside(items)
    _skip_what_this_machine_cannot(items)


def _long_ones_first(items: list[pytest.Item]) -> None:
    """Files that start servers and browsers come before the many quick ones, which fill what time is left.

    One process runs a file (`--dist loadfile`), so that its servers are started once.
    """
    items.sort(key=lambda item: item.path.relative_to(HERE).parts[0] not in LONG)


def _try_again_what_lives_outside(items: list[pytest.Item]) -> None:
    """Browsers, servers and killed processes share two processors with three runs: one more try, counted as «rerun».

    What is broken fails twice. Everything else fails at once.
    """
    for item in items:
        folder = item.path.relative_to(HERE).parts[0]
        if folder in OUTSIDE_FOLDERS or any(item.get_closest_marker(marker) for marker in OUTSIDE):
            item.add_marker(pytest.mark.flaky(reruns=1))


def _skip_what_this_machine_cannot(items: list[pytest.Item]) -> None:
    """In CI nothing is skipped."""
    if os.environ.get("CI"):
        return
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    for marker, programs in OUTSIDE.items():
        missing = [program for program in programs if not shutil.which(program, path=path)]
        skip = pytest.mark.skip(reason=f"нет программ: {', '.join(missing)} (scripts/test-machine)")
        for item in items:
            if missing and item.get_closest_marker(marker):
                item.add_marker(skip)


@pytest.fixture(scope="session")
def postgres() -> Embedded:
    """The running server of this session. Tests of Django's models need only `db`."""
    if not POSTGRES.is_running():
        POSTGRES.start()
        emptying.allow(POSTGRES.url)
    return POSTGRES


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: Embedded) -> None:
    """pytest-django asks for this before it makes the test database: a copy of the one that has the tables."""
    connection.settings_dict["TEST"]["TEMPLATE"] = with_tables(postgres.url)


@pytest.fixture(scope="session")
def django_db_setup(postgres: Embedded, django_db_setup: None) -> Iterator[None]:
    """At the end, lines of threads that are still ending are cut: the test database could not be dropped."""
    yield
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(postgres.url, autocommit=True) as server:
        end_sessions(server, name)


@pytest.fixture(scope="session")
def wait_until() -> Callable[..., object]:
    """`wait_until(condition, timeout_s=30)` gives what the condition gave when it came true, else fails."""

    def wait(condition: Callable[[], object], timeout_s: float = 30) -> object:
        deadline = time.monotonic() + timeout_s
        while not (seen := condition()):
            if time.monotonic() > deadline:
                pytest.fail(f"{condition} не стало верным за {timeout_s} с")
            time.sleep(0.01)
        return seen

    return wait


@pytest.fixture
def scratch() -> Iterator[Path]:
    """An empty folder that the embedded server's system user can enter (tmp_path is private to root)."""
    folder = Path(tempfile.mkdtemp(prefix="t-", dir=HOME))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A running Dovecot for the whole session; take an address of your own by `dovecot.account()`."""
    folder = Path(tempfile.mkdtemp(prefix="dovecot-", dir=HOME))
    folder.chmod(0o711)
    yield from running_dovecot(folder)
