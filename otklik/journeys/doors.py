"""The door of the client's page: a token in the address lets in, everything else gets the kind «нет такой ссылки»."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from otklik.accounts import links
from otklik.accounts.models import ClientLink
from otklik.desk.models import Participant
from otklik.errors import Refusal
from otklik.journeys import pages, proving
from otklik.journeys.forms import AskForm
from otklik.journeys.models import Proof
from otklik.staff import queries as staff

COOKIE = "otklik_proof"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came with which link. proof: what this browser has begun or finished to show that it is the participant's."""

    token: str
    link: ClientLink
    participant: Participant
    proof: Proof | None
    at: datetime

    @property
    def confirmed(self) -> bool:
        return self.proof is not None and self.proof.proved_at is not None

    @property
    def waits_for_code(self) -> bool:
        proof = self.proof
        return proof is not None and not proof.proved_at and proof.expires_at > self.at

    @property
    def path(self) -> str:
        return f"/r/{self.token}/"


Answer = TypeVar("Answer", bound=HttpResponseBase)
Seen = Callable[..., HttpResponseBase]


def by_link(view: Seen) -> Callable[..., HttpResponseBase]:
    """Read the token, give the view a Visit, seal the answer; a bad token gets 404, an old one 410, with the form."""

    @wraps(view)
    @sensitive_variables("token")
    def opened(request: HttpRequest, token: str, **kwargs: object) -> HttpResponseBase:
        at = timezone.now()
        try:
            link = links.read(token, at=at)
            participant = pages.participant_of(link)
        except (links.Unknown, links.Expired) as refusal:
            return lost(request, refusal=refusal, form=AskForm(initial={"token": token}))
        proof = proving.of_browser(link, request.COOKIES[COOKIE]) if COOKIE in request.COOKIES else None
        return sealed(view(request, Visit(token, link, participant, proof, at), **kwargs))

    return opened


def lost(request: HttpRequest, *, form: AskForm, refusal: Refusal | None = None) -> HttpResponse:
    """The page that sends a new link. Its status says what became of the old one."""
    status = refusal.status if refusal else (422 if form.is_bound else 200)
    heading = refusal.reason.rstrip(".") if refusal else ""
    context = {"form": form, "refusal": refusal, "heading": heading, "company": staff.company()}
    return sealed(render(request, "journeys/lost.html", context, status=status))


def sealed(response: Answer) -> Answer:
    """Nobody but this browser keeps it, no search engine lists it, no other site learns the address.

    Referrer-Policy is same-origin and not no-referrer: with the latter browsers send «Origin: null» with our own forms,
    and the guard against foreign forms refuses them.
    """
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response
