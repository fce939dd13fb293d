"""What the code itself must not do, looked for in every file: run words, trust pickles, compare secrets in haste."""

import ast
import io
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from otklik.channels.email import sandbox
from otklik.mime import read
from tests.test_shape import ROOT, files, imported, name, tree

OURS = [
    path for path in files(".py") if name(path).startswith("otklik/") and "/migrations/" not in name(path)
]


def calls() -> Iterator[tuple[Path, ast.Call, str]]:
    """(file, call, its dotted name) of the whole product."""
    for path in OURS:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                yield path, node, ast.unparse(node.func)


def test_nothing_runs_words_or_a_shell():
    bad = {"eval", "exec", "os.system", "os.popen", "compile", "__import__", "marshal.loads", "yaml.load"}
    found = [f"{name(path)}: {called}" for path, _call, called in calls() if called in bad]
    found += [
        f"{name(path)}: shell"
        for path, call, _called in calls()
        if any(one.arg == "shell" and ast.unparse(one.value) != "False" for one in call.keywords)
    ]

    assert found == []


def test_what_comes_from_outside_is_no_pickle_and_no_xml():
    loads = [
        name(path) for path, _call, called in calls() if re.search(r"pickle\.(loads?|Unpickler)\b", called)
    ]
    parsers = {"xml", "lxml", "defusedxml", "xmltodict", "yaml", "shelve", "dill", "jsonpickle"}
    wrong = [name(path) for path in OURS if any(one.split(".")[0] in parsers for one in imported(path))]

    assert loads == []
    assert wrong == []


def test_a_reader_of_letters_that_was_taken_over_runs_nothing_here():
    class Evil:
        def __reduce__(self):
            return (print, ("run",))

    with pytest.raises(sandbox._Dead):
        sandbox._letter(pickle.dumps(Evil()))
    assert sandbox._letter(pickle.dumps(read(b"From: a@b.example\r\nSubject: x\r\n\r\ny"))).subject == "x"
    with pytest.raises(pickle.UnpicklingError, match="no part of a letter"):
        sandbox._Answer(io.BytesIO(pickle.dumps(Path()))).load()


def test_archives_are_opened_nowhere_but_in_our_own_copies():
    packed = {"zipfile", "tarfile", "gzip", "bz2", "lzma", "zstandard"}
    holders = {name(path) for path in OURS if any(one.split(".")[0] in packed for one in imported(path))}

    # an export is written, never read
    assert {one for one in holders if not one.startswith("otklik/site/rescue/")} == {
        "otklik/privacy/exporting.py"
    }


# where text is called safe HTML; each escapes every piece of it just before
SAFE = {
    "otklik/desk/blocks.py": 1,
    "otklik/desk/drawing.py": 2,
    "otklik/desk/rows.py": 1,
    "otklik/desk/search/sheet.py": 1,
    "otklik/desk/words.py": 2,
    "otklik/web/keeping.py": 1,
    "otklik/web/stencils.py": 2,
    "otklik/web/templatetags/otklik.py": 1,
}


def test_every_place_that_calls_text_safe_is_known():
    found: dict[str, int] = {}
    for path, _call, called in calls():
        if called in {"mark_safe", "SafeString"}:
            found[name(path)] = found.get(name(path), 0) + 1
    templates = [
        name(path)
        for path in files(".html")
        if re.search(r"\|\s*safe\b|autoescape\s+off", path.read_text(encoding="utf-8"))
    ]

    assert found == SAFE
    assert templates == [
        "otklik/desk/templates/desk/card.html",
        "otklik/staff/templates/staff/company.html",
    ]  # parts of other rooms, rendered by their own templates


SECRET = re.compile(r"(^|_)(mac|seal|signature|token|secret|digest|password|code|nonce|challenge)$")
# compared with «==», with why nobody learns anything by how long it takes
IN_HASTE = {
    "otklik/mime": "words of letters",
    "otklik/channels/intake": "codes of mail",
    "otklik/channels/outbox": "answers of mail servers",
    "otklik/channels/email": "answers of mail servers",
}


def test_secrets_are_compared_in_constant_time():
    found = []
    for path in OURS:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
                sides = [node.left, *node.comparators]
                names = [ast.unparse(one).split(".")[-1] for one in sides]
                if any("status_code" in one for one in names):
                    continue
                if any(SECRET.search(one) for one in names) and not any(
                    isinstance(one, ast.Constant) for one in sides
                ):
                    found.append(f"{name(path)}: {ast.unparse(node)}")

    assert [one for one in found if not one.startswith(tuple(IN_HASTE))] == []


def test_random_secrets_come_from_the_systems_own_generator():
    used = [
        f"{name(path)}: {called}"
        for path, _call, called in calls()
        if called.startswith(("random.", "uuid.uuid1"))
    ]
    known = (
        "otklik/site/demo/",
        "otklik/site/live.py",
        "otklik/channels/outbox/claiming.py",
    )  # spread load, examples

    assert [one for one in used if not one.startswith(known)] == []


def test_no_weak_hash_guards_anything():
    """SHA-1 and MD5 serve nobody here; RFC 6238 wants SHA-1 and has it in allauth."""
    weak = re.compile(r"^(hashlib\.)?(md5|sha1)$|\b(DES|ARC4|Blowfish|ECB)$")
    used = [f"{name(path)}: {called}" for path, _call, called in calls() if weak.search(called)]

    assert used == []


def test_sql_is_built_of_no_words_from_outside():
    """A statement made at run time: each with what stands in it."""
    known = {
        "otklik/privacy/sql.py": "names of our schema, as the database lists them",
        "otklik/privacy/verifying.py": "names of our schema, as the database lists them",
        "otklik/rows.py": "names of our own tables",
        "otklik/site/watch/exposing.py": "a limit in milliseconds",
        "otklik/site/watch/readying.py": "a limit in seconds",
        "otklik/site/rescue/reviving.py": "the name of our own mark",
        "otklik/site/live_journal.py": "names of channels",
        "otklik/jobs/wakeups.py": "names of channels",
        "otklik/channels/outbox/holding.py": "names of channels",
        "otklik/site/postgres.py": "the name of our own role",
    }
    found = {
        name(path)
        for path, call, called in calls()
        if called.endswith(("execute", "executemany", ".raw", "RawSQL", ".extra"))
        and call.args
        and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    }

    assert sorted(found) == sorted(known)


def test_the_repository_holds_no_key():
    """Keys are made at the first start; what looks like one in a file of ours is a word of a test."""
    looks = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|xox[bp]-\d|ghp_[A-Za-z0-9]{36}")
    held = [
        name(path)
        for path in files()
        if path.suffix in {".py", ".md", ".html", ".js", ".toml", ".yml", ".txt", ".sh", ".eml"}
        and looks.search(path.read_text(encoding="utf-8", errors="replace"))
    ]

    assert held == []
    assert not (ROOT / ".env").exists()
