"""`otklik coach --lsp`: the reply coach in any editor that speaks the Language Server Protocol, over stdin and stdout.

A document is one reply. What the coach may know of it comes with the editor's settings, section `otklik`, or with
`initializationOptions`: {"first": true, "our_fault": null, "complaint": false, "client_text": null, "lang": "ru"}.
"""

import importlib.metadata
from datetime import datetime

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from otklik import coach
from otklik.site.cli_coach import reply_of
from otklik.site.jsonl import BadLine, JsonObject

SOURCE = "otklik"
_GRAVITY = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "hint": lsp.DiagnosticSeverity.Information,
}
_KNOWN = ("first", "our_fault", "complaint", "client_text", "lang")


class Coaching(LanguageServer):
    """What is known of the replies in this editor, and the findings last said of each document."""

    def __init__(self) -> None:
        super().__init__("otklik-coach", importlib.metadata.version("otklik"))
        self.about: JsonObject = {}
        self.said: dict[str, list[coach.Finding]] = {}

    def take(self, options: object) -> None:
        """Take the known fields of the editor's options; others are passed over, a wrong value is said and left out."""
        given = options if isinstance(options, dict) else {}
        given = given.get("otklik", given)
        if not isinstance(given, dict):
            return
        about = {key: given[key] for key in _KNOWN if key in given}
        try:
            reply_of({"text": "", **about})
        except BadLine as bad:
            self.window_show_message(
                lsp.ShowMessageParams(lsp.MessageType.Warning, f"Настройка otklik: {bad}")
            )
        else:
            self.about = about

    def look(self, document: TextDocument) -> None:
        """Check a document and say what was found."""
        reply = reply_of(
            {"text": document.source, "now": datetime.now().astimezone().isoformat(), **self.about}
        )
        found = coach.check(reply)
        self.said[document.uri] = found
        shown = [_diagnostic(one, document) for one in found]
        self.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(document.uri, shown, document.version)
        )


def serve() -> None:
    """Serve one editor until it says `exit` or closes the pipe."""
    server().start_io()


def server() -> Coaching:
    """A server with its features, not yet started."""
    made = Coaching()
    made.feature(lsp.INITIALIZE)(_begin)
    made.feature(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION)(_settings)
    made.feature(lsp.TEXT_DOCUMENT_DID_OPEN)(_opened)
    made.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)(_changed)
    made.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)(_closed)
    made.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix])
    )(_ways)
    return made


def _begin(ls: Coaching, params: lsp.InitializeParams) -> None:
    ls.take(params.initialization_options)


def _settings(ls: Coaching, params: lsp.DidChangeConfigurationParams) -> None:
    ls.take(params.settings)
    for uri in list(ls.said):
        ls.look(ls.workspace.get_text_document(uri))


def _opened(ls: Coaching, params: lsp.DidOpenTextDocumentParams) -> None:
    ls.look(ls.workspace.get_text_document(params.text_document.uri))


def _changed(ls: Coaching, params: lsp.DidChangeTextDocumentParams) -> None:
    ls.look(ls.workspace.get_text_document(params.text_document.uri))


def _closed(ls: Coaching, params: lsp.DidCloseTextDocumentParams) -> None:
    ls.said.pop(params.text_document.uri, None)
    ls.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(params.text_document.uri, []))


def _ways(ls: Coaching, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    """One quick fix for each suggestion of the findings that the asked range touches."""
    document = ls.workspace.get_text_document(params.text_document.uri)
    ways = []
    for one in ls.said.get(document.uri, []):
        diagnostic = _diagnostic(one, document)
        if not _touch(diagnostic.range, params.range):
            continue
        for way in one.suggestions:
            edit = lsp.WorkspaceEdit(changes={document.uri: [lsp.TextEdit(diagnostic.range, way)]})
            ways.append(
                lsp.CodeAction(
                    f"Заменить на «{way.strip()}»" if way.strip() else "Убрать",
                    kind=lsp.CodeActionKind.QuickFix, diagnostics=[diagnostic], edit=edit,
                )
            )  # fmt: skip
    return ways


def _diagnostic(one: coach.Finding, document: TextDocument) -> lsp.Diagnostic:
    at = document.client_position_at_offset  # the editor counts in UTF-16 unless it agreed to another unit
    place = lsp.Range(at(one.start), at(one.end))
    return lsp.Diagnostic(place, one.reason, severity=_GRAVITY[one.severity], code=one.rule, source=SOURCE)


def _touch(one: lsp.Range, other: lsp.Range) -> bool:
    first, second = sorted((one, other), key=lambda place: (place.start.line, place.start.character))
    return (second.start.line, second.start.character) <= (first.end.line, first.end.character)
