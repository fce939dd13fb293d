"""The inbox, one request, search: what an agent reads."""

import re
from hashlib import blake2b

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from otklik.accounts import looking
from otklik.accounts.looking import Kind
from otklik.desk import (
    blocks,
    composer,
    deliveries,
    drawing,
    heads,
    listing,
    lists,
    queries,
    rows,
    searching,
    threads,
    timeline,
)
from otklik.desk.composer import Seen
from otklik.desk.drawing import Opened
from otklik.desk.listing import Listing
from otklik.desk.lists import Row
from otklik.desk.models import Ticket
from otklik.desk.search import sheet
from otklik.desk.threads import Said, Thread
from otklik.desk.timeline import Block, Item
from otklik.web import lagging, slots
from otklik.web.requests import AgentRequest, agents_only, token

_TOKEN = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"'
)  # masked anew each time: no change of the page


@require_GET
@agents_only
def inbox(request: AgentRequest) -> HttpResponse:
    """The list; a thread is chosen in it. htmx asks for «Ещё» of the list alone, or for the empty thread."""
    shown = listing.read(request)
    if request.htmx and request.htmx.target == "work":
        return render(request, "desk/inbox.html#work", {"ticket": None})
    if request.htmx and shown.after:
        return render(request, "desk/list.html#more", _list(request, shown, None))
    return render(request, "desk/inbox.html", _list(request, shown, None) | {"ticket": None})


@require_GET
@agents_only
def ticket(request: AgentRequest, number: int) -> HttpResponse:
    """One request with the list beside it; a swap gets the thread alone, or what was said earlier."""
    found = queries.ticket(request.user, number)
    _looked(request, found, Kind.REQUEST)
    if request.htmx and request.htmx.target == "earlier":
        return HttpResponse(drawing.column(_talk(request, found)))
    _mark_read(found, request)
    shown = opened(request, found)
    if request.htmx and request.htmx.target == "work":
        return HttpResponse(drawing.work(request, shown, is_swap=True))
    return page(request, shown)


@require_GET
@agents_only
def fresh_list(request: AgentRequest) -> HttpResponse:
    """The list as it is now; 204 when the browser has the same."""
    current = request.GET.get("current", "")
    shown = listing.read(request)
    context = _list(request, shown, int(current) if re.fullmatch("[0-9]{1,18}", current) else None)
    return unless_same(request, render_to_string("desk/list.html#fresh", context, request))


@require_GET
@agents_only
def fresh_thread(request: AgentRequest, number: int) -> HttpResponse:
    """Head and talk as they are now, without the composer; 204 when the browser has the same."""
    found = queries.ticket(request.user, number)
    _looked(request, found, Kind.REQUEST)
    return unless_same(request, drawing.fresh(request, _talk(request, found)))


@require_GET
@agents_only
def card(request: AgentRequest, number: int) -> HttpResponse:
    """Who the client is and what stands further right."""
    found = queries.ticket(request.user, number)
    _looked(request, found, Kind.CARD)
    context = {
        "ticket": found,
        "people": queries.people(found),
        "past": queries.past(request.user, found),
        "tags": found.tags.all(),
        "parts": slots.parts("ticket.card", request.user, found.pk),
        "query": listing.read(request).query,
    }
    return render(request, "desk/card.html#card" if request.htmx else "desk/card.html", context)


@require_POST
@agents_only
def unread(request: AgentRequest, number: int) -> HttpResponse:
    """«Не прочитано»: the row is bold again until its owner opens it."""
    found = queries.ticket(request.user, number)
    Ticket.objects.filter(pk=found.pk).update(unread=True)
    return refreshed(request, found)


@require_GET
@agents_only
def search(request: AgentRequest) -> HttpResponse:
    text, after = request.GET.get("q", ""), searching.key(request.GET.get("after", ""))
    if text.strip():
        looking.note(request, request.user, looking.Seen(Kind.SEARCH, words=text), at=timezone.now())
    answer = lagging.read(request, lambda: searching.search(request.user, text, after))
    context = {"text": text, "answer": answer, "most": searching.MOST_HITS, "after": after}
    context["rows"] = sheet.render(answer.found)
    part = ("#more" if after else "#found") if request.htmx else ""
    return render(request, f"desk/search.html{part}", context)


def opened(request: AgentRequest, ticket: Ticket) -> Opened:
    """All of a thread: what the page and the answer to a deed without JavaScript need."""
    shown = _talk(request, ticket)
    seen, mode = _seen(shown.thread), request.GET.get("mode", "reply")
    shown.composer = composer.build(request.user, ticket, seen, mode)
    return shown


def page(request: AgentRequest, shown: Opened, status: int = 200) -> HttpResponse:
    """The whole page around an open request."""
    whole = _list(request, listing.read(request), shown.ticket.number)
    work = drawing.work(request, shown, is_swap=bool(request.htmx))
    whole |= {"ticket": shown.ticket, "work": work, "csrf_token": token(request)}
    return render(request, "desk/inbox.html", whole, status=status)


def refreshed(request: AgentRequest, ticket: Ticket) -> HttpResponse:
    """After a deed: a swap makes list and thread look again, a plain form goes back to the request."""
    if request.htmx:
        response = HttpResponse(status=204)
        response["HX-Trigger"] = (
            '{"otklik:thread": true, "otklik:list": true, "otklik:card": true, "otklik:close": true}'
        )
        return response
    return HttpResponseRedirect(f"/desk/{ticket.number}/{listing.read(request).query}")


def _looked(request: AgentRequest, ticket: Ticket, kind: str) -> None:
    """For the access log; a page fetched ahead counts too, since it opens from the browser's store later."""
    seen = looking.Seen(kind, ticket_id=ticket.pk, client_id=ticket.client_id)
    looking.note(request, request.user, seen, at=timezone.now())


def _seen(thread: Thread) -> Seen:
    asked = [one.text for one in thread.messages if one.direction == "in" and one.circle == "client"]
    return Seen(max((one.pk for one in thread.messages), default=0), asked[-1] if asked else "")


def _mark_read(ticket: Ticket, request: AgentRequest) -> None:
    """Opened by its owner. Prefetching is not opening."""
    if ticket.unread and ticket.owner_id == request.user.pk and request.headers.get("Sec-Purpose") is None:
        Ticket.objects.filter(pk=ticket.pk).update(unread=False)
        ticket.unread = False


def _list(request: AgentRequest, shown: Listing, current: int | None) -> dict[str, object]:
    page = lists.queue(
        request.user, shown.view, shown.order, shown.after, narrow=shown.narrow(timezone.now())
    )
    counts = lists.counts(request.user)
    request.waiting = counts["waits"]  # the rail shows it too (apps.py)
    return {
        "listing": shown,
        "views": tuple(
            (key, str(name), _count(counts, key), shown.other(view=key))
            for key, name in listing.VIEWS.items()
        ),
        "rows": rows.render(
            page.rows, user=request.user, current=current, query=shown.query, at=timezone.now()
        ),
        "more": shown.further(page.more) if page.more else "",
        "is_empty": not page.rows,
        # whoever has open requests to count is past it: the question costs a page as much as all of its rows
        "first_run": not (page.rows or counts["all"] or queries.visible_to(request.user).exists()),
        "order_due": shown.other(order="due"),
        "order_last": shown.other(order="last"),
        "counts": counts,
        "current": current,
        "query": shown.query,
        "part": _part(shown, page.rows),
    }


def _part(shown: Listing, found: list[Row]) -> str:
    """What part of the view is shown, in words; '' for the whole. The owner is named by their rows alone."""
    owner = next((one.owner for one in found if one.owner), _("один сотрудник")) if shown.owner_id else ""
    return " · ".join(filter(None, [owner, str(listing.NARROWED[shown.only])]))


def _count(counts: dict[str, int], view: str) -> str:
    if view not in listing.COUNTED:
        return ""
    return str(counts[view]) if counts[view] < lists.MANY else "99+"


def _talk(request: AgentRequest, ticket: Ticket) -> Opened:
    before, query = _before(request), listing.read(request).query
    thread = threads.read(ticket, before=before)
    items = timeline.build(thread, folded=before is not None)
    _add_parts(request, items)
    return Opened(
        ticket=ticket,
        thread=thread,
        talk=blocks.render(items),
        contents=timeline.contents(items),
        head=heads.head(ticket, thread.events, request.user),
        undo=_undo(thread, request),
        query=query,
        page_query=_page_of(query, before),
        before=before,
        earlier=_page_of(query, thread.messages[0].pk) if thread.earlier else "",
    )


def _before(request: AgentRequest) -> int | None:
    """The message above which the reader asks for; None is the end of the talk."""
    asked = request.GET.get("before", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None


def _page_of(query: str, before: int | None) -> str:
    if before is None:
        return query
    return f"{query}{'&' if query else '?'}before={before}"


def _add_parts(request: AgentRequest, items: list[Item]) -> None:
    """What the outbox says to a letter in trouble; asked for only when there is one."""
    troubled = {
        one.pk: one for one in items if isinstance(one, Block) and one.sending and one.sending.trouble
    }
    for pk, parts in slots.many("message.delivery", request.user, list(troubled)).items():
        troubled[pk].parts = parts


def _undo(thread: Thread, request: AgentRequest) -> Said | None:
    """My letter that may still be taken back."""
    mine = [one for one in thread.messages[-3:] if one.user_id == request.user.pk]
    return next((one for one in reversed(mine) if deliveries.may_undo(one, timezone.now())), None)


def unless_same(request: AgentRequest, html: str) -> HttpResponse:
    version = blake2b(_TOKEN.sub("", html).encode(), digest_size=9).hexdigest()
    if request.GET.get("version") == version:
        return HttpResponse(status=204)
    response = HttpResponse(html)
    response["X-Version"] = version
    return response
