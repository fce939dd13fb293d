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
from pathlib import Path

from django.conf import settings
from django.db import connection

from otklik.accounts.models import Session
from otklik.privacy import sql

CHARSETS = ("utf-8", "cp1251", "koi8-r", "utf-16-le")
PIECE = 2**20


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
        for column, kind in table.columns.items():
            for word in words:
                count = (
                    _packed(table.name, column, word) if kind == "bytea" else _plain(table.name, column, word)
                )
                if count:
                    yield Found(f"{table.name}.{column}", word, count)


def _plain(table: str, column: str, word: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT count(*) FROM "{table}" WHERE position(lower(%s) IN lower("{column}"::text)) > 0',  # noqa: S608 - names of our schema
            [word],
        )
        return int(cursor.fetchone()[0])


def _packed(table: str, column: str, word: str) -> int:
    """Bytes: as they are in some charset, and as a letter whose parts are unpacked."""
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')  # noqa: S608 - names of our schema
        while rows := cursor.fetchmany(100):
            count += sum(1 for (raw,) in rows if _in_bytes(bytes(raw), word) or _in_letter(bytes(raw), word))
    return count


def _in_bytes(raw: bytes, word: str) -> bool:
    return any(form in raw for form in _forms(word))


def _forms(word: str) -> list[bytes]:
    texts = dict.fromkeys([word, word.lower(), word.upper(), word.capitalize()])
    return [
        text.encode(charset, "ignore")
        for text in texts
        for charset in CHARSETS
        if text.encode(charset, "ignore")
    ]


def _in_letter(raw: bytes, word: str) -> bool:
    if b":" not in raw[:2000]:
        return False
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    heads = " ".join(f"{name}: {_text(value)}" for name, value in letter.raw_items())
    if word.lower() in heads.lower():
        return True
    return any(_in_bytes(_bytes(part), word) for part in letter.walk() if not part.is_multipart())


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
        for word in words:
            try:
                found = word in path.name or _in_file(path, word)
            except OSError as fault:  # nobody can say that it holds nothing
                yield Found(f"{path} (не читается: {fault.strerror})", word, 1)
                break
            if found:
                yield Found(str(path), word, 1)


def _in_file(path: Path, word: str) -> bool:
    forms = _forms(word)
    overlap = max(map(len, forms), default=1) - 1
    with path.open("rb") as file:
        tail = b""
        while piece := file.read(PIECE):
            if any(form in tail + piece for form in forms):
                return True
            tail = piece[-overlap:] if overlap else b""
    return False
