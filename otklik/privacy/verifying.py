"""Where do these words still stand? Every column of every table, the file store, the logs: `otklik erase verify`.

It reads the database's own list of columns, so a table that is added later is looked through without anybody's thought.
Packed things are looked at unpacked: sessions, letters as they came in any of their encodings, samples of the planner.
"""

import email
import email.header
import email.message
import email.policy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connection

from otklik.accounts.models import Session
from otklik.privacy import sql

CHARSETS = ("utf-8", "cp1251", "koi8-r", "utf-16-le")
PIECE = 2**20
WORDS = 20  # in one look at a table


@dataclass(frozen=True, slots=True)
class Found:
    """place: table.column, or the path of a file; count: rows, or 1."""

    place: str
    word: str
    count: int


def find(words: Sequence[str], *, logs: Iterable[Path] = ()) -> list[Found]:
    """Whole database, files and these logs. words: as they are written; letters of any case in the database's texts."""
    wanted = [one for one in words if one.strip()]
    found = [*_columns(wanted), *_samples(wanted), *_sessions(wanted)]
    root = Path(settings.FILES_ROOT)
    found += [one for path in (root, *logs) for one in in_files(path, wanted)]
    return found


def _columns(words: Sequence[str]) -> Iterator[Found]:
    for table in sql.tables(generated=True):
        plain = [column for column, kind in table.columns.items() if kind != "bytea"]
        for place in range(0, len(words), WORDS):
            yield from _plain(table.name, plain, words[place : place + WORDS])
        for column, kind in table.columns.items():
            if kind == "bytea":
                yield from _packed(table.name, column, words)


def _plain(table: str, columns: Sequence[str], words: Sequence[str]) -> Iterator[Found]:
    """One look at the table for all."""
    asked = [(column, place, word) for place, column in enumerate(columns) for word in words]
    if not asked:
        return
    counts = ", ".join(
        f"count(*) FILTER (WHERE position(lower(%s) IN c{place}) > 0)" for _column, place, _ in asked
    )
    lowered = ", ".join(f'lower("{column}"::text) AS c{place}' for place, column in enumerate(columns))
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {counts} FROM (SELECT {lowered} FROM "{table}" OFFSET 0) AS texts',  # noqa: S608 - names of our schema
            [word for _column, _place, word in asked],
        )
        found = cursor.fetchone()
    for (column, _place, word), count in zip(asked, found, strict=True):
        if count:
            yield Found(f"{table}.{column}", word, int(count))


def _packed(table: str, column: str, words: Sequence[str]) -> Iterator[Found]:
    """Bytes: as they are in some charset, and as a letter whose parts are unpacked."""
    counts = dict.fromkeys(words, 0)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')  # noqa: S608 - names of our schema
        while rows := cursor.fetchmany(100):
            for (raw,) in rows:
                heads, parts = _unpacked(bytes(raw))
                for word in words:
                    counts[word] += word.lower() in heads or any(_in_bytes(part, word) for part in parts)
    yield from (Found(f"{table}.{column}", word, count) for word, count in counts.items() if count)


def _in_bytes(raw: bytes, word: str) -> bool:
    return any(form in raw for form in _forms(word))


@lru_cache(maxsize=256)
def _forms(word: str) -> list[bytes]:
    texts = dict.fromkeys([word, word.lower(), word.upper(), word.capitalize()])
    return [
        text.encode(charset, "ignore")
        for text in texts
        for charset in CHARSETS
        if text.encode(charset, "ignore")
    ]


def _unpacked(raw: bytes) -> tuple[str, list[bytes]]:
    """Heads in lower case and parts without their encoding, if it is a letter; the bytes themselves."""
    if b":" not in raw[:2000]:
        return "", [raw]
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    heads = " ".join(f"{name}: {_text(value)}" for name, value in letter.raw_items())
    return heads.lower(), [raw, *(_bytes(part) for part in letter.walk() if not part.is_multipart())]


def _text(value: object) -> str:
    return str(email.header.make_header(email.header.decode_header(str(value))))


def _bytes(part: "email.message.Message[str, str]") -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _samples(words: Sequence[str]) -> Iterator[Found]:
    """What the planner keeps of values of tables (pg_statistic)."""
    for word in words:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tablename || '.' || attname FROM pg_stats WHERE schemaname = 'public' AND position(lower(%s) IN"
                " lower(concat(most_common_vals::text, histogram_bounds::text, most_common_elems::text))) > 0",
                [word],
            )
            yield from (Found(f"pg_stats {name}", word, 1) for (name,) in cursor.fetchall())


def _sessions(words: Sequence[str]) -> Iterator[Found]:
    for word in words:
        count = sum(word.lower() in str(row.get_decoded()).lower() for row in Session.objects.all())
        if count:
            yield Found("accounts_session.session_data (распакованные)", word, count)


def in_files(root: Path, words: Sequence[str]) -> Iterator[Found]:
    """Files under a folder, or one file, by bytes and by name."""
    paths = (
        [root] if root.is_file() else sorted(one for one in root.rglob("*") if one.is_file())
    )  # [] for none
    for path in paths:
        try:
            found = _in_file(path, words)
        except OSError as fault:  # nobody can say that it holds nothing
            yield Found(f"{path} (не читается: {fault.strerror})", words[0], 1)
            continue
        yield from (Found(str(path), word, 1) for word in words if word in found or word in path.name)


def _in_file(path: Path, words: Sequence[str]) -> set[str]:
    """Read once for all words."""
    overlap = max((len(form) for word in words for form in _forms(word)), default=1) - 1
    found: set[str] = set()
    with path.open("rb") as file:
        tail = b""
        while piece := file.read(PIECE):
            found |= {word for word in words if word not in found and _in_bytes(tail + piece, word)}
            tail = piece[-overlap:] if overlap else b""
    return found
