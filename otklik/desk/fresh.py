"""A composer in the place of the one on the page: clean after something was sent, or with a draft that a deed made."""

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone

from otklik.desk import composer, composing, drafting, drawing
from otklik.desk.composer import Seen
from otklik.desk.drafting import DraftWords
from otklik.desk.models import Draft, Ticket
from otklik.desk.views import refreshed
from otklik.web.requests import AgentRequest


def written(
    request: AgentRequest,
    ticket: Ticket,
    mode: str = Draft.Mode.REPLY,
    *,
    news_due_at: datetime | None = None,
) -> HttpResponse:
    """A clean composer; list and thread look again by themselves. news_due_at: stands in the field of the next news."""
    if not request.htmx:
        return refreshed(request, ticket)
    desk = composing.desk(request.user, ticket, said=True)
    shown = composer.of(desk, ticket, Seen(desk.last, desk.asked), mode)
    if news_due_at:
        shown.reply.news = timezone.localtime(news_due_at).strftime("%Y-%m-%dT%H:%M")
    return clean(request, ticket, shown)


def drafted(
    request: AgentRequest, ticket: Ticket, words: str, *, before: str, news_due_at: datetime | None = None
) -> HttpResponse:
    """A deed that made a draft of an answer: it stands in the composer, above what was typed there (before).

    A browser with JavaScript gets the composer in the place of the one that it has, and its dialog closes.
    """
    saved = Draft.objects.filter(user=request.user, ticket=ticket, mode=Draft.Mode.REPLY).first()
    typed_yet = before if request.htmx else (saved.text if saved else "")
    text = f"{words}\n\n{typed_yet.strip()}" if typed_yet.strip() else words
    drafting.save(request.user, ticket, Draft.Mode.REPLY, DraftWords(text), at=timezone.now())
    response = written(request, ticket, news_due_at=news_due_at)
    if request.htmx:
        response["HX-Trigger"] = (
            '{"otklik:thread": true, "otklik:list": true, "otklik:card": true, "otklik:close": true}'
        )
    return response


def clean(request: AgentRequest, ticket: Ticket, shown: composer.Composer) -> HttpResponse:
    response = instead(drawing.composer(request, ticket, shown, query="", focus=True))
    response["HX-Trigger"] = '{"otklik:thread": true, "otklik:list": true, "otklik:card": true}'
    return response


def instead(html: str, status: int = 200) -> HttpResponse:
    """A composer in the place of the one that stands on the page."""
    response = HttpResponse(html, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "#composer", "outerHTML"
    return response
