"""Paper: a template of print/*.typ set by Typst with our own fonts, in Russian.

The template gets values alone, as JSON: whatever stands in a name or in the words of a company is text there, never
a command. No network, no fonts of the machine: the same values make the same pages everywhere.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from threading import Lock
from typing import Literal, TypeAlias

import typst
from django.utils import translation

Kind: TypeAlias = Literal["pdf", "png"]
_one_at_a_time = Lock()


def typeset(
    template: str, values: Callable[[], Mapping[str, object]], kind: Kind, *, at: datetime, ppi: int = 144
) -> list[bytes]:
    """The whole as one PDF, or its pages as PNG pictures. values: asked for in Russian; at: what the file is dated."""
    with translation.override("ru"):
        words = json.dumps(values(), ensure_ascii=False)
    with _one_at_a_time:  # the compiler is one for all threads
        made = _compiler(template).compile(
            format=kind, ppi=ppi, sys_inputs={"data": words}, timestamp=int(at.timestamp())
        )
    return made if isinstance(made, list) else [made or b""]


@cache
def _compiler(template: str) -> typst.Compiler:
    folder = Path(str(resources.files("otklik.sla") / "print"))
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder / "fonts"]
    )
    return typst.Compiler(folder / template, root=folder, font_paths=fonts)
