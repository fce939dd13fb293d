"""For the operator: people, their addresses, their organisations."""

from django.contrib import admin

from otklik.clients.models import Client, Consent, Domain, Identity, Organisation, Shunned, Tariff
from otklik.web.repair import ReadOnly


@admin.register(Client)
class ClientAdmin(ReadOnly):
    list_display = ("name", "organisation", "created_at")
    search_fields = ("name", "=identities__value")


@admin.register(Identity)
class IdentityAdmin(ReadOnly):
    list_display = ("shown", "client", "kind", "bad_at", "blocked_at")
    search_fields = ("=value",)


@admin.register(Organisation)
class OrganisationAdmin(ReadOnly):
    list_display = ("name", "created_at")
    search_fields = ("name", "=domains__name")


@admin.register(Domain)
class DomainAdmin(ReadOnly):
    list_display = ("name", "organisation")
    search_fields = ("=name",)


@admin.register(Consent, Shunned, Tariff)
class OtherAdmin(ReadOnly):
    list_display = ("pk", "__str__")
