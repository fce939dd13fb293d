"""The coach as a language server, spoken to as an editor does: messages with Content-Length over its pipes."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

Message = dict[str, Any]  # what json.loads gives
URI = "file:///reply.txt"


class Editor:
    """One editor and its server."""

    def __init__(self, program: subprocess.Popen[bytes]) -> None:
        self._program = program
        self._number = 0
        self._unread: list[Message] = []

    def tell(self, method: str, **params: object) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, **params: object) -> Any:
        self._number += 1
        self._send({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        return self._next(lambda said: said.get("id") == self._number)["result"]

    def wait(self, method: str) -> Message:
        params: Message = self._next(lambda said: said.get("method") == method)["params"]
        return params

    def _send(self, said: Message) -> None:
        body = json.dumps(said).encode()
        self._program.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._program.stdin.flush()

    def _next(self, wanted: Callable[[Message], bool]) -> Message:
        """The first such message, of those passed over before it too."""
        for _ in range(20):
            found = next((said for said in self._unread if wanted(said)), None)
            if found:
                self._unread.remove(found)
                return found
            self._unread.append(self._read())
        raise AssertionError(f"none of twenty messages was it: {self._unread}")

    def _read(self) -> Message:
        head = iter(self._program.stdout.readline, b"\r\n")
        lengths = [int(line.split(b":")[1]) for line in head if line.lower().startswith(b"content-length")]
        said: Message = json.loads(self._program.stdout.read(lengths[0]))
        return said


@pytest.fixture
def editor() -> Iterator[Editor]:
    with subprocess.Popen(
        [sys.executable, "-m", "otklik", "coach", "--lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as program:  # fmt: skip
        yield Editor(program)
        program.kill()


def opened(editor: Editor, text: str, **options: object) -> list[Message]:
    """The first findings of a document."""
    editor.ask("initialize", processId=None, rootUri=None, capabilities={}, initializationOptions=options)
    editor.tell("initialized")
    editor.tell(
        "textDocument/didOpen", textDocument={"uri": URI, "languageId": "text", "version": 1, "text": text}
    )
    found: list[Message] = editor.wait("textDocument/publishDiagnostics")["diagnostics"]
    return found


def test_findings_stand_at_their_words_in_the_units_of_the_editor(editor):
    [loud] = opened(editor, "Ждём.\n🙂 Пишите НИКОМУ, прошу.", first=False)

    assert (loud["code"], loud["source"], loud["severity"]) == ("shouting", "otklik", 2)
    assert loud["range"] == {"start": {"line": 1, "character": 10}, "end": {"line": 1, "character": 16}}


def test_a_quick_fix_replaces_exactly_these_words(editor):
    [loud] = opened(editor, "Пишите НИКОМУ, прошу.", first=False)
    [way] = editor.ask(
        "textDocument/codeAction", textDocument={"uri": URI}, range=loud["range"], context={"diagnostics": []}
    )

    assert way["edit"]["changes"][URI] == [{"range": loud["range"], "newText": "никому"}]


def test_no_quick_fix_is_offered_elsewhere(editor):
    opened(editor, "Пишите НИКОМУ, прошу.", first=False)
    start = {"line": 0, "character": 0}

    assert not editor.ask(
        "textDocument/codeAction", textDocument={"uri": URI}, range={"start": start, "end": start},
        context={"diagnostics": []},
    )  # fmt: skip


def test_a_mended_text_loses_its_finding(editor):
    opened(editor, "Пишите НИКОМУ.", first=False)
    editor.tell(
        "textDocument/didChange",
        textDocument={"uri": URI, "version": 2},
        contentChanges=[{"text": "Пишите нам."}],
    )

    assert editor.wait("textDocument/publishDiagnostics")["diagnostics"] == []


def test_a_wrong_setting_is_told_and_passed_over(editor):
    editor.ask(
        "initialize", processId=None, rootUri=None, capabilities={}, initializationOptions={"first": "no"}
    )

    editor.tell("initialized")
    editor.tell(
        "textDocument/didOpen", textDocument={"uri": URI, "languageId": "text", "version": 1, "text": "НЕ"}
    )
    assert "first" in editor.wait("window/showMessage")["message"]
    assert editor.wait("textDocument/publishDiagnostics")["uri"] == URI
