from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "otklik.site"
    label = "otklik_site"

    def ready(self) -> None:
        from otklik.web import places
        from otklik.web.places import Place

        places.add(Place(_("Служебная"), "server", "upkeep:page", order=88, admin_only=True, at_end=True))
        if settings.PRACTICE_PORT:
            places.add(Place(_("Почта клиента"), "send", "practice:mail", order=95, at_end=True))
