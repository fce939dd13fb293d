"""Signed plus-addresses: an answer finds its request by Reply-To, a bounce its delivery by the envelope's sender.

`help+t1024.k3v5h2q7ab@firm.ru` is request 1024, `help+v1024.…` the same for its vendors, `help+b55.…` delivery 55.
Fifty bits of signature in letters that survive a change of case: who does not hold the key cannot write into a request
by guessing its number.
"""

import base64
import hashlib
import hmac
import re
from typing import Literal

from django.conf import settings

from otklik.accounts import vault

_SIGNED = re.compile(r"\+([tvb])(\d{1,18})\.([a-z2-7]{10})@", re.IGNORECASE)
_Kind = Literal["t", "v", "b"]


def reply_address(box_address: str, ticket_number: int, *, vendor: bool = False) -> str:
    """The address that an answer to this request should come to. For boxes that take plus-addresses (doors).

    vendor: for those who are asked for help: what comes there is not for the client, whoever writes it.
    """
    return _signed(box_address, "v" if vendor else "t", ticket_number)


def bounce_address(box_address: str, delivery_id: int) -> str:
    """The envelope's sender of one delivery (VERP): whatever comes back to it belongs to that delivery."""
    return _signed(box_address, "b", delivery_id)


def ticket_number_of(address: str) -> int | None:
    """The request whose signed address this is; None for any other address or a wrong signature."""
    return _number(address, "t") or _number(address, "v")


def is_vendors(address: str) -> bool:
    """Whether it is the signed address that a request's vendors answer to."""
    return _number(address, "v") is not None


def delivery_of(address: str) -> int | None:
    """The delivery whose bounce address this is; None for any other address or a wrong signature."""
    return _number(address, "b")


def plain(address: str) -> str:
    """The box's own address of a signed one; any other stays as it is."""
    return _SIGNED.sub("@", address, count=1)


def instance() -> str:
    """This installation's name in X-Otklik-Instance: a letter of ours that comes back is known by it."""
    return _mac("instance")[:20]


def _signed(address: str, kind: _Kind, number: int) -> str:
    local, _at, domain = address.rpartition("@")
    return f"{local}+{kind}{number}.{_mac(f'{kind}{number}')[:10]}@{domain}"


def _number(address: str, kind: _Kind) -> int | None:
    found = _SIGNED.search(address[:400])
    if found is None or found[1].lower() != kind:
        return None
    told = found[3].lower()
    # letters bear keys of before too; all are looked at, whichever fits
    fits = [hmac.compare_digest(_mac(f"{kind}{int(found[2])}", key)[:10], told) for key in vault.all_keys()]
    return int(found[2]) if any(fits) else None


def _mac(words: str, key: str = "") -> str:
    """key: '' is the one of today."""
    digest = hmac.new(
        (key or settings.SECRET_KEY).encode(), f"otklik.plus:{words}".encode(), hashlib.sha256
    ).digest()
    return base64.b32encode(digest).decode().lower()
