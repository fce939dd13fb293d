"""For the operator: who signs in, and the links of clients. Passwords and salts are not shown."""

from django.contrib import admin
from django.contrib.auth.models import Group

from otklik.accounts.models import ClientLink, Tally, User
from otklik.web.repair import ReadOnly

admin.site.unregister(Group)  # roles and teams take its place


@admin.register(User)
class UserAdmin(ReadOnly):
    list_display = ("email", "name", "role", "is_active", "last_login")
    search_fields = ("email", "name")
    list_filter = ("role", "is_active")


@admin.register(ClientLink)
class ClientLinkAdmin(ReadOnly):
    list_display = ("pk", "ticket", "identity", "made_at", "expires_at", "revoked_at")
    search_fields = ("ticket__number",)


@admin.register(Tally)
class TallyAdmin(ReadOnly):
    list_display = ("key", "count", "began_at", "last_at")
    ordering = ("-last_at",)
