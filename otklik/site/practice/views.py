"""/practice/: «Почта клиента». It exists only where `otklik demo` runs; anywhere else each address is a 404."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from otklik.accounts.models import User
from otklik.clients.models import Identity
from otklik.errors import Refusal
from otklik.site.demo import house
from otklik.site.practice import mailbox, past, posting
from otklik.site.practice.forms import ClientForm, LetterForm
from otklik.site.practice.mailbox import Conversation, Kept
from otklik.site.practice.posting import Client

FIRST = "buh@teplydom.example"
DOORS = ("anna", "vera", "nina")
P = ParamSpec("P")


def context(_request: HttpRequest) -> dict[str, object]:
    """For every page: whether this is a demo, and whom a visitor may sign in as."""
    return {"practice": _doors()} if settings.PRACTICE_PORT else {}


def _doors() -> list[house.Agent]:
    return [one for one in house.AGENTS if one.key in DOORS]


def demo_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.PRACTICE_PORT:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@dataclass(frozen=True, slots=True)
class Open:
    """The mailbox that is looked at: its conversations and the chosen one."""

    client: Client
    mark: str
    all: list[Conversation]
    chosen: Conversation | None

    @property
    def here(self) -> str:
        return _address(self.client, self.chosen)

    @property
    def fresh(self) -> str:
        """Where a new letter is written."""
        return _address(self.client, None)


@demo_only
@never_cache
@require_GET
def mail(request: HttpRequest) -> HttpResponse:
    """The whole page; with `?mark=` the part that changes, 204 when it didn't."""
    form = ClientForm({"client": FIRST, **request.GET.dict()})
    if not form.is_valid():
        return _page(request, None, LetterForm(), form, HTTPStatus.UNPROCESSABLE_ENTITY)
    opened = _open(form.who(), request.GET.get("open", ""))
    if request.GET.get("mark"):
        if request.GET["mark"] == opened.mark:
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        return render(request, "practice/changed.html", {"opened": opened})
    return _page(request, opened, LetterForm(initial=_initial(opened)), form)


@demo_only
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """A new letter or an answer, from the client to the company."""
    client_form = ClientForm(request.POST)
    if not client_form.is_valid():
        return _page(request, None, LetterForm(), client_form, HTTPStatus.UNPROCESSABLE_ENTITY)
    opened = _open(client_form.who(), request.POST.get("open", ""))
    form = LetterForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, opened, form, client_form, HTTPStatus.UNPROCESSABLE_ENTITY)
    written = form.written(broken="broken" in request.POST)
    try:
        posting.send(opened.client, written, answers=opened.chosen, at=timezone.now())
    except Refusal as refusal:  # said above the letter, which stays as it was typed
        return _page(request, opened, form, client_form, refusal.status, refusal)
    return redirect(_after(opened))


@demo_only
@require_POST
def machine(request: HttpRequest, key: str) -> HttpResponse:
    """«Автоответ» to one letter."""
    opened, heard = _heard(request, key)
    posting.answer_by_machine(opened.client, heard, at=timezone.now())
    return redirect(opened.here)


@demo_only
@require_POST
def bounce(request: HttpRequest, key: str) -> HttpResponse:
    """«Письмо вернулось»: this one did not reach the client."""
    opened, heard = _heard(request, key)
    posting.bounce(opened.client, heard, at=timezone.now())
    return redirect(opened.here)


@demo_only
@never_cache
@require_POST
def enter(request: HttpRequest, key: str) -> HttpResponse:
    """Sign in as one of the example's people without a password: they are no secret here."""
    if key not in DOORS:
        raise Http404
    user = get_object_or_404(User, email=f"{key}@{house.DOMAIN}", is_active=True)
    login(request, user)
    return redirect("desk:inbox")


def _heard(request: HttpRequest, key: str) -> tuple[Open, Kept]:
    form = ClientForm(request.POST)
    if not form.is_valid():
        raise Http404
    opened = _open(form.who(), request.POST.get("open", ""))
    letters = [letter for one in opened.all for letter in one.letters if letter.key == key and letter.came]
    if not letters:
        raise Http404
    return opened, letters[0]


def _open(client: Client, key: str) -> Open:
    past.make(client.address, at=timezone.now())
    mark = mailbox.mark(client.address)
    found = mailbox.conversations(client.address)
    chosen = next((one for one in found if any(letter.key == key for letter in one.letters)), None)
    return Open(client, mark, found, chosen)


def _after(opened: Open) -> str:
    """Where a sent letter is seen: its own conversation, for a new one the list."""
    return opened.here if opened.chosen else _address(opened.client, _open(opened.client, "").all[0])


def _address(client: Client, chosen: Conversation | None) -> str:
    words = {"client": client.address, "name": client.name, "open": chosen.key if chosen else ""}
    return f"{reverse('practice:mail')}?{urlencode({name: word for name, word in words.items() if word})}"


def _initial(opened: Open) -> dict[str, str]:
    """An answer goes where the company asked for it, with «Re:» once."""
    chosen = opened.chosen
    if chosen is None:
        return {}
    heard = chosen.last_came
    subject = chosen.subject if chosen.subject.lower().startswith("re:") else f"Re: {chosen.subject}"
    return {"subject": subject, "to": heard.letter.from_email if heard else chosen.last.letter.to[0]}


def _page(
    request: HttpRequest,
    opened: Open | None,
    letter: LetterForm,
    client: ClientForm,
    status: int = HTTPStatus.OK,
    refusal: Refusal | None = None,
) -> HttpResponse:
    known = Identity.objects.filter(bad_at=None, blocked_at=None).order_by("name")
    names = known.exclude(participations__part="vendor").values_list("value", "name").distinct()
    words = {
        "opened": opened, "letter": letter, "client": client, "known": names[:400], "doors": _doors(),
        "refusal": refusal,
    }  # fmt: skip
    return render(request, "practice/mail.html", words, status=status)
