"""A deterministic mutator: the same seed and letters give the same mutations."""

import random
from collections.abc import Callable, Iterator, Sequence

_CHARSETS = (
    b"utf-8",
    b"koi8-r",
    b"windows-1251",
    b"iso-8859-1",
    b"gb2312",
    b"utf-7",
    b"utf-16",
    b"iso-2022-jp",
    b"x-klingon",
    b"idna",
    b"",
)
_ENCODINGS = (b"base64", b"quoted-printable", b"7bit", b"x-uuencode", b"x-none", b"")
_KINDS = (b"text/html", b"text/plain", b"multipart/mixed", b"message/rfc822", b"text/calendar", b"application/ms-tnef",
          b"message/delivery-status", b"multipart/report; report-type=delivery-status", b"/",
          b"text/enriched")  # fmt: skip


def flip(raw: bytes, chance: random.Random) -> bytes:
    """Some bits turned."""
    octets = bytearray(raw)
    for _ in range(chance.randint(1, 40)):
        octets[chance.randrange(len(octets))] ^= 1 << chance.randrange(8)
    return bytes(octets)


def cut(raw: bytes, chance: random.Random) -> bytes:
    """A piece taken out, or the end lost."""
    start = chance.randrange(len(raw))
    return raw[:start] + (raw[start + chance.randrange(2_000) :] if chance.random() < 0.6 else b"")


def swap_headers(raw: bytes, chance: random.Random) -> bytes:
    """Two lines of the head change places."""
    lines = raw.split(b"\n")
    last = min(len(lines), 25)
    first, second = chance.randrange(last), chance.randrange(last)
    lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


def lie(raw: bytes, chance: random.Random) -> bytes:
    """Another charset, encoding or type than the real one."""
    for key, values in (
        (b"charset=", _CHARSETS),
        (b"Content-Transfer-Encoding: ", _ENCODINGS),
        (b"Content-Type: ", _KINDS),
    ):
        place = raw.find(key)
        if place >= 0 and chance.random() < 0.6:
            end = min(
                (raw.find(stop, place + len(key)) % (len(raw) + 1) for stop in (b"\r", b"\n", b";")),
                default=place,
            )
            raw = raw[: place + len(key)] + chance.choice(values) + raw[max(end, place + len(key)) :]
    return raw


def hurt_boundary(raw: bytes, chance: random.Random) -> bytes:
    """A boundary line renamed, doubled, closed early or taken away."""
    lines = raw.split(b"\n")
    marks = [number for number, line in enumerate(lines) if line.startswith(b"--")]
    if not marks:
        return raw + b"\n--x\n\n" + raw[:300]
    place = chance.choice(marks)
    choice = chance.randrange(4)
    mark = lines[place].rstrip()
    lines[place] = (b"--other", mark + b"\n" + mark, mark + b"--", b"")[choice]
    return b"\n".join(lines)


def repeat_lines(raw: bytes, chance: random.Random) -> bytes:
    """Lines doubled many times."""
    lines = raw.split(b"\n")
    start = chance.randrange(len(lines))
    run = lines[start : start + chance.randint(1, 6)]
    return b"\n".join(lines[:start] + run * chance.randint(2, 60) + lines[start:])


def drop_lines(raw: bytes, chance: random.Random) -> bytes:
    """Lines lost here and there."""
    return b"\n".join(line for line in raw.split(b"\n") if chance.random() > 0.08)


def nest(raw: bytes, chance: random.Random) -> bytes:
    """The letter inside another, again and again."""
    for level in range(chance.randint(1, 45)):
        kind = chance.choice((b"mixed", b"alternative", b"digest", b"related", b"report"))
        raw = b'Content-Type: multipart/%s; boundary="n%d"\n\n--n%d\n%s\n--n%d--\n' % (
            kind,
            level,
            level,
            raw,
            level,
        )
    return raw


def sprinkle(raw: bytes, chance: random.Random) -> bytes:
    """NULs, escapes, high bytes, broken UTF-8 and surrogates between the bytes."""
    octets = bytearray(raw)
    for _ in range(chance.randint(1, 60)):
        piece = chance.choice(
            (
                b"\0",
                b"\xff\xfe",
                b"\x1b$B",
                b"\xed\xa0\x80",
                b"\xc3\x28",
                b"=?",
                b"?=",
                b'"',
                b"\r",
                b"\n",
                b"&#0;",
                b"&#xD800;",
                b"<",
            )
        )
        place = chance.randrange(len(octets))
        octets[place:place] = piece
    return bytes(octets)


def shout(raw: bytes, chance: random.Random) -> bytes:
    """One header or line grown past every measure."""
    place = raw.find(b"\n", chance.randrange(len(raw))) + 1
    piece = chance.choice(
        (
            b"(",
            b"<",
            b"=?utf-8?B?0J8=?= ",
            b">",
            b"- ",
            b"On x wrote:\n",
            b"a@b,",
            b";a=b",
            b"<div>",
            "От: ".encode(),
            b"\xd0",
        )
    )
    return raw[:place] + piece * chance.randint(200, 6_000) + raw[place:]


def high(raw: bytes, chance: random.Random) -> bytes:
    """A stretch of eight-bit rubbish."""
    place = chance.randrange(len(raw))
    return raw[:place] + chance.randbytes(chance.randint(5, 3_000)) + raw[place:]


WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    flip, cut, swap_headers, lie, hurt_boundary, repeat_lines, drop_lines, nest, sprinkle, shout, high,
)  # fmt: skip


def mutations(letters: Sequence[bytes], count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """`count` mutations over all letters in turn, one to three ways at once, each with its name."""
    chance = random.Random(seed)
    for number in range(count):
        raw = letters[number % len(letters)]
        ways = chance.sample(WAYS, chance.choice((1, 1, 1, 2, 3)))
        for way in ways:
            raw = way(raw, chance) or b"\n"
        yield f"{number}:{number % len(letters)}:{'+'.join(way.__name__ for way in ways)}", raw
