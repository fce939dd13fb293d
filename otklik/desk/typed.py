"""What people type into the forms of letters, as the deeds take it."""

from collections.abc import Sequence

from otklik.clients import identifying
from otklik.desk.receiving import Address


def plain(text: str) -> str:
    """A NUL of a broken clipboard is dropped, the words stay: PostgreSQL would refuse the whole draft."""
    return text.replace("\0", "")


def split(text: str) -> tuple[str, ...]:
    return tuple(part.strip()[:320] for part in text.replace(";", ",").split(",") if part.strip())[:50]


def signed(text: str, signature_: str) -> str:
    return f"{text.rstrip()}{signature(signature_)}" if text.strip() else ""


def signature(words: str) -> str:
    return f"\n\n-- \n{words.strip()}" if words.strip() else ""


def addresses(line: str, typed: Sequence[str], names: dict[str, str]) -> tuple[Address, ...]:
    return tuple(Address(line, one, names.get(identifying.normal(one), "")) for one in typed)
