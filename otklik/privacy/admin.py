"""For the operator: erasures, exports and what the nights took away. What an erasure looks for stays closed."""

from django.contrib import admin

from otklik.privacy.models import Erasure, Export, Keeping, Tidying
from otklik.web.repair import ReadOnly


@admin.register(Erasure, Export, Keeping, Tidying)
class PrivacyAdmin(ReadOnly):
    list_display = ("pk", "__str__")
