"""A service of sign-in on loopback that follows OpenID Connect Core 1.0: discovery, code with PKCE, token, userinfo.

It lets in whoever `person` says, and checks what a real one checks: client, secret, address to come back to, verifier.
"""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

CLIENT, SECRET = "otklik-desk", "a secret of the service"
SIGNING = "a signing key of the service that is long enough"


@dataclass
class Service:
    """What the service knows. faults: words that it was asked wrongly by."""

    address: str = ""
    person: dict[str, object] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    audience: str = CLIENT
    issuer: str = ""  # '' = its address
    token_of: dict[str, object] = field(default_factory=dict)  # what its ID token says otherwise
    tokenless: bool = False

    def discovery(self) -> dict[str, object]:
        return {
            "issuer": self.issuer or self.address, "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token", "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys", "response_types_supported": ["code"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["HS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }  # fmt: skip

    def authorize(self, asked: dict[str, str]) -> str:
        """Where to send the browser back: the person has agreed."""
        if asked.get("client_id") != CLIENT or "openid" not in asked.get("scope", "").split():
            self.faults.append("authorize")
        code = f"code{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str]) -> dict[str, object] | None:
        """Each code once, for whoever began, with the secret and the verifier of the challenge."""
        began = self.codes.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = began is not None and began["redirect_uri"] == asked.get("redirect_uri")
        if not right or asked.get("client_secret") != SECRET or began.get("code_challenge") != challenge:
            self.faults.append("token")
            return None
        now = int(time.time())
        told = {"iss": self.address, "aud": self.audience, "iat": now, "exp": now + 60}
        told |= {"nonce": began.get("nonce", ""), **self.person, **self.token_of}
        id_token = jwt.encode(told, SIGNING, algorithm="HS256")
        answer = {"access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": id_token}
        return {name: one for name, one in answer.items() if not (self.tokenless and name == "id_token")}


class _Handler(BaseHTTPRequestHandler):
    service: Service

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            self._answer(self.service.discovery())
        elif parts.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.service.authorize(asked))
            self.end_headers()
        elif parts.path == "/userinfo" and self.headers.get("Authorization") == "Bearer access":
            self._answer(self.service.person)
        else:
            self._answer({"error": "not found"}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        asked = {name: values[0] for name, values in parse_qs(body).items()}
        told = self.service.token(asked)
        self._answer(told or {"error": "invalid_grant"}, 200 if told else 400)

    def _answer(self, told: dict[str, object], status: int = 200) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@contextmanager
def running() -> Iterator[Service]:
    """A service on a free port of loopback; its address is `service.address`."""
    service = Service()
    handler = type("Handler", (_Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    service.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
