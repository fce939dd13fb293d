"""What is given to administrators beside the program: units, container, variables. They name only what there is."""

import configparser
import re
from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from otklik.env import Env, read
from otklik.site.cli import app

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
NAMES = {f"OTKLIK_{one.name.upper()}" for one in fields(Env)}
SAMPLE = (DEPLOY / "otklik.env.example").read_text(encoding="utf-8")
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE_TEXT = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(COMPOSE_TEXT)


def named(text: str) -> set[str]:
    """Variables of ours that a text names, without the ending of a file."""
    return {name.removesuffix("_FILE") for name in re.findall(r"\bOTKLIK_[A-Z_]*[A-Z]\b", text)}


def commands() -> set[str]:
    return set(get_command(app).commands)  # type: ignore[attr-defined]  # the program is a group


def code() -> str:
    """All text of the product and of its tools."""
    paths = [*(ROOT / "otklik").rglob("*.py"), *(ROOT / "scripts").iterdir(), ROOT / "Makefile"]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths if path.is_file())


def test_the_sample_of_variables_holds_each_that_is_read_once_and_can_be_read():
    given = dict(line.split("=", 1) for line in SAMPLE.splitlines() if line and not line.startswith("#"))

    assert set(given) == NAMES
    assert read({name: value for name, value in given.items() if value}).base_url == "https://desk.example.ru"
    assert not any(
        given[name] for name in ["OTKLIK_SECRET_KEY", "OTKLIK_METRICS_TOKEN", "OTKLIK_DATABASE_URL"]
    )


def test_the_code_names_no_variable_that_is_not_read():
    assert named(code()) - NAMES <= {"OTKLIK_X", "OTKLIK_X_Y", "OTKLIK_PROT"}


def test_the_administrators_page_has_a_line_for_each_variable_of_a_working_installation():
    page = (ROOT / "docs" / "administrator.md").read_text(encoding="utf-8")
    table = page.split("## Переменные\n", 1)[1].split("\n## ", 1)[0]

    told = {name for line in table.splitlines() if line.startswith("|") for name in named(line.split("|")[1])}
    assert told == NAMES - {"OTKLIK_PRACTICE_PORT"}


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_our_command_as_its_own_user_and_is_shut_in(path):
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # the way configparser is told to keep case
    unit.read(path, encoding="utf-8")
    service = unit["Service"]

    words = service["ExecStart"].partition("/opt/otklik/bin/otklik ")[2].split()
    assert words[0] in commands()
    assert service["User"] == service["Group"] == "otklik"
    assert (service["NoNewPrivileges"], service["ProtectSystem"], service["ProtectHome"]) == (
        "yes",
        "strict",
        "yes",
    )
    assert service["StateDirectory"] == "otklik"
    if service["Type"] != "oneshot":
        assert (service["Restart"], unit["Install"]["WantedBy"]) == ("always", "multi-user.target")
    assert named(path.read_text(encoding="utf-8")) <= NAMES


def test_the_roles_of_many_machines_have_a_unit_each():
    told = {path.name.removeprefix("otklik-").removesuffix(".service").rstrip("@") for path in UNITS}

    assert {"web", "live", "worker", "intake", "migrate"} <= told


def test_the_image_copies_what_there_is_and_runs_as_nobody_special():
    sources = [
        word
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for word in line.split()[:-1]
    ]
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()

    assert {"otklik", "requirements/run.txt", "pyproject.toml"} <= set(sources)
    for source in sources:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in allowed, source
    last = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER otklik$", last, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", last, re.MULTILINE)
    assert re.search(r'^CMD \["up"\]$', last, re.MULTILINE)
    assert named(DOCKERFILE) <= NAMES


def test_the_image_opens_the_ports_it_is_told_to_listen_on():
    values = dict(re.findall(r"(OTKLIK_\w+)=(\S+)", DOCKERFILE))
    opened = re.findall(r"^EXPOSE (.+)$", DOCKERFILE, re.MULTILINE)[0].split()

    assert set(opened) == {values["OTKLIK_PORT"], values["OTKLIK_LIVE_PORT"], values["OTKLIK_DOOR_PORT"]}
    assert f"localhost:{values['OTKLIK_PORT']}/healthz" in DOCKERFILE
    assert f'VOLUME ["{values["OTKLIK_HOME"]}"]' in DOCKERFILE


def handed_over():
    """Secrets that the composition's instructions give to the user of the image: a file keeps its owner there."""
    [(user, paths)] = re.findall(r"^#   sudo chown (\d+) (.+?)  ", COMPOSE_TEXT, re.MULTILINE)
    assert f"--uid {user} " in DOCKERFILE
    return paths.split()


def test_the_composition_names_commands_ports_and_secrets_that_fit():
    ours = {name: one for name, one in COMPOSE["services"].items() if one["image"] == "otklik"}
    opened = set(re.findall(r"^EXPOSE (.+)$", DOCKERFILE, re.MULTILINE)[0].split())

    assert {one["command"][0] for one in ours.values()} == {
        "up",
        "migrate",
        "web",
        "live",
        "worker",
        "intake",
    }
    for name, one in ours.items():
        assert one["command"][0] in commands(), name
        assert (ROOT / "deploy" / one["build"]["context"] / one["build"]["dockerfile"]).exists(), name
        assert {port.rsplit(":", 1)[1] for port in one.get("ports", [])} <= opened, name
        assert {variable.removesuffix("_FILE") for variable in one["environment"]} <= NAMES, name
        assert set(one.get("secrets", [])) <= set(COMPOSE["secrets"]), name
        assert one["read_only"], name
        assert all(f"secrets/{secret}" in handed_over() for secret in one.get("secrets", [])), name
    assert not any(
        "password" in str(value).lower() for one in ours.values() for value in one["environment"].values()
    )
