"""For the operator: who signs in, by which doors, and who looked at what. Passwords, salts and hashes are not shown."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.models import Group

from otklik.accounts.models import (
    AccountLetter,
    ApiKey,
    ClientLink,
    Look,
    OwnRole,
    PasswordLink,
    Provider,
    Session,
    SignInRules,
    Tally,
    User,
)
from otklik.web.repair import ReadOnly

# roles and teams take the place of groups; of allauth's tables people see what is theirs on our pages
for one in (Group, EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken):
    if admin.site.is_registered(one):
        admin.site.unregister(one)


@admin.register(User)
class UserAdmin(ReadOnly):
    list_display = ("email", "name", "role", "own_role", "is_active", "last_login")
    search_fields = ("email", "name")
    list_filter = ("role", "is_active")


@admin.register(OwnRole)
class OwnRoleAdmin(ReadOnly):
    list_display = ("name", "rights")


@admin.register(ClientLink)
class ClientLinkAdmin(ReadOnly):
    list_display = ("pk", "ticket", "identity", "made_at", "expires_at", "revoked_at")
    search_fields = ("ticket__number",)


@admin.register(Tally)
class TallyAdmin(ReadOnly):
    list_display = ("key", "count", "began_at", "last_at")
    ordering = ("-last_at",)


@admin.register(Session)
class SessionAdmin(ReadOnly):
    list_display = ("user", "made_at", "seen_at", "place", "expire_date")
    list_display_links = None  # the key of a session opens the desk
    ordering = ("-seen_at",)


@admin.register(PasswordLink)
class PasswordLinkAdmin(ReadOnly):
    list_display = ("pk", "user", "purpose", "made_at", "expires_at", "ended_at")


@admin.register(AccountLetter)
class AccountLetterAdmin(ReadOnly):
    list_display = ("pk", "user", "kind", "made_at", "attempts", "done_at", "fault")


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnly):
    list_display = ("name", "prefix", "user", "made_at", "expires_at", "last_used_at", "revoked_at")


@admin.register(SignInRules)
class SignInRulesAdmin(ReadOnly):
    list_display = ("second_step", "session_hours")


@admin.register(Provider)
class ProviderAdmin(ReadOnly):
    list_display = ("name", "slug", "address", "is_on")


@admin.register(Look)
class LookAdmin(ReadOnly):
    list_display = ("at", "user_id", "kind", "door", "ticket_id", "client_id", "place")
