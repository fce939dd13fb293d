"""docs/security.md: each requirement once, each test that it names there, «open» counted and said."""

import ast
import re
from functools import cache

import pytest

from tests.test_shape import ROOT, tree

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| V([\d.]+) \| (.+?) \| (kept|na|open) \| (.*) \|$", re.MULTILINE)
NAMED = re.compile(r"`((?:[a-z_]+/)*test_[a-z0-9_]+)(?:::([a-z0-9_]+))?`")
# levels 1 and 2 of OWASP ASVS 4.0.3 by section, without what it deleted and what level 3 alone wants
SECTIONS = (
    "1.1:1-7 1.2:1-4 1.4:1,4,5 1.5:1-4 1.6:1-4 1.7:1-2 1.8:1-2 1.9:1-2 1.10:1 1.11:1-2 1.12:2 1.14:1-6 "
    "2.1:1-12 2.2:1-3 2.3:1-3 2.4:1-6 2.5:1-7 2.6:1-3 2.7:1-6 2.8:1-7 2.9:1-3 2.10:1-4 "
    "3.1:1 3.2:1-4 3.3:1-4 3.4:1-5 3.5:1-3 3.7:1 4.1:1,2,3,5 4.2:1-2 4.3:1-3 "
    "5.1:1-5 5.2:1-8 5.3:1-10 5.4:1-3 5.5:1-4 6.1:1-3 6.2:1-6 6.3:1-2 6.4:1-2 "
    "7.1:1-4 7.2:1-2 7.3:1,3,4 7.4:1-3 8.1:1-4 8.2:1-3 8.3:1-8 9.1:1-3 9.2:1-4 10.2:1-2 10.3:1-3 "
    "11.1:1-8 12.1:1-3 12.2:1 12.3:1-6 12.4:1-2 12.5:1-2 12.6:1 13.1:1,3,4,5 13.2:1,2,3,5,6 13.3:1-2 13.4:1-2 "
    "14.1:1-4 14.2:1-6 14.3:2,3 14.4:1-7 14.5:1-4"
)


def wanted() -> list[str]:
    found = []
    for section in SECTIONS.split():
        number, _colon, items = section.partition(":")
        for item in items.split(","):
            first, _dash, last = item.partition("-")
            found += [f"{number}.{one}" for one in range(int(first), int(last or first) + 1)]
    return found


@cache
def functions(path: str) -> frozenset[str]:
    """Names of the tests of a file, without «test_»; empty where there is no such file."""
    file = ROOT / "tests" / f"{path}.py"
    if not file.exists():
        return frozenset()
    defined = [one for one in ast.walk(tree(file)) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    return frozenset(one.name.removeprefix("test_") for one in defined if one.name.startswith("test_"))


def test_each_requirement_stands_there_once_and_in_order():
    assert [number for number, *_rest in ROW.findall(PAGE)] == wanted()


def test_the_list_and_the_threats_name_tests_that_exist():
    named = NAMED.findall(PAGE)
    wrong = [
        f"{path}::{one}" for path, one in named if (one and one not in functions(path)) or not functions(path)
    ]

    assert wrong == []
    assert len(named) > 250


def test_what_is_kept_names_a_test_and_what_is_not_says_why():
    for number, _words, state, where in ROW.findall(PAGE):
        assert bool(NAMED.search(where)) or state != "kept", number
        assert len(NAMED.sub("", where).strip(" ()`;,")) > 5 or state == "kept", number


def test_the_counts_at_the_top_are_true():
    states = [state for _number, _words, state, _where in ROW.findall(PAGE)]
    kept, na, still_open = (states.count(one) for one in ("kept", "na", "open"))

    assert f"{len(states)} requirements" in PAGE
    assert f"**{kept} kept, {na} not applicable, {still_open} open**" in PAGE


@pytest.mark.parametrize("file", ["run", "suite", "dev", "uv"])
def test_every_dependency_is_locked_with_its_hashes(file):
    text = (ROOT / "requirements" / f"{file}.txt").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=\S)", text.strip())

    assert all(re.match(r"[A-Za-z0-9._\[\]-]+==\S+", one) and "--hash=sha256:" in one for one in blocks)
