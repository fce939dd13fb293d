"""POST /api/v1/coach: the contract of the reply coach over HTTP, for programs with a key of the scope «coach».

Nothing of the desk is read and nothing is kept: a reply comes in, findings go out. `/api/coach` is the same door.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import Router, Schema
from pydantic import AwareDatetime, ConfigDict, Field

from otklik import coach
from otklik.accounts.scopes import Scope
from otklik.api.door import Key, KeyRequest
from otklik.assist import checking
from otklik.coach import Reply
from otklik.errors import Refusal

router = Router(auth=Key(Scope.COACH))
LONGEST = 200_000  # characters of each text
WAIT_S = 5.0  # for a turn: a process reads two replies at once, a third waits, the next is told to come back


class TooLong(Refusal):
    code = "coach.too_long"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class UnknownLanguage(Refusal):
    code = "coach.unknown_language"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class Asked(Schema):
    """One reply and what is known of the matter. now: with its zone; left out, the clock of this installation."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[
        str, Field(description="the reply as the client would read it, without quotes of earlier mail")
    ]
    first: Annotated[bool, Field(description="our first message to this client in this request")] = True
    our_fault: Annotated[
        bool | None, Field(description="whether the trouble was on our side; null: not known")
    ] = None
    client_text: Annotated[str | None, Field(description="what the client wrote")] = None
    complaint: Annotated[bool, Field(description="the request is a complaint")] = False
    now: Annotated[
        AwareDatetime | None, Field(description="for dates in promises, ISO 8601 with its zone")
    ] = None
    lang: Literal["ru", "en"] = "ru"


class Answer(Schema):
    """findings: each has rule, start, end (code points), severity, reason, suggestions; a promise what, who, due."""

    findings: list[dict[str, Any]]  # Any: texts, numbers and lists of texts, as the contract names them


@router.post("", response=Answer, url_name="coach")
def check(request: KeyRequest, asked: Asked) -> Answer:  # noqa: ARG001 - the key is all that is asked of it
    _refuse_too_long(asked)
    if asked.lang == "en" and not checking.speaks_english():
        raise UnknownLanguage(_("Английских правил пока нет."), _("Пришлите lang: ru."))
    now: datetime = asked.now or timezone.localtime()
    reply = Reply(
        asked.text, first=asked.first, our_fault=asked.our_fault, client_text=asked.client_text,
        complaint=asked.complaint, now=now, lang=asked.lang,
    )  # fmt: skip
    with checking.in_turn(wait_s=WAIT_S):
        return Answer(findings=[one.as_json() for one in coach.check(reply)])


@csrf_exempt
def short(request: HttpRequest) -> HttpResponse:
    """/api/coach, as the contract calls it."""
    found = resolve("/api/v1/coach")
    answer: HttpResponse = found.func(request, *found.args, **found.kwargs)
    return answer


def _refuse_too_long(asked: Asked) -> None:
    for name, text in (("text", asked.text), ("client_text", asked.client_text or "")):
        if len(text) > LONGEST:
            raise TooLong(
                _("В поле %(name)s больше 200 000 знаков.") % {"name": name}, _("Пришлите текст частями.")
            )
