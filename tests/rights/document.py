"""docs/rights.md: two tables that say who sees and opens what. The tests hold the product to them, cell by cell."""

from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "rights.md"
YES, NO, NONE = "●", "—", "×"
Table = dict[tuple[str, str], dict[str, str]]


def read(heading: str) -> tuple[list[str], Table]:
    """(the people of the columns, (first cell, second cell) → person → sign) of the table under this heading."""
    text = DOCUMENT.read_text(encoding="utf-8").split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [_cells(line) for line in text.splitlines() if line.startswith("|")]
    people, rows = lines[0][2:], lines[2:]
    return people, {(row[0], row[1]): dict(zip(people, row[2:], strict=True)) for row in rows}


def written(people: list[str], table: Table) -> str:
    """The same as Markdown, for whoever changes it: `pytest tests/rights` prints it when it differs."""
    head = ["", "", *people]
    lines = [
        head,
        ["---"] * len(head),
        *([*key, *(row[one] for one in people)] for key, row in table.items()),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
