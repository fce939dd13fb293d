from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "otklik.channels"
    label = "channels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from otklik.channels.outbox import parts
        from otklik.web import slots

        slots.add("message.delivery", parts.trouble, 10)
