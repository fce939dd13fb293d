"""Addresses that belong to no room."""

from django.db import connection
from django.http import HttpRequest, HttpResponse


def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """200 when this process can serve a page: it has its database."""
    connection.ensure_connection()
    return HttpResponse("ok", content_type="text/plain")
