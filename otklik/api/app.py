"""/api/v1/: answers are JSON; a refusal is {"code", "reason", "next_step"} with its status (style §6).

`trace_id` in it is what the request is called in the log, as in the header X-Request-Id of every answer.
"""

from http import HTTPStatus

import structlog
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from otklik import tracing
from otklik.accounts.scopes import Scope
from otklik.api.door import Key, KeyRequest
from otklik.errors import Refusal

log = structlog.get_logger(__name__)
api = NinjaAPI(title="Отклик", version="1", urls_namespace="api", docs_url=None, openapi_url=None)


class Me(Schema):
    """Whose key this is and what it opens."""

    name: str
    role: str
    key: str
    scopes: list[str]
    rights: list[str]


@api.get("/me", response=Me, auth=Key(Scope.ME), url_name="me")
def me(request: KeyRequest) -> Me:
    key, user = request.auth, request.user
    rights = sorted(right.value for right in user.rights)
    return Me(name=user.name, role=user.role_name, key=key.name, scopes=key.scopes, rights=rights)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal | type[Refusal]) -> HttpResponse:
    assert isinstance(refusal, Refusal)  # noqa: S101 - ninja's stub allows the class too
    response = _told(request, refusal.status, refusal.code, refusal.reason, refusal.next_step)
    if refusal.retry_after_s:
        response["Retry-After"] = str(refusal.retry_after_s)
    return response


@api.exception_handler(AuthenticationError)
def stranger(request: HttpRequest, _fault: object) -> HttpResponse:
    words = (
        _("Пришлите ключ в заголовке Authorization: Bearer otk_…"),
        _("Его выпускают в разделе «Ключи API»."),
    )
    return _told(request, HTTPStatus.UNAUTHORIZED, "key.missing", *words)


@api.exception_handler(Http404)
def missing(request: HttpRequest, _fault: object) -> HttpResponse:
    return _told(request, HTTPStatus.NOT_FOUND, "not_found", _("Такого нет, или ключ этого не видит."), "")


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, fault: ValidationError | type[ValidationError]) -> HttpResponse:
    """Names what can't be read: a part of the address, or a field of the body."""
    places = [one.get("loc", ()) for one in getattr(fault, "errors", None) or ()]
    fields = ", ".join(dict.fromkeys(str(place[-1]) for place in places if place and place[0] == "body"))
    said = _("Не разобрали в теле запроса: %s.") % fields if fields else _("В адресе неверное значение.")
    next_step = _("Пришлите JSON с полями из описания API.") if fields else ""
    return _told(request, HTTPStatus.UNPROCESSABLE_ENTITY, "unreadable", said, next_step)


@api.exception_handler(HttpError)
def misshapen(request: HttpRequest, _fault: object) -> HttpResponse:
    """What is no JSON at all."""
    words = (_("Тело запроса — не JSON."), _("Пришлите JSON с полями из описания API."))
    return _told(request, HTTPStatus.UNPROCESSABLE_ENTITY, "unreadable", *words)


@api.exception_handler(Exception)
def failed(request: HttpRequest, fault: Exception | type[Exception]) -> HttpResponse:
    """The edge: a program gets JSON, the log everything."""
    log.error("request failed", exc_info=fault)
    words = (_("У нас сбой: мы не ответили на этот запрос."), _("Повторите через минуту."))
    return _told(request, HTTPStatus.INTERNAL_SERVER_ERROR, "failed", *words)


def _told(request: HttpRequest, status: int, code: str, reason: str, next_step: str) -> HttpResponse:
    told = {"code": code, "reason": reason, "next_step": next_step, "trace_id": tracing.current()}
    return api.create_response(request, told, status=int(status))
