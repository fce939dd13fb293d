from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    name = "otklik.channels"
    label = "channels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from otklik.accounts.rights import Right
        from otklik.channels.outbox import parts
        from otklik.web import places, slots
        from otklik.web.places import Place

        slots.add("message.delivery", parts.trouble, 10)
        places.add(Place(_("Почта"), "mail", "channels:boxes", 85, Right.SETTINGS, at_end=True))
