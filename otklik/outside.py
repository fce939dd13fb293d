"""The one way out: whoever connects to a machine that somebody named comes through here (docs/security.md, SSRF).

A name is resolved once, its addresses are checked, and the line goes to a checked address, so a name that changes in
between (DNS rebinding) gains nothing. Each new line, a redirect's too, is checked anew.

| whose address | WEB (sign-in services, OAuth) | MAIL (IMAP, SMTP) |
| --- | --- | --- |
| public | yes | yes |
| of private networks (10/8, 172.16/12, 192.168/16, fc00::/7) | if allowed | yes: own mail servers stand there |
| this machine, link-local, metadata of clouds, all else | if allowed | if allowed |
| our own pages, stream and database | no | no |

Allowed is what stands in OTKLIK_ALLOW_NETWORKS.

Forbidden   the name leads where we may not go; an OSError: who handles a line that did not open handles this too
"""

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

from otklik.env import Env, env

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LARGEST_ANSWER = 2**20
_PRIVATE = tuple(
    ipaddress.ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
# clouds give out their keys here; some lie inside networks that are otherwise good
_METADATA = frozenset(
    ipaddress.ip_address(one)
    for one in ("169.254.169.254", "100.100.100.200", "192.0.0.192", "fd00:ec2::254")
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Purpose(Enum):
    WEB = "web"
    MAIL = "mail"


class Forbidden(OSError):
    """Named by `place`; the words are for the log."""

    def __init__(self, place: str) -> None:
        super().__init__(f"no way to {place}: its address is not among those that we may connect to")
        self.place = place


class TooLarge(OSError):
    """The answer is longer than anybody needs."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


def connect(host: str, port: int, timeout_s: float, purpose: Purpose) -> socket.socket:
    """An open line to a checked address of this name. Raises Forbidden, socket.gaierror, OSError."""
    fault: OSError = Forbidden(f"{host}:{port}")
    for family, kind, protocol, _name, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if not may(str(place[0]), port, purpose):
            continue
        line = socket.socket(family, kind, protocol)
        try:
            line.settimeout(timeout_s)
            line.connect(place)
        except OSError as failed:
            line.close()
            fault = failed
        else:
            return line
    raise fault


def may(address: str, port: int, purpose: Purpose, *, of: Env | None = None) -> bool:
    """Whether a line to this numeric address may be opened."""
    told = of or env()
    meant = _meant(ipaddress.ip_address(address.partition("%")[0]))
    if (meant.is_loopback or meant.is_unspecified) and port in _our_ports(told):
        return False
    if _within(meant, told.allow_networks):
        return True
    if meant in _METADATA or meant.is_multicast:
        return False
    return meant.is_global or (purpose is Purpose.MAIL and _within(meant, _PRIVATE))


def is_web_address(address: str) -> bool:
    """https, or http to a machine inside an allowed network; no name or password in it."""
    parts = urlsplit(address)
    if not parts.hostname or parts.username is not None or parts.scheme not in {"http", "https"}:
        return False
    return parts.scheme == "https" or _is_allowed_by_name(parts.hostname)


def post(address: str, body: bytes, headers: Mapping[str, str], *, timeout_s: float) -> Answer:
    """One POST, no redirect followed, at most 1 MB of answer. Raises Forbidden, TooLarge, ValueError, OSError."""
    if not is_web_address(address):
        raise Forbidden(address[:200])
    parts = urlsplit(address)
    assert parts.hostname  # noqa: S101 - is_web_address() says so
    line = _Line(parts.hostname, parts.port, timeout=timeout_s, is_secret=parts.scheme == "https")
    try:
        line.request("POST", f"{parts.path or '/'}?{parts.query}".rstrip("?"), body, dict(headers))
        answer = line.getresponse()
        said = answer.read(LARGEST_ANSWER + 1)
    except http.client.HTTPException as fault:
        raise ConnectionError(str(fault)) from fault
    finally:
        line.close()
    if len(said) > LARGEST_ANSWER:
        raise TooLarge(address[:200])
    return Answer(answer.status, said)


def read_json(answer: Answer) -> dict[str, object]:
    """Raises ValueError for anything but an object."""
    found = json.loads(answer.body)
    if not isinstance(found, dict):
        raise ValueError(found)
    return found


class _Line(http.client.HTTPConnection):
    """An HTTP line through connect(); TLS checks the name that was asked for, not the address."""

    def __init__(self, host: str, port: int | None, *, timeout: float, is_secret: bool) -> None:
        super().__init__(host, port or (443 if is_secret else 80), timeout=timeout)
        self._is_secret = is_secret
        self._patience = timeout

    def connect(self) -> None:
        line = connect(self.host, self.port, self._patience, Purpose.WEB)
        if self._is_secret:
            line = ssl.create_default_context().wrap_socket(line, server_hostname=self.host)
        self.sock = line


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 one carries inside (mapped, 6to4, Teredo, NAT64): that machine is reached."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)


def _within(address: Address, networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    return any(address.version == one.version and address in one for one in networks)


def _our_ports(told: Env) -> set[int]:
    ours = {urlsplit(one).port or 5432 for one in (told.database_url, told.listen_url) if one}
    return {told.port, told.live_port, *ours}


def _is_allowed_by_name(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    addresses = [_meant(ipaddress.ip_address(str(place[0]).partition("%")[0])) for *_kind, place in found]
    return bool(addresses) and all(_within(one, env().allow_networks) for one in addresses)
