from django.apps import AppConfig


class SlaConfig(AppConfig):
    name = "otklik.sla"
    label = "sla"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from otklik.sla import cards
        from otklik.web import slots

        slots.add("ticket.card", cards.tier, 4)
