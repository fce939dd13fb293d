"""For the operator: teams, who is in them, who left."""

from django.contrib import admin

from otklik.staff.models import Company, Departure, Membership, Profile, Team
from otklik.web.repair import ReadOnly


@admin.register(Team)
class TeamAdmin(ReadOnly):
    list_display = ("name", "level")


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    list_display = ("pk", "user", "team")


@admin.register(Profile)
class ProfileAdmin(ReadOnly):
    list_display = ("user", "position", "undo_s", "seen_at")


@admin.register(Departure)
class DepartureAdmin(ReadOnly):
    list_display = ("pk", "user", "team", "at", "done_at")


@admin.register(Company)
class CompanyAdmin(ReadOnly):
    list_display = ("name", "phone", "answer_within", "acknowledge")
