"""`otklik keys`: over a folder with its own key."""

import os
import subprocess
import sys

OLD = "an old key of tests that is long enough"


def keys(home, *words, **variables):
    told = {name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")}
    told |= {"OTKLIK_HOME": str(home), **variables}
    command = [sys.executable, "-m", "otklik", "keys", *words]
    return subprocess.run(command, env=told, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - ours


def test_a_new_key_keeps_the_old_ones_beside_readable_by_us_alone(tmp_path):
    (tmp_path / "secret.key").write_text(OLD.replace(" ", "-"))

    assert keys(tmp_path, "new").returncode == 0
    first = (tmp_path / "secret.key").read_text().strip()
    assert keys(tmp_path, "new").returncode == 0

    kept = (tmp_path / "secret.key.old").read_text().split()
    assert kept == [first, OLD.replace(" ", "-")]
    assert len({first, (tmp_path / "secret.key").read_text(), *kept}) == 3
    for name in ("secret.key", "secret.key.old"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0


def test_a_key_of_the_environment_is_left_to_who_set_it(tmp_path):
    done = keys(tmp_path, "new", OTKLIK_SECRET_KEY=OLD)

    assert done.returncode == 1
    assert "OTKLIK_OLD_SECRET_KEYS" in done.stderr
    assert list(tmp_path.iterdir()) == []
