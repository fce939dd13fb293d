"""The file of a copy: whole, or refused with words."""

import io

import pytest

from otklik.site.rescue.archive import Header, Reader, Secret, Writer
from otklik.site.rescue.faults import Damaged, RescueFault, WrongSecret

HEADER = Header("id", "2026-11-20T09:00:00+00:00", "0.1.0")
PHRASE = Secret("passphrase", "верный конь щиплет траву".encode())
KEY = Secret("key", bytes(range(64)))
BIG = bytes(range(256)) * 3000


def written(secret: Secret | None = None) -> bytes:
    out = io.BytesIO()
    writer = Writer(out, HEADER, secret)
    writer.part("database", [BIG[:1000], BIG[1000:]])
    writer.part("file/empty", [])
    writer.part("manifest", [b"{}"])
    writer.end()
    return out.getvalue()


def read(content: bytes, secret: Secret = PHRASE) -> dict[str, bytes]:
    reader = Reader(io.BytesIO(content))
    return {part.name: part.whole() for part in reader.parts(lambda _header: secret)}


@pytest.mark.parametrize("secret", [None, PHRASE, KEY])
def test_what_was_written_is_read(secret):
    found = read(written(secret), secret or PHRASE)

    assert found == {"database": BIG, "file/empty": b"", "manifest": b"{}"}


def test_encrypted_copy_shows_nothing_of_what_it_holds():
    assert b"manifest" in written(None)
    assert b"manifest" not in written(PHRASE)
    assert BIG[:256] not in written(PHRASE)


@pytest.mark.parametrize("secret", [None, PHRASE])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.8, 0.9999])
def test_one_changed_byte_anywhere_is_found(secret, share):
    content = bytearray(written(secret))
    content[max(300, int(len(content) * share))] ^= 1

    with pytest.raises(Damaged, match="повреждён"):
        read(bytes(content))


@pytest.mark.parametrize("secret", [None, KEY])
@pytest.mark.parametrize("left", [-1, -100, -300_000])
def test_copy_that_was_cut_is_found(secret, left):
    with pytest.raises(Damaged):
        read(written(secret)[:left], KEY)


def test_frames_of_another_copy_of_the_same_key_do_not_pass():
    mine, other = written(KEY), written(KEY)
    head = len(mine.split(b"\n", 2)[0]) + len(mine.split(b"\n", 2)[1]) + 2

    with pytest.raises(Damaged):
        read(mine[:head] + other[head:], KEY)


def test_changed_header_is_found():
    with pytest.raises(Damaged):
        read(written().replace(b"2026-11-20", b"2026-11-21"))


def test_something_behind_the_end_is_found():
    with pytest.raises(Damaged, match="лишнее"):
        read(written() + b"x")


def test_wrong_phrase_is_told_apart_from_damage():
    with pytest.raises(WrongSecret, match="Фраза не подходит"):
        read(written(PHRASE), Secret("passphrase", b"something else"))
    with pytest.raises(WrongSecret, match="Файл ключа не подходит"):
        read(written(KEY), Secret("key", bytes(64)))


@pytest.mark.parametrize(
    ("begin", "said"),
    [(b"PK\x03\x04", "не копия Отклика"), (b"OTKLIK BACKUP 99\n{}\n", "более новая версия")],
)
def test_other_files_and_newer_ones_are_refused_with_words(begin, said):
    with pytest.raises(RescueFault, match=said):
        read(begin)
