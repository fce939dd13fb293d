from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "otklik.staff"
    label = "staff"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from otklik.accounts.rights import Right
        from otklik.web import places
        from otklik.web.places import Place

        places.add(Place(_("Сотрудники"), "people", "people", 60, Right.PEOPLE, also=("roles", "teams")))
        also = ("sla:hours", "privacy:page", "keys", "services", "sign-in-rules", "desk:looks")
        places.add(Place(_("Компания"), "settings", "company", 90, Right.SETTINGS, at_end=True, also=also))
