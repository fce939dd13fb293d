"""Where the servers of an address stand when its service is not one we know: by asking the usual names."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from otklik import outside
from otklik.channels.email.presets import Server

LIMIT_S = 4


@dataclass(frozen=True, slots=True)
class Servers:
    imap: Server | None
    smtp: Server | None


def find(address: str) -> Servers:
    """Ask the usual names and ports all at once; the likeliest that answers wins. Four seconds at most."""
    try:
        domain = address.rpartition("@")[2].encode("idna").decode()
    except UnicodeError:  # a name that can't be one: a part of it is too long
        return Servers(None, None)
    reading = [
        Server(f"{name}{domain}", port, security)
        for name in ("imap.", "mail.", "")
        for port, security in ((993, "tls"), (143, "starttls"))
    ]
    sending = [
        Server(f"{name}{domain}", port, security)
        for name in ("smtp.", "mail.", "")
        for port, security in ((465, "tls"), (587, "starttls"))
    ]
    with ThreadPoolExecutor(max_workers=12) as pool:
        answers = list(pool.map(_answers, [*reading, *sending]))
    found = [server for server, answered in zip([*reading, *sending], answers, strict=True) if answered]
    return Servers(
        next((server for server in reading if server in found), None),
        next((server for server in sending if server in found), None),
    )


def _answers(server: Server) -> bool:
    try:
        with outside.connect(server.host, server.port, LIMIT_S, outside.Purpose.MAIL):
            return True
    except (OSError, UnicodeError):
        return False
