"""Which addresses are ours: the door asks for each recipient, so the answer is kept in memory."""

import threading
import time

from otklik.channels.models import Box
from otklik.clients.identifying import normal

FRESH_S = 5.0
ASK_AGAIN_S = 0.5  # an unknown address makes us look again, but not for each of a thousand guesses


def plain(address: str) -> str:
    """The form by which a box is found: lower case, readable domain, without the plus-part.

    >>> plain("Help+t7@XN--E1AYBC.example")
    'help@тест.example'
    """
    local, _, domain = normal(address).rpartition("@")
    return f"{local.partition('+')[0]}@{_readable(domain)}"


def _readable(domain: str) -> str:
    if "xn--" not in domain:
        return domain
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain


class Ours:
    """Addresses of the boxes that are not switched off, read again every few seconds. Safe between threads."""

    def __init__(self) -> None:
        self._boxes: dict[str, int] = {}
        self._read_at = float("-inf")
        self._lock = threading.Lock()

    def box_id(self, address: str) -> int | None:
        """The box of this address, with or without a plus-part; None for an address that is not ours.

        May run a query. Raises django.db.Error when the answer is not known and the database is away.
        """
        wanted = plain(address)
        age_s = time.monotonic() - self._read_at
        if age_s > FRESH_S or (wanted not in self._boxes and age_s > ASK_AGAIN_S):
            with self._lock:
                self._read()
        return self._boxes.get(wanted)

    def known(self, address: str) -> int | None:
        """The same out of memory only, if what is there is fresh enough to say yes."""
        if time.monotonic() - self._read_at > FRESH_S:
            return None
        return self._boxes.get(plain(address))

    def _read(self) -> None:
        rows = Box.objects.exclude(mode=Box.Mode.OFF).values_list("address", "pk")
        self._boxes = {plain(address): pk for address, pk in rows}
        self._read_at = time.monotonic()
