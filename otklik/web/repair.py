"""Django's admin for the operator: all to be seen, nothing to be changed but by actions that call deeds (style §12).

It opens for administrators at /operator/; no page of the product leads there.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

if TYPE_CHECKING:  # only the stubs know of an admin's model
    _Admin = admin.ModelAdmin[models.Model]
    _Pages = Paginator[models.Model]
else:
    _Admin, _Pages = admin.ModelAdmin, Paginator

MANY = 10_000
HIDDEN = frozenset(
    {
        "password",
        "salt",
        "secret",
        "secret_hash",
        "token_hash",
        "session_key",
        "session_data",
        "raw",
        "sealed",
        "search",
        "html",
    }
)


class ShortCount(_Pages):
    """Counts no further than MANY rows: a million of them would hold the page for seconds."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        return rows.order_by()[:MANY].count() if isinstance(rows, QuerySet) else len(rows)


class ReadOnly(_Admin):
    """One kind of rows, shown whole but for secrets and bulky bytes. Newest first."""

    paginator = ShortCount
    list_per_page = 50
    show_full_result_count = False
    ordering: ClassVar[Any] = ("-pk",)  # Django takes a list or a tuple
    list_max_show_all = 200

    def has_add_permission(self, request: HttpRequest, *args: object) -> bool:  # noqa: ARG002 - Django's signature
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002 - the same
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002 - the same
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """An address may filter by any field: «?password__startswith=» would tell a secret letter by letter."""
        return HIDDEN.isdisjoint(lookup.split("__")) and super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]  # Django 5 gives None to old callers

    def get_fields(self, request: HttpRequest, obj: object = None) -> Any:  # noqa: ARG002 - the same; what Django allows is wider
        return [field.name for field in self.model._meta.fields if field.name not in HIDDEN]  # noqa: SLF001 - Django's own name

    def get_list_select_related(self, request: HttpRequest) -> list[str]:  # noqa: ARG002 - the same
        """What the columns name, so that a list of fifty takes one query."""
        related = {f.name for f in self.model._meta.fields if f.is_relation}  # noqa: SLF001 - Django's own name
        return [name for name in self.list_display if isinstance(name, str) and name in related]
