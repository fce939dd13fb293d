"""One place that tells people why a rule said no: as a page, as a swap, or as JSON (style §6)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from otklik import tracing
from otklik.errors import Refusal


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        return answer(request, fault) if isinstance(fault, Refusal) else None


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """htmx gets the notice to put into the notice area, a program JSON, a person the whole page."""
    if request.headers.get("Accept", "").startswith("application/json"):
        body = {"code": refusal.code, "reason": refusal.reason, "next_step": refusal.next_step}
        body["trace_id"] = tracing.current()
        return JsonResponse(body, status=refusal.status)
    if getattr(request, "htmx", False):
        response = render(request, "refusal.html#notice", {"refusal": refusal}, status=refusal.status)
        response["HX-Retarget"] = "#notices"
        response["HX-Reswap"] = "innerHTML"
        return response
    return render(request, "refusal.html", {"refusal": refusal}, status=refusal.status)
