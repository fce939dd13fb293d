"""OpenID Connect: allauth's protocol with what it leaves out (Core 1.0 §3.1.3.7, §5.3.2; Discovery §4.3).

Every answer of a service comes by outside.py. An ID token must be there, with the nonce of this very browser's try; who
the service names elsewhere must be whom the token names; its issuer is the address that an administrator wrote down.

Untrusted   the service is not who it was set up as, or its answer is not to what we asked
"""

import hmac
import socket
from typing import Any

import requests
import urllib3
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from otklik import outside

LIMIT_S = 10.0
WELL_KNOWN = "/.well-known/"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


class Untrusted(OAuth2Error):
    """The words are for the log."""


class Client(OAuth2Client):
    def get_redirect_url(self, authorization_url: str, scope: list[str], extra_params: dict[str, str]) -> str:
        more = {**extra_params, "nonce": nonce(str(self.state))}
        return str(super().get_redirect_url(authorization_url, scope, more))


class Adapter(OpenIDConnectOAuth2Adapter):
    client_class = Client

    @property
    def openid_config(self) -> dict[str, Any]:
        """The service's own description of itself, checked. Raises Untrusted, requests.RequestException."""
        told: dict[str, Any] = super().openid_config
        app: SocialApp = self.get_provider().app  # type: ignore[no-untyped-call]  # allauth has no types
        wanted = str(app.settings["server_url"]).partition(WELL_KNOWN)[0].rstrip("/")
        if str(told.get("issuer", "")).rstrip("/") != wanted:
            raise Untrusted(f"the issuer is not {wanted}")
        if not all(outside.is_web_address(str(told.get(one, ""))) for one in _ENDPOINTS):
            raise Untrusted(f"{wanted} names an endpoint without https")
        return told

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **more: Any
    ) -> SocialLogin:
        """Raises Untrusted, OAuth2Error."""
        id_token = more["response"].get("id_token")
        if not id_token:
            raise Untrusted("no ID token")
        told = self._decode_id_token(app, id_token)
        expected = nonce(request.GET.get("state", ""))
        if not hmac.compare_digest(str(told.get("nonce", "")).encode(), expected.encode()):
            raise Untrusted("the ID token is of another try")
        person = self._fetch_user_info(token.token)
        if not told.get("sub") or person.get("sub") != told["sub"]:
            raise Untrusted("the token and userinfo name two people")
        answer = {"userinfo": person, "id_token": told}
        provider = self.get_provider()  # type: ignore[no-untyped-call]  # the same
        login: SocialLogin = provider.sociallogin_from_response(request, answer)
        return login


def nonce(state: str) -> str:
    """Of the state, which lies in this browser's session alone: an ID token of another browser has another one."""
    return salted_hmac("otklik.oidc.nonce", state, algorithm="sha256").hexdigest()


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the service brings the person back to."""
    try:
        view = OAuth2CallbackView.adapter_view(Adapter(request, provider_id))  # type: ignore[no-untyped-call]  # the same
        answer: HttpResponse = view(request)
    except SocialApp.DoesNotExist as fault:
        raise Http404 from fault
    return answer


def session() -> requests.Session:
    """For all that allauth asks of a service: through outside.py, without proxies of the environment, within limits."""
    made = requests.Session()
    made.trust_env = False
    made.max_redirects = 3
    for scheme in ("https://", "http://"):
        made.mount(scheme, _Guarded())
    return made


class _Guarded(HTTPAdapter):
    """Looks at each address anew, those of redirects too; reads no more than outside.LARGEST_ANSWER."""

    def init_poolmanager(self, *sizes: Any, **more: Any) -> None:
        super().init_poolmanager(*sizes, **more)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecretPool}

    def send(self, request: requests.PreparedRequest, *_told: Any, **more: Any) -> requests.Response:
        if not outside.is_web_address(request.url or ""):
            raise requests.exceptions.InvalidURL(f"not a way for us: {(request.url or '')[:200]}")
        answer = super().send(request, **{**more, "timeout": LIMIT_S, "stream": True})
        body = answer.raw.read(outside.LARGEST_ANSWER + 1, decode_content=True)
        if len(body) > outside.LARGEST_ANSWER:
            raise requests.exceptions.ContentDecodingError("an answer of more than 1 MB")
        answer._content = body  # noqa: SLF001 - requests has no other way to give a body that was read already
        return answer


class _Ways:
    """Opens the socket by outside.connect(), in the place where urllib3 opens its own."""

    def _new_conn(self: Any) -> socket.socket:  # Any: one of the two connections below
        try:
            return outside.connect(self._dns_host, self.port, LIMIT_S, outside.Purpose.WEB)
        except socket.gaierror as fault:
            raise NameResolutionError(self.host, self, fault) from fault
        except TimeoutError as fault:
            raise ConnectTimeoutError(self, str(fault)) from fault
        except OSError as fault:
            raise NewConnectionError(self, str(fault)) from fault


class _Plain(_Ways, HTTPConnection):
    pass


class _Secret(_Ways, HTTPSConnection):
    pass


class _PlainPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecretPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _Secret
