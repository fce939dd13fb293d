"""docs/rights.md: the tables that say who sees and opens what. The tests hold the product to them, cell by cell."""

from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "rights.md"
YES, NO = "●", "—"
Table = dict[tuple[str, str], dict[str, str]]


def read(heading: str) -> tuple[list[str], Table]:
    """(the people of the columns, (first cell, second cell) → person → sign) of the table under this heading."""
    text = DOCUMENT.read_text(encoding="utf-8").split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [_cells(line) for line in text.splitlines() if line.startswith("|")]
    people, rows = lines[0][2:], lines[2:]
    return people, {(row[0], row[1]): dict(zip(people, row[2:], strict=True)) for row in rows}


def read_missing() -> dict[str, list[str]]:
    """Object → doors that it has not."""
    text = DOCUMENT.read_text(encoding="utf-8").split("## Каких дверей нет\n", 1)[1].split("\n## ", 1)[0]
    lines = [_cells(line) for line in text.splitlines() if line.startswith("|")]
    return {row[0]: row[1].split(", ") for row in lines[2:]}


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
