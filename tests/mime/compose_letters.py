"""Write tests/mime/letters anew: `python -m tests.mime.compose_letters`. The files are kept in the repository."""

import json
from collections.abc import Iterator
from pathlib import Path

from tests.mime.corpus import bounces, broken, charsets, files, foreign, forwards, prose, replies, robots
from tests.mime.corpus.build import Base, numbered

FOLDER = Path(__file__).parent / "letters"
SHAPES = {
    "reply": replies.letters,
    "forward": forwards.letters,
    "prose": prose.letters,
    "charset": charsets.letters,
    "bounce": bounces.letters,
    "robot": robots.letters,
    "file": files.letters,
    "foreign": foreign.letters,
    "broken": broken.letters,
}


def compose() -> Iterator[Base]:
    """All base letters in the order of their shapes."""
    for shape, letters in SHAPES.items():
        yield from numbered(letters(), shape)


def stored() -> Iterator[tuple[Base, bytes]]:
    """The kept letters with their expected reading."""
    for line in (FOLDER / "expected.jsonl").read_text(encoding="utf-8").splitlines():
        expected = json.loads(line)
        name, shape = expected.pop("letter"), expected.pop("shape")
        raw = (FOLDER / f"{name}.eml").read_bytes()
        yield Base(name, raw, expected, shape), raw


def main() -> None:
    """Replace every letter and the list of readings."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.eml"):
        old.unlink()
    bases = list(compose())
    for base in bases:
        (FOLDER / f"{base.name}.eml").write_bytes(base.raw)
    (FOLDER / "expected.jsonl").write_text("".join(f"{base.line()}\n" for base in bases), encoding="utf-8")


if __name__ == "__main__":
    main()
