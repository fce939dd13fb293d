"""The tables of cases: `cases/<rule>.toml`, one a rule.

    [[positive]]
    text = "Кассу ⟦НЕ ОТКРЫВАЙТЕ⟧."      # ⟦…⟧: where a finding is due; no mark: a finding about the whole text
    to = ["Кассу не открывайте."]         # optional: the sentence (or the whole text) that each suggestion must make
    severity = "warning"                  # optional
    [[near]]                              # looks like it, and isn't
    text = "Нужны ИНН и СНИЛС."
Both take `first`, `our_fault`, `client_text`, `complaint`, `now` as the contract has them. `first` is false here
unless a case says otherwise: most rules don't care.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from otklik import coach

FOLDER = Path(__file__).parent / "cases"
FOLDERS = {"ru": FOLDER, "en": FOLDER.parent / "cases_en"}
_MARK = re.compile("[⟦⟧]")


@dataclass(frozen=True)
class Case:
    rule: str
    reply: coach.Reply
    places: tuple[tuple[int, int], ...]  # empty in a near-miss; ((0, 0),) for the whole text
    more: dict[str, Any]


@cache
def of(rule: str, kind: str, lang: str = "ru") -> list[Case]:
    """The cases of a rule: kind is positive or near."""
    tables = tomllib.loads((FOLDERS[lang] / f"{rule}.toml").read_text(encoding="utf-8"))
    return [_case(rule, {"lang": lang} | table, kind) for table in tables.get(kind, [])]


def _case(rule: str, table: dict[str, Any], kind: str) -> Case:
    marked = table["text"]
    marks = [found.start() - number for number, found in enumerate(_MARK.finditer(marked))]
    places = tuple(zip(marks[::2], marks[1::2], strict=True)) or ((0, 0),)
    said = {key: table[key] for key in ("our_fault", "client_text", "complaint", "lang") if key in table}
    now = table.get("now", "2026-11-25T12:00:00+03:00")
    reply = coach.Reply(
        text=_MARK.sub("", marked),
        first=table.get("first", False),
        now=now if isinstance(now, datetime) else datetime.fromisoformat(now),
        **said,
    )
    return Case(rule, reply, places if kind == "positive" else (), table)


def rules(lang: str = "ru") -> list[str]:
    """The rules that have a table."""
    return sorted(path.stem for path in FOLDERS[lang].glob("*.toml"))


def meets(found: coach.Finding, place: tuple[int, int]) -> bool:
    """Overlap of at least half of the shorter one; the whole text meets the whole text alone."""
    start, end = place
    if not end or not found.end:
        return found.end == end
    overlap = min(found.end, end) - max(found.start, start)
    return overlap > 0 and overlap * 2 >= min(found.end - found.start, end - start)


def said_with(reply: coach.Reply, found: coach.Finding, suggestion: str) -> str:
    """The reply with one suggestion taken."""
    return reply.text[: found.start] + suggestion + reply.text[found.end :]
